"""Whatever comes in, an answer comes out: with a reason, never with an error, and alike from definition and columns."""

from dataclasses import replace
from datetime import date

import pytest

from common.reasons import Reason
from matchmaking.engine.constraints import number_of
from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.explanation.loosening import loosenings
from matchmaking.engine.oracle import World, rank_plainly
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import MUSTS
from matchmaking.engine.types.rows import ParameterDemand
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy

TAXONOMY = small_taxonomy()
LONG = "gear blank and housing " * 2_500
LARGEST = 10**12 * 1000


def told(need, capacity):
    """The answer, after both forms of the ranking agreed on it and the hints were tried."""
    rows = [need, capacity]
    market = build_market(rows, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    assert rank(need, market, today=TODAY) == rank_plainly(need, rows, world)
    loosenings(Question(need, TODAY), market)
    return answer(Question(need, TODAY), market, list)


def gaps(need, capacity):
    """Musts that the only counterpart fails; nothing where it fits."""
    ranking = told(need, capacity)
    shown = (*ranking.matches, *ranking.near_misses, *ranking.neighbours)
    return [note.reason for match in shown for note in match.gaps if note.reason in MUSTS] if shown else None


def test_an_empty_market_has_nothing_to_say():
    ranking = answer(Question(need_row(), TODAY), build_market([], TAXONOMY), list)
    assert (ranking.matches, ranking.near_misses, ranking.neighbours, ranking.dropped) == ((), (), (), ())
    assert loosenings(Question(need_row(), TODAY), build_market([], TAXONOMY)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": LONG},
        {"text": "\U0001f600\x00\x07\u202e\ud800 \ufeff"},
        {"region": "500112"},
        {"quantity": 0},
        {"start": date(2020, 1, 1), "end": date(2020, 6, 30)},
        {"price_max": 0},
    ],
    ids=["no text", "10,000 words", "emoji and controls", "region with a successor", "quantity 0", "past", "price 0"],
)
def test_an_odd_need_is_answered(changes):
    need = need_row(**changes)
    assert gaps(need, capacity_row(start=date(2019, 1, 1))) == []


def test_a_quantity_beyond_all_counting_is_too_much_for_one_and_enough_for_all():
    assert gaps(need_row(quantity=LARGEST), capacity_row()) == [Reason.GAP_QUANTITY_SHORT]
    assert gaps(need_row(), capacity_row(quantity=LARGEST)) == []
    assert gaps(need_row(quantity=LARGEST), capacity_row(quantity=LARGEST)) == []


def test_a_unit_of_another_dimension_is_a_reason():
    assert gaps(need_row(), capacity_row(dimension="mass", unit="KG")) == [Reason.GAP_UNIT_INCOMPATIBLE]


def test_a_node_that_is_gone_is_another_product():
    assert gaps(need_row(), capacity_row(node="GONE.FOR.GOOD")) is None
    assert told(need_row(node="GONE.FOR.GOOD"), capacity_row()).matches == ()


def test_the_successor_stands_for_a_region_that_is_gone():
    near = need_row(region="500157", region_rule="radius", radius_km=5)
    assert gaps(near, capacity_row(region="500112")) == []
    listed = need_row(region_rule="list", regions_allowed=("500112",))
    assert gaps(listed, capacity_row(region="500157")) == []


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-Infinity", "1e400", "sNaN", "", "\x00"])
def test_what_is_no_number_meets_no_bound(value):
    assert number_of(value) is None
    need = need_row(parameters_asked=(ParameterDemand("p", ">=", "10"),))
    assert gaps(need, capacity_row(parameters_offered=(("p", value),))) == [Reason.GAP_PARAMETER_UNMET]


def test_everything_at_once_is_answered_too():
    need = need_row(text=LONG, quantity=LARGEST, region="999999", node="A.B.C", start=None, end=date.max)
    capacity = replace(capacity_row(), text="\x00", quantity=0, booked=LARGEST, region="x", end=date.min)
    assert told(need, capacity).matches == ()
