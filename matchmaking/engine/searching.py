"""The search box over the same words as the ranking: every word asked for, or a node that the words name.

Chinese is looked up by pairs of characters, so that every word of two characters is found; a reader of titles alone
finds and orders by nothing else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.scoring.building import DIRECTIONS
from matchmaking.engine.scoring.indexing import Uses, indexed_uses, read_uses, rows_not_open
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import PAIR, RUN, latin_terms, lexical_terms, term_number, told_of
from matchmaking.engine.types.columns import UNKNOWN, Block, Flags, Ints, Market

NODE_POINTS = 2_000_000
"""What a node named by the words counts beside words: about as much as a rare word repeated often."""
TITLE_FACTOR = 3
"""How much more a word counts in a title."""


@dataclass(frozen=True)
class Search:
    """Words as typed, the codes of all nodes that they name with how well each is named (1 to 100), and what the
    reader may know of a posting.

    ``direction`` is need or capacity, empty for both.
    """

    words: str
    nodes: Mapping[str, int] = field(default_factory=dict)
    direction: str = ""
    titles_only: bool = False


def terms_wanted(words: str) -> list[str] | None:
    """The terms that a posting must use to be found; None where a word has none that could be looked up."""
    read = [_terms_of(run) for run in _runs_of(words)]
    return list(dict.fromkeys(chain.from_iterable(read))) or None if all(read) else None


def found(search: Search, market: Market) -> list[str] | None:
    """Keys of the live postings found, best first; None where the words cannot be looked up (one character alone)."""
    wanted = terms_wanted(search.words)
    return None if wanted is None else _found(search, market, wanted, len(wanted))


def partly_found(search: Search, market: Market) -> list[str]:
    """Keys of the live postings that use at least half of the words' terms, those that use most first: for words that
    nothing uses whole. Words that cannot be looked up do not count; of a single one there is no half.
    """
    wanted = list(dict.fromkeys(term for run in _runs_of(search.words) for term in _terms_of(run)))
    return _found(search, market, wanted, -(-len(wanted) // 2)) if len(wanted) > 1 else []


def _runs_of(words: str) -> list[str]:
    """Words and runs of Chinese; how many are wanted is for the filters, unless nothing else was typed."""
    plain = normalised(words)
    return RUN.findall(told_of(plain)) or RUN.findall(plain)


def _terms_of(run: str) -> list[str]:
    """The terms of a word or run; none unless all of it can be looked up."""
    used = latin_terms(run) if run.isascii() else [term for term in lexical_terms(run) if term.startswith(PAIR)]
    complete = run.isascii() or len(used) == len({run[at : at + 2] for at in range(len(run) - 1)})
    return list(used) if complete else []


def _found(search: Search, market: Market, wanted: Sequence[str], least: int) -> list[str]:
    """Keys of rows that use ``least`` of the terms or stand at a node that is named: by how many where fewer than all
    are enough, then by score and day.
    """
    places = market.vocabulary.places(np.array([term_number(term) for term in wanted], dtype=np.int64))
    weights = [market.vocabulary.weight_at(int(place)) if place != UNKNOWN else 0 for place in places]
    known = {int(place) if place != UNKNOWN else UNKNOWN - at: weights[at] for at, place in enumerate(places)}
    everybody = np.ones(len(market.delta), dtype=np.bool_)
    both = [
        _found_in(search, market, block, alive, known, least, uses)
        for block, alive, uses in ((market.base, market.alive, indexed_uses), (market.delta, everybody, read_uses))
    ]
    keys, days, scores, hits = (np.concatenate(columns) for columns in zip(*both, strict=True))
    order = np.lexsort((keys, -days, -scores, -hits if least < len(wanted) else np.zeros_like(hits)))
    return [key.decode() for key in keys[order]]


def any_open(keys: Collection[str], market: Market, today: date) -> bool:
    """Whether one of ``keys`` is open to everybody on that day."""
    if not keys:
        return False
    closed = [
        block.columns["key"][rows_not_open(block, (), today.toordinal())] for block in (market.base, market.delta)
    ]
    return not set(keys) <= {key.decode() for key in np.concatenate(closed)}


def _found_in(
    search: Search, market: Market, block: Block, alive: Flags, weights: Mapping[int, int], least: int, uses: Uses
) -> tuple[NDArray[np.bytes_], Ints, Ints, Ints]:
    """Keys, days of confirmation, scores and terms used of the rows found in one block, (f,) each; ``weights`` by
    place.
    """
    score, hits = np.zeros(len(block), dtype=np.int64), np.zeros(len(block), dtype=np.int64)
    for place, weight in weights.items():
        rows, impacts, titled = uses(block, place)
        if search.titles_only:
            rows = rows[titled > 0]
            score[rows] += 1
        else:
            score[rows] += weight * impacts.astype(np.int64) * np.where(titled > 0, TITLE_FACTOR, 1)
        hits[rows] += 1
    named = _named(search, block, market)
    score += named * NODE_POINTS // 100
    at = np.flatnonzero(((hits >= least) | (named > 0)) & alive & _direction(search, block))
    return block.columns["key"][at], block.columns["confirmed"][at].astype(np.int64), score[at], hits[at]


def _named(search: Search, block: Block, market: Market) -> Ints:
    """How well the words name each row's node, 0 to 100."""
    table = np.zeros(len(market.taxonomy.nodes) + 1, dtype=np.int64)
    index = market.taxonomy.node_index
    for code, share in search.nodes.items():
        if code in index:
            table[index[code]] = share
    return table[block.columns["node"]]


def _direction(search: Search, block: Block) -> Flags:
    if not search.direction:
        return np.ones(len(block), dtype=np.bool_)
    return np.asarray(block.columns["direction"] == DIRECTIONS[search.direction])
