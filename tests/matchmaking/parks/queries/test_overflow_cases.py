"""A park counts an overflow once both sides have confirmed an outcome of it, and not a step sooner."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from common.keeping import process_cache
from matchmaking.consortia.queries.consortia import active_members
from matchmaking.parks.queries.nearby import overflow_cases_of
from matchmaking.partnerships.services.outcomes import state_outcome
from reference.models import Region
from tests.factories.overflows import LONGCHANG, RONGCHANG, overflowing
from tests.factories.parks import ParkFactory
from tests.matchmaking.partnerships.talks import Talks

pytestmark = pytest.mark.django_db


def counted(code):
    process_cache.clear()
    park = ParkFactory(regions=[Region.objects.get(code=code)])
    found = overflow_cases_of(park)
    return found.count, found.is_small


@pytest.fixture
def deal():
    """A plan of two partners and the own line that all have consented to, and the deal with each."""
    world = overflowing()
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    plan = [world.consent(overflow, place) for place in range(2)][-1]
    day = timezone.localdate()
    found = []
    for member, seller in zip(active_members(plan), world.sellers, strict=False):
        talk = Talks(member.partnership, world.owner, seller)
        once = {"period": "once", "starts_on": day, "ends_on": day + timedelta(days=70)}
        talk.agree(quantity_amount=member.amount, **once)
        found.append((talk, member.amount))
    return found


def confirm(talk, amount, *people):
    for actor in people or (talk.buyer, talk.seller):
        state_outcome(partnership=talk.now, actor=actor, answer="yes", delivered_amount=Decimal(amount))


def test_a_park_gains_one_case_once_both_sides_confirm(deal):
    (first, nine), (second, four) = deal
    assert counted(RONGCHANG) == counted(LONGCHANG) == (0, False)
    confirm(first, nine, first.buyer)
    assert counted(RONGCHANG) == counted(LONGCHANG) == (0, False)
    confirm(first, nine, first.seller)
    assert counted(RONGCHANG) == counted(LONGCHANG) == (1, True)
    confirm(second, four)
    assert counted(RONGCHANG) == counted(LONGCHANG) == (1, False)
    assert counted("510104") == (0, False)


def test_outcomes_of_other_needs_are_no_overflow_case():
    world = overflowing()
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    for place in range(2):
        plan = world.consent(overflow, place)
    overflow.delete()
    member = active_members(plan)[0]
    talk = Talks(member.partnership, world.owner, world.sellers[0])
    day = timezone.localdate()
    talk.agree(quantity_amount=member.amount, period="once", starts_on=day, ends_on=day + timedelta(days=70))
    confirm(talk, member.amount)
    assert counted(RONGCHANG) == (0, False)
