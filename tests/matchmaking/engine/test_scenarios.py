"""The eighteen scenarios, and further ones over all subjects: the right capacity first, each wrong one refused for its
stated reason and no other.
"""

import json

import pytest

from matchmaking.engine.explanation.answers import Question, answer, answer_pair
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import MUSTS
from matchmaking.postings.choices import Subject
from tests.factories.matching import FURTHER_SCENARIOS, REASON_CODES, TODAY, reference_taxonomy, scenario_rows

FIRST, FURTHER = scenario_rows(), scenario_rows(FURTHER_SCENARIOS)
SCENARIOS = (*FIRST, *FURTHER)
ROWS = {row.key: row for need, capacities in SCENARIOS for row in (need, *(row for row, _ in capacities))}
TOGETHER = [row for need, capacities in FIRST for row in (need, *(row for row, _ in capacities))]
MARKET = build_market(TOGETHER, reference_taxonomy())
"""The eighteen in one market; each further one stands in a market of its own."""


def market_of(need, capacities):
    """The market in which a scenario stands."""
    if need.key in {row.key for row in TOGETHER}:
        return MARKET
    return build_market([need, *(row for row, _ in capacities)], reference_taxonomy())


def find(keys):
    return {key: ROWS[key] for key in keys}


@pytest.mark.parametrize(("need", "capacities"), SCENARIOS, ids=lambda value: getattr(value, "key", None))
def test_the_right_capacity_comes_first(need, capacities):
    ranking = answer(Question(need, TODAY), market_of(need, capacities), find)
    assert [match.key for match in ranking.matches] == [row.key for row, reason in capacities if not reason]


@pytest.mark.parametrize(("need", "capacities"), SCENARIOS, ids=lambda value: getattr(value, "key", None))
def test_each_wrong_capacity_is_refused_for_its_reason_alone(need, capacities):
    told = [
        [gap.reason.value for gap in answer_pair(Question(need, TODAY), row, MARKET).gaps if gap.reason in MUSTS]
        for row, _ in capacities
    ]
    assert told == [[reason] if reason else [] for _, reason in capacities]


@pytest.mark.parametrize(("need", "capacities"), SCENARIOS, ids=lambda value: getattr(value, "key", None))
def test_each_capacity_finds_its_need(need, capacities):
    right = next(row for row, reason in capacities if not reason)
    ranking = answer(Question(right, TODAY), market_of(need, capacities), find)
    assert need.key in [match.key for match in ranking.matches]


def test_the_further_scenarios_hold_every_reason_every_subject_and_both_languages():
    told = json.loads(FURTHER_SCENARIOS.read_text(encoding="utf-8"))["scenarios"]

    assert len(told) >= 30
    assert {row["reason"] for scenario in told for row in scenario["capacities"]} == {"", *REASON_CODES}
    assert {scenario["subject"] for scenario in told} == set(Subject.values)
    assert {bool(scenario["need"]["title_zh"]) for scenario in told} == {True, False}


def test_a_near_miss_carries_a_hint_unless_it_is_another_product():
    bare = [
        (need.key, row.key)
        for need, capacities in SCENARIOS
        for row, reason in capacities
        if reason not in {"", "gap.node.mismatch"} and not answer_pair(Question(need, TODAY), row, MARKET).hints
    ]
    assert bare == []
