"""Every capacity near a need judged at once, figure by figure, so that the machine compares many rows in one step.

The verdicts are those of ``judging.verdict``. What a need asks does not change from row to row here, so that each must
is one comparison with a figure found beforehand; what a row lists (further nodes, spans, certificates) is read apart.
"""

import numpy as np

from matchmaking.engine.chains import FITTING
from matchmaking.engine.constraints import DAYS_PARTS, MONTH_PARTS, STALE_DAYS, YEAR_PARTS
from matchmaking.engine.kernels.judging import (
    BOOKED_BIT,
    CONFIRMED,
    DIMENSION,
    END,
    MONTH,
    NODE_BIT,
    ONCE,
    ORDER_BIT,
    PRICE_BIT,
    PRICE_MAX,
    REGION,
    REGION_BIT,
    SHORT_BIT,
    STALE_BIT,
    START,
    UNIT_BIT,
    WINDOW_BIT,
    Array,
    asked_total,
    compiled,
    days_of,
    first_of,
    inlined,
    least_of,
    left_over,
    requirement_bits,
    until_of,
)
from matchmaking.engine.kernels.passes import (
    ALIVE,
    AMOUNTS,
    CLOSE,
    DAYS,
    DIMENSIONS,
    FAILS,
    FIGURES,
    FIRM_PLACE,
    FIRM_ROWS,
    FIRM_STARTS,
    FIRMS,
    KINDS,
    KM,
    MARKS,
    NEAR,
    NODE_STARTS,
    NOWHERE,
    OWNERS,
    READERS,
    ROWS,
    SERVED,
    SHUT,
    STANDING,
    TODAY,
    TOUCHED,
    Arrays,
    allows,
    is_hidden,
    nearest_further,
)
from matchmaking.engine.scoring.layout import ANYWHERE, CALENDAR, COUNT, FURTHER, HEAD, HIDDEN, REGIONS
from matchmaking.engine.types.columns import OPEN_END, OPEN_START, UNKNOWN

CHUNK = 1024
"""Rows judged together: their verdicts stay in the nearest cache."""
LEFT_OUT = 1 << 15
"""In a verdict: the row is gone or not to be seen, and counts nowhere."""
CAPACITY = 1
QUANTITY, LEFT, MINIMUM_ORDER, PRICE = range(4)
"""Lanes of ``amounts``."""
STARTS, ENDS, CONFIRMED_ON, LEADS, REACH, PLACES, UNITS = range(7)
"""Lanes of ``days``."""
PERIODS, STANDINGS = range(2)
"""Lanes of ``standing``."""
(
    FROM, UNTIL, SINCE, MOST, TOTAL, PER_ONCE, PER_MONTH, PER_YEAR, UNIT, ALWAYS, DEADLINE, LISTED, FIRST, OVER,
) = range(14)  # fmt: skip
"""What a need asks, see ``limits_of``; its quantity counts from FIRST on, OVER so many days."""
NO_LIMIT = (1 << 31) - 1
NO_AMOUNT = 1 << 62


@inlined
def least_rate(least: int, parts: int) -> int:
    """The least amount per period whose total over so many ``parts`` of DAYS_PARTS is ``least``."""
    return -(-least * DAYS_PARTS // parts)


@inlined
def place_of(values: Array, wanted: int) -> int:
    """Place of a value in a short array, UNKNOWN where it is not there."""
    found = UNKNOWN
    for at in range(len(values)):
        found = at if values[at] == wanted else found
    return found


@compiled
def limits_of(mn: Array, mw: Array, mh: Array, today: int, dimensions: Array) -> Array:
    """What the asking need compares with, in the order of FROM to OVER; what it does not ask, nothing fails."""
    limits: Array = np.empty(14, dtype=np.int64)
    start, end, days = mn[0, START], mn[0, END], days_of(mn, 0)
    total = asked_total(mn, mw, 0, days)
    least = least_of(mn, 0, total)
    limits[FROM] = start if start != OPEN_START else NO_LIMIT
    limits[UNTIL] = end if end != OPEN_END else -NO_LIMIT
    limits[SINCE], limits[TOTAL], limits[DEADLINE] = today - STALE_DAYS, total, until_of(mn, 0, today)
    limits[MOST] = mw[0, PRICE_MAX] if mw[0, PRICE_MAX] != UNKNOWN else NO_AMOUNT
    limits[PER_ONCE] = least
    limits[PER_MONTH] = least_rate(least, days * MONTH_PARTS)
    limits[PER_YEAR] = least_rate(least, days * YEAR_PARTS)
    limits[FIRST], limits[OVER] = first_of(mn, 0, today), days
    limits[UNIT] = place_of(dimensions, mw[0, DIMENSION])
    limits[ALWAYS] = STALE_BIT * (mn[0, CONFIRMED] < limits[SINCE])
    limits[LISTED] = 0
    counts = mh[0]
    for entry in range(HEAD, HEAD + 2 * (counts & COUNT), 2):
        limits[LISTED] |= mh[entry + 1]
    wanted = HEAD + 2 * (counts & COUNT) + 2 * (counts >> 16 & COUNT)
    for entry in range(wanted, wanted + 5 * (counts >> 32 & COUNT), 5):
        limits[LISTED] |= mh[entry + 4]
    return limits


@compiled
def reaches(tables: Array) -> Array:
    """Kilometres to each region of a block, beyond any reach where the need's own rule keeps it out."""
    far: Array = np.empty(len(tables), dtype=np.int32)
    for place in range(len(tables)):
        far[place] = ANYWHERE + 1 if tables[place, SHUT] == 1 else min(tables[place, KM], ANYWHERE)
    return far


@inlined
def compare_days(starts: Array, ends: Array, confirmed: Array, limits: Array, first: int, bits: Array) -> None:
    """Begin the verdicts of a chunk with window and freshness; ``first`` is what all its rows fail."""
    start, end, since = np.int32(limits[FROM]), np.int32(limits[UNTIL]), np.int32(limits[SINCE])
    for at in range(len(starts)):
        missed = (starts[at] > start) | (ends[at] < end)
        bits[at] = first | WINDOW_BIT * missed | STALE_BIT * (confirmed[at] < since)


@inlined
def compare_regions(places: Array, reach: Array, far: Array, bits: Array) -> None:
    """Add what the region rules of both sides refuse, spans of rows apart."""
    for at in range(len(places)):
        bits[at] |= REGION_BIT * (far[places[at]] > reach[at])


@inlined
def rate_of(period: int, once: int, month: int, year: int) -> int:
    """The rate among the three that belongs to a period."""
    return once if period == ONCE else (month if period == MONTH else year)


@inlined
def compare_amounts(
    quantity: Array, left: Array, order: Array, price: Array, period: Array, dimension: Array, limits: Array,
    bits: Array,
) -> None:  # fmt: skip
    """Add units, amounts and prices."""
    once, month, year, unit = limits[PER_ONCE], limits[PER_MONTH], limits[PER_YEAR], np.int32(limits[UNIT])
    total, most = limits[TOTAL], limits[MOST]
    for at in range(len(quantity)):
        least = rate_of(period[at], once, month, year)
        short = quantity[at] < least
        failed = SHORT_BIT * short | BOOKED_BIT * ((left[at] < least) & (not short))
        failed |= ORDER_BIT * (order[at] > total) | PRICE_BIT * (price[at] > most)
        bits[at] |= failed if dimension[at] == unit else UNIT_BIT


@inlined
def leave_out(alive: Array, left_out: Array, gone: int, first: int, bits: Array) -> int:
    """Mark rows of a chunk that are gone or among ``left_out`` (sorted) from ``gone`` on; gives the next of these."""
    for at in range(len(alive)):
        bits[at] |= LEFT_OUT * (not alive[at])
    while gone < len(left_out) and left_out[gone] < first + len(alive):
        bits[left_out[gone] - first] |= LEFT_OUT
        gone += 1
    return gone


@inlined
def read_lists(
    marks: Array, heap_starts: Array, heap: Array, first: int, near: Array, readers: Array, region: int, limits: Array,
    left: Array, period: Array, bits: Array, close: Array,
) -> None:  # fmt: skip
    """Amend a chunk by what its rows list: firms that may not see them, spans of regions, calendars, further nodes."""
    for at in range(len(marks)):
        if marks[at] == 0:
            continue
        start = heap_starts[first + at]
        if marks[at] & HIDDEN and is_hidden(heap, start, readers):
            bits[at] |= LEFT_OUT
        if marks[at] & REGIONS and not allows(heap, start, region):
            bits[at] |= REGION_BIT
        if marks[at] & CALENDAR and bits[at] & (SHORT_BIT | UNIT_BIT) == 0:
            least = rate_of(period[at], limits[PER_ONCE], limits[PER_MONTH], limits[PER_YEAR])
            counted = left_over(left[at], heap, start, limits[FIRST], limits[OVER])
            bits[at] |= BOOKED_BIT * (counted < least)
        if marks[at] & FURTHER:
            close[at] = max(close[at], nearest_further(heap, start, near))
            if close[at] >= FITTING:
                bits[at] &= ~NODE_BIT


@inlined
def note_all(
    first: int, bits: Array, close: Array, firm_place: Array, firms: Array, touched: Array, found: Arrays,
    counts: Array, shown: Array,
) -> None:  # fmt: skip
    """``passes.note`` for a chunk that begins at row ``first``; ``shown`` is room for the rows of it that are kept."""
    seen, kept = counts[TOUCHED], 0
    for at in range(len(firm_place)):
        firm, verdict = firm_place[at], bits[at]
        if verdict >= LEFT_OUT:
            continue
        before = firms[firm]
        touched[seen] = firm
        seen += before == 0
        firms[firm] = before | verdict | SERVED * (verdict == 0)
        shown[kept] = at
        kept += KINDS[verdict] < NOWHERE
    counts[TOUCHED] = seen
    rows, owners, fails, nearness = found[ROWS], found[OWNERS], found[FAILS], found[CLOSE]
    for step in range(kept):
        at = shown[step]
        kind = KINDS[bits[at]]
        place = counts[kind]
        rows[kind, place], owners[kind, place], fails[kind, place] = first + at, firm_place[at], bits[at]
        nearness[kind, place] = close[at]
        counts[kind] = place + 1


@compiled
def sweep(
    mine: Arrays, theirs: Arrays, body: Arrays, there: Arrays, asked: Arrays, tables: Array, left_out: Array,
    firms: Array, touched: Array, found: Arrays, counts: Array,
) -> None:  # fmt: skip
    """Judge every capacity whose own node is near the asking need; rows near by a further node are for ``survey``.

    ``left_out`` are rows, sorted, that count nowhere.
    """
    mn, mw, _, mh = mine
    heap_starts, heap, alive, firm_place, marks = theirs[2], theirs[3], there[ALIVE], there[FIRM_PLACE], body[MARKS]
    quantity, left, order, price = body[AMOUNTS][0], body[AMOUNTS][1], body[AMOUNTS][2], body[AMOUNTS][3]
    starts, ends, confirmed = body[DAYS][STARTS], body[DAYS][ENDS], body[DAYS][CONFIRMED_ON]
    reach, places, units, periods = body[DAYS][REACH], body[DAYS][PLACES], body[DAYS][UNITS], body[STANDING][PERIODS]
    near, node_starts = asked[NEAR], body[NODE_STARTS]
    limits, far = limits_of(mn, mw, mh, asked[FIGURES][TODAY], body[DIMENSIONS]), reaches(tables)
    bits, close = np.empty(CHUNK, dtype=np.uint16), np.empty(CHUNK, dtype=np.int32)
    shown = np.empty(CHUNK + 1, dtype=np.int64)
    for node in range(len(near) - 1):
        if near[node] == 0:
            continue
        last = node_starts[CAPACITY, node + 2]
        gone = np.searchsorted(left_out, node_starts[CAPACITY, node + 1])
        for a in range(node_starts[CAPACITY, node + 1], last, CHUNK):
            z = min(a + CHUNK, last)
            first = limits[ALWAYS] | NODE_BIT * (near[node] < FITTING)
            compare_days(starts[a:z], ends[a:z], confirmed[a:z], limits, first, bits)
            compare_regions(places[a:z], reach[a:z], far, bits)
            compare_amounts(
                quantity[a:z], left[a:z], order[a:z], price[a:z], periods[a:z], units[a:z], limits, bits
            )  # fmt: skip
            gone = leave_out(alive[a:z], left_out, gone, a, bits)
            close[: z - a] = near[node]
            read_lists(
                marks[a:z], heap_starts, heap, a, near, asked[READERS], mn[0, REGION], limits, left[a:z], periods[a:z],
                bits, close,
            )  # fmt: skip
            if limits[LISTED]:
                for at in range(z - a):
                    bits[at] |= requirement_bits(mh, 0, heap, heap_starts[a + at], limits[DEADLINE])
            note_all(a, bits, close, firm_place[a:z], firms, touched, found, counts, shown)


@compiled
def rows_left_out(body: Arrays, wanted: Array, excluded: Array) -> Array:
    """Rows of the firms ``wanted`` and those ``excluded``, sorted."""
    firms, starts, rows = body[FIRMS], body[FIRM_STARTS], body[FIRM_ROWS]
    spots = np.searchsorted(firms, wanted)
    count = len(excluded)
    for at in range(len(wanted)):
        if spots[at] < len(firms) and firms[spots[at]] == wanted[at]:
            count += starts[spots[at] + 1] - starts[spots[at]]
    gone: Array = np.empty(count, dtype=np.int64)
    gone[: len(excluded)] = excluded
    count = len(excluded)
    for at in range(len(wanted)):
        if spots[at] < len(firms) and firms[spots[at]] == wanted[at]:
            for entry in range(starts[spots[at]], starts[spots[at] + 1]):
                gone[count] = rows[entry]
                count += 1
    gone.sort()
    return gone
