"""Chains, places, amounts and texts: the figures behind the parts."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.chains import FITTING, closeness_of, closeness_table
from matchmaking.engine.constraints import asked_least, number_of, total_over, window_missed
from matchmaking.engine.geography import km_between, kms_between, point_of, span_of
from matchmaking.engine.oracle import days_of, least_of, total_of
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.columns import OPEN_END, OPEN_START
from matchmaking.engine.types.results import Weights
from matchmaking.engine.types.rows import Taxonomy
from tests.factories.matching import TODAY, capacity_row, need_row, reference_taxonomy, small_taxonomy

SMALL, REAL = small_taxonomy(), reference_taxonomy()


def matches(need, *capacities):
    return [match.key for match in rank(need, build_market(list(capacities), SMALL), today=TODAY).matches]


@pytest.mark.parametrize("taxonomy", [SMALL, Taxonomy(nodes=REAL.nodes[:120], links=REAL.links)], ids=["small", "real"])
def test_the_closeness_table_holds_every_pair(taxonomy):
    table = closeness_table(taxonomy)
    codes = [node.code for node in taxonomy.nodes]
    assert table.tolist() == [[closeness_of(need, capacity, taxonomy) for capacity in codes] for need in codes]


@pytest.mark.parametrize(
    ("need", "capacity", "fits"),
    [
        ("A.B.C", "A.B.C", True),
        ("A.B", "A.B.C", True),
        ("A.B.C", "A.B", True),
        ("A.B.C", "A.B.E", False),
        ("A.B.C", "A.F.G", False),
        ("A", "A.B", False),
        ("A.B.C", "GONE", False),
    ],
)
def test_a_node_fits_itself_and_its_line_but_no_sibling_and_no_link(need, capacity, fits):
    assert (closeness_of(need, capacity, SMALL) >= FITTING) == fits


def test_a_further_node_counts_like_the_first():
    assert matches(need_row(node="H.I.J", further_nodes=("A.B.C",)), capacity_row()) == ["CAPA000001"]
    assert matches(need_row(), capacity_row(node="H.I.J", further_nodes=("A.B.C",))) == ["CAPA000001"]


def test_distances_are_whole_kilometres_and_the_same_in_columns():
    rongchang, longchang, xichang = (point_of(code, SMALL) for code in ("500153", "511083", "513401"))
    assert 25 <= km_between(rongchang, longchang) <= 60
    assert 330 <= km_between(rongchang, xichang) <= 400
    here = np.array([rongchang, rongchang], dtype=np.int64)
    there = np.array([longchang, xichang], dtype=np.int64)
    assert kms_between(here, there).tolist() == [km_between(rongchang, longchang), km_between(rongchang, xichang)]


def test_a_stem_allows_the_regions_inside_and_the_successor_of_a_closed_one():
    assert span_of("5001", SMALL) == [(500100, 500200)]
    assert span_of("510000", SMALL) == [(510000, 520000)]
    assert span_of("500112", SMALL) == [(500112, 500113), (500157, 500158)]
    assert span_of("x", SMALL) == []


def test_a_posting_of_a_closed_region_stands_in_its_successor():
    allowed = need_row(region_rule="list", regions_allowed=("500157",))
    assert matches(allowed, capacity_row(region="500112")) == ["CAPA000001"]


def test_a_radius_keeps_out_what_lies_beyond():
    near = need_row(region_rule="radius", radius_km=60)
    assert matches(
        near, capacity_row(region="511083"), capacity_row(key="FAR0000001", enterprise=3, region="513401")
    ) == ["CAPA000001"]


def test_the_other_province_comes_first_where_it_is_preferred():
    home, away = (
        capacity_row(key="HOME000001", region="500157"),
        capacity_row(key="AWAY000001", enterprise=3, region="510100"),
    )
    assert matches(need_row(region="500157"), home, away) == ["HOME000001", "AWAY000001"]
    assert matches(need_row(region="500157", region_rule="other_province"), home, away) == ["AWAY000001", "HOME000001"]


@given(st.integers(0, 9 * 10**14), st.sampled_from(["once", "month", "year"]), st.integers(1, 36_525))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_totals_in_columns_equal_whole_number_arithmetic(amount, period, days):
    number = {"once": 0, "month": 1, "year": 2}[period]
    column = total_over(np.array([amount]), np.array([number]), np.array([days]))
    assert column.tolist() == [total_of(amount, need_row(period=period), days)]


@given(st.integers(0, 9 * 10**14), st.booleans(), st.integers(1, 1000))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_least_shares_in_columns_equal_whole_number_arithmetic(total, split, share):
    need = need_row(quantity=total, split_allowed=split, minimum_share=share)
    assert asked_least(np.array([total]), np.array([split]), np.array([share])).tolist() == [least_of(need)]


def test_a_monthly_capacity_is_counted_over_the_needs_window():
    ten_weeks = need_row(quantity=40_000_000, start=date(2027, 1, 1), end=date(2027, 3, 11))
    assert days_of(ten_weeks) == 70
    assert matches(ten_weeks, capacity_row(quantity=3_000_000, period="month")) == []
    assert matches(ten_weeks, capacity_row(quantity=18_000_000, period="month")) == ["CAPA000001"]


def test_units_of_another_dimension_refuse_without_looking_at_amounts():
    dropped = rank(
        need_row(), build_market([capacity_row(dimension="mass", quantity=1, minimum_order=10**15)], SMALL), today=TODAY
    ).dropped
    assert [reason.value for reason, _ in dropped] == ["gap.unit.incompatible"]


def test_open_ends_of_a_window_ask_nothing_and_cover_all():
    def missed(need, capacity):
        return bool(window_missed(*(np.array([day]) for day in (*need, *capacity)))[0])

    assert not missed((OPEN_START, OPEN_END), (5, 6))
    assert not missed((5, 6), (OPEN_START, OPEN_END))
    assert missed((5, 9), (5, 8))
    assert missed((4, 9), (5, OPEN_END))


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("70", 70_000_000),
        (" 2.5 ", 2_500_000),
        ("2|B", 2_000_000),
        ("B", None),
        ("nan", None),
        ("1e400", None),
        ("", None),
    ],
)
def test_a_value_is_a_number_only_when_it_can_be_compared(value, number):
    assert number_of(value) == number


def test_a_text_without_words_is_no_obstacle():
    assert matches(need_row(text=""), capacity_row(text="\x00 \U0001f600")) == ["CAPA000001"]


def test_fresher_and_more_trusted_postings_come_first():
    plain = capacity_row(confirmed=TODAY - timedelta(days=40))
    fresh = replace(plain, key="FRESH00001", enterprise=3, confirmed=TODAY)
    known = replace(plain, key="KNOWN00001", enterprise=4, outcomes=12)
    doubtful = replace(plain, key="DOUBT00001", enterprise=5, verified=False)
    order = matches(need_row(), plain, fresh, known, doubtful)
    assert order.index("FRESH00001") < order.index("CAPA000001") < order.index("DOUBT00001")
    assert order.index("KNOWN00001") < order.index("CAPA000001")


def test_weights_are_percents_that_sum_to_a_hundred():
    with pytest.raises(ValueError, match="sum to 100"):
        Weights(node=50)
