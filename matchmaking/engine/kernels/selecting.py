"""The best of what a survey found, one a firm: scored exactly, cut short where a row cannot come among the best."""

import numpy as np

from matchmaking.engine.kernels.bounding import LEVELS, UNWANTED, bound, ladders, level_of, levels_cut, load_of, weigh
from matchmaking.engine.kernels.judging import LOAD, Array, compiled, fill, inlined
from matchmaking.engine.kernels.passes import (
    ALONG,
    CHANNEL_SHARES,
    CLOSE,
    DIMENSIONS,
    FIGURES,
    FITS,
    KEY_RANK,
    KIND,
    LOADS,
    NEEDS,
    ONE_SHORT,
    OWNERS,
    PLACE_FOUND,
    ROW,
    ROWS,
    SHARES,
    TODAY,
    TWO_SHORT,
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
    MANNER,
    TOKEN_MARKS,
    TOTAL,
    across_of,
    blend,
    fit_of,
    identifiers_of,
    lexical_bound,
    lexical_of,
    meaning_of,
    taxonomy_of,
)
from matchmaking.engine.scoring.indexing import TERM_WORDS
from matchmaking.engine.types.results import SILENT

MATCHES, NEAR_MISSES, NEIGHBOURS = range(3)
"""The three lists."""
NO_FLOOR = -(1 << 29)
"""Instead of what a row must reach, while there is room for any."""
AHEAD = 4
"""So many times the rows wanted are scored first, so that the others are cut short."""
FAILS_COST = 20_000
"""More than any score: one failed must less comes first, whatever the scores."""


@compiled
def base_of(row: int, closeness: int, mine: Arrays, theirs: Arrays, asked: Arrays, tables: Array, given: Array) -> int:
    """Fill ``given`` with the parts of a row that need no text; gives their sum."""
    mn, mw, _, mh = mine
    tn, tw, ts, th = theirs
    region, at, today, shares = region_of(tn, row, tables), ts[row], asked[FIGURES][TODAY], asked[SHARES]
    if asked[FIGURES][NEEDS] == 1:
        return fill(mn, mw, mh, 0, 0, tn, tw, th, row, at, closeness, region, today, shares, given)
    return fill(tn, tw, th, row, at, mn, mw, mh, 0, 0, closeness, region, today, shares, given)


@compiled
def choose(
    mine: Arrays, theirs: Arrays, body: Arrays, texts: Arrays, asked: Arrays, tables: Array, words: Arrays,
    firms: Array, found: Arrays, counts: Array, bases: Array, mosts: Array, tops: Array, given: Array,
    channels: Array, sizes: Array,
) -> None:  # fmt: skip
    """Fill ``tops`` (3, most, 6) with the best rows of each list, at most ``mosts`` of them, and ``sizes`` with how
    many there are; ``given`` (3, most, 9) and ``channels`` (3, most, 4) are their parts.
    """
    room, parts = np.empty(9, dtype=np.int64), ladders(mine, asked, tables, body[DIMENSIONS])
    for place in range(3):
        top = tops[place, : mosts[place]]
        kind, last, size = FITS, FITS, 0
        if place == NEAR_MISSES:
            kind, last = ONE_SHORT, TWO_SHORT
        if place == NEIGHBOURS:
            kind, last = ALONG, ALONG
        while kind <= last:
            cost = FAILS_COST * (kind if place == NEAR_MISSES else 0)
            if len(top) and (size < len(top) or least_value(top, size) <= WHOLE - cost):
                levels = np.zeros(LEVELS, dtype=np.int64)
                if asked[FIGURES][NEEDS] == 1:
                    bound(kind, parts, body, asked, firms, found, counts[kind], bases, levels)
                else:
                    weigh(kind, mine, theirs, asked, tables, firms, found, counts[kind], bases, levels)
                size = select(
                    kind, cost, levels_cut(levels, AHEAD * len(top)), mine, theirs, body, texts, asked, tables, words,
                    found, counts[kind], bases, levels, room, top, size,
                )  # fmt: skip
            kind += 1
        sizes[place] = size
        details(top, size, mine, theirs, texts, asked, tables, words, found, given[place], channels[place])


@compiled
def select(
    kind: int, cost: int, cut: int, mine: Arrays, theirs: Arrays, body: Arrays, texts: Arrays, asked: Arrays,
    tables: Array, words: Arrays, found: Arrays, count: int, bases: Array, levels: Array, given: Array, top: Array,
    size: int,
) -> int:  # fmt: skip
    """Put the best rows of a kind into ``top``, each worth ``cost`` less than its score; gives the firms in it.

    ``words`` is the asker's text, ``bases`` what a row gives at most without text. Rows that lead by it come first;
    what they reach drops most others by what their text can say at most; of the rest those that lead come first again.
    """
    key_rank, rows, owners, close = body[KEY_RANK], found[ROWS][kind], found[OWNERS][kind], found[CLOSE][kind]
    share, inverse = asked[SHARES][1], words[1][INVERSE]
    vectors, inverses, vector, shares = texts[7], texts[8], words[7], asked[CHANNEL_SHARES]
    for step in range(3):
        floor = floor_of(top, size, cost)
        if step == 1:
            cut = tighten(bases, count, floor, rows, texts, asked, words, levels, AHEAD * len(top))
        for at in range(count):
            most = int(np.int64(bases[at]))
            if most == UNWANTED or (most < cut and step < 2) or (step > 0 and most < floor):
                continue
            bases[at], row = UNWANTED, int(np.int64(rows[at]))
            base = base_of(row, close[at], mine, theirs, asked, tables, given)
            load = theirs[0][row, LOAD] if asked[FIGURES][NEEDS] == 1 else mine[0][0, LOAD]
            base -= load_of(load, asked[FIGURES], asked[LOADS])
            short = needed(floor, base, share)
            if short > WHOLE:
                continue
            meaning = meaning_of(vector, inverse, vectors, inverses, row)
            fit = fit_of(row, asked[FIGURES][NEEDS], words[1], words[9], texts[11], texts[12], shares)
            across = across_of(words[1][MANNER], texts[11][row])
            if blend(WHOLE, meaning, WHOLE, WHOLE, shares, across) * fit // 100 < short:
                continue
            text = text_of(row, meaning, across, fit, short, asked, texts, words)
            value = max(base + text * share // 100, 0) - cost
            if text == SILENT or value + cost < floor:
                continue
            size = keep(top, size, value, key_rank[row], row, owners[at], at, kind)
            floor = floor_of(top, size, cost)
    return size


@compiled
def text_of(
    row: int, meaning: int, across: int, fit: int, short: int, asked: Arrays, texts: Arrays, words: Arrays
) -> int:
    """The text factor of a row whose ``meaning`` is known, SILENT where it does not come to ``short``."""
    needs, shares, told = asked[FIGURES][NEEDS], asked[CHANNEL_SHARES], words[1]
    lexical = lexical_bound(row, texts[9], texts[10], words[8], told[BOUND]) if needs == 1 else WHOLE
    same = identifiers_of(texts[5][row], texts[5][row + 1], texts[6], needs, words[6], told[COUNT])
    if blend(lexical, meaning, WHOLE, same, shares, across) * fit // 100 < short:
        return SILENT
    taxonomy = taxonomy_of(
        texts[3][row], texts[3][row + 1], texts[4], needs, words[4], words[5], told[TOTAL]
    )  # fmt: skip
    if blend(lexical, meaning, taxonomy, same, shares, across) * fit // 100 < short:
        return SILENT
    lexical = lexical_of(
        texts[0][row], texts[0][row + 1], texts[1], texts[2], needs, words[0], told[BOUND], words[2], words[3]
    )  # fmt: skip
    return blend(lexical, meaning, taxonomy, same, shares, across) * fit // 100


@compiled
def tighten(
    bases: Array, count: int, floor: int, rows: Array, texts: Arrays, asked: Arrays, words: Arrays, levels: Array,
    wanted: int,
) -> int:  # fmt: skip
    """Add to ``bases`` the most that each row's text can give, and drop rows that cannot reach ``floor``; gives the sum
    that about ``wanted`` rows have.
    """
    inverses, signature, strongest, told, quarters = texts[8], texts[9], texts[10], words[1], words[8]
    needs, shares, share = asked[FIGURES][NEEDS], asked[CHANNEL_SHARES], asked[SHARES][1]
    whole = WHOLE * share // 100
    for level in range(len(levels)):
        levels[level] = 0
    for at in range(count):
        most = int(np.int64(bases[at]))
        if most == UNWANTED:
            continue
        if most + whole >= floor and needs == 1:
            row = int(np.int64(rows[at]))
            across, fit = (
                across_of(told[MANNER], texts[11][row]),
                fit_of(row, needs, told, words[9], texts[11], texts[12], shares),
            )
            text = text_bound(row, told, inverses, signature, strongest, quarters, shares, across)
            most += text * fit // 100 * share // 100
        else:
            most += whole
        bases[at] = most if most >= floor else UNWANTED
        if most >= floor:
            levels[level_of(most)] += 1
    return levels_cut(levels, wanted)


@inlined
def text_bound(
    row: int, told: Array, inverses: Array, signature: Array, strongest: Array, quarters: Array, shares: Array,
    across: int,
) -> int:  # fmt: skip
    """The most that the text factor of an asking need with a row can be, without reading the row's text."""
    meaning = SILENT if told[INVERSE] == 0 or inverses[row] == 0 else WHOLE
    lexical = lexical_bound(row, signature, strongest, quarters, told[BOUND])
    same = WHOLE if signature[row, TERM_WORDS] & told[TOKEN_MARKS] else 0
    return blend(lexical, meaning, WHOLE, same if told[COUNT] else SILENT, shares, across)


@inlined
def needed(floor: int, base: int, share: int) -> int:
    """The least text factor with which a row can still reach ``floor``; above WHOLE where none is enough."""
    lack = floor - base
    if floor <= 0 or lack <= 0:
        return 0
    return -(-lack * 100 // share) if share else WHOLE + 1


@inlined
def floor_of(top: Array, size: int, cost: int) -> int:
    """What a row's sum must reach to come among the best. A sum below nothing counts as nothing, so that where nothing
    is enough no row can be left out for its sum.
    """
    if size < len(top):
        return NO_FLOOR
    floor = least_value(top, size) + cost
    return floor if floor > 0 else NO_FLOOR


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
    top: Array, size: int, mine: Arrays, theirs: Arrays, texts: Arrays, asked: Arrays, tables: Array, words: Arrays,
    found: Arrays, given: Array, channels: Array,
) -> None:  # fmt: skip
    """Fill ``given`` (size, 9) with all parts of the rows in ``top`` and ``channels`` (size, 4) with those of texts."""
    needs = asked[FIGURES][NEEDS]
    for place in range(size):
        row, closeness = top[place, ROW], found[CLOSE][top[place, KIND], top[place, PLACE_FOUND]]
        base = base_of(row, closeness, mine, theirs, asked, tables, given[place])
        text = read_channels(row, needs, texts, words, asked[CHANNEL_SHARES], channels[place])
        load = load_of(theirs[0][row, LOAD] if needs == 1 else mine[0][0, LOAD], asked[FIGURES], asked[LOADS])
        given[place, 1] = text * asked[SHARES][1] // 100
        given[place, 8] = -min(load, base + given[place, 1])


@compiled
def read_channels(row: int, needs: int, texts: Arrays, words: Arrays, shares: Array, channels: Array) -> int:
    """Fill ``channels`` (4,) for one row; gives the text factor."""
    told = words[1]
    channels[0] = lexical_of(
        texts[0][row], texts[0][row + 1], texts[1], texts[2], needs, words[0], told[BOUND], words[2], words[3]
    )  # fmt: skip
    channels[1] = meaning_of(words[7], told[INVERSE], texts[7], texts[8], row)
    channels[2] = taxonomy_of(
        texts[3][row], texts[3][row + 1], texts[4], needs, words[4], words[5], told[TOTAL]
    )  # fmt: skip
    channels[3] = identifiers_of(texts[5][row], texts[5][row + 1], texts[6], needs, words[6], told[COUNT])
    fit = fit_of(row, needs, told, words[9], texts[11], texts[12], shares)
    across = across_of(told[MANNER], texts[11][row])
    return blend(channels[0], channels[1], channels[2], channels[3], shares, across) * fit // 100
