"""What is computed on: postings as columns of one block, blocks and vocabulary together as a market."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.types.rows import PostingRow, Taxonomy

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kind = TypeVar("Kind", bound=np.generic)
Columns = Mapping[str, NDArray[Any]]

OPEN_START, OPEN_END = -1_000_000, 10_000_000
"""Day numbers that stand for a window without a beginning or an end."""

UNKNOWN = -1
"""A figure that was not given: a price, a lead time, a node that the taxonomy does not know."""

WIDE = ("quantity", "left", "minimum_order", "price_min", "price_max", "dimension", "firm", "enterprise")
"""Figures of a row that need 64 bits, in the order of the record ``wide``: one cache line a row."""
NARROW = (
    "direction", "node", "region", "place", "period", "start", "end", "lead", "split", "share", "rule", "radius",
    "confirmed", "verified", "outcomes", "load",
)  # fmt: skip
"""Figures of a row that fit 32 bits, in the order of the record ``narrow``: one cache line a row."""
RECORDS = {"wide": WIDE, "narrow": NARROW}
"""The records, and the columns that are views of them."""
NARROW_LIMIT = 1_000_000_000
"""Largest figure kept in the narrow record."""


@dataclass(frozen=True)
class Ragged:
    """Lists of unequal length, one per row: entries of row i are ``starts[i]:starts[i + 1]`` of every column."""

    starts: Ints
    columns: Mapping[str, Ints]

    def entries(self, rows: Ints) -> tuple[Ints, Ints]:
        """All entries of ``rows`` (m,): place in ``rows`` that owns each entry, and the entry's index; both (k,)."""
        begins = self.starts[rows]
        lengths = self.starts[rows + 1] - begins
        owners = np.repeat(np.arange(len(rows), dtype=np.int64), lengths)
        if not len(owners):
            return owners, owners
        firsts = np.cumsum(lengths) - lengths
        return owners, np.arange(len(owners), dtype=np.int64) - firsts[owners] + begins[owners]


@dataclass(frozen=True, eq=False)
class Block:
    """Postings as columns, (n,) each, in the order of ``keys``' rows; arrays are read-only. Equal only to itself.

    ``columns`` holds the records and, for whoever reads a figure by name, their columns as views. ``tables`` belong to
    the block as a whole: its regions and firms, where each node's rows begin, and what bounds 256 rows at once.
    """

    columns: Columns
    lists: Mapping[str, Ragged]
    tables: Columns = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns["key"])


@dataclass(frozen=True)
class Vocabulary:
    """Terms by number with their weight, frozen when a snapshot is built, so that scores do not drift with each change.

    ``numbers`` (t,) is sorted; ``weights`` (t,) belongs to it. ``nodes`` are the weights of the taxonomy's nodes, in
    its order. ``extra`` holds terms first seen in later changes.
    """

    numbers: Ints
    weights: Ints
    nodes: Ints
    documents: int
    mean_length: int
    extra: Mapping[int, int] = field(default_factory=dict)
    extra_weights: tuple[int, ...] = ()

    def places(self, numbers: Ints) -> Ints:
        """Place of each term number (k,), UNKNOWN for a term never seen."""
        if not len(self.numbers):
            found = np.full(len(numbers), UNKNOWN, dtype=np.int64)
        else:
            spots = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
            found = np.where(self.numbers[spots] == numbers, spots, UNKNOWN)
        if self.extra:
            for at in np.flatnonzero(found == UNKNOWN):
                found[at] = self.extra.get(int(numbers[at]), UNKNOWN)
        return found

    @property
    def size(self) -> int:
        """How many terms have a place."""
        return len(self.numbers) + len(self.extra)

    def extended(self, numbers: list[int], weights: list[int]) -> "Vocabulary":
        """This vocabulary with a place for terms that have none yet."""
        extra = {**self.extra, **{number: self.size + step for step, number in enumerate(numbers)}}
        return replace(self, extra=extra, extra_weights=(*self.extra_weights, *weights))

    def weight_at(self, place: int) -> int:
        """Weight of the term at a place."""
        known = len(self.numbers)
        return int(self.weights[place]) if place < known else self.extra_weights[place - known]

    def weights_at(self, places: NDArray[Any]) -> Ints:
        """Weights of the terms at ``places`` (k,), all of them known."""
        if not self.extra:
            return self.weights[places]
        known = len(self.numbers)
        later = np.array(self.extra_weights, dtype=np.int64)
        inside = self.weights[np.minimum(places, max(known - 1, 0))] if known else np.zeros(len(places), dtype=np.int64)
        return np.where(places < known, inside, later[np.maximum(places - known, 0)])

    def all_weights(self) -> Ints:
        """Weights by place, extra terms last."""
        return (
            np.concatenate([self.weights, np.array(self.extra_weights, dtype=np.int64)]) if self.extra else self.weights
        )


@dataclass(frozen=True)
class Market:
    """Everything a ranking reads: the block of the snapshot, the small block of later changes, and who is gone.

    ``closeness`` is (nodes, nodes), need by capacity, 0 to 10,000. ``alive`` (n,) is false for rows of ``base`` that a
    later change replaced or removed. ``changed`` keeps the plain rows of ``delta`` by key.
    """

    taxonomy: Taxonomy
    closeness: Ints
    vocabulary: Vocabulary
    base: Block
    alive: Flags
    delta: Block
    changed: Mapping[str, PostingRow] = field(default_factory=dict)
    exact: bool = False

    def __len__(self) -> int:
        return int(self.alive.sum()) + len(self.delta)

    @cached_property
    def delta_firms(self) -> tuple[NDArray[np.int32], int]:
        """Place of each row's firm of ``delta`` among the firms of ``base``, new ones after them, and how many are told
        apart in all.
        """
        known = self.base.tables["firms"]
        theirs, places = np.unique(self.delta.columns["firm"], return_inverse=True)
        spots = np.minimum(np.searchsorted(known, theirs), max(len(known) - 1, 0))
        new = known[spots] != theirs if len(known) else np.ones(len(theirs), dtype=np.bool_)
        numbers = np.where(new, len(known) + np.cumsum(new) - 1, spots)
        return read_only(numbers[places].astype(np.int32)), len(known) + int(new.sum())


def viewed(columns: Columns) -> Columns:
    """``columns`` with a view by name of every figure in its records."""
    views = {name: columns[record][:, at] for record, names in RECORDS.items() for at, name in enumerate(names)}
    return {**columns, **views}


def stored(columns: Columns) -> Columns:
    """``columns`` without the views that ``viewed`` adds."""
    views = {name for names in RECORDS.values() for name in names}
    return {name: column for name, column in columns.items() if name not in views}


def read_only(array: NDArray[Kind]) -> NDArray[Kind]:
    """The same array, closed for writing."""
    array.setflags(write=False)
    return array
