"""A hint asks for no more than is needed: applied as it is told its gap is gone, with one step less the gap stays.

Days, kilometres, prices and minimum orders are exact to a step of what people type. What is booked is known as a class
only (decision 0011), so the hints about it are as coarse as the classes; the last tests say how coarse.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from common.reasons import Reason
from matchmaking.engine.constraints import masked
from matchmaking.engine.explanation.hints import PRICE_STEP, lifting
from matchmaking.engine.oracle import World, distance, failed_musts
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import BIT
from matchmaking.engine.types.rows import AMOUNT_LIMIT
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy

TAXONOMY = small_taxonomy()
WORLD = World(TAXONOMY, build_market([], TAXONOMY).vocabulary, TODAY)
EXAMPLES = settings(max_examples=200, deadline=None, derandomize=True)
DAY = timedelta(days=1)
UNIT_SIZES = st.sampled_from([1000, 12_000, 1_000_000])
"""A piece, a dozen, a thousand: thousandths of the base unit."""
AMOUNTS = st.one_of(st.integers(1, 20_000), st.integers(1, 10**9))
PERIODS = st.sampled_from(["once", "month", "year"])
AMOUNT_GAPS = BIT[Reason.GAP_QUANTITY_SHORT] | BIT[Reason.GAP_CAPACITY_BOOKED]


def hint(need, capacity, reason, side):
    """Facts of the pair's hint of this reason for this side; None where it is not given."""
    verdict = failed_musts(need, capacity, WORLD)
    told = [change.hint for change in lifting(masked(need), masked(capacity), verdict, WORLD)]
    return next((note.facts for note in told if (note.reason, note.facts["side"]) == (reason, side)), None)


def fails(need, capacity, must):
    return bool(failed_musts(need, capacity, WORLD) & BIT[must])


def steps(amount, row):
    """An amount as typed in a row's unit, in thousandths of the base unit."""
    return int(amount * row.unit_size)


def step_of(amount):
    """One step of an amount as hints tell it."""
    return Decimal(1) if amount >= 10 else Decimal("0.001")


@given(st.integers(-40, 260), st.integers(-260, 40))
@EXAMPLES
def test_a_capacitys_window_is_extended_by_no_day_too_many(late, early):
    need = need_row()
    capacity = capacity_row(start=need.start + late * DAY, end=need.end + early * DAY)
    assume(capacity.start <= capacity.end and (late > 0 or early < 0))
    facts = hint(need, capacity, Reason.HINT_WINDOW_EXTEND, "capacity")
    longer = {name: date.fromisoformat(facts[name]) for name in ("start", "end") if name in facts}
    assert int(facts["days"]) == max(late, 0) + max(-early, 0)
    assert not fails(need, replace(capacity, **longer), Reason.GAP_WINDOW_MISS)
    for name, day in longer.items():
        a_day_less = {**longer, name: day + (DAY if name == "start" else -DAY)}
        assert fails(need, replace(capacity, **a_day_less), Reason.GAP_WINDOW_MISS)


@given(st.integers(-40, 100), st.integers(-80, 40))
@EXAMPLES
def test_a_needs_window_is_shortened_by_no_day_too_many(late, early):
    need = need_row()
    capacity = capacity_row(start=need.start + late * DAY, end=need.end + early * DAY)
    assume(late > 0 or early < 0)
    facts = hint(need, capacity, Reason.HINT_WINDOW_SHIFT, "need")
    shorter = {name: date.fromisoformat(facts[name]) for name in ("start", "end")}
    assert int(facts["days"]) == max(late, 0) + max(-early, 0)
    assert not fails(replace(need, **shorter), capacity, Reason.GAP_WINDOW_MISS)
    for name, day in shorter.items():
        if day != getattr(need, name):
            a_day_less = {**shorter, name: day + (-DAY if name == "start" else DAY)}
            assert fails(replace(need, **a_day_less), capacity, Reason.GAP_WINDOW_MISS)


@given(st.sampled_from(TAXONOMY.regions), st.sampled_from(TAXONOMY.regions), st.integers(0, 400), st.booleans())
@EXAMPLES
def test_a_radius_is_widened_by_no_kilometre_too_many(here, there, radius, asks):
    rule = {"region_rule": "radius", "radius_km": radius}
    need = need_row(region=here.code, **(rule if asks else {}))
    capacity = capacity_row(region=there.code, **({} if asks else rule))
    assume(distance(need, capacity, TAXONOMY) > radius)
    side = "need" if asks else "capacity"
    km = int(hint(need, capacity, Reason.HINT_RADIUS_WIDEN, side)["km"])
    for wide, stays in ((km, False), (km - 1, True)):
        pair = (replace(need, radius_km=wide), capacity) if asks else (need, replace(capacity, radius_km=wide))
        assert fails(*pair, Reason.GAP_REGION_EXCLUDED) is stays


@given(st.integers(0, 50_000_000), st.integers(1, 50_000_000), UNIT_SIZES, UNIT_SIZES)
@EXAMPLES
def test_a_price_is_moved_by_no_step_too_many(most, above, asked_size, offered_size):
    need = need_row(price_min=0, price_max=most, unit_size=asked_size)
    capacity = capacity_row(price_min=most + above, unit_size=offered_size)
    raised = Decimal(hint(need, capacity, Reason.HINT_PRICE_RAISE, "need")["amount"])
    lowered = Decimal(hint(need, capacity, Reason.HINT_PRICE_LOWER, "capacity")["amount"])
    for amount, stays in ((raised, False), (raised - PRICE_STEP, True)):
        assert fails(replace(need, price_max=micro(amount, need)), capacity, Reason.GAP_PRICE_ABOVE) is stays
    for amount, stays in ((lowered, False), (lowered + PRICE_STEP, True)):
        price = micro(amount, capacity, up=stays)
        assert fails(need, replace(capacity, price_min=price), Reason.GAP_PRICE_ABOVE) is stays


def micro(yuan, row, *, up=False):
    """A price as typed for a row's unit, in millionths of a yuan for the base unit, down to which prices are told
    apart; ``up`` rounds what is less up.
    """
    price = yuan * 1_000_000 * 1000 / row.unit_size
    return int(price) + (up and price != int(price))


@given(AMOUNTS, AMOUNTS, PERIODS, UNIT_SIZES, UNIT_SIZES)
@EXAMPLES
def test_a_minimum_order_is_met_by_no_step_too_many(quantity, order, period, asked_size, offered_size):
    need = need_row(quantity=quantity, period=period, unit_size=asked_size)
    capacity = capacity_row(quantity=AMOUNT_LIMIT, minimum_order=order, unit_size=offered_size)
    assume(fails(need, capacity, Reason.GAP_MINIMUM_ORDER_HIGH))

    lowered = Decimal(hint(need, capacity, Reason.HINT_MINIMUM_ORDER_LOWER, "capacity")["amount"])
    for amount, stays in ((lowered, False), (lowered + step_of(lowered), True)):
        other = replace(capacity, minimum_order=steps(amount, capacity))
        assert fails(need, other, Reason.GAP_MINIMUM_ORDER_HIGH) is stays

    raised = Decimal(hint(need, capacity, Reason.HINT_QUANTITY_RAISE, "need")["amount"])
    for amount, stays in ((raised, False), (raised - step_of(raised), True)):
        assert fails(replace(need, quantity=steps(amount, need)), capacity, Reason.GAP_MINIMUM_ORDER_HIGH) is stays


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 100), PERIODS)
@EXAMPLES
def test_a_capacity_that_is_short_is_asked_for_at_most_twice_what_is_needed(asked, posted, percent, period):
    need = need_row(quantity=asked)
    capacity = capacity_row(quantity=posted, booked=posted * percent // 100, period=period)
    assume(fails(need, capacity, Reason.GAP_QUANTITY_SHORT))
    worst = masked(capacity)
    raised = Decimal(hint(need, capacity, Reason.HINT_QUANTITY_RAISE, "capacity")["amount"])
    assert not failed_musts(need, replace(worst, quantity=steps(raised, capacity)), WORLD) & AMOUNT_GAPS
    half = raised if not worst.booked else raised / 2
    less = replace(worst, quantity=max(steps(half - step_of(raised), capacity), 0))
    assert failed_musts(need, less, WORLD) & AMOUNT_GAPS


@given(AMOUNTS, AMOUNTS, PERIODS, PERIODS, st.integers(1, 1000), st.booleans(), UNIT_SIZES)
@EXAMPLES
def test_a_needs_amount_is_lowered_by_no_step_too_many(asked, posted, period, other, share, is_shared, size):
    need = need_row(quantity=asked, period=period, minimum_share=share, split_allowed=is_shared, unit_size=size)
    capacity = capacity_row(quantity=posted, period=other)
    assume(fails(need, capacity, Reason.GAP_QUANTITY_SHORT))
    facts = hint(need, capacity, Reason.HINT_QUANTITY_LOWER, "need")
    assume(facts is not None)
    lowered = Decimal(facts["amount"])
    for amount, stays in ((lowered, False), (lowered + step_of(lowered), True)):
        other_need = replace(need, quantity=steps(amount, need))
        assert bool(failed_musts(other_need, masked(capacity), WORLD) & AMOUNT_GAPS) is stays


@given(st.integers(10_000, 10**9), st.integers(1, 1000), st.integers(26, 100))
@EXAMPLES
def test_what_is_to_be_freed_ends_at_a_quarter_of_the_capacity_and_one_step_before_it_helps_nothing(
    posted, permille, percent
):
    need = need_row(quantity=max(posted * permille // 1000, 1))
    capacity = capacity_row(quantity=posted, booked=posted * percent // 100)
    assume(fails(need, capacity, Reason.GAP_CAPACITY_BOOKED))
    worst = masked(capacity)
    freed = Decimal(hint(need, capacity, Reason.HINT_CAPACITY_FREE, "capacity")["amount"])
    for amount, stays in ((freed, False), (freed - step_of(freed), True)):
        other = replace(worst, booked=max(worst.booked - steps(amount, capacity), 0))
        assert fails(need, other, Reason.GAP_CAPACITY_BOOKED) is stays
    at_quarter = min(abs(4 * (posted - worst.booked + steps(freed, capacity)) - posted * part) for part in (1, 3))
    assert at_quarter <= 4 * steps(step_of(freed), capacity)
