"""Passes over a block, compiled: who is near and seen, what each pair fails, and the best of what may be shown.

``rest`` is the block beside its side, in the order of ``REST``; ``asked`` is the question in the order of ``ASKED``;
``tables`` (regions, 5) say for each region of the block what the asker's own region makes of it, see ``region_tables``.
"""

from math import sqrt

import numpy as np

from matchmaking.engine.geography import (
    BORDER_SHARE,
    FAR_KM,
    LIST,
    NEAR_KM,
    OTHER_PROVINCE,
    RADIUS,
    STEPS_PER_KM,
)
from matchmaking.engine.kernels.judging import (
    DIRECTION,
    ENTERPRISE,
    FIRM,
    NODE,
    NODE_BIT,
    PLACE,
    REGION,
    REGION_BIT,
    RULE,
    WITHIN_KM,
    Array,
    asked_total,
    compiled,
    days_of,
    inlined,
    least_of,
    second_list,
    until_of,
    verdict,
)
from matchmaking.engine.scoring.layout import COUNT, FURTHER, HIDDEN
from matchmaking.engine.types.results import MUSTS

Arrays = tuple[Array, ...]


def kind_of(bits: int) -> int:
    """What may be shown of a row with this verdict."""
    if bits == NODE_BIT:
        return 3
    return bits.bit_count() if bits & NODE_BIT == 0 and bits.bit_count() <= 2 else 4


SIDE = ("narrow", "wide", "heap_starts", "heap")
"""The arrays of a block that judging reads."""
BODY = (
    "marks", "key_rank", "node_starts", "second_starts", "second_rows", "firms", "firm_starts", "firm_rows", "amounts",
    "days", "standing", "dimensions",
)  # fmt: skip
"""Arrays of a block that the passes read beside its side."""
(
    MARKS, KEY_RANK, NODE_STARTS, SECOND_STARTS, SECOND_ROWS, FIRMS, FIRM_STARTS, FIRM_ROWS, AMOUNTS, DAYS, STANDING,
    DIMENSIONS,
) = range(len(BODY))  # fmt: skip
ALIVE, FIRM_PLACE = range(2)
"""What a market says of a block's rows: who is still there, and whose each is."""
ASKED = ("figures", "near", "readers", "hides", "excluded", "shares", "loads", "channels")
"""The question: today, whether a need asks, fit only; closeness of each node; whom to leave out; weights."""
FIGURES, NEAR, READERS, HIDES, EXCLUDED, SHARES, LOADS, CHANNEL_SHARES = range(len(ASKED))
TODAY, NEEDS, FIT_ONLY = range(3)
KM, SHUT, OWN, NEAR_FIT, BORDER_FIT = range(5)
"""Columns of ``tables``: kilometres, whether the asker's rule keeps it out, fits by the asker's and others' rules."""
SERVED = 1 << len(MUSTS)
"""In ``firms``, beside the musts that any of a firm's postings fails: one of them fits."""
FITS, ONE_SHORT, TWO_SHORT, ALONG, NOWHERE = range(5)
"""Kinds of rows: what may be shown of a verdict, and NOWHERE."""
KINDS = np.array([kind_of(bits) for bits in range(1 << len(MUSTS))], dtype=np.uint8)
"""Kind of each verdict."""
ROWS, OWNERS, FAILS, CLOSE = range(4)
"""Arrays of ``found``, (kinds, rows) each: rows of the block, their firms, verdicts and closeness."""
TOUCHED = 5
"""In ``counts``, after the rows found of each kind: the firms touched."""
VALUE, RANK, ROW, OWNER, PLACE_FOUND, KIND = range(6)
"""Columns of ``top``."""
WHOLE = 10_000


@compiled
def region_tables(mine: Array, spans: Arrays, mine_point: Array, points: Array, codes: Array) -> Array:
    """What the asker's region and rule make of each region of a block, (regions, 5)."""
    tables: Array = np.empty((len(codes), 5), dtype=np.int64)
    rule, radius, region = mine[0, RULE], mine[0, WITHIN_KM], mine[0, REGION]
    for place in range(len(codes)):
        squares = 0
        for axis in range(3):
            squares += (mine_point[axis] - points[place, axis]) ** 2
        steps = int(sqrt(float(squares)))
        if steps * steps > squares:
            steps -= 1
        km = steps // STEPS_PER_KM
        near: int = min(max((FAR_KM - km) * WHOLE // (FAR_KM - NEAR_KM), 0), WHOLE)
        border = near * (WHOLE - BORDER_SHARE) // WHOLE
        if region // WHOLE != codes[place] // WHOLE:
            border += BORDER_SHARE
        shut = rule == RADIUS and km > radius
        if rule == LIST:
            shut = True
            for at in range(len(spans[0])):
                if spans[0][at] <= codes[place] < spans[1][at]:
                    shut = False
        tables[place, KM], tables[place, SHUT] = km, shut
        tables[place, OWN] = border if rule == OTHER_PROVINCE else near
        tables[place, NEAR_FIT], tables[place, BORDER_FIT] = near, border
    return tables


@inlined
def holds(values: Array, wanted: int) -> bool:
    """Whether a short array holds a value."""
    found = False
    for at in range(len(values)):
        found = found or values[at] == wanted
    return found


@inlined
def holds_sorted(values: Array, wanted: int) -> bool:
    """Whether a sorted array holds a value."""
    if len(values) == 0:
        return False
    at = np.searchsorted(values, wanted)
    return bool(at < len(values) and values[at] == wanted)


@inlined
def is_hidden(heap: Array, at: int, readers: Array) -> bool:
    """Whether a row is hidden from any of the firms that read the answer."""
    first = second_list(heap, at) + (heap[at + 1] & COUNT)
    hidden = False
    for entry in range(first, first + (heap[at + 1] >> 16 & COUNT)):
        hidden = hidden or holds(readers, heap[entry])
    return hidden


@inlined
def allows(heap: Array, at: int, region: int) -> bool:
    """Whether the spans of a row hold a region."""
    counts = heap[at + 1]
    first = second_list(heap, at) + (counts & COUNT) + (counts >> 16 & COUNT)
    inside = False
    for entry in range(first, first + 2 * (counts >> 32 & COUNT), 2):
        inside = inside or heap[entry] <= region < heap[entry + 1]
    return inside


@inlined
def nearest_further(heap: Array, at: int, near: Array) -> int:
    """Closeness of the nearest of a row's further nodes."""
    best, first = 0, second_list(heap, at)
    for entry in range(first, first + (heap[at + 1] & COUNT)):
        best = max(best, near[heap[entry]])
    return best


@inlined
def is_first_near(heap: Array, at: int, node: int, near: Array) -> bool:
    """Whether ``node`` is the first of a row's further nodes that is near at all, under which the row is visited."""
    first = second_list(heap, at)
    for entry in range(first, first + (heap[at + 1] & COUNT)):
        if near[heap[entry]] > 0:
            return heap[entry] == node
    return False


@inlined
def is_shut(tn: Array, row: int, heap: Array, at: int, tables: Array, region: int) -> bool:
    """Whether the region rule of either side keeps the other out; ``region`` is the asker's."""
    place, rule = tn[row, PLACE], tn[row, RULE]
    if tables[place, SHUT] == 1 or (rule == RADIUS and tables[place, KM] > tn[row, WITHIN_KM]):
        return True
    return rule == LIST and not allows(heap, at, region)


@inlined
def region_of(tn: Array, row: int, tables: Array) -> int:
    """The region factor of a row."""
    place = tn[row, PLACE]
    if tn[row, RULE] == OTHER_PROVINCE:
        return (tables[place, OWN] + tables[place, BORDER_FIT]) // 2
    return (tables[place, OWN] + tables[place, NEAR_FIT]) // 2


@compiled
def survey(
    mine: Arrays, theirs: Arrays, body: Arrays, there: Arrays, asked: Arrays, tables: Array, firms: Array,
    touched: Array, found: Arrays, counts: Array,
) -> None:  # fmt: skip
    """Judge rows that are near and seen, one after another: of a need only those that are near by a further node."""
    mn, mw, _, mh = mine
    tn, tw, ts, th = theirs
    alive, firm_place, marks, second_rows = there[ALIVE], there[FIRM_PLACE], body[MARKS], body[SECOND_ROWS]
    near, readers, hides, excluded = asked[NEAR], asked[READERS], asked[HIDES], asked[EXCLUDED]
    today, needs, own, region = asked[FIGURES][TODAY], asked[FIGURES][NEEDS], mw[0, ENTERPRISE], mn[0, REGION]
    days = days_of(mn, 0)
    total = asked_total(mn, mw, 0, days)
    least, deadline = least_of(mn, 0, total), until_of(mn, 0, today)
    for node in range(len(near) - 1):
        if near[node] == 0:
            continue
        first, more = body[NODE_STARTS][needs, node + 1], body[SECOND_STARTS][node]
        firsts = body[NODE_STARTS][needs, node + 2] - first
        for step in range(firsts if needs == 1 else 0, firsts + body[SECOND_STARTS][node + 1] - more):
            row = first + step if step < firsts else second_rows[more + step - firsts]
            closeness, at = near[tn[row, NODE]], ts[row]
            if step >= firsts and (
                tn[row, DIRECTION] != needs or closeness > 0 or not is_first_near(th, at, node, near)
            ):
                continue
            if not alive[row] or tw[row, ENTERPRISE] == own or holds(hides, tw[row, FIRM]):
                continue
            if (marks[row] & HIDDEN and is_hidden(th, at, readers)) or holds_sorted(excluded, row):
                continue
            if marks[row] & FURTHER:
                closeness = max(closeness, nearest_further(th, at, near))
            if needs == 1:
                bits = verdict(
                    mn, mw, mh, 0, 0, tn, tw, th, row, at, closeness, today, days, total, least, deadline
                )  # fmt: skip
            else:
                days = days_of(tn, row)
                total = asked_total(tn, tw, row, days)
                least, deadline = least_of(tn, row, total), until_of(tn, row, today)
                bits = verdict(
                    tn, tw, th, row, at, mn, mw, mh, 0, 0, closeness, today, days, total, least, deadline
                )  # fmt: skip
            bits |= REGION_BIT * is_shut(tn, row, th, at, tables, region)
            note(row, closeness, bits, firm_place[row], firms, touched, found, counts)


@inlined
def note(
    row: int, closeness: int, bits: int, firm: int, firms: Array, touched: Array, found: Arrays, counts: Array
) -> None:
    """Note what a row fails with its firm, and the row with others of its kind; nothing here is a branch to guess."""
    before, kind = firms[firm], KINDS[bits]
    at, seen = counts[kind], counts[TOUCHED]
    touched[seen] = firm
    counts[TOUCHED] = seen + (before == 0)
    firms[firm] = before | bits | SERVED * (bits == 0)
    found[ROWS][kind, at], found[OWNERS][kind, at], found[FAILS][kind, at] = row, firm, bits
    found[CLOSE][kind, at] = closeness
    counts[kind] = at + (kind < NOWHERE)


@compiled
def nearby(node_starts: Array, second_starts: Array, near: Array, direction: int) -> int:
    """At most how many rows ``survey`` visits."""
    rows = 0
    for node in range(len(near) - 1):
        if near[node] > 0:
            rows += node_starts[direction, node + 2] - node_starts[direction, node + 1]
            rows += second_starts[node + 1] - second_starts[node]
    return rows


@compiled
def firms_served(firms: Array, touched: Array, count: int) -> int:
    """How many of the firms touched have a fitting posting."""
    served = 0
    for at in range(count):
        served += (firms[touched[at]] & SERVED) != 0
    return served


@compiled
def any_unserved(firms: Array, owners: Array, counts: Array) -> bool:
    """Whether a near miss or neighbour found belongs to a firm without a fitting posting."""
    for kind in (ONE_SHORT, TWO_SHORT, ALONG):
        for at in range(counts[kind]):
            if not firms[owners[kind, at]] & SERVED:
                return True
    return False


@compiled
def told_of_firms(firms: Array, touched: Array, count: int, dropped: Array) -> int:
    """Count in ``dropped`` (12,) the firms that fail each must, and clear ``firms`` for the next question; gives the
    firms with a fitting posting.
    """
    verdicts = np.zeros(2 * SERVED, dtype=np.int64)
    for at in range(count):
        verdicts[firms[touched[at]]] += 1
        firms[touched[at]] = 0
    served, half = verdicts[SERVED:].sum(), SERVED
    for must in range(len(dropped), 0, -1):
        verdicts[:half] += verdicts[half : 2 * half]
        half //= 2
        dropped[must - 1] = verdicts[half : 2 * half].sum()
    return int(served)


@compiled
def count_rows(owners: Array, kind: int, count: int, wanted: Array, rows: Array) -> None:
    """Add to ``rows`` (k,) how many of the first ``count`` rows of a kind belong to each firm of ``wanted`` (k,)."""
    mine = owners[kind, :count]
    for place in range(len(wanted)):
        firm, found = np.int32(wanted[place]), 0
        for at in range(len(mine)):
            found += mine[at] == firm
        rows[place] += found


@compiled
def keep(top: Array, size: int, value: int, rank: int, row: int, owner: int, found: int, kind: int) -> int:
    """Put a row into ``top`` where it is its firm's best or among the best; gives how many stand there."""
    at, worst = -1, 0
    for place in range(size):
        if top[place, OWNER] == owner:
            at = place
        if top[place, VALUE] < top[worst, VALUE] or (
            top[place, VALUE] == top[worst, VALUE] and top[place, RANK] > top[worst, RANK]
        ):
            worst = place
    if at < 0:
        if size < len(top):
            at = size
            size += 1
            top[at, VALUE] = value - 1
        else:
            at = worst
    if value > top[at, VALUE] or (value == top[at, VALUE] and rank < top[at, RANK]):
        top[at, VALUE], top[at, RANK], top[at, ROW], top[at, OWNER], top[at, PLACE_FOUND] = (
            value,
            rank,
            row,
            owner,
            found,
        )
        top[at, KIND] = kind
    return size
