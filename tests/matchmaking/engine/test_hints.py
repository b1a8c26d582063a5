"""A hint is a promise: apply it as data and match again, and the pair appears or rises."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.reason_texts import TEXTS
from common.reasons import Reason
from matchmaking.engine.constraints import masked
from matchmaking.engine.explanation.answers import Question, answer, answer_pair
from matchmaking.engine.explanation.hints import CHANGES, lifting, lifting_each, raising, together
from matchmaking.engine.market import generated_rows
from matchmaking.engine.oracle import World, failed_musts
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import BIT, MUSTS
from matchmaking.engine.types.rows import CertificateDemand, ParameterDemand
from tests.factories.matching import TODAY, capacity_row, need_row, reference_taxonomy, small_taxonomy
from tests.long import examples
from tests.matchmaking.engine.strategies import markets, rows

TAXONOMY = small_taxonomy()
EXAMPLES = settings(max_examples=examples(100, many=1000), deadline=None, derandomize=True)

NEAR_MISSES = {
    Reason.GAP_REGION_EXCLUDED: (need_row(region_rule="list", regions_allowed=("5001",)), capacity_row()),
    Reason.GAP_UNIT_INCOMPATIBLE: (need_row(), capacity_row(dimension="mass", unit="KG")),
    Reason.GAP_QUANTITY_SHORT: (need_row(), capacity_row(quantity=600_000)),
    Reason.GAP_CAPACITY_BOOKED: (need_row(), capacity_row(quantity=1_500_000, booked=1_100_000)),
    Reason.GAP_MINIMUM_ORDER_HIGH: (need_row(), capacity_row(minimum_order=1_500_000)),
    Reason.GAP_WINDOW_MISS: (need_row(), capacity_row(start=date(2027, 2, 1))),
    Reason.GAP_CERTIFICATE_MISSING: (need_row(certificates_asked=(CertificateDemand("C1"),)), capacity_row()),
    Reason.GAP_CERTIFICATE_EXPIRED: (
        need_row(certificates_asked=(CertificateDemand("C1"),)),
        capacity_row(certificates_held=(("C1", date(2027, 3, 1)),)),
    ),
    Reason.GAP_PRICE_ABOVE: (need_row(price_min=0, price_max=18_000_000), capacity_row(price_min=20_000_000)),
    Reason.GAP_PARAMETER_UNMET: (
        need_row(parameters_asked=(ParameterDemand("workers", ">=", "100"),)),
        capacity_row(parameters_offered=(("workers", "80"),)),
    ),
    Reason.GAP_STALE: (need_row(), capacity_row(confirmed=TODAY - timedelta(days=61))),
}
"""For each must that something can be done about, a pair that fails it alone."""


def told(pair):
    market = build_market(list(pair), TAXONOMY)
    by_key = {row.key: row for row in pair}
    return answer(Question(pair[0], TODAY), market, lambda keys: {key: by_key[key] for key in keys})


def test_every_must_but_the_product_itself_has_a_near_miss_here():
    assert set(NEAR_MISSES) == set(CHANGES) == set(MUSTS) - {Reason.GAP_NODE_MISMATCH}


HINTS = {
    Reason.GAP_REGION_EXCLUDED: [Reason.HINT_REGION_ALLOW],
    Reason.GAP_UNIT_INCOMPATIBLE: [Reason.HINT_UNIT_CHANGE],
    Reason.GAP_QUANTITY_SHORT: [Reason.HINT_QUANTITY_SPLIT, Reason.HINT_QUANTITY_LOWER, Reason.HINT_QUANTITY_RAISE],
    Reason.GAP_CAPACITY_BOOKED: [Reason.HINT_QUANTITY_SPLIT, Reason.HINT_QUANTITY_LOWER, Reason.HINT_CAPACITY_FREE],
    Reason.GAP_MINIMUM_ORDER_HIGH: [Reason.HINT_QUANTITY_RAISE, Reason.HINT_MINIMUM_ORDER_LOWER],
    Reason.GAP_WINDOW_MISS: [Reason.HINT_WINDOW_SHIFT, Reason.HINT_WINDOW_EXTEND],
    Reason.GAP_CERTIFICATE_MISSING: [Reason.HINT_CERTIFICATE_WISH, Reason.HINT_CERTIFICATE_ADD],
    Reason.GAP_CERTIFICATE_EXPIRED: [Reason.HINT_CERTIFICATE_WISH, Reason.HINT_CERTIFICATE_RENEW],
    Reason.GAP_PRICE_ABOVE: [Reason.HINT_PRICE_RAISE, Reason.HINT_PRICE_LOWER],
    Reason.GAP_PARAMETER_UNMET: [Reason.HINT_PARAMETER_RELAX, Reason.HINT_PARAMETER_RECORD],
    Reason.GAP_STALE: [Reason.HINT_CAPACITY_CONFIRM],
}


@pytest.mark.parametrize("gap", NEAR_MISSES, ids=str)
def test_a_near_miss_names_its_gap_and_what_either_side_can_change(gap):
    miss = told(NEAR_MISSES[gap]).near_misses[0]
    assert [note.reason for note in miss.gaps if note.reason in MUSTS] == [gap]
    assert [note.reason for note in miss.hints] == HINTS[gap]
    for note in miss.hints:
        assert TEXTS[note.reason].changed_by in {note.facts["side"], "both"}


def test_a_radius_that_is_too_small_is_widened_to_the_distance():
    pair = need_row(region_rule="radius", radius_km=10), capacity_row()
    hints = told(pair).near_misses[0].hints
    assert [note.reason for note in hints] == [Reason.HINT_RADIUS_WIDEN]
    assert 25 <= int(hints[0].facts["km"]) <= 60


@pytest.mark.parametrize("gap", NEAR_MISSES, ids=str)
def test_each_hint_of_a_near_miss_makes_the_match_appear(gap):
    need, capacity = NEAR_MISSES[gap]
    world = World(TAXONOMY, build_market([need, capacity], TAXONOMY).vocabulary, TODAY)
    changes = lifting(masked(need), masked(capacity), BIT[gap], world)
    assert [change.hint for change in changes] == list(told((need, capacity)).near_misses[0].hints)
    for change in changes:
        assert [match.key for match in told((change.need, change.capacity)).matches] == [capacity.key]


@given(rows(1, "need"), rows(2, "capacity"))
@EXAMPLES
def test_a_hint_takes_its_gap_away_and_opens_no_other(need, capacity):
    world = World(TAXONOMY, build_market([need, capacity], TAXONOMY).vocabulary, TODAY)
    before = failed_musts(need, capacity, world)
    for change in lifting(masked(need), masked(capacity), before, world):
        after = failed_musts(change.need, change.capacity, world)
        assert after & ~before == 0
        assert after.bit_count() < before.bit_count()


TOUCHED = {
    Reason.GAP_REGION_EXCLUDED: {"regions_allowed", "radius_km"},
    Reason.GAP_UNIT_INCOMPATIBLE: {
        "dimension", "unit", "unit_size", "quantity", "booked", "calendar", "minimum_order", "price_min", "price_max",
    },
    Reason.GAP_QUANTITY_SHORT: {"quantity", "split_allowed"},
    Reason.GAP_CAPACITY_BOOKED: {"quantity", "split_allowed", "booked", "calendar"},
    Reason.GAP_MINIMUM_ORDER_HIGH: {"quantity", "minimum_order"},
    Reason.GAP_WINDOW_MISS: {"start", "end"},
    Reason.GAP_CERTIFICATE_MISSING: {"certificates_asked", "certificates_held"},
    Reason.GAP_CERTIFICATE_EXPIRED: {"certificates_asked", "certificates_held"},
    Reason.GAP_PRICE_ABOVE: {"price_min", "price_max"},
    Reason.GAP_PARAMETER_UNMET: {"parameters_asked", "parameters_offered"},
    Reason.GAP_STALE: {"confirmed"},
}  # fmt: skip
"""What a hint about each must may change of a posting, and nothing else."""


def differing(old, new):
    return {field for field, value in vars(masked(old)).items() if value != vars(new)[field]}


@given(markets(10))
@EXAMPLES
def test_a_near_miss_becomes_a_match_and_no_other_must_is_relaxed(market_rows):
    asker = market_rows[0]
    by_key = {row.key: row for row in market_rows}
    market = build_market(market_rows, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for miss in rank(asker, market, today=TODAY).near_misses:
        if miss.verdict.bit_count() != 1:
            continue
        before, must = by_key[miss.key], MUSTS[miss.verdict.bit_length() - 1]
        for change in lifting(masked(asker), masked(before), miss.verdict, world):
            assert differing(asker, change.need) | differing(before, change.capacity) <= TOUCHED[must]
            again = [change.need, change.capacity, *(row for row in market_rows if row not in (asker, before))]
            after = rank(change.need, build_market(again, TAXONOMY), today=TODAY, limit=20)
            assert before.enterprise in {match.enterprise for match in after.matches}
            others = [row for row in market_rows if row.direction == "capacity" and row is not before]
            for other in others:
                opened = failed_musts(asker, other, world) & ~failed_musts(change.need, other, world)
                assert opened & ~RELAXED_WITH.get(must, BIT[must]) == 0


@given(markets(10))
@EXAMPLES
def test_where_two_musts_fail_any_hint_of_each_together_makes_the_pair_match(market_rows):
    asker = market_rows[0]
    by_key = {row.key: row for row in market_rows}
    market = build_market(market_rows, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for miss in rank(asker, market, today=TODAY).near_misses:
        before = by_key[miss.key]
        told = lifting_each(masked(asker), masked(before), miss.verdict, world)
        assert len(told) in (0, miss.verdict.bit_count())
        for choice in product(*told) if told else ():
            need, capacity = together(choice, masked(asker), masked(before))
            again = [need, capacity, *(row for row in market_rows if row not in (asker, before))]
            after = rank(need, build_market(again, TAXONOMY), today=TODAY, limit=20)
            assert before.enterprise in {match.enterprise for match in after.matches}


def test_two_gaps_carry_a_hint_for_each_and_hold_together():
    late = need_row(certificates_asked=(CertificateDemand("IATF16949", must=True),))
    other = capacity_row(start=late.start + timedelta(days=20))
    world = World(TAXONOMY, build_market([late, other], TAXONOMY).vocabulary, TODAY)
    verdict = BIT[Reason.GAP_WINDOW_MISS] | BIT[Reason.GAP_CERTIFICATE_MISSING]
    assert failed_musts(late, other, world) == verdict
    told = lifting_each(masked(late), masked(other), verdict, world)
    assert [[change.hint.reason for change in changes] for changes in told] == [
        [Reason.HINT_WINDOW_SHIFT, Reason.HINT_WINDOW_EXTEND],
        [Reason.HINT_CERTIFICATE_WISH, Reason.HINT_CERTIFICATE_ADD],
    ]
    for choice in product(*told):
        assert failed_musts(*together(choice, masked(late), masked(other)), world) == 0


AMOUNTS = sum(
    BIT[must] for must in (Reason.GAP_QUANTITY_SHORT, Reason.GAP_CAPACITY_BOOKED, Reason.GAP_MINIMUM_ORDER_HIGH)
)
RELAXED_WITH = {
    Reason.GAP_QUANTITY_SHORT: AMOUNTS,
    Reason.GAP_CAPACITY_BOOKED: AMOUNTS,
    Reason.GAP_MINIMUM_ORDER_HIGH: AMOUNTS,
    Reason.GAP_CERTIFICATE_MISSING: BIT[Reason.GAP_CERTIFICATE_MISSING] | BIT[Reason.GAP_CERTIFICATE_EXPIRED],
    Reason.GAP_CERTIFICATE_EXPIRED: BIT[Reason.GAP_CERTIFICATE_MISSING] | BIT[Reason.GAP_CERTIFICATE_EXPIRED],
    Reason.GAP_WINDOW_MISS: BIT[Reason.GAP_WINDOW_MISS] | BIT[Reason.GAP_CERTIFICATE_EXPIRED] | AMOUNTS,
}
"""Musts of other pairs that the same figure decides too: a quantity, a paper, and the days that a need runs for."""


@given(rows(1, "need"), rows(2, "capacity"), st.data())
@EXAMPLES
def test_a_hint_about_amounts_holds_for_every_booking_of_the_class(need, capacity, data):
    quantity = min(capacity.quantity, 10**14)
    capacity = replace(capacity, quantity=quantity, booked=min(capacity.booked, quantity))
    world = World(TAXONOMY, build_market([need, capacity], TAXONOMY).vocabulary, TODAY)
    before = failed_musts(need, capacity, world)
    worst = masked(capacity)
    real = data.draw(st.integers(0, worst.booked))
    told = [data.draw(st.integers(0, days.booked)) for days in worst.calendar]
    other = with_booked(capacity, real, told)
    if failed_musts(need, other, world) != before:
        return
    for change in lifting(need, worst, before, world):
        after = failed_musts(change.need, with_booked(change.capacity, *left_booked(real, told, worst, change)), world)
        assert after.bit_count() < before.bit_count()


def with_booked(row, booked, by_days):
    """The row with these amounts booked, on its calendar's days and on all others."""
    pairs = zip(row.calendar, by_days, strict=True)
    return replace(row, booked=booked, calendar=tuple(replace(days, booked=amount) for days, amount in pairs))


def left_booked(real, told, worst, change):
    """What is really booked once as much was freed as the change frees of the worst of the class."""
    days = zip(told, worst.calendar, change.capacity.calendar, strict=False)
    by_days = [max(amount - (before.booked - after.booked), 0) for amount, before, after in days]
    return max(real - (worst.booked - change.capacity.booked), 0), by_days


@given(rows(1, "need"), rows(2, "capacity"))
@EXAMPLES
def test_a_hint_for_a_match_raises_its_score(need, capacity):
    pair = [
        replace(need, enterprise=1, hidden_from=frozenset()),
        replace(capacity, enterprise=2, hidden_from=frozenset()),
    ]
    lists = rank(pair[0], build_market(pair, TAXONOMY), today=TODAY)
    if not lists.matches:
        return
    world = World(TAXONOMY, build_market(pair, TAXONOMY).vocabulary, TODAY)
    for change in raising(masked(pair[0]), masked(pair[1]), world):
        changed = [change.need, replace(change.capacity, booked=pair[1].booked, calendar=pair[1].calendar)]
        again = rank(changed[0], build_market(changed, TAXONOMY), today=TODAY)
        assert again.matches[0].score > lists.matches[0].score


def test_two_failed_musts_carry_a_hint_each_and_three_are_no_near_miss():
    need = need_row(certificates_asked=(CertificateDemand("C1"),))
    twice = capacity_row(start=date(2027, 2, 1))
    thrice = replace(twice, key="CAPA000002", enterprise=3, minimum_order=9_000_000)
    hints = {note.reason for note in told((need, twice)).near_misses[0].hints}
    assert {Reason.HINT_CERTIFICATE_ADD, Reason.HINT_WINDOW_EXTEND} <= hints
    assert told((need, thrice)).near_misses == ()


def test_hints_say_how_much_and_whose_turn_it_is():
    miss = told(NEAR_MISSES[Reason.GAP_WINDOW_MISS]).near_misses[0]
    assert [(note.reason, dict(note.facts)) for note in miss.hints] == [
        (Reason.HINT_WINDOW_SHIFT, {"side": "need", "days": "31", "start": "2027-02-01", "end": "2027-06-30"}),
        (Reason.HINT_WINDOW_EXTEND, {"side": "capacity", "days": "31", "start": "2027-01-01"}),
    ]


def test_a_window_that_ends_too_early_is_extended_to_the_needs_last_day():
    pair = need_row(), capacity_row(start=date(2027, 1, 11), end=date(2027, 6, 20))
    extend = told(pair).near_misses[0].hints[-1]
    facts = {"side": "capacity", "days": "20", "start": "2027-01-01", "end": "2027-06-30"}
    assert (extend.reason, dict(extend.facts)) == (Reason.HINT_WINDOW_EXTEND, facts)


def test_nine_in_ten_near_misses_that_fail_one_must_carry_a_hint():
    market_rows = generated_rows(reference_taxonomy(), needs=60, capacities=2000, seed=11, today=TODAY)
    market = build_market(market_rows, reference_taxonomy())
    misses = [
        miss
        for asker in market_rows[:60]
        for miss in answer(Question(asker, TODAY), market, list).near_misses
        if sum(gap.reason in MUSTS for gap in miss.gaps) == 1
    ]
    assert len(misses) > 100
    assert sum(bool(miss.hints) for miss in misses) >= 0.9 * len(misses)


def test_a_level_is_compared_by_its_place_and_shown_by_its_name():
    need = need_row(parameters_asked=(ParameterDemand("asil", ">=", "2|B"),))
    better, worse = (
        capacity_row(parameters_offered=(("asil", "4|D"),)),
        capacity_row(parameters_offered=(("asil", "1|A"),)),
    )
    assert [match.key for match in told((need, better)).matches] == ["CAPA000001"]
    assert told((need, worse)).near_misses[0].gaps[0].facts == {"parameters": "asil >= B"}


def test_another_product_has_no_hint_and_a_linked_one_is_a_neighbour():
    linked = capacity_row(node="A.F.G")
    ranking = told((need_row(), linked))
    assert (ranking.matches, ranking.near_misses) == ((), ())
    neighbour = ranking.neighbours[0]
    assert [note.reason for note in neighbour.gaps][:1] == [Reason.GAP_NODE_MISMATCH]
    assert neighbour.reasons[0].reason == Reason.FIT_NODE_LINKED
    assert neighbour.hints == ()


def test_one_pair_is_judged_whatever_its_nodes():
    match = answer_pair(Question(need_row(), TODAY), capacity_row(node="H.I"), build_market([], TAXONOMY))
    assert [note.reason for note in match.gaps][0] == Reason.GAP_NODE_MISMATCH
