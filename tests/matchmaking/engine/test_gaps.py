"""Every gap code of the register happens to some pair; gaps stand in the order of what they cost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from common.reasons import DROPPING, Reason
from matchmaking.engine.constraints import STALE_DAYS
from matchmaking.engine.explanation.answers import Question, answer, answer_pair
from matchmaking.engine.explanation.hints import CHANGES
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import MUSTS, WEIGHTS
from matchmaking.engine.types.rows import CertificateDemand, ParameterDemand
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy
from tests.matchmaking.engine.strategies import markets
from tests.matchmaking.engine.test_hints import NEAR_MISSES

TAXONOMY = small_taxonomy()
WISH, LAST = CertificateDemand("C2", must=False), need_row().end

CASES = {
    **NEAR_MISSES,
    Reason.GAP_NODE_MISMATCH: (need_row(), capacity_row(node="H.I")),
    Reason.GAP_BUSY: (need_row(), capacity_row(load=2)),
    Reason.GAP_TEXT_WEAK: (need_row(), capacity_row(text="nothing of the kind")),
    Reason.GAP_CERTIFICATE_EXPIRING: (
        need_row(certificates_asked=(CertificateDemand("C1"),)),
        capacity_row(certificates_held=(("C1", LAST),)),
    ),
    Reason.GAP_CERTIFICATE_WISH_MISSING: (need_row(certificates_asked=(WISH,)), capacity_row()),
    Reason.GAP_PARAMETER_WISH_UNMET: (
        need_row(parameters_asked=(ParameterDemand("workers", ">=", "100", must=False),)),
        capacity_row(parameters_offered=(("workers", "80"),)),
    ),
    Reason.GAP_REGION_FAR: (need_row(), capacity_row(region="513401")),
    Reason.GAP_REGION_SAME_PROVINCE: (
        need_row(region="500157", region_rule="other_province"),
        capacity_row(region="500153"),
    ),
    Reason.GAP_WINDOW_LATE: (need_row(lead_days=5), capacity_row(lead_days=50)),
    Reason.GAP_NOT_VERIFIED: (need_row(), capacity_row(verified=False)),
    Reason.GAP_UNCONFIRMED: (need_row(), capacity_row(confirmed=TODAY - timedelta(days=STALE_DAYS - 1))),
}
"""For each gap a pair that has it."""
OF_PLANS = {Reason.GAP_PLAN_TAKEN}
"""Gaps of a plan of a whole market, which tests/matchmaking/insights/services/test_plans.py brings about."""


def test_every_gap_of_the_register_has_a_pair_here():
    assert set(CASES) | OF_PLANS == {reason for reason in Reason if reason.kind == "gap"}
    assert set(MUSTS) == set(DROPPING) == {*CHANGES, Reason.GAP_NODE_MISMATCH}


@pytest.mark.parametrize("gap", CASES, ids=str)
def test_each_gap_happens_from_either_side(gap):
    need, capacity = CASES[gap]
    if gap in (Reason.GAP_NOT_VERIFIED, Reason.GAP_UNCONFIRMED):
        sides = [(need, capacity)]
    else:
        sides = [(need, capacity), (capacity, need)]
    for asker, other in sides:
        match = answer_pair(Question(asker, TODAY), other, build_market([asker, other], TAXONOMY))
        assert gap in [note.reason for note in match.gaps]


@pytest.mark.parametrize("gap", CASES, ids=str)
def test_a_pair_without_the_cause_does_not_have_the_gap(gap):
    match = answer_pair(Question(need_row(), TODAY), capacity_row(), build_market([], TAXONOMY))
    assert gap not in [note.reason for note in match.gaps]


FACTOR_OF = {
    Reason.GAP_BUSY: "load",
    Reason.GAP_TEXT_WEAK: "text",
    Reason.GAP_CERTIFICATE_EXPIRING: "requirements",
    Reason.GAP_CERTIFICATE_WISH_MISSING: "requirements",
    Reason.GAP_PARAMETER_WISH_UNMET: "requirements",
    Reason.GAP_REGION_FAR: "region",
    Reason.GAP_REGION_SAME_PROVINCE: "region",
    Reason.GAP_WINDOW_LATE: "window",
    Reason.GAP_NOT_VERIFIED: "trust",
    Reason.GAP_UNCONFIRMED: "freshness",
}
"""The factor whose lost points each soft gap explains."""


@given(markets(8))
@settings(max_examples=120, deadline=None, derandomize=True)
def test_gaps_stand_musts_first_and_then_by_what_they_cost(rows):
    by_key = {row.key: row for row in rows}
    market = build_market(rows, TAXONOMY)
    told = answer(Question(rows[0], TODAY), market, lambda keys: {key: by_key[key] for key in keys})
    for match in (*told.matches, *told.near_misses, *told.neighbours):
        gaps = [note.reason for note in match.gaps]
        musts = [gap for gap in gaps if gap in MUSTS]
        assert gaps[: len(musts)] == musts
        lost = {part.factor: part.maximum - part.points for part in match.parts}
        costs = [lost[FACTOR_OF[gap]] for gap in gaps[len(musts) :]]
        # Points are shown in tenths: two costs that round apart by one may stand either way.
        assert all(one - other >= -0.2 for one, other in zip(costs, costs[1:], strict=False))
        assert len(match.reasons) <= 5


def test_the_dearest_gap_changes_with_what_it_costs():
    pair = need_row(certificates_asked=(WISH,)), capacity_row(verified=False, text="nothing of the kind")
    market = build_market(list(pair), TAXONOMY)
    gaps = [note.reason for note in answer_pair(Question(pair[0], TODAY), pair[1], market).gaps]
    assert gaps.index(Reason.GAP_TEXT_WEAK) < gaps.index(Reason.GAP_NOT_VERIFIED)
    light = replace(WEIGHTS, text=1, trust=24)
    question = Question(pair[0], TODAY, weights=light)
    turned = [note.reason for note in answer_pair(question, pair[1], market).gaps]
    assert turned.index(Reason.GAP_NOT_VERIFIED) < turned.index(Reason.GAP_TEXT_WEAK)


def told_of(*others):
    return answer(Question(need_row(), TODAY), build_market([need_row(), *others], TAXONOMY), lambda keys: {}).dropped


def test_what_was_dropped_is_counted_by_firms_and_under_three_not_apart():
    two = [capacity_row(key=f"CAPA{at:06d}", enterprise=10 + at % 2, quantity=600_000) for at in range(6)]
    assert [(one.reason, one.firms, one.shown) for one in told_of(*two)] == [(Reason.GAP_QUANTITY_SHORT, 0, "<3")]
    one = told_of(two[0])
    assert one == told_of(*two), "one firm and two look alike"
    three = [*two, capacity_row(key="CAPA000009", enterprise=30, quantity=600_000)]
    assert [(one.firms, one.shown) for one in told_of(*three)] == [(3, "3")]
