"""The first page of the administration: how market, data and queues stand, each figure explained, with its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Notice, Review
from accounts.tasks import mail_notices
from common.keeping import process_cache
from config.standing import standing_for
from matchmaking.insights.models import FlowRun
from tests.factories.accounts import InvitationFactory, NoticeFactory, ReviewFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MARKED = re.compile(r'<span title="[^"]+">([^<]+)</span><span class="help">[^<]+</span></th><td class="num is-late"')


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True, totp=True)


def lines_of(user):
    process_cache.clear()
    return {str(line.name): line for part in standing_for(user) for line in part.lines}


def rows_on(page):
    """How many rows the list of a page has, in the administration or under coordination."""
    if page.context is not None and "cl" in page.context:
        return page.context["cl"].result_count
    total = re.search(r'data-total="(\d+)"', page.content.decode())
    return int(total[1]) if total else 0


def test_each_figure_is_what_its_rows_are(admin, signed_in):
    PostingFactory.create_batch(2)
    PostingFactory(capacity=True, stale=True)
    PartnershipFactory(answer_by=timezone.localdate() - timedelta(days=1))
    for days, state in ((3, "introduced"), (40, "introduced"), (5, "failed")):
        day = timezone.now() - timedelta(days=days)
        PartnershipFactory(
            introduced_at=day, state=state, end_reason="end.partnership.price" if state == "failed" else ""
        )
    ReviewFactory()
    InvitationFactory(given_up_at=timezone.now())
    InvitationFactory(given_up_at=timezone.now(), accepted_at=timezone.now())
    client, lines = signed_in(admin), lines_of(admin)

    assert {name: line.value for name, line in lines.items() if isinstance(line.value, int)} == {
        "已发布需求": 6,
        "已发布供给": 5,
        "没有回应的需求": 4,
        "逾期未答复的意向": 1,
        "30天内引荐": 1,
        "超过 30 天未确认": 1,
        "待审核": 1,
        "放弃发送的邮件": 0,
        "放弃发送的邀请": 1,
        "延误的任务": 0,
    }
    for line in lines.values():
        if line.address:
            page = client.get(line.address)
            assert (page.status_code, str(line.meaning) != "") == (200, True), line.name
            assert not isinstance(line.value, int) or rows_on(page) == line.value, line.name


@pytest.mark.parametrize(("prefix", "word"), [("", "看一下"), ("/en", "look at it")])
def test_what_should_be_looked_at_is_marked(admin, signed_in, prefix, word):
    Review.objects.filter(pk=ReviewFactory().pk).update(created_at=timezone.now() - timedelta(days=3))
    Notice.objects.filter(pk=NoticeFactory().pk).update(given_up_at=timezone.now())
    DBTaskResult.objects.filter(pk=mail_notices.enqueue().id).update(enqueued_at=timezone.now() - timedelta(hours=1))
    FlowRun.objects.update_or_create(defaults={"as_of": timezone.now() - timedelta(days=2)})
    process_cache.clear()

    page = unescape(signed_in(admin).get(f"{prefix}/manage/").content.decode())

    marked = MARKED.findall(page)
    assert page.count(f">{word}<") == len(marked) == 5


def test_who_runs_a_park_reads_nothing_of_it(signed_in):
    page = signed_in(ParkAdministratorFactory().user).get("/manage/").content.decode()

    assert "standing" not in page


def test_the_figures_cost_the_same_however_much_there_is(admin):
    def cost():
        process_cache.clear()
        with CaptureQueriesContext(connection) as asked:
            standing_for(admin)
        return len(asked)

    cost()
    few = cost()
    PostingFactory.create_batch(5)
    ReviewFactory.create_batch(3)

    assert cost() == few
