"""Postings like one: of the same direction, by the words that they share and how near their nodes are.

Readers of titles alone get an order that nothing but titles and nodes enters.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.scoring.building import DIRECTIONS
from matchmaking.engine.scoring.indexing import Uses, indexed_uses, read_uses, rows_hidden_from, rows_not_open
from matchmaking.engine.text.lexical import FULL_IMPACT
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import lexical_terms, term_number, told_of
from matchmaking.engine.types.columns import UNKNOWN, Block, Flags, Ints, Market
from matchmaking.engine.types.rows import PostingRow

NODE_SHARE, TEXT_SHARE = 60, 40
"""Percent that the node and the words count; both are 0 to 10,000."""
TELLING_TERMS = 24
"""So many of the weightiest terms of a posting are looked up: the rest is in every second text and costs most."""
ALIKE_BY_WORDS = 2_500
"""From this share of the weighted words on a posting of another node is called similar."""


@dataclass(frozen=True)
class Likeness:
    """A posting as the reader knows it, and who reads.

    ``text`` is what the reader may read of it, ``readers`` are the firms of the reader: their own postings, and what is
    hidden from one of them or not yet open to any, is left out.
    """

    row: PostingRow
    text: str
    today: date
    readers: Collection[int] = ()
    titles_only: bool = False


@dataclass(frozen=True)
class Similar:
    """A similar posting, and how many more of the same firm there are."""

    key: str
    more_from_firm: int


def similar(asked: Likeness, market: Market, limit: int) -> list[Similar]:
    """The most similar live postings, at most ``limit``, one a firm; a firm's alias is another firm than its name.

    Left out are the posting itself and others under the same name: those stand on the firm's own page.
    """
    weights = _telling(asked, market)
    blocks: tuple[tuple[Block, Flags, Uses], ...] = (
        (market.base, market.alive, indexed_uses),
        (market.delta, np.ones(len(market.delta), dtype=np.bool_), read_uses),
    )
    parts = [_alike(asked, market, block, alive, weights, uses) for block, alive, uses in blocks]
    keys, firms, scores = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((keys, -scores))
    _, firsts, counts = np.unique(firms[order], return_index=True, return_counts=True)
    best = np.argsort(firsts)[:limit]
    return [Similar(keys[order[firsts[at]]].decode(), int(counts[at]) - 1) for at in best]


def _telling(asked: Likeness, market: Market) -> dict[int, int]:
    """Place and weight of the terms that tell most of the text."""
    terms = sorted(lexical_terms(told_of(normalised(asked.text))))
    places = market.vocabulary.places(np.array([term_number(term) for term in terms], dtype=np.int64))
    known = {int(place): market.vocabulary.weight_at(int(place)) for place in places if place != UNKNOWN}
    return dict(sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))[:TELLING_TERMS])


def _alike(
    asked: Likeness, market: Market, block: Block, alive: Flags, weights: dict[int, int], uses: Uses
) -> tuple[NDArray[np.bytes_], Ints, Ints]:
    """Keys, firms and scores of the rows of one block that are like the posting, (f,) each."""
    columns, row = block.columns, asked.row
    hits = np.zeros(len(block), dtype=np.int64)
    for place, weight in weights.items():
        rows, impacts, titled = uses(block, place)
        if asked.titles_only:
            hits[rows[titled > 0]] += weight * FULL_IMPACT
        else:
            hits[rows] += weight * impacts.astype(np.int64)
    most = sum(weights.values()) * FULL_IMPACT
    words = hits * 10_000 // most if most else hits
    place = market.taxonomy.node_index.get(row.node, UNKNOWN)
    near = np.zeros(len(market.taxonomy.nodes) + 1, dtype=np.int64)
    if place != UNKNOWN:
        near[:-1] = market.closeness[place]
    closeness = near[columns["node"]]
    alike = alive & (columns["end"] >= asked.today.toordinal()) & ((closeness > 0) | (words >= ALIKE_BY_WORDS))
    alike &= (columns["direction"] == DIRECTIONS[row.direction]) & (columns["firm"] != 2 * row.enterprise + row.alias)
    alike &= ~np.isin(columns["enterprise"], list(asked.readers))
    alike[rows_hidden_from(block, asked.readers, ())] = False
    alike[rows_not_open(block, asked.readers, asked.today.toordinal())] = False
    at = np.flatnonzero(alike)
    return columns["key"][at], columns["firm"][at].astype(np.int64), closeness[at] * NODE_SHARE + words[at] * TEXT_SHARE
