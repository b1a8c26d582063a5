"""How columns lie in memory: records of one cache line, and tables that lead from a node or a firm to its rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.geography import LIST, OTHER_PROVINCE, RADIUS
from matchmaking.engine.scoring.factors import OUTCOME_STEPS
from matchmaking.engine.types.columns import (
    NARROW,
    NARROW_LIMIT,
    WIDE,
    Block,
    Columns,
    Ints,
    Ragged,
    read_only,
    viewed,
)

PACKED = {
    "asked_certificates": ("code", "must"),
    "held_certificates": ("code", "until"),
    "asked_parameters": ("code", "operator", "kind", "value", "must"),
    "offered_parameters": ("code", "kind", "value"),
    "further": ("node",),
    "hidden": ("enterprise",),
    "regions": ("low", "high"),
    "calendar": ("first", "last", "left"),
}
"""Lists of a row as they follow each other in its record of lists, and the columns of their entries."""
HEAD = 2
"""Numbers before a row's lists: four counts of sixteen bits in each."""
COUNT = 0xFFFF
"""Mask of one count; longer lists are refused."""
PLACE = NARROW.index("place")
ASKING = ("key", "wide", "vector", "inverse", "signature", "manner", "variants")
"""Columns of a row that a question reads of its asker, beside the record of small figures."""
UNPACKED = ("terms", "named", "identifiers", "early")
"""Lists that are no part of the record: what a text says, and who may know of the few rows that are not open yet."""
FURTHER, HIDDEN, REGIONS, CALENDAR = 1, 2, 4, 8
"""Marks of rows that have lists of these names, so that most rows need no look at them; spans only where they rule."""

AMOUNTS = ("quantity", "left", "minimum_order", "price_min")
"""Lanes of 64 bits: one figure of all rows side by side, to be compared many at a time."""
DAYS = ("start", "end", "confirmed", "lead", "reach", "place", "dimension")
"""Lanes of 32 bits; ``dimension`` counts the block's dimensions, ``reach`` is how many km a row's region rule goes."""
ANYWHERE, NOWHERE = 1 << 30, -1
"""Reach of a row whose rule shuts nobody out by distance, and of one that lets nobody in."""
VERIFIED_BIT, OUTCOMES_AT, LOAD_AT, BORDER_AT = 1, 1, 3, 5
"""A row's standing in one byte: verified, step of its outcomes, load, and whether it prefers the other province."""


def laid_out(
    figures: Mapping[str, Ints], keys: NDArray[Any], lists: Mapping[str, Ragged], nodes: int
) -> tuple[Columns, dict[str, NDArray[Any]]]:
    """Columns and tables of a block from its figures (n,) by name, rows in order of direction, node and region."""
    order = np.argsort(keys, kind="stable")
    rank = np.empty(len(keys), dtype=np.int32)
    rank[order] = np.arange(len(keys), dtype=np.int32)
    firms, places = np.unique(figures["firm"], return_inverse=True)
    wide = np.stack([figures[name] for name in WIDE], axis=1)
    narrow = np.stack([np.clip(figures[name], -NARROW_LIMIT, NARROW_LIMIT) for name in NARROW], axis=1)
    columns: dict[str, NDArray[Any]] = {
        "key": keys,
        "by_key": order,
        "key_rank": rank,
        "firm_place": places.astype(np.int32).reshape(len(keys)),
        "marks": marks_of(lists, figures["rule"]),
        "wide": wide.astype(np.int64),
        "narrow": narrow.astype(np.int32),
    }
    tables: dict[str, NDArray[Any]] = {
        "firms": firms,
        "node_starts": node_starts(figures["direction"], figures["node"], nodes),
        **record_of_lists(lists, len(keys)),
        **seconds_of(lists["further"], nodes),
        **rows_by_firm(places.reshape(len(keys)), len(firms)),
        **lanes_of(figures, columns["marks"]),
    }
    return viewed({name: read_only(column) for name, column in columns.items()}), {
        name: read_only(table) for name, table in tables.items()
    }


def marks_of(lists: Mapping[str, Ragged], rule: Ints) -> NDArray[np.uint8]:
    """Which rows have further nodes, firms that they are hidden from, spans of regions, a calendar: bits, (n,)."""
    marks = np.zeros(len(rule), dtype=np.uint8)
    for mark, name in ((FURTHER, "further"), (HIDDEN, "hidden"), (REGIONS, "regions"), (CALENDAR, "calendar")):
        marks |= (np.diff(lists[name].starts) > 0).astype(np.uint8) * np.uint8(mark)
    return marks & ~(REGIONS * (rule != LIST)).astype(np.uint8)


def record_of_lists(lists: Mapping[str, Ragged], count: int) -> dict[str, NDArray[Any]]:
    """All lists of a row one after another behind their counts: where each row begins (n + 1,), and the numbers.

    Raises ValueError for a list of more than 65,535 entries.
    """
    lengths = [np.diff(lists[name].starts) for name in PACKED]
    if count and max(int(length.max()) for length in lengths) > COUNT:
        raise ValueError("a list of a posting is too long")
    sizes = np.full(count, HEAD, dtype=np.int64)
    for names, length in zip(PACKED.values(), lengths, strict=True):
        sizes += len(names) * length
    starts = np.zeros(count + 1, dtype=np.int64)
    starts[1:] = np.cumsum(sizes)
    heap = np.zeros(int(starts[-1]), dtype=np.int64)
    begins = starts[:-1] + HEAD
    for place, (name, names) in enumerate(PACKED.items()):
        length, ragged = lengths[place], lists[name]
        heap[starts[:-1] + place // 4] |= length << (16 * (place % 4))
        owners, entries = ragged.entries(np.arange(count, dtype=np.int64))
        spots = begins[owners] + (entries - ragged.starts[:-1][owners]) * len(names)
        for step, column in enumerate(names):
            heap[spots + step] = ragged.columns[column][entries]
        begins = begins + length * len(names)
    return {"heap_starts": starts, "heap": heap}


def node_starts(directions: Ints, nodes: Ints, count: int) -> Ints:
    """First row of each node, (2, count + 2): rows of node k and direction d are [d, k + 1] to [d, k + 2]."""
    wanted = np.arange(-1, count + 1)
    starts = np.zeros((2, count + 2), dtype=np.int64)
    needs = int(np.searchsorted(directions, 1))
    starts[0] = np.searchsorted(nodes[:needs], wanted)
    starts[1] = needs + np.searchsorted(nodes[needs:], wanted)
    return starts


def seconds_of(further: Ragged, count: int) -> dict[str, NDArray[Any]]:
    """Rows that name a node beside their first, by that node."""
    owners = np.repeat(np.arange(len(further.starts) - 1), np.diff(further.starts))
    nodes = further.columns["node"]
    order = np.argsort(nodes, kind="stable")
    starts = np.zeros(count + 1, dtype=np.int64)
    starts[1:] = np.cumsum(np.bincount(nodes, minlength=count)) if count else 0
    return {"second_starts": starts, "second_rows": owners[order].astype(np.int32)}


def rows_by_firm(places: Ints, firms: int) -> dict[str, NDArray[Any]]:
    """Rows of each firm, as others tell firms apart."""
    starts = np.zeros(firms + 1, dtype=np.int64)
    starts[1:] = np.cumsum(np.bincount(places, minlength=firms)) if firms else 0
    return {"firm_starts": starts, "firm_rows": np.argsort(places, kind="stable").astype(np.int32)}


def span_to(end: int) -> Ints:
    """The starts of a single list."""
    return read_only(np.array((0, end), dtype=np.int64))


NOTHING = {
    name: Ragged(span_to(0), {column: read_only(np.empty(0, dtype=np.int64)) for column in columns})
    for name, columns in PACKED.items()
}
"""A single list without entries, by name: most rows have few of them."""


def row_alone(block: Block, at: int) -> Block:
    """One row of a block as a block that asks: what a question reads of its asker, as if it had been built alone."""
    narrow = np.array(block.columns["narrow"][at : at + 1])
    region = int(narrow[0, PLACE])
    narrow[0, PLACE] = 0
    columns = {name: alone(block.columns[name], at) for name in ASKING}
    first, last = block.tables["heap_starts"][at : at + 2].tolist()
    lists = {}
    for name in (*PACKED, *UNPACKED):
        ragged = block.lists[name]
        start, end = ragged.starts[at : at + 2].tolist()
        if start == end and name in NOTHING:
            lists[name] = NOTHING[name]
            continue
        entries = {column: read_only(np.array(values[start:end])) for column, values in ragged.columns.items()}
        lists[name] = Ragged(span_to(end - start), entries)
    tables = {
        "heap": read_only(np.array(block.tables["heap"][first:last])),
        "heap_starts": span_to(last - first),
        "points": alone(block.tables["points"], region),
        "codes": alone(block.tables["codes"], region),
    }
    return Block(viewed({**columns, "narrow": read_only(narrow)}), lists, tables)


def alone(column: NDArray[Any], at: int) -> NDArray[Any]:
    """One entry of a column, in memory of its own."""
    return read_only(np.array(column[at : at + 1]))


def lanes_of(figures: Mapping[str, Ints], marks: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Figures that every near row is judged by, (figures, n) each, and the dimensions that their lane counts."""
    dimensions, places = np.unique(figures["dimension"], return_inverse=True)
    rule = figures["rule"]
    shut = np.where((rule == LIST) & (marks & REGIONS == 0), NOWHERE, ANYWHERE)
    told = {
        **figures,
        "reach": np.where(rule == RADIUS, figures["radius"], shut),
        "dimension": places.reshape(len(rule)),
    }
    steps = np.searchsorted([least for least, _ in reversed(OUTCOME_STEPS)], figures["outcomes"], side="right")
    standing = figures["verified"] | steps << OUTCOMES_AT | figures["load"] << LOAD_AT
    standing |= (rule == OTHER_PROVINCE).astype(np.int64) << BORDER_AT
    return {
        "dimensions": dimensions,
        "amounts": np.stack([figures[name] for name in AMOUNTS]).astype(np.int64),
        "days": np.stack([told[name] for name in DAYS]).astype(np.int32),
        "standing": np.stack([figures["period"], standing]).astype(np.uint8),
    }
