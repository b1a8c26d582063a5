"""Measures of a ranking, checked by hand."""

from math import log2

import pytest

from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.evaluation import WORDS_ALONE, bootstrap, measure, ndcg, recall, reciprocal_rank, text_rankings
from tests.factories.matching import reference_taxonomy

GRADES = {"a": 3, "b": 2, "c": 1}


def test_ndcg_is_one_for_the_best_order_and_less_for_another():
    assert ndcg(["a", "b", "c", "x"], GRADES) == pytest.approx(1.0)
    worse = (3 / log2(2) + 7 / log2(3)) / (7 / log2(2) + 3 / log2(3) + 1 / log2(4))
    assert ndcg(["b", "a"], GRADES) == pytest.approx(worse)
    assert ndcg(["x"], {}) == 0.0


def test_reciprocal_rank_and_recall_look_for_grade_two_and_more():
    assert reciprocal_rank(["c", "x", "b"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["c"], GRADES) == 0.0
    assert recall(["x", "a"], GRADES) == 0.5
    assert recall(["x"], {"c": 1}) == 0.0


def test_a_bootstrap_interval_holds_the_mean_and_is_the_same_again():
    values = [0.0, 0.5, 1.0, 0.5, 0.75]
    told = bootstrap(values)
    assert told.low < told.mean < told.high
    assert told == bootstrap(values)
    assert bootstrap([]).mean == 0.0


def test_the_live_text_part_finds_the_answer_in_the_other_language():
    candidates = {"v1": "logistics by rail", "v2": "食品包装", "v3": "aluminium die casting, 4,000 t machines"}
    queries = {"q1": "寻找压铸供应商"}
    words_only = encoder_named("null")
    rankings = text_rankings(queries, candidates, reference_taxonomy(), words_only)
    assert rankings["q1"][0] == "v3"
    assert measure(rankings, {"q1": {"v3": 3}})["ndcg"].mean == pytest.approx(1.0)
    without = text_rankings(queries, candidates, reference_taxonomy(), words_only, weights=WORDS_ALONE)
    assert without["q1"] == ["v1", "v2", "v3"]
