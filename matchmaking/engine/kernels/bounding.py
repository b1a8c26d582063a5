"""How much a pair can reach at most, from figures that lie side by side: what the rows are ordered and dropped by.

Every part but two is the part itself, looked up in a short table that is made once a question. What is asked for in
certificates and parameters counts in full, and the share covered is rounded up. Source: ``judging.fill``.
"""

import numpy as np

from matchmaking.engine.constraints import DAYS_PARTS, MONTH_PARTS, STALE_DAYS, YEAR_PARTS
from matchmaking.engine.kernels.judging import (
    CHECKED,
    CONFIRMED,
    DIMENSION,
    LEAD,
    LOAD,
    MONTH,
    ONCE,
    OUTCOMES,
    START,
    Array,
    asked_total,
    compiled,
    days_of,
    fill,
    fresh,
    inlined,
    lead_fit,
    trusted,
)
from matchmaking.engine.kernels.passes import (
    AMOUNTS,
    BORDER_FIT,
    CLOSE,
    DAYS,
    FIGURES,
    FIT_ONLY,
    FITS,
    LOADS,
    NEAR_FIT,
    OWN,
    OWNERS,
    ROWS,
    SERVED,
    SHARES,
    STANDING,
    TODAY,
    WHOLE,
    Arrays,
    region_of,
)
from matchmaking.engine.kernels.sweeping import CONFIRMED_ON, LEADS, LEFT, PERIODS, PLACES, STANDINGS, UNITS, place_of
from matchmaking.engine.scoring.factors import LATE_DAYS, OUTCOME_STEPS
from matchmaking.engine.scoring.layout import BORDER_AT, LOAD_AT, OUTCOMES_AT, VERIFIED_BIT
from matchmaking.engine.types.columns import UNKNOWN

UNWANTED = -(1 << 30)
"""Instead of a sum: the row is not to be shown."""
STEP = 50
"""Rows are told apart by so many hundredths of a point when they are put in order."""
LEVELS = 2 * WHOLE // STEP
"""Steps that there may be."""
LEAST_OUTCOMES = (0, *(least for least, _ in reversed(OUTCOME_STEPS)))
"""Least outcomes of each step that a row's standing tells."""


@inlined
def load_of(load: int, figures: Array, loads: Array) -> int:
    """What the load of the pair's capacity takes away at most."""
    return 0 if figures[FIT_ONLY] == 1 else loads[load]


@compiled
def ladders(mine: Arrays, asked: Arrays, tables: Array, dimensions: Array) -> Arrays:
    """Parts of a need's pairs in hundredths of a point: of regions without and with a liking for the other province
    (regions, 2), by age of the confirmation in days, by standing, and by days late (the last: no lead time told); how
    much of the need one unit covers per period; days allowed and place of the need's dimension.
    """
    mn, mw = mine[0], mine[1]
    today, shares, figures, loads = asked[FIGURES][TODAY], asked[SHARES], asked[FIGURES], asked[LOADS]
    regions = np.empty((len(tables), 2), dtype=np.int64)
    for place in range(len(tables)):
        regions[place, 0] = (tables[place, OWN] + tables[place, NEAR_FIT]) // 2 * shares[5] // 100
        regions[place, 1] = (tables[place, OWN] + tables[place, BORDER_FIT]) // 2 * shares[5] // 100
    ages = np.empty(STALE_DAYS + 1, dtype=np.int64)
    for age in range(len(ages)):
        ages[age] = (fresh(today - mn[0, CONFIRMED]) + fresh(age)) // 2 * shares[6] // 100
    standings, told = np.empty(2 << BORDER_AT, dtype=np.int64), np.zeros((1, mn.shape[1]), dtype=np.int32)
    for code in range(len(standings)):
        told[0, CHECKED], told[0, OUTCOMES] = code & VERIFIED_BIT, LEAST_OUTCOMES[code >> OUTCOMES_AT & 3]
        load = load_of(min(code >> LOAD_AT & 3, 2), figures, loads)
        standings[code] = (trusted(mn, 0) + trusted(told, 0)) // 2 * shares[7] // 100 - load
    allowed = mn[0, LEAD] if mn[0, LEAD] != UNKNOWN else max(mn[0, START] - today, 0)
    lates = np.empty(LATE_DAYS + 2, dtype=np.int64)
    for late in range(LATE_DAYS + 1):
        lates[late] = lead_fit(mn, 0, allowed + late, today) * shares[3] // 100
    lates[LATE_DAYS + 1] = lead_fit(mn, 0, UNKNOWN, today) * shares[3] // 100
    days = days_of(mn, 0)
    whole = WHOLE / max(asked_total(mn, mw, 0, days), 1)
    covers = np.array([whole, whole * days * MONTH_PARTS / DAYS_PARTS, whole * days * YEAR_PARTS / DAYS_PARTS])
    return regions, ages, standings, lates, covers, np.array([allowed, place_of(dimensions, mw[0, DIMENSION])])


@inlined
def level_of(base: int) -> int:
    """The step that a sum without text stands on."""
    return max(base, 0) // STEP


@compiled
def bound(
    kind: int, parts: Arrays, body: Arrays, asked: Arrays, firms: Array, found: Arrays, count: int, bases: Array,
    levels: Array,
) -> None:  # fmt: skip
    """Fill ``bases`` (count,) with the most that rows of a kind give a need without text, UNWANTED for served firms.

    ``parts`` are the need's ``ladders``.
    """
    regions, ages, standings, lates, covers, facts = parts
    amounts, days, standing, shares, today = (
        body[AMOUNTS],
        body[DAYS],
        body[STANDING],
        asked[SHARES],
        asked[FIGURES][TODAY],
    )
    rows, owners, close = found[ROWS][kind], found[OWNERS][kind], found[CLOSE][kind]
    allowed, unit, today = facts[0], facts[1], asked[FIGURES][TODAY]
    once, month, year, all_met = covers[0], covers[1], covers[2], WHOLE * shares[4] // 100
    for at in range(count):
        if kind != FITS and firms[owners[at]] & SERVED:
            bases[at] = UNWANTED
            continue
        row = rows[at]
        lead, period, told = days[LEADS, row], standing[PERIODS, row], standing[STANDINGS, row]
        part = once if period == ONCE else (month if period == MONTH else year)
        share = np.int64(min(amounts[LEFT, row] * part, WHOLE - 1.0)) + 1 if days[UNITS, row] == unit else 0
        late = LATE_DAYS + 1 if lead == UNKNOWN else min(max(lead - allowed, 0), LATE_DAYS)
        base = close[at] * shares[0] // 100 + share * shares[2] // 100 + lates[late] + all_met
        base += regions[days[PLACES, row], told >> BORDER_AT & 1] + standings[told]
        base += ages[min(max(today - days[CONFIRMED_ON, row], 0), STALE_DAYS)]
        bases[at] = base
        levels[level_of(base)] += 1


@compiled
def weigh(
    kind: int, mine: Arrays, theirs: Arrays, asked: Arrays, tables: Array, firms: Array, found: Arrays, count: int,
    bases: Array, levels: Array,
) -> None:  # fmt: skip
    """Fill ``bases`` as ``bound`` does, for an asking capacity, with what the rows give without text exactly."""
    mn, mw, _, mh = mine
    tn, tw, ts, th = theirs
    rows, owners, close = found[ROWS][kind], found[OWNERS][kind], found[CLOSE][kind]
    today, shares, given = asked[FIGURES][TODAY], asked[SHARES], np.empty(9, dtype=np.int64)
    load = load_of(mn[0, LOAD], asked[FIGURES], asked[LOADS])
    for at in range(count):
        if kind != FITS and firms[owners[at]] & SERVED:
            bases[at] = UNWANTED
            continue
        row = int(np.int64(rows[at]))
        region = region_of(tn, row, tables)
        bases[at] = fill(
            tn, tw, th, row, ts[row], mn, mw, mh, 0, 0, close[at], region, today, shares, given
        ) - load  # fmt: skip
        levels[level_of(bases[at])] += 1


@compiled
def levels_cut(levels: Array, wanted: int) -> int:
    """The step above which about ``wanted`` rows lie, in hundredths of a point."""
    rows = 0
    for level in range(len(levels) - 1, -1, -1):
        rows += levels[level]
        if rows >= wanted:
            return level * STEP
    return UNWANTED + 1
