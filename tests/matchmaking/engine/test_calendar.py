"""The calendar of a capacity: what is booked in some months counts for needs of these months alone."""

from datetime import date

import pytest

from common.reasons import Reason
from matchmaking.engine.oracle import World, covered, failed_musts
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import BIT
from matchmaking.engine.types.rows import BookedDays
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy

TAXONOMY = small_taxonomy()
MARCH, APRIL = (date(2027, 3, 1), date(2027, 3, 31)), (date(2027, 4, 1), date(2027, 4, 30))
FULL_IN_MARCH = (BookedDays(*MARCH, 1_500_000),)


def asked(days, **changed):
    return need_row(start=days[0], end=days[1], period="month", quantity=1_000_000, **changed)


def offered(**changed):
    return capacity_row(quantity=1_500_000, period="month", start=date(2027, 1, 1), end=date(2027, 12, 31), **changed)


@pytest.mark.parametrize(
    ("days", "fits"),
    [(MARCH, False), (APRIL, True), ((MARCH[0], APRIL[1]), False), ((date(2027, 5, 1), date(2027, 6, 30)), True)],
)
def test_a_month_that_is_full_is_booked_for_its_own_needs_alone(days, fits):
    need, capacity = asked(days), offered(calendar=FULL_IN_MARCH)
    lists = rank(need, build_market([capacity], TAXONOMY), today=TODAY)
    assert [match.key for match in lists.matches] == ([capacity.key] if fits else [])
    assert [miss.verdict for miss in lists.near_misses] == ([] if fits else [BIT[Reason.GAP_CAPACITY_BOOKED]])


def test_what_counts_is_the_mean_of_the_needs_days_by_class():
    """March is half booked and April free: rounded down, three quarters of what was posted are left."""
    need = asked((date(2027, 3, 17), date(2027, 4, 15)), split_allowed=True)
    capacity = offered(calendar=(BookedDays(*MARCH, 750_000),))
    world = World(TAXONOMY, build_market([], TAXONOMY).vocabulary, TODAY)
    assert failed_musts(need, capacity, world) == 0
    assert covered(need, capacity, world) == 10_000
    assert (
        covered(
            asked((date(2027, 3, 17), date(2027, 4, 15)), split_allowed=True), offered(calendar=FULL_IN_MARCH), world
        )
        == 7_499
    )


@pytest.mark.parametrize("start", [None, date(2026, 1, 1), date(2027, 2, 1)])
def test_a_need_without_an_end_counts_a_year_from_its_start_or_today(start):
    """One month of twelve is full: eleven parts in twelve are left, by days."""
    need = need_row(start=start, end=None, period="month", quantity=1_500_000, split_allowed=True)
    capacity = capacity_row(quantity=1_500_000, period="month", start=None, end=None, calendar=FULL_IN_MARCH)
    world = World(TAXONOMY, build_market([], TAXONOMY).vocabulary, TODAY)
    assert covered(need, capacity, world) == (365 - 31) * 10_000 // 365


def test_days_side_by_side_of_one_class_are_one_span():
    calendar = (BookedDays(*MARCH, 1_450_000), BookedDays(*APRIL, 1_500_000))
    lists = build_market([offered(calendar=calendar)], TAXONOMY).base.lists["calendar"]
    assert [column.tolist() for column in lists.columns.values()] == [
        [MARCH[0].toordinal()],
        [APRIL[1].toordinal()],
        [0],
    ]
