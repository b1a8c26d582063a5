"""What the ranking is measured against: the same sums for every posting, none cut short, and text before all else."""

from collections.abc import Sequence

import numpy as np

from matchmaking.engine.kernels.bounding import load_of
from matchmaking.engine.kernels.judging import (
    DIRECTION,
    LOAD,
    NODE,
    REGION,
    REGION_BIT,
    Array,
    asked_total,
    compiled,
    days_of,
    fill,
    least_of,
    until_of,
    verdict,
)
from matchmaking.engine.kernels.lists import asked_arrays, grounds_of, side_of, words_of
from matchmaking.engine.kernels.passes import (
    ALIVE,
    CHANNEL_SHARES,
    FIGURES,
    FIRM_PLACE,
    KEY_RANK,
    LOADS,
    MARKS,
    NEAR,
    NODE_STARTS,
    SECOND_STARTS,
    SHARES,
    TODAY,
    Arrays,
    is_shut,
    keep,
    nearby,
    nearest_further,
    region_of,
)
from matchmaking.engine.kernels.selecting import read_channels
from matchmaking.engine.scoring.layout import FURTHER
from matchmaking.engine.scoring.questions import Asked
from matchmaking.engine.types.columns import Market

CAPACITY = 1
ROW_BYTES = 4 * 8 + 6 * 4 + 1 + 1 + 1 + 4 + 2 + 4
"""Bytes of a row that the sweep reads and writes: amounts, days, period, marks, presence, firm and what it failed."""


@compiled
def scan(
    mine: Arrays, theirs: Arrays, body: Arrays, there: Arrays, said: Arrays, asked: Arrays, tables: Array,
    words: Arrays, texts: Array, top: Array,
) -> int:  # fmt: skip
    """Score every capacity for a need on all factors; gives how many firms stand in ``top``, and all ``texts`` (n,)."""
    mn, mw, _, mh = mine
    tn, tw, ts, th = theirs
    near, today, shares, loads = asked[NEAR], asked[FIGURES][TODAY], asked[SHARES], asked[LOADS]
    days = days_of(mn, 0)
    total = asked_total(mn, mw, 0, days)
    least, deadline = least_of(mn, 0, total), until_of(mn, 0, today)
    given, channels, size = np.empty(9, dtype=np.int64), np.empty(4, dtype=np.int64), 0
    for row in range(len(tn)):
        texts[row] = -1
        if tn[row, DIRECTION] != CAPACITY or not there[ALIVE][row]:
            continue
        at, closeness = ts[row], near[tn[row, NODE]]
        if body[MARKS][row] & FURTHER:
            closeness = max(closeness, nearest_further(th, at, near))
        bits = verdict(mn, mw, mh, 0, 0, tn, tw, th, row, at, closeness, today, days, total, least, deadline)
        bits |= REGION_BIT * is_shut(tn, row, th, at, tables, mn[0, REGION])
        region = region_of(tn, row, tables)
        base = fill(mn, mw, mh, 0, 0, tn, tw, th, row, at, closeness, region, today, shares, given)
        text = read_channels(row, CAPACITY, said, words, asked[CHANNEL_SHARES], channels)
        texts[row] = text
        value = max(base + text * shares[1] // 100 - load_of(tn[row, LOAD], asked[FIGURES], loads), 0)
        if bits == 0 and tw[row, 7] != mw[0, 7]:
            size = keep(top, size, value, body[KEY_RANK][row], row, there[FIRM_PLACE][row], 0, 0)
    return size


def scanned(question: Asked, market: Market, limit: int) -> tuple[list[str], list[str]]:
    """Keys of the best ``limit`` capacities for a need by scoring all of them, and of all capacities best by text.

    Without changes on top of the market, and for askers from whom nothing is hidden.
    """
    ground = grounds_of(question, market)[0]
    top, texts = np.empty((limit, 6), dtype=np.int64), np.empty(len(ground.block), dtype=np.int64)
    size = scan(
        side_of(question.mine), ground.side, ground.body, ground.there, ground.texts,
        asked_arrays(question, [ground.block])[0], ground.tables, words_of(question), texts, top,
    )  # fmt: skip
    order = np.lexsort((top[:size, 1], -top[:size, 0]))
    keys = ground.block.columns["key"]
    return [keys[row].decode() for row in top[order, 2]], [keys[row].decode() for row in leading(texts)]


def leading(texts: Array, most: int = 1000) -> Sequence[int]:
    """The rows whose text is best."""
    count = min(most, len(texts))
    return list(np.argpartition(-texts, count - 1)[:count]) if count else []


def bytes_touched(question: Asked, market: Market) -> int:
    """About how many bytes of the market a question reads before texts are compared."""
    ground = grounds_of(question, market)[0]
    rows = nearby(ground.body[NODE_STARTS], ground.body[SECOND_STARTS], question.near, CAPACITY)
    return int(rows) * ROW_BYTES


def megabytes(count: int) -> Array:
    """An array of so many megabytes, to be read once for the bandwidth of this machine's memory."""
    return np.ones(count << 17, dtype=np.int64)


def region_rows(question: Asked, market: Market) -> dict[int, tuple[int, int]]:
    """For each region code of the market: how near it is and what a border preferring rule gives, for rivals in SQL."""
    ground = grounds_of(question, market)[0]
    codes = ground.block.tables["codes"].tolist()
    return {code: (int(row[3]), int(row[4])) for code, row in zip(codes, ground.tables, strict=True)}
