"""The best of what a survey found, one a firm: scored exactly, cut short where a row cannot come among the best."""

import numpy as np

from matchmaking.engine.kernels.judging import LOAD, NODE_BIT, Array, compiled, fill, inlined
from matchmaking.engine.kernels.passes import (
    AHEAD,
    FAILS_COST,
    FIT_ONLY,
    FITS,
    FOUND,
    NEEDS,
    TODAY,
    VALUE,
    WHOLE,
    Arrays,
    keep,
    region_of,
)
from matchmaking.engine.kernels.texts import (
    BOUND,
    COUNT,
    INVERSE,
    TOTAL,
    blend,
    identifiers_of,
    lexical_of,
    meaning_of,
    taxonomy_of,
)

MATCHES, NEAR_MISSES, NEIGHBOURS = range(3)
"""The three lists."""
UNWANTED = -1


@inlined
def wanted(kind: int, bits: int, served: bool) -> int:
    """How many musts a row of the list fails that its place depends on, UNWANTED where it is of another list."""
    if kind == MATCHES:
        return 0 if bits == 0 else UNWANTED
    if served or bits == 0:
        return UNWANTED
    if kind == NEIGHBOURS:
        return 1 if bits == NODE_BIT else UNWANTED
    if bits & NODE_BIT:
        return UNWANTED
    return 2 if bits & (bits - 1) else 1


@inlined
def load_of(load: int, figures: Array, loads: Array) -> int:
    """What the load of the pair's capacity takes away at most."""
    return 0 if figures[FIT_ONLY] == 1 else loads[load]


@compiled
def base_of(
    row: int, closeness: int, mine: Arrays, theirs: Arrays, figures: Array, tables: Array, shares: Array, given: Array
) -> int:
    """Fill ``given`` with the parts of a row that need no text; gives their sum."""
    mn, mw, _, mh = mine
    tn, tw, ts, th = theirs
    region, at, today = region_of(tn, row, tables), ts[row], figures[TODAY]
    if figures[NEEDS] == 1:
        return fill(mn, mw, mh, 0, 0, tn, tw, th, row, at, closeness, region, today, shares, given)
    return fill(tn, tw, th, row, at, mn, mw, mh, 0, 0, closeness, region, today, shares, given)


@compiled
def structured(
    kind: int, fails: int, mine: Arrays, theirs: Arrays, rest: Arrays, asked: Arrays, tables: Array, firms: Array,
    found: Array, count: int, bases: Array,
) -> int:  # fmt: skip
    """Fill ``bases`` (count,) with what a row of the list gives without text, UNWANTED elsewhere.

    Gives the least of it from which on enough rows for a full list stand.
    """
    mn, mw, _, mh = mine
    tn, tw, ts, th = theirs
    firm_place, today, needs, shares = rest[2], asked[0][TODAY], asked[0][NEEDS], asked[5]
    given = np.empty(9, dtype=np.int64)
    levels = np.zeros(WHOLE // 50 + 1, dtype=np.int64)
    for at in range(count):
        row, closeness = found[at, 0], found[at, 1]
        bases[at] = UNWANTED
        if wanted(kind, found[at, 2], firms[firm_place[row], FITS] > 0) != fails:
            continue
        region = region_of(tn, row, tables)
        if needs == 1:
            bases[at] = fill(mn, mw, mh, 0, 0, tn, tw, th, row, ts[row], closeness, region, today, shares, given)
        else:
            bases[at] = fill(tn, tw, th, row, ts[row], mn, mw, mh, 0, 0, closeness, region, today, shares, given)
        levels[bases[at] // 50] += 1
    return levels_cut(levels)


@compiled
def levels_cut(levels: Array) -> int:
    """The level above which about AHEAD full lists of rows lie, in hundredths of a point."""
    rows = 0
    for level in range(len(levels) - 1, -1, -1):
        rows += levels[level]
        if rows >= AHEAD * 20:
            return level * 50
    return 0


@compiled
def select(
    kind: int, fails: int, mine: Arrays, theirs: Arrays, rest: Arrays, asked: Arrays, tables: Array, words: Arrays,
    firms: Array, found: Array, count: int, bases: Array, top: Array, size: int,
) -> int:  # fmt: skip
    """Put the best rows of one list that fail ``fails`` musts into ``top``; gives how many firms stand there.

    ``words`` is the asker's text. First the rows that lead without text, then the others, of which most cannot come
    among the best whatever their text says; what is dear to read of a text is read last, and only where it decides.
    """
    if size == len(top) and least_value(top, size) > WHOLE - FAILS_COST * fails:
        return size
    cut = structured(kind, fails, mine, theirs, rest, asked, tables, firms, found, count, bases)
    tn, key_rank, firm_place, starts, places, impacts = theirs[0], rest[3], rest[2], rest[7], rest[8], rest[9]
    code_starts, codes, token_starts, numbers = rest[10], rest[11], rest[12], rest[13]
    vectors, inverses = rest[14], rest[15]
    slots, told, weights, extra, kin, code_weights, tokens, vector = (
        words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]
    )  # fmt: skip
    share, needs, floor, shares = asked[5][1], asked[0][NEEDS], least_value(top, size), asked[7]
    for leading in (True, False):
        for at in range(count):
            if bases[at] == UNWANTED or (bases[at] >= cut) != leading:
                continue
            row = found[at, 0]
            load = load_of(tn[row, LOAD] if needs == 1 else mine[0][0, LOAD], asked[0], asked[6])
            short = needed(floor + FAILS_COST * fails, bases[at], load, share) if size == len(top) else -1
            if short > WHOLE:
                continue
            meaning = meaning_of(vector, told[INVERSE], vectors, inverses, row)
            if blend(WHOLE, meaning, WHOLE, WHOLE, shares) < short:
                continue
            taxonomy = taxonomy_of(
                code_starts[row], code_starts[row + 1], codes, needs, kin, code_weights, told[TOTAL]
            )  # fmt: skip
            same = identifiers_of(token_starts[row], token_starts[row + 1], numbers, needs, tokens, told[COUNT])
            if blend(WHOLE, meaning, taxonomy, same, shares) < short:
                continue
            lexical = lexical_of(
                starts[row], starts[row + 1], places, impacts, needs, slots, told[BOUND], weights, extra
            )  # fmt: skip
            text = blend(lexical, meaning, taxonomy, same, shares)
            value = max(bases[at] + text * share // 100 - load, 0) - FAILS_COST * fails
            if size == len(top) and value < floor:
                continue
            size = keep(top, size, value, key_rank[row], row, firm_place[row], at)
            floor = least_value(top, size)
    return size


@inlined
def needed(floor: int, base: int, load: int, share: int) -> int:
    """The least text factor with which a row can still reach ``floor``; above WHOLE where none is enough."""
    lack = floor + load - base
    if floor <= 0 or lack <= 0:
        return 0
    return -(-lack * 100 // share) if share else WHOLE + 1


@compiled
def least_value(top: Array, size: int) -> int:
    """The value that a row must reach to come among the best."""
    if size == 0:
        return -(1 << 62)
    least = top[0, VALUE]
    for place in range(1, size):
        least = min(least, top[place, VALUE])
    return least


@compiled
def details(
    top: Array, size: int, mine: Arrays, theirs: Arrays, rest: Arrays, asked: Arrays, tables: Array, words: Arrays,
    found: Array, given: Array, channels: Array,
) -> None:  # fmt: skip
    """Fill ``given`` (size, 9) with all parts of the rows in ``top`` and ``channels`` (size, 4) with those of texts."""
    needs = asked[0][NEEDS]
    for place in range(size):
        at = top[place, FOUND]
        row = found[at, 0]
        base = base_of(row, found[at, 1], mine, theirs, asked[0], tables, asked[5], given[place])
        text = read_channels(row, needs, rest, words, asked[7], channels[place])
        load = load_of(theirs[0][row, LOAD] if needs == 1 else mine[0][0, LOAD], asked[0], asked[6])
        given[place, 1] = text * asked[5][1] // 100
        given[place, 8] = -min(load, base + given[place, 1])


@compiled
def read_channels(row: int, needs: int, rest: Arrays, words: Arrays, shares: Array, channels: Array) -> int:
    """Fill ``channels`` (4,) for one row; gives the text factor."""
    told = words[1]
    channels[0] = lexical_of(
        rest[7][row], rest[7][row + 1], rest[8], rest[9], needs, words[0], told[BOUND], words[2], words[3]
    )  # fmt: skip
    channels[1] = meaning_of(words[7], told[INVERSE], rest[14], rest[15], row)
    channels[2] = taxonomy_of(
        rest[10][row], rest[10][row + 1], rest[11], needs, words[4], words[5], told[TOTAL]
    )  # fmt: skip
    channels[3] = identifiers_of(rest[12][row], rest[12][row + 1], rest[13], needs, words[6], told[COUNT])
    return blend(channels[0], channels[1], channels[2], channels[3], shares)
