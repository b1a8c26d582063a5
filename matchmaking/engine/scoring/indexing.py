"""From terms to postings: what the search box looks up, where the ranking reads from a posting to its terms."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.reading import Reading
from matchmaking.engine.text.words import lexical_terms, told_of
from matchmaking.engine.types.columns import UNKNOWN, Ragged, read_only
from matchmaking.engine.types.rows import PostingRow


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
