"""What every door refuses unread, and the bells that start the worker's tasks after a request that left some work."""

import pytest
from django.conf import settings
from django.test import Client
from django_tasks_db.models import DBTaskResult

from matchmaking.insights.choices import Coverage
from matchmaking.insights.models import WeakLink
from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links
from matchmaking.insights.tasks import follow_weak_links
from tests.factories.accounts import MembershipFactory, NoticeFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def test_a_write_that_leaves_a_notice_starts_the_mailer_once(signed_in):
    owner = MembershipFactory(enterprise__unverified=True)
    UserFactory(platform_admin=True)

    signed_in(owner.user).post("/me/enterprise/verification/")

    tasks = list(DBTaskResult.objects.values_list("task_path", flat=True))
    assert tasks.count("accounts.tasks.mail_notices") == 1
    # A firm that changed may be one that is suspended.
    assert set(tasks) == {
        "accounts.tasks.mail_notices",
        "matchmaking.insights.tasks.follow_flows",
        "matchmaking.insights.tasks.follow_weak_links",
    }


def test_reading_and_writes_that_leave_nothing_start_nothing(signed_in):
    owner = MembershipFactory()
    NoticeFactory(reader=owner.user)
    client = signed_in(owner.user)

    client.get("/me/")
    client.post("/me/settings/", {"name": "示例", "language": "zh-hans"})

    assert DBTaskResult.objects.count() == 0


def test_a_write_that_changes_a_posting_has_its_text_read_by_the_worker(signed_in):
    owner = MembershipFactory()
    posting = PostingFactory(enterprise=owner.enterprise, capacity=True)
    signed_in(owner.user).post(f"/postings/{posting.number}/pause/")
    tasks = DBTaskResult.objects.filter(task_path="matchmaking.matching.tasks.encode_changed_postings")
    assert [task.args_kwargs["args"] for task in tasks] == [[[posting.number]]]


def test_a_write_that_changes_a_posting_has_the_weak_links_counted_again(signed_in):
    owner = MembershipFactory()
    posting = PostingFactory(enterprise=owner.enterprise, capacity=True)
    refresh_weak_links()
    signed_in(owner.user).post(f"/postings/{posting.number}/pause/")
    tasks = DBTaskResult.objects.filter(task_path="matchmaking.insights.tasks.follow_weak_links")
    assert len(tasks) == 1

    assert follow_weak_links.call() > 0
    assert WeakLink.objects.get(node=posting.node, place="").coverage == Coverage.MISSING


@pytest.mark.parametrize(
    "address", ["/enterprises/a%00/", "/en/chains/a%00/", "/needs/?q=%00", "/needs/?%00=1", "/manage/?q=a%00b"]
)
def test_a_nul_in_an_address_is_a_page_that_says_400(address):
    answer = Client().get(address)

    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("address", ["/me/acting/", "/identity/o/api/token", "/accounts/login/"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart"])
def test_a_nul_in_a_form_is_refused_before_anybody_looks_it_up(address, kind):
    form = {"enterprise": "a\0", "login": "a"}
    sent = {"data": form} if kind == "multipart" else {"data": "enterprise=a%00&login=a", "content_type": kind}

    assert Client().post(address, **sent).status_code == 400


@pytest.mark.parametrize("name", [settings.SESSION_COOKIE_NAME, "theme", settings.CSRF_COOKIE_NAME])
def test_a_nul_in_a_cookie_is_refused(name):
    cookie = f'{name}="aaaaaaaaaaaa\\000"'

    assert Client(headers={"cookie": cookie}).get("/").status_code == 400


def test_the_rest_door_answers_a_nul_with_a_problem_document():
    answer = Client().get("/api/v1/postings/?q=%00")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "nul_character"


def test_forms_without_a_nul_still_reach_their_views_whole(signed_in):
    person = UserFactory()

    signed_in(person).post("/me/settings/", {"name": "示例名字", "language": "en"})

    person.refresh_from_db()
    assert person.name == "示例名字"
