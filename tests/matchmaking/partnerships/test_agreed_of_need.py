"""What is agreed of a need, in its own unit and period, and who reads it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from common.reasons import Reason
from matchmaking.partnerships.queries.needs import agreed_of_need
from matchmaking.partnerships.services.interest import end_partnership
from matchmaking.partnerships.services.outcomes import state_outcome
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import UnitFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db


def pair_for(need, **capacity):
    return talks(PartnershipFactory(introduced=True, need=need, capacity=PostingFactory(capacity=True, **capacity)))


def deliver(pair, amount):
    for actor in (pair.buyer, pair.seller):
        state_outcome(partnership=pair.now, actor=actor, answer="yes", delivered_amount=amount)


def test_what_two_suppliers_signed_counts_until_one_of_them_ends():
    need = PostingFactory(quantity_amount=Decimal(5000))
    first, second = pair_for(need), pair_for(need)
    first.propose(quantity_amount=Decimal(700))
    assert agreed_of_need(need) == 0
    first.agree(quantity_amount=Decimal(3000))
    second.agree(quantity_amount=Decimal(1500))
    assert agreed_of_need(need) == 4500

    end_partnership(partnership=second.now, actor=second.buyer, reason=Reason.END_PARTNERSHIP_QUALITY)
    assert agreed_of_need(need) == 3000


def test_a_confirmed_monthly_deal_counts_as_agreed_and_a_delivery_by_what_came():
    monthly = PostingFactory(quantity_amount=Decimal(5000))
    pair = pair_for(monthly)
    pair.agree(quantity_amount=Decimal(3000))
    deliver(pair, 18_000)
    assert agreed_of_need(monthly) == 3000

    once = PostingFactory(quantity_amount=Decimal(5000), period="once")
    pair = pair_for(once, period="once")
    pair.agree(quantity_amount=Decimal(3000), period="once")
    deliver(pair, 2900)
    assert agreed_of_need(once) == 2900


def test_another_unit_and_period_are_counted_in_the_needs_own():
    day = timezone.localdate()
    need = PostingFactory(quantity_amount=Decimal(5000), period="once")
    pair = pair_for(need)
    dozen = UnitFactory(code="XDOZ", base=need.unit, factor_to_base=12)
    pair.agree(quantity_amount=Decimal(10), unit=dozen, period="once", ends_on=day + timedelta(days=9))
    assert agreed_of_need(need) == 120


def test_its_own_side_reads_it_on_the_page_and_nobody_else(signed_in, django_assert_max_num_queries):
    need = PostingFactory(quantity_amount=Decimal(5000))
    pair = pair_for(need)
    pair.agree(quantity_amount=Decimal(3000))
    address = f"/en/needs/{need.number}/"
    owner = signed_in(pair.buyer)
    owner.get(address)
    with django_assert_max_num_queries(12):
        page = owner.get(address).content.decode()
    assert "Still open" in page
    assert "2,000" in page
    for user in (pair.seller, MembershipFactory().user):
        page = signed_in(user).get(address).content.decode()
        assert "Still open" not in page
        assert "2,000" not in page
