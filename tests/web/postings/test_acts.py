"""One posting's page and what its owners do with it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Role
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import confirmation_token
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import (
    PostingCertificateFactory,
    PostingContactFactory,
    PostingFactory,
    PostingParameterFactory,
    days_from_today,
)
from tests.web.postings.sending import send, version_of

pytestmark = pytest.mark.django_db
REASON = text_of(Reason.FLAG_JUNK, "zh-hans")
ACTS = {
    "publish": ({"draft": True}, {}, Status.PUBLISHED),
    "pause": ({}, {}, Status.PAUSED),
    "resume": ({"paused": True}, {}, Status.PUBLISHED),
    "confirm": ({}, {}, Status.PUBLISHED),
    "renew": ({"expired": True}, {"window_end": "2099/12/31"}, Status.PUBLISHED),
    "close": ({}, {"reason": "end.need.filled_here"}, Status.CLOSED),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_is_done_with_one_press(firm, editor, act):
    state, given, after = ACTS[act]
    posting = PostingFactory(enterprise=editor.enterprise, **state)

    answer = firm.post(f"/postings/{posting.number}/{act}/", given)

    assert (answer.status_code, answer.url) == (302, f"/needs/{posting.number}/")
    assert Posting.objects.get().status == after
    assert firm.get(answer.url).status_code == 200


@pytest.mark.parametrize("act", [*ACTS, "copy", "delete"])
def test_act_on_another_firms_posting_is_not_there(firm, act):
    posting = PostingFactory()

    assert firm.post(f"/postings/{posting.number}/{act}/").status_code == 404
    assert firm.get(f"/postings/{posting.number}/{act}/").status_code == 405


@pytest.mark.parametrize("act", ["pause", "confirm", "close", "copy"])
def test_act_is_refused_to_viewers(signed_in, act):
    viewer = MembershipFactory(role=Role.VIEWER)
    posting = PostingFactory(enterprise=viewer.enterprise)

    answer = signed_in(viewer.user).post(f"/postings/{posting.number}/{act}/", {"reason": "end.need.withdrawn"})

    assert (answer.status_code, Posting.objects.get().status) == (403, Status.PUBLISHED)


def test_act_in_the_wrong_state_is_a_conflict(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    assert firm.post(f"/postings/{posting.number}/resume/").status_code == 409


@pytest.mark.parametrize(
    ("act", "given"),
    [("close", {}), ("close", {"reason": "end.capacity.sold_here"}), ("renew", {"window_end": "soon"})],
)
def test_act_with_values_that_do_not_fit_says_so(firm, editor, act, given):
    posting = PostingFactory(enterprise=editor.enterprise)

    answer = firm.post(f"/postings/{posting.number}/{act}/", given)

    assert (answer.status_code, Posting.objects.get().status) == (422, Status.PUBLISHED)


def test_publish_of_an_unfinished_draft_leads_to_its_form(firm, editor):
    draft = PostingFactory(enterprise=editor.enterprise, draft=True, title="")

    assert firm.post(f"/postings/{draft.number}/publish/").url == f"/postings/{draft.number}/edit/"


def test_copy_and_delete_lead_on(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    copied = firm.post(f"/postings/{posting.number}/copy/")
    copy = Posting.objects.get(status=Status.DRAFT)
    assert copied.url == f"/postings/{copy.number}/edit/"
    assert firm.post(f"/postings/{copy.number}/delete/").url == "/needs/"
    assert list(Posting.objects.all()) == [posting]


def test_owner_sees_state_acts_contact_and_suggestions(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise, confirmed_on=days_from_today(-31))
    PostingContactFactory(posting=posting, person="李敏敏")

    page = firm.get(f"/en/needs/{posting.number}/").content.decode()

    assert "Not confirmed for 31 days" in page
    assert "李敏敏" in page
    assert 'id="matches"' in page
    for act in ("pause", "confirm", "close", "copy", "renew"):
        assert f"/postings/{posting.number}/{act}/" in page


@pytest.mark.parametrize("state", ["draft", "in_review", "paused", "closed", "expired"])
def test_owner_sees_every_state_and_others_do_not(firm, editor, client, signed_in, state):
    posting = PostingFactory(enterprise=editor.enterprise, **{state: True})

    assert firm.get(f"/needs/{posting.number}/").status_code == 200
    assert client.get(f"/needs/{posting.number}/").status_code == 404
    assert signed_in(MembershipFactory().user).get(f"/needs/{posting.number}/").status_code == 404


def test_postings_of_suspended_firms_and_hidden_ones_are_not_there(firm, editor, client):
    suspended = PostingFactory(enterprise__suspended_at=timezone.now())
    hidden = PostingFactory()
    hidden.hidden_from.add(editor.enterprise)

    assert client.get(f"/needs/{suspended.number}/").status_code == 404
    assert firm.get(f"/needs/{hidden.number}/").status_code == 404
    assert client.get(f"/needs/{hidden.number}/").status_code == 200


@pytest.mark.parametrize("path", ["/needs/NOTHERE/", "/capacities/NOTHERE/", "/postings/NOTHERE/"])
def test_unknown_numbers_are_not_there(client, path):
    assert client.get(path).status_code == 404


def test_number_leads_to_the_page_of_its_direction(client):
    need, capacity = PostingFactory(), PostingFactory(capacity=True)

    assert client.get(f"/postings/{need.number}/").url == f"/needs/{need.number}/"
    assert client.get(f"/postings/{capacity.number}/").url == f"/capacities/{capacity.number}/"
    assert client.get(f"/capacities/{need.number}/").status_code == 404


def seen_by(reader, posting):
    page = reader.get(f"/needs/{posting.number}/").content.decode()
    marks = {
        "text": "Only for firms",
        "exact": "8,765",
        "open price": "12.5",
        "paper": "Certificate XCSEEN",
        "contact": "Canary Person",
        "name": "Canary Works",
        "alias": "A casting works",
        "hidden": "Canary Rival",
    }
    return {name for name, mark in marks.items() if mark in page}


def test_each_reader_sees_what_their_role_allows(client, signed_in):
    works = EnterpriseFactory(name="Canary Works", alias="A casting works")
    posting = PostingFactory(
        enterprise=works,
        visibility="alias",
        text="Only for firms",
        quantity_amount=Decimal(8765),
        price_kind="open",
        price_max=Decimal("12.5"),
    )
    posting.hidden_from.add(EnterpriseFactory(name="Canary Rival"))
    posting.hidden_from_typed = "Canary Rival"
    posting.save()
    PostingCertificateFactory(
        posting=posting, certification__code="XCSEEN", certification__name_zh="Certificate XCSEEN"
    )
    PostingParameterFactory(posting=posting)
    PostingContactFactory(posting=posting, person="Canary Person")
    owner = MembershipFactory(enterprise=works)
    firms_see = {"text", "exact", "open price", "paper", "alias"}

    assert seen_by(client, posting) == {"alias"}
    assert seen_by(signed_in(UserFactory()), posting) == {"alias"}
    assert seen_by(signed_in(MembershipFactory().user), posting) == firms_see
    assert seen_by(signed_in(owner.user), posting) == firms_see - {"alias"} | {"name", "contact", "hidden"}


def test_sealed_price_is_shown_to_nobody_else(signed_in):
    posting = PostingFactory(price_kind="sealed", price_min=Decimal("77.25"), price_max=Decimal("88.75"))

    page = signed_in(MembershipFactory().user).get(f"/needs/{posting.number}/").content.decode()

    assert ("77.25" in page, "88.75" in page) == (False, False)


def test_other_firm_may_say_that_it_is_interested(signed_in):
    member = MembershipFactory(role=Role.EDITOR)
    own = PostingFactory(enterprise=member.enterprise, capacity=True, title="Our castings")
    posting = PostingFactory()

    page = signed_in(member.user).get(f"/needs/{posting.number}/").content.decode()

    assert own.title in page
    assert f"/capacities/new/?mirror={posting.number}" in page


@pytest.mark.parametrize("count", [1, 12])
def test_page_asks_the_database_twelve_times_for_its_owner(firm, editor, count, django_assert_max_num_queries):
    posting = PostingFactory(enterprise=editor.enterprise)
    for _n in range(count):
        PostingFactory(capacity=True, node=posting.node, region=posting.region, unit=posting.unit)
    firm.get(f"/needs/{posting.number}/")

    with django_assert_max_num_queries(12):
        answer = firm.get(f"/needs/{posting.number}/")
    assert answer.status_code == 200


@pytest.mark.parametrize("count", [1, 5])
def test_page_asks_a_fixed_number_of_times_for_a_visitor(client, count, django_assert_max_num_queries):
    posting = PostingFactory()
    for _n in range(count):
        PostingCertificateFactory(posting=posting)
        PostingParameterFactory(posting=posting)
    client.get(f"/needs/{posting.number}/")

    with django_assert_max_num_queries(6):
        answer = client.get(f"/needs/{posting.number}/")
    assert posting.title in answer.content.decode()


def test_link_of_a_mail_confirms_without_sign_in_after_one_look(client):
    posting = PostingFactory(confirmed_on=days_from_today(-31))
    editor = MembershipFactory(enterprise=posting.enterprise, role=Role.EDITOR)
    address = f"/postings/confirm/{confirmation_token(posting=posting, user=editor.user)}/"

    assert client.get(address).status_code == 200
    assert Posting.objects.get().confirmed_on == days_from_today(-31)
    assert client.post(address).status_code == 200
    assert Posting.objects.get().confirmed_on == timezone.localdate()
    assert (client.get(address).status_code, client.post(address).status_code) == (409, 409)


def test_link_that_is_not_ours_is_over(client):
    assert client.get("/postings/confirm/made-up/").status_code == 409


def test_window_that_ended_yesterday_leaves_the_lists_at_once(client):
    posting = PostingFactory(window_end=timezone.localdate())
    assert posting.title in client.get("/needs/").content.decode()

    Posting.objects.update(window_start=None, window_end=timezone.localdate() - timedelta(days=1))

    assert posting.title not in client.get("/needs/").content.decode()


def test_words_that_a_rule_flags_are_saved_and_said_to_wait(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)
    path = f"/postings/{posting.number}/edit/"

    answer = send(firm, path, act="save", text="长期代开发票", seen_version=version_of(firm.get(path)))

    assert (answer.status_code, Posting.objects.get().status) == (302, Status.IN_REVIEW)
    page = firm.get(answer.url)
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]
    assert REASON in page.content.decode()


def test_a_paused_posting_with_flagged_words_says_that_it_waits(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise, paused=True, text="长期代开发票")

    answer = firm.post(f"/postings/{posting.number}/resume/", follow=True)

    assert Posting.objects.get().status == Status.IN_REVIEW
    assert [str(told) for told in answer.context["messages"]] == ["已保存。审核人会先查看；本页会说明原因和进展。"]
