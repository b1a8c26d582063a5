"""Points, grades, reasons and gaps as they are shown."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.engine.explanation.answers import Question, answer, shown_points
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import FACTORS, GRADES, MUSTS, WEIGHTS, grade_of
from matchmaking.engine.types.rows import CertificateDemand, ParameterDemand
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy
from tests.matchmaking.engine.strategies import markets

TAXONOMY = small_taxonomy()


def told(asker, *others, **asked):
    by_key = {row.key: row for row in others}
    market = build_market([asker, *others], TAXONOMY)
    return answer(Question(asker, TODAY, **asked), market, lambda keys: {key: by_key[key] for key in keys})


def codes(notes):
    return [note.reason for note in notes]


@given(st.tuples(*[st.integers(0, 100 * share) for share in WEIGHTS.shares()]), st.sampled_from(WEIGHTS.load))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_parts_add_up_to_the_points_exactly(given_, load):
    parts = (*given_, -min(load, sum(given_)))
    points, shown = shown_points(parts, WEIGHTS)
    assert sum(part.points for part in shown) == points
    assert points == points.quantize(Decimal("0.1"))
    assert all(part.points <= part.maximum for part in shown)
    assert abs(points * 100 - sum(parts)) <= 5
    assert tuple(part.factor for part in shown) == FACTORS


@pytest.mark.parametrize(("score", "grade"), [(10_000, 5), (GRADES[0], 5), (GRADES[0] - 1, 4), (GRADES[3], 2), (0, 1)])
def test_grades_are_five_steps(score, grade):
    assert grade_of(score) == grade


@given(markets())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_words_are_few_complete_and_name_no_other_posting(rows):
    by_key = {row.key: row for row in rows}
    market = build_market(rows, TAXONOMY)
    for asker in rows[:2]:
        ranking = answer(Question(asker, TODAY), market, lambda keys: {key: by_key[key] for key in keys})
        for match in (*ranking.matches, *ranking.near_misses, *ranking.neighbours):
            assert len(match.reasons) <= 5
            for note in (*match.reasons, *match.gaps, *match.hints):
                assert "\N{EM DASH}" not in text_of(note.reason, "en", dict(note.facts))
                assert not any(key in str(note.facts) for key in by_key)
        assert not any(gap.reason in MUSTS for match in ranking.matches for gap in match.gaps)


def test_a_good_match_says_why():
    need = need_row(
        certificates_asked=(CertificateDemand("C1"), CertificateDemand("C2", must=False)),
        parameters_asked=(ParameterDemand("workers", ">=", "100"),),
    )
    capacity = capacity_row(
        certificates_held=(("C1", date(2029, 1, 1)), ("C2", date(2029, 1, 1))), parameters_offered=(("workers", "120"),)
    )
    assert codes(told(need, capacity).matches[0].reasons) == [
        Reason.FIT_NODE_EXACT,
        Reason.FIT_REGION_OTHER_PROVINCE,
        Reason.FIT_CERTIFICATE_ALL,
        Reason.FIT_QUANTITY_COVERS,
        Reason.FIT_PARAMETER_ALL,
    ]


def test_softer_reasons_follow_where_there_is_room():
    need = need_row(
        start=None, end=None, price_max=20_000_000, certificates_asked=(CertificateDemand("C2", must=False),)
    )
    capacity = capacity_row(
        region="500157", price_min=15_000_000, certificates_held=(("C2", date(2029, 1, 1)),), outcomes=12, enterprise=7
    )
    assert codes(told(need, capacity).matches[0].reasons) == [
        Reason.FIT_NODE_EXACT,
        Reason.FIT_REGION_NEAR,
        Reason.FIT_QUANTITY_COVERS,
        Reason.FIT_CERTIFICATE_WISHED,
        Reason.FIT_PRICE_WITHIN,
    ]


def test_words_trust_and_freshness_are_reasons_too():
    need = need_row(start=None, end=None, region="513401")
    capacity = capacity_row(region="510100", outcomes=12)
    reasons = told(need, capacity).matches[0].reasons
    assert codes(reasons) == [
        Reason.FIT_NODE_EXACT,
        Reason.FIT_QUANTITY_COVERS,
        Reason.FIT_TEXT_TERMS,
        Reason.FIT_FRESH,
        Reason.FIT_TRUST_CONFIRMED,
    ]
    assert reasons[2].facts == {"terms": "blank, gear"}
    assert reasons[4].facts == {"count": "10+"}


def test_the_same_number_and_a_similar_meaning_are_reasons():
    need = need_row(start=None, end=None, region="513401", text="HSK-A63 spindle", vector=b"\x10\x40")
    capacity = capacity_row(region="510100", text="spindles for hsk-a63", vector=b"\x11\x3f")
    reasons = told(need, capacity).matches[0].reasons
    assert codes(reasons)[2:] == [Reason.FIT_TEXT_NUMBERS, Reason.FIT_TEXT_MEANING, Reason.FIT_TEXT_TERMS]
    assert reasons[2].facts == {"numbers": "HSKA63"}
    unlike = replace(capacity, vector=b"\x40\xf0", text="milling")
    match = told(need, unlike).matches[0]
    assert Reason.FIT_TEXT_MEANING not in codes(match.reasons)
    assert Reason.GAP_TEXT_WEAK in codes(match.gaps)


@pytest.mark.parametrize(("node", "reason"), [("A.B.C.D", Reason.FIT_NODE_NARROWER), ("A.B", Reason.FIT_NODE_BROADER)])
def test_a_broader_or_narrower_node_is_named(node, reason):
    first = told(need_row(), capacity_row(node=node)).matches[0].reasons[0]
    assert (first.reason, dict(first.facts)) == (reason, {"node": node})


def test_what_costs_points_is_said_dearest_first():
    need = need_row(
        region="500157",
        region_rule="other_province",
        lead_days=5,
        certificates_asked=(CertificateDemand("C1"), CertificateDemand("C2", must=False)),
        parameters_asked=(ParameterDemand("workers", ">=", "100", must=False),),
    )
    capacity = capacity_row(
        region="500153",
        lead_days=50,
        certificates_held=(("C1", need.end),),
        verified=False,
        load=2,
        confirmed=TODAY - timedelta(days=45),
        text="nothing of the kind",
    )
    match = told(need, capacity).matches[0]
    assert set(codes(match.gaps)) == {
        Reason.GAP_CERTIFICATE_EXPIRING,
        Reason.GAP_CERTIFICATE_WISH_MISSING,
        Reason.GAP_PARAMETER_WISH_UNMET,
        Reason.GAP_REGION_SAME_PROVINCE,
        Reason.GAP_WINDOW_LATE,
        Reason.GAP_BUSY,
        Reason.GAP_TEXT_WEAK,
        Reason.GAP_NOT_VERIFIED,
        Reason.GAP_UNCONFIRMED,
    }
    assert codes(match.gaps)[0] == Reason.GAP_TEXT_WEAK
    assert set(codes(match.hints)) == {
        Reason.HINT_CERTIFICATE_ADD,
        Reason.HINT_CERTIFICATE_RENEW,
        Reason.HINT_PARAMETER_RECORD,
        Reason.HINT_CAPACITY_CONFIRM,
    }


def test_a_far_place_is_said_with_its_distance():
    gaps = told(need_row(), capacity_row(region="513401")).matches[0].gaps
    assert [(gap.reason, list(gap.facts)) for gap in gaps] == [(Reason.GAP_REGION_FAR, ["km"])]


def test_busy_is_shown_exactly_when_it_took_points_away():
    for load, fit_only, busy in ((0, False, False), (1, False, True), (2, False, True), (2, True, False)):
        match = told(need_row(), capacity_row(load=load), fit_only=fit_only).matches[0]
        assert (Reason.GAP_BUSY in codes(match.gaps)) == busy
        assert (match.parts[-1].points < 0) == busy


def test_the_load_penalty_never_exceeds_its_cap():
    free, busy = (told(need_row(), capacity_row(load=load)).matches[0].points for load in (0, 2))
    assert free - busy == Decimal(WEIGHTS.load[2]) / 100


def test_a_capacity_sees_the_need_with_the_same_points():
    need, capacity = need_row(), capacity_row()
    one, other = told(need, capacity).matches[0], told(capacity, need).matches[0]
    assert (one.points, one.parts) == (other.points, other.parts)


def test_a_row_that_cannot_be_read_any_more_is_left_out():
    market = build_market([capacity_row()], TAXONOMY)
    assert answer(Question(need_row(), TODAY), market, lambda keys: {}).matches == ()


def test_the_same_question_gets_the_same_answer():
    asker, other = need_row(), replace(capacity_row(), load=1)
    assert told(asker, other) == told(asker, other)
