"""One pair of a need and a capacity, compiled: its failed musts and its factors, as ``oracle`` defines them.

Row ``i`` of the need's records ``nn`` and ``nw`` and its lists from ``asking`` on in ``nh`` meet row ``j`` of the
capacity's ``cn`` and ``cw`` and its lists from ``at`` on in ``ch``. Arrays are handed on one by one: a tuple of them
costs a count of references for each at every call, which took ten times as long as the arithmetic.
"""

from typing import Any

from numba import njit
from numpy.typing import NDArray

from common.reasons import Reason
from matchmaking.engine.chains import FITTING
from matchmaking.engine.constraints import (
    DAYS_PARTS,
    LONGEST_DAYS,
    MONTH_PARTS,
    OPEN_DAYS,
    OPERATORS,
    PERIODS,
    STALE_DAYS,
    YEAR_PARTS,
)
from matchmaking.engine.scoring.factors import (
    EXPIRING_CREDIT,
    EXPIRING_DAYS,
    FRESH_DAYS,
    LATE_DAYS,
    OUTCOME_STEPS,
    UNTOLD_LEAD,
    VERIFIED,
)
from matchmaking.engine.scoring.layout import COUNT, HEAD
from matchmaking.engine.types.columns import NARROW, OPEN_END, OPEN_START, UNKNOWN, WIDE
from matchmaking.engine.types.results import BIT
from matchmaking.engine.types.rows import AMOUNT_LIMIT

Array = NDArray[Any]

QUANTITY, LEFT, MINIMUM_ORDER, PRICE_MIN, PRICE_MAX, DIMENSION, FIRM, ENTERPRISE = range(len(WIDE))
(
    DIRECTION, NODE, REGION, PLACE, PERIOD, START, END, LEAD, SPLIT, SHARE, RULE, WITHIN_KM, CONFIRMED, CHECKED,
    OUTCOMES, LOAD,
) = range(len(NARROW))  # fmt: skip

NODE_BIT = BIT[Reason.GAP_NODE_MISMATCH]
REGION_BIT = BIT[Reason.GAP_REGION_EXCLUDED]
UNIT_BIT = BIT[Reason.GAP_UNIT_INCOMPATIBLE]
SHORT_BIT = BIT[Reason.GAP_QUANTITY_SHORT]
BOOKED_BIT = BIT[Reason.GAP_CAPACITY_BOOKED]
ORDER_BIT = BIT[Reason.GAP_MINIMUM_ORDER_HIGH]
WINDOW_BIT = BIT[Reason.GAP_WINDOW_MISS]
MISSING_BIT = BIT[Reason.GAP_CERTIFICATE_MISSING]
ENDED_BIT = BIT[Reason.GAP_CERTIFICATE_EXPIRED]
PRICE_BIT = BIT[Reason.GAP_PRICE_ABOVE]
PARAMETER_BIT = BIT[Reason.GAP_PARAMETER_UNMET]
STALE_BIT = BIT[Reason.GAP_STALE]

ONCE, MONTH = PERIODS["once"], PERIODS["month"]
EQUAL, MORE = OPERATORS["="], OPERATORS[">="]
(MANY, MANY_GIVEN), (SOME, SOME_GIVEN), (ONE, ONE_GIVEN) = OUTCOME_STEPS


compiled = njit(cache=True, error_model="numpy")
"""How a pass is compiled; divisors are never 0 here, so their checks are left out."""
inlined = njit(cache=True, error_model="numpy", forceinline=True)
"""How a step of a pass is compiled: handing it its arrays would cost more than what it does with them."""


@inlined
def total(amount: int, period: int, days: int) -> int:
    """Total of ``amount`` per ``period`` over ``days``, thousandths of the base unit."""
    if period == ONCE:
        return min(amount, AMOUNT_LIMIT)
    parts = days * (MONTH_PARTS if period == MONTH else YEAR_PARTS)
    return min((amount // DAYS_PARTS) * parts + (amount % DAYS_PARTS) * parts // DAYS_PARTS, AMOUNT_LIMIT)


@inlined
def days_of(nn: Array, i: int) -> int:
    """Days over which the need's quantity counts."""
    start, end = nn[i, START], nn[i, END]
    if start == OPEN_START or end == OPEN_END:
        return OPEN_DAYS
    return min(max(end - start + 1, 1), LONGEST_DAYS)


@inlined
def first_of(nn: Array, i: int, today: int) -> int:
    """The day from which the need's days are counted."""
    start = nn[i, START]
    if start == OPEN_START:
        return today
    return max(start, today) if nn[i, END] == OPEN_END else start


@inlined
def until_of(nn: Array, i: int, today: int) -> int:
    """The day to which the need's certificates must hold."""
    if nn[i, END] != OPEN_END:
        return nn[i, END]
    return max(nn[i, START], today)


@inlined
def asked_total(nn: Array, nw: Array, i: int, days: int) -> int:
    """What the need asks for in all."""
    return total(nw[i, QUANTITY], nn[i, PERIOD], days)


@inlined
def least_of(nn: Array, i: int, asked: int) -> int:
    """The least that one supplier must carry of what is asked for in all."""
    if nn[i, SPLIT] == 0:
        return asked
    share = nn[i, SHARE]
    return max((asked // 1000) * share + ((asked % 1000) * share + 999) // 1000, 1)


@inlined
def second_list(heap: Array, at: int) -> int:
    """Where the further nodes of the row whose lists begin at ``at`` begin; firms, spans and calendar follow them."""
    counts = heap[at]
    asked = 2 * (counts & COUNT) + 2 * (counts >> 16 & COUNT)
    return at + HEAD + asked + 5 * (counts >> 32 & COUNT) + 3 * (counts >> 48 & COUNT)


@inlined
def share_of(amount: int, part: int, days: int) -> int:
    """The share of an amount that belongs to ``part`` of so many ``days``."""
    return amount // days * part + amount % days * part // days


@inlined
def left_over(most: int, heap: Array, at: int, first: int, days: int) -> int:
    """What may be counted on of a capacity whose lists begin at ``at``: the mean of ``days`` by its calendar."""
    counts = heap[at + 1]
    spans = counts >> 48 & COUNT
    if spans == 0:
        return most
    start = second_list(heap, at) + (counts & COUNT) + (counts >> 16 & COUNT) + 2 * (counts >> 32 & COUNT)
    apart, left = 0, 0
    for entry in range(start, start + 3 * spans, 3):
        common = max(min(heap[entry + 1], first + days - 1) - max(heap[entry], first) + 1, 0)
        apart += common
        left += share_of(heap[entry + 2], common, days)
    return left + share_of(most, days - apart, days)


@inlined
def amount_bits(
    first: int, days: int, asked: int, least: int, cn: Array, cw: Array, ch: Array, j: int, at: int, most: int
) -> int:
    """Failed musts that compare amounts and prices of a pair of one dimension; ``most`` is the need's highest price."""
    period, price = cn[j, PERIOD], cw[j, PRICE_MIN]
    short = total(cw[j, QUANTITY], period, days) < least
    booked = total(left_over(cw[j, LEFT], ch, at, first, days), period, days) < least
    bits = SHORT_BIT * short | BOOKED_BIT * (booked and not short) | ORDER_BIT * (cw[j, MINIMUM_ORDER] > asked)
    return bits | PRICE_BIT * (most != UNKNOWN and price != UNKNOWN and price > most)


@inlined
def held_until(code: int, heap: Array, at: int) -> int:
    """Last day to which the capacity whose lists begin at ``at`` holds a certificate, UNKNOWN where it does not."""
    counts = heap[at]
    held = at + HEAD + 2 * (counts & COUNT)
    for entry in range(held, held + 2 * (counts >> 16 & COUNT), 2):
        if heap[entry] == code:
            return heap[entry + 1]
    return UNKNOWN


@inlined
def is_met(asking: Array, asked: int, heap: Array, at: int) -> bool:
    """Whether the capacity whose lists begin at ``at`` offers what the need's parameter at ``asked`` wants."""
    counts = heap[at]
    offered = at + HEAD + 2 * (counts & COUNT) + 2 * (counts >> 16 & COUNT) + 5 * (counts >> 32 & COUNT)
    for entry in range(offered, offered + 3 * (counts >> 48 & COUNT), 3):
        if heap[entry] == asking[asked]:
            operator, kind, wanted = asking[asked + 1], asking[asked + 2], asking[asked + 3]
            if operator == EQUAL:
                return kind == heap[entry + 1] and heap[entry + 2] == wanted
            if kind != 1 or heap[entry + 1] != 1:
                return False
            return heap[entry + 2] >= wanted if operator == MORE else heap[entry + 2] <= wanted
    return False


@inlined
def requirement_bits(nh: Array, asking: int, ch: Array, at: int, deadline: int) -> int:
    """Failed musts among certificates and parameters; the lists of the two rows begin at ``asking`` and ``at``."""
    bits, counts = 0, nh[asking]
    first = asking + HEAD
    for entry in range(first, first + 2 * (counts & COUNT), 2):
        if nh[entry + 1] == 1:
            until = held_until(nh[entry], ch, at)
            bits |= MISSING_BIT if until == UNKNOWN else ENDED_BIT * (until < deadline)
    wanted = first + 2 * (counts & COUNT) + 2 * (counts >> 16 & COUNT)
    for entry in range(wanted, wanted + 5 * (counts >> 32 & COUNT), 5):
        if nh[entry + 4] == 1 and not is_met(nh, entry, ch, at):
            bits |= PARAMETER_BIT
    return bits


@inlined
def verdict(
    nn: Array, nw: Array, nh: Array, i: int, asking: int, cn: Array, cw: Array, ch: Array, j: int, at: int,
    closeness: int, today: int, days: int, asked: int, least: int, deadline: int,
) -> int:  # fmt: skip
    """Failed musts of a pair as bits, the region's apart; 0 fits. The last four are the need's, see above."""
    start, end = nn[i, START], nn[i, END]
    late = start != OPEN_START and cn[j, START] > start
    early = end != OPEN_END and cn[j, END] < end
    bits = NODE_BIT * (closeness < FITTING) | WINDOW_BIT * (late or early)
    bits |= STALE_BIT * (min(nn[i, CONFIRMED], cn[j, CONFIRMED]) < today - STALE_DAYS)
    if nw[i, DIMENSION] == cw[j, DIMENSION]:
        first = first_of(nn, i, today)
        bits |= amount_bits(first, days, asked, least, cn, cw, ch, j, at, nw[i, PRICE_MAX])
    else:
        bits |= UNIT_BIT
    return bits | requirement_bits(nh, asking, ch, at, deadline)


@inlined
def coverage(nn: Array, nw: Array, i: int, cn: Array, cw: Array, ch: Array, j: int, at: int, today: int) -> int:
    """Share of the need that what is left covers, 0 to 10,000."""
    if nw[i, DIMENSION] != cw[j, DIMENSION]:
        return 0
    days = days_of(nn, i)
    asked = total(nw[i, QUANTITY], nn[i, PERIOD], days)
    left = total(left_over(cw[j, LEFT], ch, at, first_of(nn, i, today), days), cn[j, PERIOD], days)
    return 10_000 if left >= max(asked, 1) else left * 10_000 // max(asked, 1)


@inlined
def lead_fit(nn: Array, i: int, lead: int, today: int) -> int:
    """Whether a lead time meets the one asked for, or the start of the need's window, 0 to 10,000."""
    asked, start = nn[i, LEAD], nn[i, START]
    if asked == UNKNOWN and start == OPEN_START:
        return 10_000
    if lead == UNKNOWN:
        return UNTOLD_LEAD
    allowed = asked if asked != UNKNOWN else max(start - today, 0)
    return 10_000 - min(max(lead - allowed, 0), LATE_DAYS) * 10_000 // LATE_DAYS


@inlined
def requirement_fit(nn: Array, nh: Array, i: int, asking: int, ch: Array, at: int, today: int) -> int:
    """Mean credit of all certificates and parameters asked for, 0 to 10,000; lists begin at ``asking`` and ``at``."""
    counts = nh[asking]
    certificates, parameters = counts & COUNT, counts >> 32 & COUNT
    if certificates + parameters == 0:
        return 10_000
    first, credit, deadline = asking + HEAD, 0, until_of(nn, i, today)
    for entry in range(first, first + 2 * certificates, 2):
        until = held_until(nh[entry], ch, at)
        if until >= deadline + EXPIRING_DAYS:
            credit += 10_000
        elif until >= deadline:
            credit += EXPIRING_CREDIT
    wanted = first + 2 * certificates + 2 * (counts >> 16 & COUNT)
    for entry in range(wanted, wanted + 5 * parameters, 5):
        if is_met(nh, entry, ch, at):
            credit += 10_000
    return credit if certificates + parameters == 1 else credit // (certificates + parameters)


@inlined
def fresh(age: int) -> int:
    """How much a confirmation of ``age`` days counts, 0 to 10,000."""
    return min(max((STALE_DAYS - age) * 10_000 // (STALE_DAYS - FRESH_DAYS), 0), 10_000)


@inlined
def trusted(narrow: Array, i: int) -> int:
    """What a firm has shown, 0 to 10,000."""
    shown, outcomes = narrow[i, CHECKED] * VERIFIED, narrow[i, OUTCOMES]
    if outcomes >= MANY:
        return shown + MANY_GIVEN
    if outcomes >= SOME:
        return shown + SOME_GIVEN
    return shown + (ONE_GIVEN if outcomes >= ONE else 0)


@inlined
def fill(
    nn: Array, nw: Array, nh: Array, i: int, asking: int, cn: Array, cw: Array, ch: Array, j: int, at: int,
    closeness: int, region: int, today: int, shares: Array, given: Array,
) -> int:  # fmt: skip
    """Fill ``given`` (9,) with the parts that need no text, load's apart; gives their sum.

    ``region`` is the region factor. The order is that of ``FACTORS``.
    """
    given[0] = closeness * shares[0] // 100
    given[1] = 0
    given[2] = coverage(nn, nw, i, cn, cw, ch, j, at, today) * shares[2] // 100
    given[3] = lead_fit(nn, i, cn[j, LEAD], today) * shares[3] // 100
    given[4] = requirement_fit(nn, nh, i, asking, ch, at, today) * shares[4] // 100
    given[5] = region * shares[5] // 100
    given[6] = (fresh(today - nn[i, CONFIRMED]) + fresh(today - cn[j, CONFIRMED])) // 2 * shares[6] // 100
    given[7] = (trusted(nn, i) + trusted(cn, j)) // 2 * shares[7] // 100
    given[8] = 0
    return given[0] + given[2] + given[3] + given[4] + given[5] + given[6] + given[7]
