"""A question answered by the compiled form: blocks and question handed over as arrays, lists made of what returns."""

from dataclasses import dataclass
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.kernels.passes import (
    ALONG,
    ASKED,
    FITS,
    FOUND,
    NEARLY,
    OWNER,
    REST,
    ROW,
    SIDE,
    VALUE,
    Arrays,
    forget,
    nearby,
    region_tables,
    survey,
    told_of_firms,
)
from matchmaking.engine.kernels.selecting import MATCHES, NEAR_MISSES, NEIGHBOURS, details, select
from matchmaking.engine.kernels.texts import WORDS, hashed
from matchmaking.engine.scoring.building import KEY
from matchmaking.engine.scoring.questions import Asked
from matchmaking.engine.text.lexical import FULL_IMPACT
from matchmaking.engine.types import results
from matchmaking.engine.types.columns import Block, Market, Ragged, read_only
from matchmaking.engine.types.results import CHANNELS, FACTORS, MUSTS, Ranked, RankedLists

LEAST_SLOTS = 64
KINDS = {MATCHES: (0,), NEAR_MISSES: (1, 2), NEIGHBOURS: (1,)}
"""How many musts the rows of each list fail, fewest first."""
COUNTED = {MATCHES: FITS, NEAR_MISSES: NEARLY, NEIGHBOURS: ALONG}

_scratch = local()


@dataclass
class Desk:
    """Room that one thread works in: firms (f, 4), firms touched, rows found (n, 3) and what they give without text."""

    firms: NDArray[np.int32]
    touched: NDArray[np.int32]
    found: list[NDArray[np.int64]]
    bases: NDArray[np.int64]


@dataclass(frozen=True)
class Ground:
    """One block made ready for one question."""

    block: Block
    side: Arrays
    rest: Arrays
    tables: NDArray[Any]


def rank_compiled(question: Asked, market: Market, limit: int, *, brief: bool = False) -> RankedLists:
    """The lists of ``oracle.rank_plainly``, from the compiled form; those that ``brief`` leaves out stay empty."""
    grounds = grounds_of(question, market)
    mine, words = side_of(question.mine), words_of(question)
    direction = 1 if question.needs else 0
    sizes = [nearby(ground.rest[4], ground.rest[5], question.near, direction) for ground in grounds]
    desk = desk_for(market, sizes)
    counts = np.zeros(2, dtype=np.int64)
    try:
        founds, questions = [], [asked_arrays(question, ground.block) for ground in grounds]
        for at, ground in enumerate(grounds):
            counts[0] = 0
            survey(
                mine, ground.side, ground.rest, questions[at], ground.tables, desk.firms, desk.touched, desk.found[at],
                counts,
            )  # fmt: skip
            founds.append(int(counts[0]))
        dropped = np.zeros(len(MUSTS), dtype=np.int64)
        served = told_of_firms(desk.firms, desk.touched, counts[1], dropped)
        surveyed = list(zip(grounds, questions, desk.found, founds, strict=False))
        lists = [
            best_of(kind, most, surveyed, mine, words, desk) if is_wanted(kind, brief, served) else ()
            for kind, most in (
                (MATCHES, limit), (NEAR_MISSES, results.NEAR_MISSES), (NEIGHBOURS, results.NEIGHBOURS)
            )
        ]  # fmt: skip
    finally:
        forget(desk.firms, desk.touched, counts[1])
    told = tuple((must, int(firms)) for must, firms in zip(MUSTS, dropped, strict=True) if firms)
    return RankedLists(lists[0], lists[1], lists[2], told, int(served))


def is_wanted(kind: int, brief: bool, served: int) -> bool:
    """Whether a list is made: a brief answer has no neighbours, and near misses only where nothing matches."""
    return not brief or kind == MATCHES or (kind == NEAR_MISSES and not served)


def best_of(
    kind: int,
    most: int,
    surveyed: list[tuple[Ground, Arrays, NDArray[Any], int]],
    mine: Arrays,
    words: Arrays,
    desk: Desk,
) -> tuple[Ranked, ...]:
    """The first ``most`` of one list over all blocks, one a firm."""
    best: list[tuple[int, bytes, int, Ranked]] = []
    for ground, asked, found, count in surveyed:
        top = np.empty((most, 5), dtype=np.int64)
        given = np.empty((most, len(FACTORS)), dtype=np.int64)
        channels = np.empty((most, len(CHANNELS)), dtype=np.int64)
        size = 0
        for fails in KINDS[kind]:
            size = select(
                kind, fails, mine, ground.side, ground.rest, asked, ground.tables, words, desk.firms, found, count,
                desk.bases, top, size,
            )  # fmt: skip
        details(top, size, mine, ground.side, ground.rest, asked, ground.tables, words, found, given, channels)
        for place in range(size):
            more = int(desk.firms[top[place, OWNER], COUNTED[kind]]) - 1
            bits = int(found[top[place, FOUND], 2])
            ranked = ranked_row(ground.block, int(top[place, ROW]), given[place], channels[place], bits, more)
            best.append((-int(top[place, VALUE]), ranked.key.encode(), int(top[place, OWNER]), ranked))
    best.sort(key=lambda entry: entry[:2])
    firsts: dict[int, Ranked] = {}
    for _, _, owner, ranked in best:
        firsts.setdefault(owner, ranked)
    return tuple(list(firsts.values())[:most])


def ranked_row(block: Block, row: int, given: NDArray[Any], channels: NDArray[Any], bits: int, more: int) -> Ranked:
    """One row of a block as it stands in a list."""
    parts = tuple(given.tolist())
    firm, alias = divmod(int(block.columns["firm"][row]), 2)
    key = block.columns["key"][row].decode()
    return Ranked(key, firm, sum(parts), parts, bits, more, bool(alias), tuple(channels.tolist()))


def grounds_of(question: Asked, market: Market) -> list[Ground]:
    """The blocks of a market that hold anything, made ready."""
    shares = [(market.base, market.alive, market.base.columns["firm_place"])]
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
            grounds.append(Ground(block, side_of(block), rest_of(block, alive, firms), tables))
    return grounds


def side_of(block: Block) -> Arrays:
    """The arrays of a block in the order of ``SIDE``."""
    return tuple(named(block, name) for name in SIDE)


def rest_of(block: Block, alive: NDArray[Any], firms: NDArray[Any]) -> Arrays:
    """The arrays of a block in the order of ``REST``."""
    given = {"alive": alive, "firm_place": firms}
    return tuple(read_only(given[name]) if name in given else named(block, name) for name in REST)


def named(block: Block, name: str) -> NDArray[Any]:
    """An array of a block: a column, a table, the starts of a list, or a list's column behind a dot."""
    label, _, column = name.partition(".")
    if label in block.columns:
        return block.columns[label]
    if label in block.tables:
        return block.tables[label]
    ragged: Ragged = block.lists[label]
    return ragged.columns[column] if column else ragged.starts


def asked_arrays(question: Asked, block: Block) -> Arrays:
    """The question in the order of ``ASKED``; ``excluded`` are rows of ``block``."""
    names, by_key = block.columns["key"], block.columns["by_key"]
    keys = np.array(sorted(question.excluded), dtype=KEY)
    spots = np.minimum(np.searchsorted(names, keys, sorter=by_key), len(names) - 1)
    rows = by_key[spots]
    told = {
        "figures": [question.today.toordinal(), question.needs, question.fit_only],
        "near": question.near,
        "readers": sorted(question.readers),
        "hides": 2 * question.mine.lists["hidden"].columns["enterprise"],
        "excluded": np.sort(rows[names[rows] == keys]),
        "shares": (*question.weights.shares(), 0),
        "loads": question.weights.load,
        "channels": [share for shares in question.weights.channels for share in shares],
    }
    return tuple(np.array(told[name], dtype=np.int64) for name in ASKED)


def words_of(question: Asked) -> Arrays:
    """The asker's text in the order of ``WORDS``."""
    vocabulary, mine = question.vocabulary, question.mine
    terms, nodes = mine.lists["terms"].columns, mine.lists["named"].columns["node"]
    tokens = mine.lists["identifiers"].columns["number"]
    weights = vocabulary.weights_at(terms["place"])
    inverse = int(mine.columns["inverse"][0])
    kin = question.kinship[nodes]
    code_weights = vocabulary.nodes[nodes]
    told = {
        "slots": slots_of(terms["place"], weights if question.needs else terms["impact"]),
        "told": np.array([FULL_IMPACT * int(weights.sum()), code_weights.sum(), len(tokens), inverse], dtype=np.int64),
        "weights": read_only(vocabulary.weights),
        "extra": np.array(vocabulary.extra_weights, dtype=np.int64),
        "kin": kin if question.needs else kin.max(axis=0, initial=0, keepdims=True),
        "code_weights": code_weights if question.needs else np.asarray(vocabulary.nodes),
        "tokens": slots_of(tokens, np.ones(len(tokens), dtype=np.int64)),
        "vector": mine.columns["vector"][0].astype(np.float32),
    }
    return tuple(read_only(told[name]) for name in WORDS)


def slots_of(places: NDArray[Any], values: NDArray[Any]) -> NDArray[np.int64]:
    """A table in which each place is found at once."""
    slots = np.empty((max(LEAST_SLOTS, 1 << (4 * len(places)).bit_length()), 2), dtype=np.int64)
    hashed(read_only(places.astype(np.int64)), read_only(values.astype(np.int64)), slots)
    return slots


def desk_for(market: Market, sizes: list[int]) -> Desk:
    """This thread's room, large enough for the market and the question; its firms are clear."""
    firms, rows = market.delta_firms[1], max(sizes, default=0)
    desk: Desk | None = getattr(_scratch, "desk", None)
    if desk is None or len(desk.firms) < firms:
        desk = Desk(np.zeros((firms, 4), dtype=np.int32), np.empty(firms, dtype=np.int32), [], np.empty(0, np.int64))
        _scratch.desk = desk
    while len(desk.found) < len(sizes):
        desk.found.append(np.empty((0, 3), dtype=np.int64))
    for at, size in enumerate(sizes):
        if len(desk.found[at]) < size:
            desk.found[at] = np.empty((size, 3), dtype=np.int64)
    if len(desk.bases) < rows:
        desk.bases = np.empty(rows, dtype=np.int64)
    return desk
