"""A question answered by the compiled form: blocks and question handed over as arrays, lists made of what returns."""

from dataclasses import dataclass
from itertools import chain
from threading import local
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.kernels.passes import (
    ALONG,
    ASKED,
    BODY,
    EXCLUDED,
    FAILS,
    FITS,
    HIDES,
    KIND,
    NODE_STARTS,
    NOWHERE,
    ONE_SHORT,
    OWNER,
    OWNERS,
    PLACE_FOUND,
    ROW,
    SECOND_STARTS,
    SIDE,
    TOUCHED,
    TWO_SHORT,
    VALUE,
    Arrays,
    any_unserved,
    count_rows,
    firms_served,
    nearby,
    region_tables,
    survey,
    told_of_firms,
)
from matchmaking.engine.kernels.selecting import choose
from matchmaking.engine.kernels.sweeping import rows_left_out, sweep
from matchmaking.engine.kernels.texts import TEXTS, WORDS, hashed, quarters_of
from matchmaking.engine.scoring.building import KEY
from matchmaking.engine.scoring.questions import Asked, rows_apart
from matchmaking.engine.text.lexical import FULL_IMPACT
from matchmaking.engine.types import results
from matchmaking.engine.types.columns import Block, Market, Ragged, read_only
from matchmaking.engine.types.results import CHANNELS, FACTORS, MUSTS, Ranked, RankedLists

LEAST_SLOTS = 64
COUNTED = ((FITS,), (ONE_SHORT, TWO_SHORT), (ALONG,))
"""Kinds of rows that each list shows."""

_scratch = local()
_arrays: WeakKeyDictionary[Block, tuple[Arrays, Arrays, Arrays]] = WeakKeyDictionary()


@dataclass
class Desk:
    """Room that one thread works in: firms (f,), firms touched, and for each block the rows found and their sums."""

    firms: NDArray[np.uint16]
    touched: NDArray[np.int32]
    found: list[Arrays]
    bases: NDArray[np.int32]


@dataclass(frozen=True)
class Ground:
    """One block made ready for one question."""

    block: Block
    side: Arrays
    body: Arrays
    texts: Arrays
    there: Arrays
    tables: NDArray[Any]


@dataclass(frozen=True)
class Surveyed:
    """What a question found in one block."""

    ground: Ground
    found: Arrays
    counts: NDArray[np.int64]
    tops: NDArray[np.int64]
    given: NDArray[np.int64]
    channels: NDArray[np.int64]
    sizes: NDArray[np.int64]


def rank_compiled(question: Asked, market: Market, limit: int, *, others_under: int | None = None) -> RankedLists:
    """The lists of ``oracle.rank_plainly``, from the compiled form; near misses and neighbours stay empty where
    ``others_under`` firms or more fit.
    """
    grounds, mine, words = grounds_of(question, market), side_of(question.mine), words_of(question)
    direction = 1 if question.needs else 0
    sizes = [
        nearby(ground.body[NODE_STARTS], ground.body[SECOND_STARTS], question.near, direction) for ground in grounds
    ]
    desk = desk_for(market, sizes)
    dropped, touched = np.zeros(len(MUSTS), dtype=np.int64), 0
    blocks: list[Surveyed] = []
    asks = asked_arrays(question, [ground.block for ground in grounds])
    try:
        for ground, asked, found in zip(grounds, asks, desk.found, strict=False):
            one = room_for(ground, found, max(limit, results.NEAR_MISSES, results.NEIGHBOURS))
            one.counts[TOUCHED] = touched
            blocks.append(one)
            judge(one, mine, asked, desk, question)
            touched = int(one.counts[TOUCHED])
        are_enough = others_under is not None and firms_served(desk.firms, desk.touched, touched) >= others_under
        are_left = are_enough and any(any_unserved(desk.firms, one.found[OWNERS], one.counts) for one in blocks)
        mosts = mosts_of(limit, are_enough)
        for one, asked in zip(blocks, asks, strict=True):
            choose(
                mine, one.ground.side, one.ground.body, one.ground.texts, asked, one.ground.tables, words, desk.firms,
                one.found, one.counts, desk.bases, mosts, one.tops, one.given, one.channels, one.sizes,
            )  # fmt: skip
    finally:
        served = told_of_firms(
            desk.firms, desk.touched, max((int(one.counts[TOUCHED]) for one in blocks), default=0), dropped
        )
    lists = [best_of(place, int(most), blocks) for place, most in enumerate(mosts)]
    told = tuple((must, int(firms)) for must, firms in zip(MUSTS, dropped, strict=True) if firms)
    return RankedLists(lists[0], lists[1], lists[2], told, int(served), bool(are_left))


def mosts_of(limit: int, are_enough: bool) -> NDArray[np.int64]:
    """How many each list shows: matches alone where they are enough."""
    others = (0, 0) if are_enough else (results.NEAR_MISSES, results.NEIGHBOURS)
    return np.array([limit, *others], dtype=np.int64)


def judge(one: Surveyed, mine: Arrays, asked: Arrays, desk: Desk, question: Asked) -> None:
    """Find the rows of one block that may be shown, and note what each firm fails."""
    ground = one.ground
    if question.needs:
        own = 2 * int(question.mine.columns["enterprise"][0])
        left_out = rows_left_out(ground.body, np.array([own, own + 1, *asked[HIDES].tolist()]), asked[EXCLUDED])
        sweep(
            mine, ground.side, ground.body, ground.there, asked, ground.tables, left_out, desk.firms, desk.touched,
            one.found, one.counts,
        )  # fmt: skip
    survey(
        mine, ground.side, ground.body, ground.there, asked, ground.tables, desk.firms, desk.touched, one.found,
        one.counts,
    )  # fmt: skip


def room_for(ground: Ground, found: Arrays, most: int) -> Surveyed:
    """Empty arrays for what a question finds in a block."""
    return Surveyed(
        ground,
        found,
        np.zeros(TOUCHED + 1, dtype=np.int64),
        np.empty((len(COUNTED), most, KIND + 1), dtype=np.int64),
        np.empty((len(COUNTED), most, len(FACTORS)), dtype=np.int64),
        np.empty((len(COUNTED), most, len(CHANNELS)), dtype=np.int64),
        np.zeros(len(COUNTED), dtype=np.int64),
    )


def best_of(place: int, most: int, blocks: list[Surveyed]) -> tuple[Ranked, ...]:
    """The first ``most`` of one list over all blocks, one a firm."""
    best = []
    for one in blocks:
        size = int(one.sizes[place])
        tops, keys = one.tops[place, :size], one.ground.block.columns["key"]
        names = keys[tops[:, ROW]].tolist()
        best += [
            (-top[VALUE], name, top[OWNER], one, at)
            for at, (top, name) in enumerate(zip(tops.tolist(), names, strict=True))
        ]
    best.sort(key=lambda entry: entry[:2])
    firsts: dict[int, tuple[Surveyed, int]] = {}
    for _, _, owner, one, at in best:
        firsts.setdefault(owner, (one, at))
    chosen = dict(list(firsts.items())[:most])
    rows = rows_of_firms(list(chosen), place, blocks)
    return tuple(ranked_row(one, place, at, more - 1) for (one, at), more in zip(chosen.values(), rows, strict=True))


def rows_of_firms(owners: list[int], place: int, blocks: list[Surveyed]) -> list[int]:
    """How many rows of each firm the list could show."""
    rows, wanted = np.zeros(len(owners), dtype=np.int64), np.array(owners, dtype=np.int64)
    for one in blocks:
        for kind in COUNTED[place] if owners else ():
            count_rows(one.found[OWNERS], kind, one.counts[kind], wanted, rows)
    return list(rows.tolist())


def ranked_row(one: Surveyed, place: int, at: int, more: int) -> Ranked:
    """One row of a block as it stands in a list."""
    block, top, parts = one.ground.block, one.tops[place, at].tolist(), tuple(one.given[place, at].tolist())
    firm, alias = divmod(int(block.columns["firm"][top[ROW]]), 2)
    bits = int(one.found[FAILS][top[KIND], top[PLACE_FOUND]])
    key = block.columns["key"][top[ROW]].decode()
    return Ranked(key, firm, sum(parts), parts, bits, more, bool(alias), tuple(one.channels[place, at].tolist()))


def grounds_of(question: Asked, market: Market) -> list[Ground]:
    """The blocks of a market that hold anything, made ready."""
    shares = [(market.base, market.alive, market.base.columns["firm_place"])]
    if len(market.delta):
        shares.append((market.delta, np.ones(len(market.delta), dtype=np.bool_), market.delta_firms[0]))
    spans = question.mine.lists["regions"]
    point = question.mine.tables["points"][0] if len(question.mine) else np.zeros(3, dtype=np.int64)
    grounds = []
    for block, alive, firms in shares:
        if len(block):
            tables = region_tables(
                named(question.mine, "narrow"), (spans.columns["low"], spans.columns["high"]), point,
                block.tables["points"], block.tables["codes"],
            )  # fmt: skip
            grounds.append(Ground(block, *arrays_of(block), (read_only(alive), read_only(firms)), tables))
    return grounds


def arrays_of(block: Block) -> tuple[Arrays, Arrays, Arrays]:
    """The arrays of a block in the order of ``SIDE``, ``BODY`` and ``TEXTS``, looked up once a block."""
    if block not in _arrays:
        side, body, texts = (tuple(named(block, name) for name in names) for names in (SIDE, BODY, TEXTS))
        _arrays[block] = (side, body, texts)
    return _arrays[block]


def side_of(block: Block) -> Arrays:
    """The arrays of a block in the order of ``SIDE``."""
    return tuple(named(block, name) for name in SIDE)


def named(block: Block, name: str) -> NDArray[Any]:
    """An array of a block: a column, a table, the starts of a list, or a list's column behind a dot."""
    label, _, column = name.partition(".")
    if label in block.columns:
        return block.columns[label]
    if label in block.tables:
        return block.tables[label]
    ragged: Ragged = block.lists[label]
    return ragged.columns[column] if column else ragged.starts


def asked_arrays(question: Asked, blocks: list[Block]) -> list[Arrays]:
    """The question in the order of ``ASKED`` for each block; ``excluded`` are rows of the block."""
    told = {
        "figures": [question.today.toordinal(), question.needs, question.fit_only],
        "near": question.near,
        "readers": sorted(question.readers),
        "hides": 2 * question.mine.lists["hidden"].columns["enterprise"],
        "excluded": (),
        "shares": (*question.weights.shares(), 0),
        "loads": question.weights.load,
        "channels": [*chain.from_iterable(question.weights.channels), *question.weights.differences],
    }
    arrays = tuple(np.array(told[name], dtype=np.int64) for name in ASKED)
    return [(*arrays[:EXCLUDED], excluded_rows(question, block), *arrays[EXCLUDED + 1 :]) for block in blocks]


def excluded_rows(question: Asked, block: Block) -> NDArray[np.int64]:
    """Rows of a block that the question leaves out by their keys or that it may not meet yet, sorted."""
    apart = rows_apart(question, block).astype(np.int64)
    if not question.excluded:
        return apart
    names, by_key = block.columns["key"], block.columns["by_key"]
    keys = np.array(sorted(question.excluded), dtype=KEY)
    rows = by_key[np.minimum(np.searchsorted(names, keys, sorter=by_key), len(names) - 1)]
    return np.union1d(apart, rows[names[rows] == keys]).astype(np.int64)


def words_of(question: Asked) -> Arrays:
    """The asker's text in the order of ``WORDS``."""
    vocabulary, mine = question.vocabulary, question.mine
    terms, nodes = mine.lists["terms"].columns, mine.lists["named"].columns["node"]
    tokens = mine.lists["identifiers"].columns["number"]
    places = terms["place"].astype(np.int64)
    weights = vocabulary.weights_at(places)
    inverse, marks = int(mine.columns["inverse"][0]), int(mine.columns["signature"][0, -1])
    kin = question.kinship[nodes]
    code_weights = vocabulary.nodes[nodes]
    figures = [FULL_IMPACT * int(weights.sum()), int(code_weights.sum()), len(tokens), inverse, marks, question.manner]
    told = {
        "slots": slots_of(places, weights if question.needs else terms["impact"]),
        "told": np.array(figures, dtype=np.int64),
        "weights": read_only(vocabulary.weights),
        "extra": np.array(vocabulary.extra_weights, dtype=np.int64),
        "kin": kin if question.needs else kin.max(axis=0, initial=0, keepdims=True),
        "code_weights": code_weights if question.needs else np.asarray(vocabulary.nodes),
        "tokens": slots_of(tokens, np.ones(len(tokens), dtype=np.int64)),
        "vector": mine.columns["vector"][0].astype(np.float32),
        "quarters": quarters_of(read_only(places), read_only(weights)),
        "axes": np.array(question.axes, dtype=np.int64).reshape(-1, 3),
    }
    return tuple(read_only(told[name]) for name in WORDS)


def slots_of(places: NDArray[Any], values: NDArray[Any]) -> NDArray[np.int64]:
    """A table in which each place is found at once."""
    slots = np.empty((max(LEAST_SLOTS, 1 << (4 * len(places)).bit_length()), 2), dtype=np.int64)
    hashed(read_only(places.astype(np.int64)), read_only(values.astype(np.int64)), slots)
    return slots


def desk_for(market: Market, sizes: list[int]) -> Desk:
    """This thread's room, large enough for the market and the question; its firms are clear."""
    firms, rows = market.delta_firms[1], max(sizes, default=0) + 1
    desk: Desk | None = getattr(_scratch, "desk", None)
    if desk is None or len(desk.firms) < firms:
        desk = Desk(np.zeros(firms, dtype=np.uint16), np.empty(firms + 1, dtype=np.int32), [], np.empty(0, np.int32))
        _scratch.desk = desk
    for at, size in enumerate(sizes):
        if len(desk.found) == at:
            desk.found.append(found_room(size + 1))
        elif desk.found[at][0].shape[1] <= size:
            desk.found[at] = found_room(size + 1)
    if len(desk.bases) < rows:
        desk.bases = np.empty(rows, dtype=np.int32)
    return desk


def found_room(rows: int) -> Arrays:
    """Arrays in the order of ``passes.ROWS`` to ``passes.CLOSE`` for so many rows of each kind."""
    shape = (NOWHERE + 1, rows)
    return (
        np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.uint16), np.empty(shape, np.int32)
    )  # fmt: skip
