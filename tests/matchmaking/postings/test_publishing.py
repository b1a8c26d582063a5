"""Published, paused, confirmed, renewed, closed: who may, from which state, and what is told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind, Role, Verification
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.postings.choices import RegionPreference, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services import flags, publishing
from matchmaking.postings.services.drafting import save_draft
from matchmaking.postings.services.publishing import (
    close_posting,
    closing_reasons,
    confirm_posting,
    confirm_posting_by_link,
    confirmation_token,
    pause_posting,
    posting_of_token,
    publish_posting,
    release_posting,
    renew_posting,
    resume_posting,
    withhold_posting,
)
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.factories.reference import ChainNodeFactory

pytestmark = pytest.mark.django_db
ACTS = {
    "publish": (publish_posting, {"draft": True}),
    "pause": (pause_posting, {}),
    "resume": (resume_posting, {"paused": True}),
    "confirm": (confirm_posting, {}),
    "renew": (renew_posting, {}),
    "close": (lambda **given: close_posting(reason=Reason.END_NEED_WITHDRAWN, **given), {}),
}


@pytest.fixture
def editor():
    return MembershipFactory(role=Role.EDITOR)


def changes():
    return list(Change.objects.values_list("verb", "reason"))


def test_publish_posting_shows_a_draft_as_confirmed_today(editor):
    draft = PostingFactory(draft=True, enterprise=editor.enterprise)

    shown = publish_posting(posting=draft, actor=editor.user)

    assert (shown.status, shown.confirmed_on, shown.version) == (Status.PUBLISHED, timezone.localdate(), 2)
    assert shown.published_at is not None
    assert changes() == [("published", "")]


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"title": ""}, "title"),
        ({"subject": ""}, "subject"),
        ({"node": None}, "node"),
        ({"region": None}, "region"),
        ({"quantity_amount": None}, "quantity"),
        ({"unit": None}, "unit"),
        ({"region_preference": RegionPreference.RADIUS}, "radius_km"),
        ({"region_preference": RegionPreference.LIST}, "regions_allowed"),
        ({"price_kind": "open"}, "price_max"),
    ],
)
def test_publish_posting_names_what_is_missing(editor, missing, field):
    draft = PostingFactory(draft=True, enterprise=editor.enterprise, **missing)

    with pytest.raises(Invalid) as problem:
        publish_posting(posting=draft, actor=editor.user)

    assert problem.value.fields == {field: Reason.REFUSAL_REQUIRED}
    assert (Posting.objects.get().status, changes()) == (Status.DRAFT, [])


def test_publish_posting_refuses_a_whole_chain_and_takes_its_parts(editor):
    chain = ChainNodeFactory(code="XCHAIN", is_leaf=False)
    draft = PostingFactory(draft=True, enterprise=editor.enterprise, node=chain)

    with pytest.raises(Invalid) as problem:
        publish_posting(posting=draft, actor=editor.user)
    save_draft(posting=draft, actor=editor.user, values={"node": ChainNodeFactory(code="XCHAIN.A", parent=chain).code})

    assert problem.value.fields == {"node": Reason.REFUSAL_NODE_TOO_BROAD}
    assert publish_posting(posting=draft, actor=editor.user).status == Status.PUBLISHED


def test_publish_posting_refuses_a_window_that_is_over(editor):
    draft = PostingFactory(draft=True, enterprise=editor.enterprise, window_start=None, window_end=days_from_today(-1))

    with pytest.raises(Invalid) as problem:
        publish_posting(posting=draft, actor=editor.user)

    assert problem.value.fields == {"window_end": Reason.REFUSAL_WINDOW_PAST}


def test_publish_posting_takes_a_window_that_ends_today(editor):
    draft = PostingFactory(draft=True, enterprise=editor.enterprise, window_end=timezone.localdate())

    assert publish_posting(posting=draft, actor=editor.user).status == Status.PUBLISHED


def test_publish_posting_refuses_texts_that_could_not_be_read(editor):
    draft = PostingFactory(
        draft=True, enterprise=editor.enterprise, unread_texts={"radius_km": "far", "window_end": "x"}
    )

    with pytest.raises(Invalid) as problem:
        publish_posting(posting=draft, actor=editor.user)

    assert problem.value.fields == {
        "radius_km": Reason.REFUSAL_NOT_A_NUMBER,
        "window_end": Reason.REFUSAL_NOT_A_DAY,
    }


@pytest.mark.parametrize("texts", [{"title": "毛坯 13812345678"}, {"text": "li@example.com"}])
def test_publish_posting_refuses_contact_data_in_the_text(editor, texts):
    draft = PostingFactory(draft=True, enterprise=editor.enterprise, **texts)

    with pytest.raises(Refused) as refusal:
        publish_posting(posting=draft, actor=editor.user)

    assert refusal.value.reason == Reason.REFUSAL_CONTACT_IN_TEXT
    assert Posting.objects.get().status == Status.DRAFT


def test_publish_posting_of_a_new_firm_over_its_quota_waits_for_a_check(monkeypatch):
    monkeypatch.setattr(flags, "NEW_FIRM_QUOTA", 2)
    firm = EnterpriseFactory(verification=Verification.UNVERIFIED)
    editor = MembershipFactory(enterprise=firm, role=Role.EDITOR)
    PostingFactory(enterprise=firm)
    PostingFactory(enterprise=firm, paused=True)
    draft = PostingFactory(enterprise=firm, draft=True)

    held = publish_posting(posting=draft, actor=editor.user)

    assert (held.status, held.hold_reason, held.published_at) == (Status.IN_REVIEW, Reason.FLAG_NEW_FIRM_QUOTA, None)
    assert list(Notice.objects.values_list("kind", "thing_key")) == [(NoticeKind.POSTING_HELD, draft.number)]


def test_publish_posting_of_a_verified_firm_knows_no_quota(monkeypatch):
    monkeypatch.setattr(flags, "NEW_FIRM_QUOTA", 0)
    firm = EnterpriseFactory(verification=Verification.VERIFIED)
    editor = MembershipFactory(enterprise=firm, role=Role.EDITOR)

    shown = publish_posting(posting=PostingFactory(enterprise=firm, draft=True), actor=editor.user)

    assert shown.status == Status.PUBLISHED


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_acts_are_refused_to_those_who_may_not_write(act, role):
    service, state = ACTS[act]
    posting = PostingFactory(**state)
    reader = MembershipFactory(enterprise=posting.enterprise, role=role) if role else MembershipFactory()

    with pytest.raises(Refused) as refusal:
        service(posting=posting, actor=reader.user)

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert (Posting.objects.get().status, changes()) == (posting.status, [])


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_refused_in_the_wrong_state(act, editor):
    service, state = ACTS[act]
    wrong = {"closed": True} if act != "publish" else {}
    posting = PostingFactory(enterprise=editor.enterprise, **wrong)

    with pytest.raises(Refused) as refusal:
        service(posting=posting, actor=editor.user)

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
    assert changes() == []


def test_pause_and_resume_take_it_away_and_bring_it_back_confirmed(editor):
    posting = PostingFactory(enterprise=editor.enterprise, confirmed_on=days_from_today(-40))

    paused = pause_posting(posting=posting, actor=editor.user)
    assert (paused.status, list(Posting.objects.live())) == (Status.PAUSED, [])
    shown = resume_posting(posting=posting, actor=editor.user)

    assert (shown.status, shown.confirmed_on) == (Status.PUBLISHED, timezone.localdate())
    assert [verb for verb, _reason in changes()] == ["paused", "published"]


def test_confirm_posting_counts_once_a_day(editor):
    posting = PostingFactory(enterprise=editor.enterprise, confirmed_on=days_from_today(-31))

    confirm_posting(posting=posting, actor=editor.user)
    confirm_posting(posting=posting, actor=editor.user)

    assert Posting.objects.get().confirmed_on == timezone.localdate()
    assert changes() == [("confirmed", "")]


def test_confirm_by_link_needs_no_sign_in_and_works_once(editor):
    posting = PostingFactory(enterprise=editor.enterprise, confirmed_on=days_from_today(-31))
    token = confirmation_token(posting=posting, user=editor.user)

    assert posting_of_token(token=token) == (posting, editor.user)
    confirm_posting_by_link(token=token)

    assert Posting.objects.get().confirmed_on == timezone.localdate()
    assert Change.objects.get().actor == editor.user
    with pytest.raises(Refused) as refusal:
        confirm_posting_by_link(token=token)
    assert refusal.value.reason == Reason.REFUSAL_LINK_OVER


def test_confirm_by_link_is_over_after_fourteen_days(editor, monkeypatch):
    posting = PostingFactory(enterprise=editor.enterprise)
    token = confirmation_token(posting=posting, user=editor.user)
    monkeypatch.setattr(publishing, "LINK_VALID", timedelta(seconds=-1))

    with pytest.raises(Refused) as refusal:
        posting_of_token(token=token)

    assert refusal.value.reason == Reason.REFUSAL_LINK_OVER


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "1:2:3:4:5"])
def test_posting_of_token_refuses_links_that_are_not_ours(token):
    with pytest.raises(Refused) as refusal:
        posting_of_token(token=token)

    assert refusal.value.reason == Reason.REFUSAL_LINK_OVER


def test_confirm_by_link_asks_whether_its_reader_is_still_a_member(editor):
    posting = PostingFactory(enterprise=editor.enterprise)
    token = confirmation_token(posting=posting, user=UserFactory())

    with pytest.raises(Refused) as refusal:
        confirm_posting_by_link(token=token)

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_renew_posting_shows_an_expired_one_again(editor):
    posting = PostingFactory(enterprise=editor.enterprise, expired=True)

    renewed = renew_posting(posting=posting, actor=editor.user, window_end=days_from_today(90))

    assert (renewed.status, renewed.window_end) == (Status.PUBLISHED, days_from_today(90))
    assert renewed.confirmed_on == timezone.localdate()


@pytest.mark.parametrize(
    ("end", "reason"),
    [(date(1999, 1, 1), Reason.REFUSAL_WINDOW_REVERSED), (None, Reason.REFUSAL_WINDOW_PAST)],
)
def test_renew_posting_refuses_a_window_that_does_not_hold(editor, end, reason):
    posting = PostingFactory(enterprise=editor.enterprise, expired=True)

    with pytest.raises(Invalid) as problem:
        renew_posting(posting=posting, actor=editor.user, window_end=end)

    assert problem.value.fields == {"window_end": reason}
    assert Posting.objects.get().status == Status.EXPIRED


def test_close_posting_keeps_its_reason(editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    closed = close_posting(posting=posting, actor=editor.user, reason="end.need.filled_here")

    assert (closed.status, closed.end_reason) == (Status.CLOSED, "end.need.filled_here")
    assert changes() == [("closed", "end.need.filled_here")]


@pytest.mark.parametrize("reason", ["", "end.capacity.sold_here", "nonsense", "end.need"])
def test_close_posting_refuses_reasons_of_another_kind(editor, reason):
    posting = PostingFactory(enterprise=editor.enterprise)

    with pytest.raises(Invalid) as problem:
        close_posting(posting=posting, actor=editor.user, reason=reason)

    assert list(problem.value.fields) == ["reason"]
    assert Posting.objects.get().status == Status.PUBLISHED


def test_closing_reasons_are_four_for_each_direction():
    assert [len(closing_reasons(direction)) for direction in ("need", "capacity")] == [4, 4]


def test_release_posting_is_for_platform_administrators():
    held = PostingFactory(in_review=True)
    member = MembershipFactory(enterprise=held.enterprise, role=Role.OWNER)

    with pytest.raises(Refused):
        release_posting(posting=held, actor=member.user)
    shown = release_posting(posting=held, actor=UserFactory(is_superuser=True, is_staff=True))

    assert (shown.status, shown.hold_reason) == (Status.PUBLISHED, "")


def test_withhold_posting_gives_it_back_as_a_draft_and_says_why():
    posting = PostingFactory()
    owner = MembershipFactory(enterprise=posting.enterprise, role=Role.OWNER)

    withheld = withhold_posting(
        posting=posting,
        actor=UserFactory(is_superuser=True, is_staff=True),
        reason=Reason.FLAG_FALSE_CLAIM,
        note="示例",
    )

    assert (withheld.status, withheld.hold_reason) == (Status.DRAFT, Reason.FLAG_FALSE_CLAIM)
    assert Notice.objects.get().reader == owner.user
