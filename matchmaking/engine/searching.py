"""The search box over the same words as the ranking: every word asked for, or a node that the words name.

Chinese is looked up by pairs of characters, so that every word of two characters is found; a reader of titles alone
finds and orders by nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.scoring.building import DIRECTIONS
from matchmaking.engine.scoring.indexing import Uses, indexed_uses, read_uses, rows_not_open
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import PAIR, RUN, latin_terms, lexical_terms, term_number
from matchmaking.engine.types.columns import UNKNOWN, Block, Flags, Ints, Market

NODE_POINTS = 2_000_000
"""What a node named by the words counts beside words: about as much as a rare word repeated often."""
TITLE_FACTOR = 3
"""How much more a word counts in a title."""


@dataclass(frozen=True)
class Search:
    """Words as typed, the codes of all nodes that they name, and what the reader may know of a posting.

    ``direction`` is need or capacity, empty for both.
    """

    words: str
    nodes: Collection[str] = ()
    direction: str = ""
    titles_only: bool = False


def terms_wanted(words: str) -> list[str] | None:
    """The terms that a posting must use to be found; None where a word has none that could be looked up."""
    wanted: dict[str, None] = {}
    for run in RUN.findall(normalised(words)):
        used = latin_terms(run) if run.isascii() else [term for term in lexical_terms(run) if term.startswith(PAIR)]
        complete = used and (run.isascii() or len(used) == len({run[at : at + 2] for at in range(len(run) - 1)}))
        if not complete:
            return None
        wanted.update(dict.fromkeys(used))
    return list(wanted) or None


def found(search: Search, market: Market) -> list[str] | None:
    """Keys of the live postings found, best first; None where the words cannot be looked up (one character alone)."""
    wanted = terms_wanted(search.words)
    if wanted is None:
        return None
    places = market.vocabulary.places(np.array([term_number(term) for term in wanted], dtype=np.int64))
    weights = [market.vocabulary.weight_at(int(place)) if place != UNKNOWN else 0 for place in places]
    known = {int(place) if place != UNKNOWN else UNKNOWN - at: weights[at] for at, place in enumerate(places)}
    everybody = np.ones(len(market.delta), dtype=np.bool_)
    both = [
        _found_in(search, market, block, alive, known, uses)
        for block, alive, uses in ((market.base, market.alive, indexed_uses), (market.delta, everybody, read_uses))
    ]
    keys, days, scores = (np.concatenate(columns) for columns in zip(*both, strict=True))
    order = np.lexsort((keys, -days, -scores))
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
    search: Search, market: Market, block: Block, alive: Flags, weights: Mapping[int, int], uses: Uses
) -> tuple[NDArray[np.bytes_], Ints, Ints]:
    """Keys, days of confirmation and scores of the rows found in one block, (f,) each; ``weights`` by place."""
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
    score += named * NODE_POINTS
    at = np.flatnonzero(((hits == len(weights)) | named) & alive & _direction(search, block))
    return block.columns["key"][at], block.columns["confirmed"][at].astype(np.int64), score[at]


def _named(search: Search, block: Block, market: Market) -> Flags:
    table = np.zeros(len(market.taxonomy.nodes) + 1, dtype=np.bool_)
    index = market.taxonomy.node_index
    table[[index[code] for code in search.nodes if code in index]] = True
    return table[block.columns["node"]]


def _direction(search: Search, block: Block) -> Flags:
    if not search.direction:
        return np.ones(len(block), dtype=np.bool_)
    return np.asarray(block.columns["direction"] == DIRECTIONS[search.direction])
