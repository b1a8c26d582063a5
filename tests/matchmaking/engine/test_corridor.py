"""The corridor's arithmetic: places on a line, and the plan that meets demand, against plain reasoning."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.corridor import MOST_MONTHS, Month, Way, length_of, met_demand, spot_on

LINE = [(0, 0, 0), (1000, 0, 0), (1000, 2000, 0)]
"""Ten kilometres one way, then twenty another."""


def plan(demand, offered, stores=None, ways=()):
    stores = stores or {place: [0] * len(row) for place, row in demand.items()}
    return met_demand(demand=demand, offered=offered, stores=stores, ways=ways)


def test_a_spot_is_told_by_kilometres_along_the_line_and_off_it():
    spot = spot_on(LINE, (1300, 500, 0))

    assert (spot.along_km, spot.off_km) == (15.0, 3.0)
    assert length_of(LINE) == 30.0


@pytest.mark.parametrize(("at", "along"), [((-500, 0, 0), 0.0), ((1000, 9000, 0), 30.0)])
def test_a_spot_beyond_an_end_stands_at_the_end(at, along):
    assert spot_on(LINE, at).along_km == along


def test_a_line_of_one_point_is_none():
    with pytest.raises(ValueError, match="two points"):
        spot_on(LINE[:1], (0, 0, 0))


def test_what_is_offered_at_a_place_meets_its_demand_and_no_more():
    assert plan({"a": [10, 10]}, {"a": [12, 4]})["a"] == [Month(met=10), Month(met=4)]


def test_a_store_carries_what_is_left_as_far_as_it_holds():
    told = plan({"a": [10, 10]}, {"a": [20, 0]}, stores={"a": [4, 4]})["a"]

    assert told == [Month(met=10, kept=4), Month(met=4)]


def test_haulage_brings_what_another_place_has_left_up_to_its_limit():
    told = plan({"a": [10], "b": [0]}, {"a": [1], "b": [50]}, ways=[Way("b", "a", [6])])

    assert told == {"a": [Month(met=7, arrives=6)], "b": [Month(leaves=6)]}


def test_a_place_is_not_emptied_for_another_while_it_wants_it_itself():
    told = plan({"a": [10], "b": [10]}, {"a": [0], "b": [10]}, ways=[Way("b", "a", [10])])

    assert told == {"a": [Month()], "b": [Month(met=10)]}


def test_an_earlier_month_comes_before_a_later_one():
    told = plan({"a": [10, 10]}, {"a": [10, 0]}, stores={"a": [10, 10]})["a"]

    assert [month.met for month in told] == [10, 0]


def test_nothing_is_planned_for_no_place_and_too_many_months_are_refused():
    assert plan({}, {}) == {}
    with pytest.raises(ValueError, match="months"):
        plan({"a": [0] * (MOST_MONTHS + 1)}, {"a": [0] * (MOST_MONTHS + 1)})


amounts = st.integers(0, 60_000)


@st.composite
def markets(draw):
    places, months = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    names = [f"p{number}" for number in range(places)]

    def rows(most=amounts):
        return {name: draw(st.lists(most, min_size=months, max_size=months)) for name in names}

    pairs = list(itertools.permutations(names, 2))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True)) if pairs else []
    ways = [Way(*pair, draw(st.lists(amounts, min_size=months, max_size=months))) for pair in chosen]
    return rows(), rows(), rows(), ways


@settings(max_examples=60, deadline=None)
@given(markets())
def test_a_plan_makes_no_hydrogen_and_keeps_every_limit(market):
    demand, offered, stores, ways = market
    told = met_demand(demand=demand, offered=offered, stores=stores, ways=ways)

    for place, months in told.items():
        before = 0
        for number, month in enumerate(months):
            assert 0 <= month.met <= demand[place][number]
            assert 0 <= month.kept <= stores[place][number]
            assert month.met + month.kept + month.leaves <= offered[place][number] + before + month.arrives
            before = month.kept
    for number in range(len(next(iter(demand.values())))):
        assert sum(rows[number].arrives for rows in told.values()) == sum(rows[number].leaves for rows in told.values())


@settings(max_examples=60, deadline=None)
@given(markets())
def test_no_place_that_lacks_is_left_with_its_own_hydrogen_unused(market):
    demand, offered, stores, _ways = market
    told = met_demand(demand=demand, offered=offered, stores=stores, ways=[])

    for place, months in told.items():
        alone = 0
        for number, month in enumerate(months):
            there = offered[place][number] + alone
            assert month.met == min(there, demand[place][number])
            alone = min(there - month.met, stores[place][number])
