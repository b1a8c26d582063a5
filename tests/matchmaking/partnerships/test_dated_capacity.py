"""B4, a capacity is a dated quantity: stale after sixty days, restored by one act, lowered by what two sides sign."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from common.errors import Refused
from common.reasons import Reason
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.months import most_agreed
from matchmaking.postings.services.publishing import confirm_posting
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
LAST_GOOD = timedelta(days=60)
A_DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    """Now, as everything reads it; it stands still and is turned by hand."""
    moment = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])
    return moment


def asked_by(need):
    """Numbers suggested for a need, and the gaps told of its near misses, by number."""
    viewer = MembershipFactory(enterprise=need.enterprise).user
    found = suggestions_for(posting=need, viewer=viewer)
    gaps = {match.posting.number: {gap.reason for gap in match.gaps} for match in found.near_misses}
    return {match.posting.number for match in found.matches}, gaps


def test_an_offer_nobody_confirmed_for_sixty_days_is_suggested_and_on_the_next_day_not_until_one_act(clock):
    capacity = PostingFactory(capacity=True, window_end=days_from_today(900))
    seller = MembershipFactory(enterprise=capacity.enterprise).user
    clock[0] += LAST_GOOD
    need = PostingFactory(node=capacity.node)
    assert asked_by(need) == ({capacity.number}, {})

    clock[0] += A_DAY
    assert asked_by(need) == (set(), {capacity.number: {Reason.GAP_STALE}})
    capacity.refresh_from_db()
    assert (timezone.localdate() - capacity.confirmed_on).days == 61

    confirm_posting(posting=capacity, actor=seller)
    assert asked_by(need) == ({capacity.number}, {})
    clock[0] += LAST_GOOD
    confirm_posting(posting=need, actor=MembershipFactory(enterprise=need.enterprise).user)
    assert asked_by(need) == ({capacity.number}, {})
    clock[0] += A_DAY
    assert asked_by(need)[0] == set()


def test_what_both_sides_signed_is_no_longer_offered_as_free_and_never_more_than_there_is():
    capacity = PostingFactory(capacity=True)
    needs = [PostingFactory(node=capacity.node) for _ in range(3)]
    first, second = (talks(PartnershipFactory(introduced=True, need=need, capacity=capacity)) for need in needs[:2])
    assert asked_by(needs[2]) == ({capacity.number}, {})
    late = second.propose(quantity_amount=Decimal(1))

    first.agree(quantity_amount=Decimal(12_000))

    assert left_of(capacity) == 0
    numbers, gaps = asked_by(needs[2])
    assert numbers == set()
    assert gaps.get(capacity.number, {Reason.GAP_CAPACITY_BOOKED}) == {Reason.GAP_CAPACITY_BOOKED}
    with pytest.raises(Refused) as refusal:
        second.sign(late)
    assert refusal.value.reason == Reason.GAP_CAPACITY_BOOKED
    assert left_of(capacity) == 0


def left_of(capacity):
    """What is left of a capacity in its fullest month, as the database has it."""
    row = Posting.objects.get(pk=capacity.pk)
    return row.quantity_amount - most_agreed(row)
