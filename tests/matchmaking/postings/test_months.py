"""Months of a capacity: planned by its owner, agreed and given back by month, told to others in classes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from accounts.choices import Role
from accounts.models import Change
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.engine.constraints import LOW, PLENTY, SOME, left_class
from matchmaking.postings.choices import Direction, Period
from matchmaking.postings.models import CapacityMonth
from matchmaking.postings.queries.months import capacity_left_class, months_ahead
from matchmaking.postings.services import months
from matchmaking.postings.services.capacity import release_capacity, reserve_capacity
from matchmaking.postings.services.drafting import save_draft
from matchmaking.postings.services.months import month_shares, plan_months
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)
SPRING = (MARCH, date(2027, 5, 31))


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def capacity(owner):
    return PostingFactory(capacity=True, enterprise=owner.enterprise, window_start=MARCH, window_end=date(2027, 8, 31))


def agreed(capacity):
    rows = CapacityMonth.objects.filter(posting=capacity)
    return {row.month: row.booked_amount for row in rows}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (MARCH, date(2027, 3, 31), {MARCH: "3100"}),
        (date(2027, 3, 31), APRIL, {MARCH: "100", APRIL: "103.334"}),
        (date(2027, 3, 17), date(2027, 5, 15), {MARCH: "1500", APRIL: "3100", MAY: "1500"}),
        (date(2028, 2, 29), date(2028, 2, 29), {date(2028, 2, 1): "106.897"}),
    ],
)
def test_an_amount_a_month_is_taken_of_each_month_by_its_days_rounded_up(first, last, expected):
    shares = month_shares(Decimal(3100), (first, last))
    assert shares == {month: Decimal(amount) for month, amount in expected.items()}


def test_what_is_agreed_takes_of_its_own_months_alone_and_is_given_back_there(capacity):
    reserve_capacity(posting=capacity, amount=Decimal(9000), days=SPRING)
    with pytest.raises(Refused) as refusal:
        reserve_capacity(posting=capacity, amount=Decimal(4000), days=(APRIL, date(2027, 7, 31)))
    assert refusal.value.reason == Reason.GAP_CAPACITY_BOOKED
    assert agreed(capacity) == {MARCH: 9000, APRIL: 9000, MAY: 9000}

    reserve_capacity(posting=capacity, amount=Decimal(12000), days=(date(2027, 6, 1), date(2027, 6, 30)))
    release_capacity(posting=capacity, amount=Decimal(9000), days=SPRING)
    assert agreed(capacity) == {MARCH: 0, APRIL: 0, MAY: 0, date(2027, 6, 1): 12000}
    with pytest.raises(Refused):
        release_capacity(posting=capacity, amount=Decimal(1), days=SPRING)
    assert agreed(capacity)[MARCH] == 0


def test_a_month_planned_lower_carries_less_and_one_planned_higher_more(capacity, owner):
    plan_months(posting=capacity, plan={MARCH: Decimal(0), APRIL: Decimal(20000)}, actor=owner.user)

    reserve_capacity(posting=capacity, amount=Decimal(20000), days=(APRIL, date(2027, 4, 30)))
    with pytest.raises(Refused):
        reserve_capacity(posting=capacity, amount=Decimal(1), days=(MARCH, MARCH))
    with pytest.raises(Refused):
        reserve_capacity(posting=capacity, amount=Decimal(12001), days=(MAY, date(2027, 5, 31)))


def test_less_than_is_agreed_is_refused_by_month_and_nothing_is_written(capacity, owner):
    reserve_capacity(posting=capacity, amount=Decimal(5000), days=SPRING)
    before = Change.objects.count()

    with pytest.raises(Invalid) as refusal:
        plan_months(posting=capacity, plan={MARCH: Decimal(4999), APRIL: Decimal(6000)}, actor=owner.user)

    assert refusal.value.fields == {"2027-03-01": Reason.REFUSAL_BELOW_AGREED}
    assert refusal.value.facts == {"2027-03-01": {"amount": "5000"}}
    assert not CapacityMonth.objects.exclude(planned_amount=None).exists()
    assert Change.objects.count() == before


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal(10) ** 13])
def test_amounts_that_are_none_are_refused(capacity, owner, amount):
    with pytest.raises(Invalid):
        plan_months(posting=capacity, plan={MARCH: amount}, actor=owner.user)


def test_a_plan_that_changes_nothing_writes_nothing(capacity, owner):
    plan_months(posting=capacity, plan={MARCH: Decimal(5)}, actor=owner.user)
    before = Change.objects.count()
    plan_months(posting=capacity, plan={MARCH: Decimal(5), APRIL: None}, actor=owner.user)
    assert (Change.objects.count(), CapacityMonth.objects.count()) == (before, 1)


def test_only_its_own_editors_plan_a_monthly_capacity(capacity, owner):
    viewer = MembershipFactory(enterprise=owner.enterprise, role=Role.VIEWER).user
    stock = PostingFactory(capacity=True, enterprise=owner.enterprise, period=Period.ONCE)
    need = PostingFactory(enterprise=owner.enterprise)
    for posting, actor in ((capacity, viewer), (capacity, UserFactory()), (stock, owner.user), (need, owner.user)):
        with pytest.raises(Refused):
            plan_months(posting=posting, plan={MARCH: Decimal(1)}, actor=actor)


def test_the_quantity_cannot_fall_below_the_fullest_month_nor_its_measure_change(capacity, owner):
    reserve_capacity(posting=capacity, amount=Decimal(5000), days=SPRING)
    changes = (({"quantity": Decimal(4999)}, "quantity"), ({"period": Period.YEAR}, "unit"))
    for values, field in changes:
        with pytest.raises(Invalid) as refusal:
            save_draft(
                actor=owner.user,
                posting=capacity,
                values={"direction": Direction.CAPACITY, **values},
                seen_version=capacity.version,
            )
        assert field in refusal.value.fields


def test_months_ahead_follow_the_window_and_tell_classes(capacity, owner, monkeypatch):
    monkeypatch.setattr(months.timezone, "localdate", lambda: date(2027, 4, 20))
    plan_months(posting=capacity, plan={MAY: Decimal(6000)}, actor=owner.user)
    reserve_capacity(posting=capacity, amount=Decimal(5000), days=(MAY, date(2027, 6, 30)))

    told = {one.month.month: (one.carried, one.agreed, one.free, one.left) for one in months_ahead(capacity)}

    assert list(told) == [4, 5, 6, 7, 8]
    assert told[4] == (12000, 0, 12000, "plenty")
    assert told[5] == (6000, 5000, 1000, "low")
    assert told[6] == (12000, 5000, 7000, "some")
    assert capacity_left_class(capacity) == "some"


def test_the_database_itself_refuses_a_month_sold_twice(capacity):
    with pytest.raises(IntegrityError):
        CapacityMonth.objects.create(posting=capacity, month=MARCH, planned_amount=1, booked_amount=2)


@pytest.mark.parametrize(
    ("free", "told"), [(0, "none"), (1, "low"), (249, "low"), (250, "some"), (749, "some"), (750, "plenty")]
)
def test_a_capacity_is_told_by_the_edges_that_the_ranking_has(free, told):
    capacity = PostingFactory(capacity=True, quantity_amount=1000, reserved_amount=1000 - free)

    assert capacity_left_class(capacity) == told
    ranked = left_class(1_000_000, (1000 - free) * 1000)
    assert ranked == {"none": LOW, "low": LOW, "some": SOME, "plenty": PLENTY}[told]
