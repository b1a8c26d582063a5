"""Taking no new requests for a while: told before anybody asks, no more than busy in suggestions, over by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Change
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from matchmaking.postings.choices import BusyLevel
from matchmaking.postings.models import Posting
from matchmaking.postings.services.busy import BUSY_AT_MOST, set_busy
from matchmaking.postings.services.life import refresh_busy_levels
from matchmaking.postings.services.publishing import pause_posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def capacity():
    return PostingFactory(capacity=True)


@pytest.fixture
def seller(capacity):
    return MembershipFactory(enterprise=capacity.enterprise).user


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def buyer(need):
    return MembershipFactory(enterprise=need.enterprise).user


def test_who_asks_a_busy_firm_is_told_until_when_and_others_are_not_concerned(need, buyer, capacity, seller):
    until = days_from_today(9)
    set_busy(posting=capacity, actor=seller, until=until)

    with pytest.raises(Refused) as refusal:
        declare_interest(posting=need, counterpart=capacity, actor=buyer)

    assert (refusal.value.reason, refusal.value.facts) == (Reason.REFUSAL_BUSY_UNTIL, {"day": until.isoformat()})
    assert (
        declare_interest(posting=need, counterpart=PostingFactory(capacity=True), actor=buyer).state == State.INTERESTED
    )


def test_a_busy_firm_asks_itself_and_requests_that_waited_are_answered(need, buyer, capacity, seller):
    waiting = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    set_busy(posting=capacity, actor=seller, until=days_from_today(3))
    other = PostingFactory()

    asked = declare_interest(posting=capacity, counterpart=other, actor=seller)

    assert accept_interest(partnership=waiting, actor=seller).state == State.INTRODUCED
    assert asked.state == State.INTERESTED


def test_who_was_asked_by_a_busy_firm_meets_its_interest(need, buyer, capacity, seller):
    declare_interest(posting=capacity, counterpart=need, actor=seller)
    set_busy(posting=capacity, actor=seller, until=days_from_today(3))

    assert declare_interest(posting=need, counterpart=capacity, actor=buyer).state == State.INTRODUCED


def test_it_counts_as_busy_until_it_is_over_and_the_nightly_round_keeps_it(capacity, seller, need, buyer, monkeypatch):
    set_busy(posting=capacity, actor=seller, until=days_from_today(2))
    levels = []
    for days in (0, 2, 3):
        moment = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        refresh_busy_levels()
        levels.append(Posting.objects.get(pk=capacity.pk).busy_level)
        monkeypatch.undo()

    assert levels == [BusyLevel.BUSY, BusyLevel.BUSY, BusyLevel.FREE]


def test_ending_it_takes_requests_at_once_and_repeating_changes_nothing(need, buyer, capacity, seller):
    until = days_from_today(2)
    for day in (until, until, None, None):
        set_busy(posting=capacity, actor=seller, until=day)

    assert Change.objects.filter(thing="posting", thing_key=capacity.number).count() == 2
    assert Posting.objects.get(pk=capacity.pk).busy_level == BusyLevel.FREE
    assert declare_interest(posting=need, counterpart=capacity, actor=buyer).state == State.INTERESTED


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, Reason.REFUSAL_DAY_NOT_AHEAD), (-3, Reason.REFUSAL_DAY_NOT_AHEAD), (61, Reason.REFUSAL_DAY_TOO_FAR)],
)
def test_a_day_that_is_over_or_too_far_is_refused_with_what_to_choose(capacity, seller, days, reason):
    with pytest.raises(Invalid) as problem:
        set_busy(posting=capacity, actor=seller, until=days_from_today(days))

    assert problem.value.fields == {"until": reason}
    assert timedelta(days=60) == BUSY_AT_MOST


def test_only_its_own_editors_and_only_while_it_is_published(capacity, seller, buyer):
    viewer = MembershipFactory(enterprise=capacity.enterprise, role=Role.VIEWER).user
    for actor in (buyer, viewer):
        with pytest.raises(Refused) as refusal:
            set_busy(posting=capacity, actor=actor, until=days_from_today(2))
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    pause_posting(posting=capacity, actor=seller)
    with pytest.raises(Refused) as refusal:
        set_busy(posting=capacity, actor=seller, until=days_from_today(2))
    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
