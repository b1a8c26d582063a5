"""The balance by place and month: demand from an assumption alone, offers, stores, haulage, stations."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matchmaking.hydrogen.queries.balance import Entered, balance_of
from matchmaking.hydrogen.queries.courses import Idea
from matchmaking.hydrogen.queries.records import assumption_now, batches, facilities, routes
from matchmaking.insights.queries.months import first_day, month_of
from matchmaking.postings.choices import Period
from reference.models import Region, Unit
from tests.factories.accounts import MembershipFactory
from tests.factories.hydrogen import (
    DemandAssumptionFactory,
    FacilityFactory,
    FleetBatchFactory,
    HaulageRouteFactory,
    hydrogen_posting,
    month_ahead,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
TONGNAN, CHANGSHOU, PANZHIHUA, DONGQU = "500152", "500115", "510400", "510402"


def balance(user=NOBODY, *, is_exact=True, idea=None):
    entered = Entered(assumption_now(user=user), batches(user=user), facilities(user=user), routes(user=user))
    return balance_of(user=user, entered=entered, is_exact=is_exact, idea=idea)


def cell(told, code, months):
    line = next(line for line in told.lines if line.region.code == code)
    return line.cells[months]


def days_of(months):
    return (month_ahead(months + 1) - month_ahead(months)).days


def test_without_an_assumption_there_is_no_balance():
    FleetBatchFactory(at={TONGNAN: 200})

    assert balance() is None


def test_two_batches_of_four_hundred_give_a_monthly_demand_that_carries_its_assumption():
    FleetBatchFactory(at={TONGNAN: 200})
    FleetBatchFactory(at={CHANGSHOU: 150, TONGNAN: 50}, starts_on=month_ahead(4))
    assumption = DemandAssumptionFactory(kg_per_vehicle_day=Decimal("4.5"))
    told = balance()

    assert told.assumption == assumption
    assert cell(told, TONGNAN, 0).demand == 0
    assert cell(told, TONGNAN, 1).demand == 200 * 45 * days_of(1) // 10
    assert cell(told, TONGNAN, 4).demand == 250 * 45 * days_of(4) // 10
    assert cell(told, CHANGSHOU, 4).demand == 150 * 45 * days_of(4) // 10


def test_the_newest_assumption_holds():
    FleetBatchFactory(at={TONGNAN: 200})
    DemandAssumptionFactory(kg_per_vehicle_day=5)
    DemandAssumptionFactory(kg_per_vehicle_day=7)

    assert cell(balance(), TONGNAN, 1).demand == 1400 * days_of(1)


def test_days_of_a_month_before_the_batch_comes_and_after_it_leaves_are_not_counted():
    start = month_ahead(1) + timedelta(days=10)
    FleetBatchFactory(at={TONGNAN: 1}, vehicles=1, starts_on=start, ends_on=month_ahead(2) + timedelta(days=4))
    DemandAssumptionFactory(kg_per_vehicle_day=1)
    told = balance()

    assert [cell(told, TONGNAN, month).demand for month in range(4)] == [0, days_of(1) - 10, 5, 0]


def test_vehicles_without_a_day_or_a_place_are_told_and_in_no_figure():
    FleetBatchFactory(starts_on=None, at={TONGNAN: 200})
    FleetBatchFactory(at={TONGNAN: 120})
    DemandAssumptionFactory(kg_per_vehicle_day=1)
    told = balance()

    assert (told.undated, told.unplaced) == (200, 80)
    assert cell(told, TONGNAN, 1).demand == 120 * days_of(1)


def test_offers_meet_demand_at_their_own_prefecture_or_district_and_what_lacks_is_short():
    FleetBatchFactory(at={PANZHIHUA: 100, TONGNAN: 100})
    DemandAssumptionFactory(kg_per_vehicle_day=10)
    hydrogen_posting(DONGQU, 40_000)
    told = balance()

    assert cell(told, PANZHIHUA, 1).short == 0
    assert cell(told, PANZHIHUA, 1).offered == 40_000
    assert cell(told, TONGNAN, 1).short == 1000 * days_of(1)
    assert [line.region.code for line in told.short_places] == [TONGNAN]


def test_tonnes_years_and_amounts_once_come_to_kilograms_a_month():
    DemandAssumptionFactory()
    hydrogen_posting(TONGNAN, 12, unit=Unit.objects.get(code="TH2"), period=Period.YEAR)
    hydrogen_posting(
        CHANGSHOU, 9000, period=Period.ONCE, window_start=month_ahead(1), window_end=month_ahead(4) - timedelta(days=1)
    )
    told = balance()

    assert [cell(told, TONGNAN, month).offered for month in range(3)] == [1000, 1000, 1000]
    assert [cell(told, CHANGSHOU, month).offered for month in range(5)] == [0, 3000, 3000, 3000, 0]


def test_what_nobody_confirmed_for_long_is_not_on_offer():
    DemandAssumptionFactory()
    hydrogen_posting(TONGNAN, 5000, confirmed_on=timezone.localdate() - timedelta(days=61))

    assert balance().lines == []


def test_a_visitor_reads_the_floor_of_the_class_and_a_member_the_amount():
    DemandAssumptionFactory()
    hydrogen_posting(TONGNAN, 29_000)

    assert cell(balance(is_exact=False), TONGNAN, 1).offered == 10_000
    assert cell(balance(MembershipFactory().user), TONGNAN, 1).offered == 29_000


def test_a_posted_need_is_told_and_not_added_to_the_demand():
    DemandAssumptionFactory()
    hydrogen_posting(TONGNAN, 100)
    hydrogen_posting(TONGNAN, 900, is_need=True)
    told = cell(balance(), TONGNAN, 1)

    assert (told.demand, told.asked, told.short) == (0, 900, 0)


def test_a_running_route_hauls_and_a_planned_one_does_not():
    FleetBatchFactory(at={TONGNAN: 100})
    DemandAssumptionFactory(kg_per_vehicle_day=1)
    hydrogen_posting(CHANGSHOU, 90_000)
    ends = {code: Region.objects.get(code=code) for code in (CHANGSHOU, TONGNAN)}
    route = HaulageRouteFactory(from_region=ends[CHANGSHOU], to_region=ends[TONGNAN], kg_per_day=60)
    told = cell(balance(), TONGNAN, 1)
    assert (told.plan.arrives, told.short) == (60 * days_of(1), 40 * days_of(1))

    route.state, route.state_on = "planned", None
    route.save()
    assert cell(balance(), TONGNAN, 1).short == 100 * days_of(1)


def test_a_running_store_carries_into_the_next_month():
    FleetBatchFactory(at={TONGNAN: 10}, vehicles=10)
    DemandAssumptionFactory(kg_per_vehicle_day=1)
    FacilityFactory(store=True, region=Region.objects.get(code=TONGNAN), store_kg=100)
    hydrogen_posting(TONGNAN, 500, window_start=month_ahead(0), window_end=month_ahead(2) - timedelta(days=1))
    told = balance()

    assert (cell(told, TONGNAN, 1).plan.kept, cell(told, TONGNAN, 2).met) == (100, 100)


def test_a_planned_station_fills_nothing_and_a_running_one_its_days():
    FleetBatchFactory(at={TONGNAN: 200})
    DemandAssumptionFactory(kg_per_vehicle_day=5)
    place = Region.objects.get(code=TONGNAN)
    FacilityFactory(region=place, planned=True, kg_per_day=5000)
    assert cell(balance(), TONGNAN, 1).filling == 0

    FacilityFactory(region=place, kg_per_day=400)
    told = cell(balance(), TONGNAN, 1)
    assert (told.filling, told.unfilled) == (400 * days_of(1), 600 * days_of(1))


def test_a_station_that_somebody_thinks_of_fills_what_it_could():
    FleetBatchFactory(at={TONGNAN: 200})
    DemandAssumptionFactory(kg_per_vehicle_day=5)
    idea = Idea(Region.objects.get(code=TONGNAN), 1000)

    assert [line.unfilled_months for line in balance().lines] != [0]
    assert [line.unfilled_months for line in balance(idea=idea).lines] == [0]


def test_the_months_reach_beyond_the_last_batch():
    FleetBatchFactory(at={TONGNAN: 200}, starts_on=month_ahead(14))
    DemandAssumptionFactory()
    told = balance()

    assert told.months[0] == first_day(month_of(timezone.localdate()))
    assert len(told.months) == 17
    assert cell(told, TONGNAN, 14).short > 0


def cost():
    with CaptureQueriesContext(connection) as asked:
        balance()
    return len(asked)


def test_the_balance_costs_as_many_queries_for_many_postings_as_for_one():
    FleetBatchFactory(at={TONGNAN: 100, CHANGSHOU: 100})
    DemandAssumptionFactory()
    hydrogen_posting(TONGNAN, 100)
    balance()  # from here on names are kept
    few = cost()
    for _posting in range(5):
        hydrogen_posting(CHANGSHOU, 100)

    assert (cost(), few) == (7, 7)
