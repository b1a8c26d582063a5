"""One question made ready: the asker as a block of one row, and all that every form of the ranking depends on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.scoring.building import NEED, build_block, place_in, rows_of, vocabulary_with
from matchmaking.engine.scoring.indexing import rows_not_open
from matchmaking.engine.scoring.layout import row_alone
from matchmaking.engine.text.reading import reading_of
from matchmaking.engine.text.taxonomy import concepts_for, kinship_for
from matchmaking.engine.text.variants import axes_of, joined
from matchmaking.engine.types.columns import UNKNOWN, Block, Ints, Market, Vocabulary
from matchmaking.engine.types.results import WEIGHTS, Weights
from matchmaking.engine.types.rows import PostingRow


@dataclass(frozen=True)
class Asked:
    """One question over a market; ``readers`` includes the asker's own firm."""

    mine: Block
    closeness: Ints
    kinship: NDArray[np.uint8]
    vocabulary: Vocabulary
    today: date
    weights: Weights
    fit_only: bool
    excluded: Collection[str]
    readers: Collection[int]

    @property
    def needs(self) -> bool:
        """Whether the asker is a need."""
        return int(self.mine.columns["direction"][0]) == NEED

    @property
    def manner(self) -> int:
        """How the asker's text speaks, as a code."""
        return int(self.mine.columns["manner"][0])

    @property
    def axes(self) -> tuple[tuple[int, int, int], ...]:
        """Of each axis along which the asker names a variant: word, its bits, and those named."""
        return axes_of(joined(self.mine.columns["variants"][0].tolist()))

    @cached_property
    def near(self) -> Ints:
        """Closeness of each node to the asker's nearest one, and 0 for the node that nobody knows, (nodes + 1,)."""
        places, table = node_places(self.mine), self.closeness
        near = np.zeros(len(table) + 1, dtype=np.int64)
        if len(places):
            near[:-1] = (table[places, :] if self.needs else table[:, places].T).max(axis=0)
        return near


def rows_apart(question: Asked, block: Block) -> Ints:
    """Rows that the asker's firm may not meet yet, since one of the two postings asks its own network first; sorted.

    Who stands behind an alias is not told by it: toward an alias the asker's own posting opens like to a stranger.
    """
    columns, mine, today = block.columns, question.mine, question.today.toordinal()
    closed = rows_not_open(block, [int(mine.columns["enterprise"][0])], today)
    early = mine.lists["early"].columns
    waits = early["opens"] > today
    if not waits.any():
        return closed
    named = 2 * early["enterprise"][waits]
    return np.union1d(closed, np.flatnonzero(~np.isin(columns["firm"], named)))


def node_places(block: Block) -> Ints:
    """Places of all nodes that the rows of ``block`` name."""
    further = block.lists["further"].columns["node"]
    places = np.concatenate([np.asarray(block.columns["node"]), further])
    return places[places != UNKNOWN]


def asked_of(
    asker: PostingRow,
    market: Market,
    *,
    today: date,
    weights: Weights = WEIGHTS,
    fit_only: bool = False,
    excluded: Collection[str] = frozenset(),
    readers: Collection[int] = frozenset(),
) -> Asked:
    """The question that ``asker`` puts to ``market``: its text read, its codes looked up."""
    reading = reading_of(asker.text, concepts_for(market.taxonomy))
    vocabulary = vocabulary_with(market.vocabulary, [reading], market.taxonomy)
    mine = build_block([asker], [reading], market.taxonomy, vocabulary, exact=market.exact)
    firms = frozenset({*readers, asker.enterprise})
    kinship = kinship_for(market.taxonomy)
    return Asked(mine, market.closeness, kinship, vocabulary, today, weights, fit_only, excluded, firms)


def stored_question(
    key: str,
    market: Market,
    *,
    today: date,
    weights: Weights = WEIGHTS,
    fit_only: bool = False,
    excluded: Collection[str] = frozenset(),
    readers: Collection[int] = frozenset(),
) -> Asked | None:
    """The question that ``asked_of`` makes of a row of the market, cut out of its columns; None where it holds no such.

    Reading a text and building columns anew takes longer than the ranking.
    """
    block, at = market.delta, place_in(market.delta, key)
    if at is None:
        block, at = market.base, place_in(market.base, key)
        if at is None or not market.alive[at]:
            return None
    mine = row_alone(block, at)
    firms = frozenset({*readers, int(mine.columns["enterprise"][0])})
    kinship = kinship_for(market.taxonomy)
    return Asked(mine, market.closeness, kinship, market.vocabulary, today, weights, fit_only, excluded, firms)


def question_of(asker: PostingRow, market: Market, **asked: Any) -> Asked:
    """``asked_of``, cut out of the market's columns where ``asker`` stands in the market just as it is."""
    if rows_of(market, [asker.key]).get(asker.key) == asker:
        stored = stored_question(asker.key, market, **asked)
        if stored is not None:
            return stored
    return asked_of(asker, market, **asked)
