"""From terms and firms to postings: what lists look up, where the ranking reads from a posting to its terms."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.reading import Reading
from matchmaking.engine.text.words import lexical_terms, told_of
from matchmaking.engine.types.columns import UNKNOWN, Block, Ints, Ragged, read_only
from matchmaking.engine.types.rows import PostingRow

Uses = Callable[[Block, int], tuple[Ints, Ints, Ints]]
"""Rows of a block that use the term at a place, with impact and mark of the title, (k,) each."""
TERM_WORDS = 4
"""A row's terms leave their marks in so many words of 64 bits; identifiers leave theirs in one more."""


def signatures_of(terms: Ragged, identifiers: Ragged) -> dict[str, NDArray[Any]]:
    """What tells without its text that a row does not use a term or an identifier: ``signature`` (n, 5), bits of places
    and numbers, and ``most``, the largest impact of any of its terms (n,).
    """
    places, numbers = np.asarray(terms.columns["place"]), np.asarray(identifiers.columns["number"])
    marks = np.int64(1) << (places & 63).astype(np.int64)
    of_word = places >> 6 & (TERM_WORDS - 1)
    words = [gathered(np.bitwise_or, np.where(of_word == word, marks, 0), terms.starts) for word in range(TERM_WORDS)]
    words.append(gathered(np.bitwise_or, np.int64(1) << (numbers & 63), identifiers.starts))
    most = gathered(np.maximum, np.asarray(terms.columns["impact"]), terms.starts)
    return {"signature": read_only(np.stack(words, axis=1)), "most": read_only(most)}


def gathered(act: np.ufunc, values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """``act`` over each row's own values, 0 for a row without any, (n,)."""
    told: NDArray[Any] = np.zeros(len(starts) - 1, dtype=values.dtype)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        told[filled] = act.reduceat(values, starts[filled])
    return told


def with_titles(terms: Ragged, rows: Sequence[PostingRow], readings: Sequence[Reading]) -> Ragged:
    """The terms of ``rows`` with a column that tells which stand in the title too, for readers of titles alone."""
    titles = (lexical_terms(told_of(normalised(row.title))) if row.title else {} for row in rows)
    flags = (term in title for title, reading in zip(titles, readings, strict=True) for term in reading.terms)
    titled: NDArray[Any] = np.fromiter(flags, dtype=np.uint8, count=int(terms.starts[-1]))
    return Ragged(terms.starts, {**terms.columns, "titled": read_only(titled)})


def index_of_terms(terms: Ragged, size: int) -> dict[str, NDArray[Any]]:
    """Rows that use each of ``size`` terms, by the term's place, with impact and mark of the title beside."""
    places = np.asarray(terms.columns["place"])
    owners = np.repeat(np.arange(len(terms.starts) - 1, dtype=np.int32), np.diff(terms.starts))
    order = np.argsort(places, kind="stable")
    order = order[int((places == UNKNOWN).sum()) :]
    starts = np.zeros(size + 1, dtype=np.int64)
    starts[1:] = np.cumsum(np.bincount(places[order], minlength=size)) if size else 0
    return {
        "index_starts": read_only(starts),
        "index_rows": read_only(owners[order]),
        "index_impact": read_only(np.asarray(terms.columns["impact"])[order]),
        "index_titled": read_only(np.asarray(terms.columns["titled"])[order]),
    }


def indexed_uses(block: Block, place: int) -> tuple[Ints, Ints, Ints]:
    """Rows of a snapshot that use the term at a place, with impact and mark of the title."""
    starts = block.tables["index_starts"]
    if not 0 <= place < len(starts) - 1:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    span = slice(int(starts[place]), int(starts[place + 1]))
    return block.tables["index_rows"][span], block.tables["index_impact"][span], block.tables["index_titled"][span]


def read_uses(block: Block, place: int) -> tuple[Ints, Ints, Ints]:
    """The same of the few rows changed since, which have no index."""
    terms = block.lists["terms"]
    at = np.flatnonzero(terms.columns["place"] == place) if place >= 0 else np.zeros(0, dtype=np.int64)
    rows = np.searchsorted(terms.starts, at, side="right") - 1
    return rows, terms.columns["impact"][at], terms.columns["titled"][at]


def rows_hidden_from(block: Block, readers: Collection[int], own: Collection[int]) -> Ints:
    """Rows that are hidden from one of the firms ``readers``, but for those of the firms ``own``."""
    hidden = block.lists["hidden"]
    against = np.flatnonzero(np.isin(hidden.columns["enterprise"], list(readers)))
    rows = np.searchsorted(hidden.starts, against, side="right") - 1
    others: Ints = rows[~np.isin(block.columns["enterprise"][rows], list(own))]
    return others


def rows_not_open(block: Block, firms: Collection[int], today: int) -> Ints:
    """Rows that are not open to everybody on that day, and of which none of ``firms`` may know before; sorted."""
    early = block.lists["early"]
    waiting = np.flatnonzero(early.columns["opens"] > today)
    if not len(waiting):
        return waiting
    rows = np.searchsorted(early.starts, waiting, side="right") - 1
    known = rows[np.isin(early.columns["enterprise"][waiting], list(firms))]
    closed: Ints = np.setdiff1d(rows, known)
    return closed
