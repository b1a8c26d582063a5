"""Interests that nobody will answer end by themselves, once, and both sides are told why."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.reasons import Reason
from config.management.commands.nightly import STEPS
from matchmaking.partnerships.choices import WAITING, Act, Side, State
from matchmaking.partnerships.services.interest import declare_interest, withdraw_interest
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db
NO_ANSWER, POSTING_OVER = Reason.END_PARTNERSHIP_NO_ANSWER.value, Reason.END_PARTNERSHIP_POSTING_OVER.value


def interest():
    """An interest counted at the capacity, with a member on each side."""
    partnership = PartnershipFactory(capacity=PostingFactory(capacity=True, open_interest_count=1))
    for posting in (partnership.need, partnership.capacity):
        MembershipFactory(enterprise=posting.enterprise)
    return partnership


def told():
    return list(Notice.objects.values_list("kind", "facts__reason"))


def test_an_interest_without_an_answer_in_time_ends_and_both_sides_are_told_once():
    partnership = interest()
    partnership.answer_by = timezone.localdate() - timedelta(days=1)
    partnership.save()

    assert (end_overdue_interests(), end_overdue_interests()) == (1, 0)

    partnership.refresh_from_db()
    assert (partnership.state, partnership.end_reason) == (State.FAILED, NO_ANSWER)
    event = partnership.events.get()
    assert (event.act, event.side, event.reason, event.actor) == (Act.LAPSE, Side.PLATFORM, NO_ANSWER, None)
    assert told() == [(NoticeKind.INTEREST_LAPSED, NO_ANSWER)] * 2
    assert Posting.objects.get(pk=partnership.capacity.pk).open_interest_count == 0


@pytest.mark.parametrize("side", ["need", "capacity"])
@pytest.mark.parametrize("over", ["closed", "expired", "withheld", "window", "suspended"])
def test_an_interest_ends_when_a_posting_of_the_pair_is_over(side, over):
    partnership = interest()
    posting = getattr(partnership, side)
    if over == "suspended":
        posting.enterprise.suspended_at = timezone.now()
        posting.enterprise.save()
    elif over == "window":
        yesterday = days_from_today(-1)
        Posting.objects.filter(pk=posting.pk).update(window_start=yesterday, window_end=yesterday)
    else:
        state = {"closed": Status.CLOSED, "expired": Status.EXPIRED, "withheld": Status.DRAFT}[over]
        Posting.objects.filter(pk=posting.pk).update(status=state)

    assert end_overdue_interests() == 1

    partnership.refresh_from_db()
    assert (partnership.state, partnership.end_reason) == (State.FAILED, POSTING_OVER)
    assert told() == [(NoticeKind.INTEREST_LAPSED, POSTING_OVER)] * 2


@pytest.mark.parametrize("state", [Status.PUBLISHED, Status.PAUSED, Status.IN_REVIEW])
def test_an_interest_waits_until_its_last_day_is_over(state):
    partnership = interest()
    partnership.answer_by = timezone.localdate()
    partnership.save()
    Posting.objects.filter(pk=partnership.capacity.pk).update(status=state)

    assert end_overdue_interests() == 0


@pytest.mark.parametrize("state", [one for one in State if one not in (*WAITING, State.FAILED)])
def test_other_partnerships_are_left_alone(state):
    PartnershipFactory(state=state, answer_by=days_from_today(-9), need=PostingFactory(closed=True))

    assert end_overdue_interests() == 0


def test_the_night_ends_interests_after_postings_and_before_the_snapshot(capsys):
    PartnershipFactory(answer_by=days_from_today(-1))

    call_command("end_overdue_interests")

    assert "ended 1 interests" in capsys.readouterr().out
    assert STEPS.index("expire_postings") < STEPS.index("end_overdue_interests") < STEPS.index("build_snapshot")


def test_who_was_asked_is_told_of_a_withdrawal():
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    buyer = MembershipFactory(enterprise=need.enterprise).user
    seller = MembershipFactory(enterprise=capacity.enterprise).user

    withdraw_interest(partnership=declare_interest(posting=need, counterpart=capacity, actor=buyer), actor=buyer)

    notice = Notice.objects.filter(reader=seller).latest("pk")
    assert (notice.kind, notice.facts["title"]) == (NoticeKind.INTEREST_WITHDRAWN, capacity.title)
    assert not Notice.objects.filter(reader=buyer).exists()
