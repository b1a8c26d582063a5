"""What is computed on: postings as columns of one block, blocks and vocabulary together as a market."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True)
class Block:
    """Postings as columns, (n,) each, in the order of ``keys``' rows; arrays are read-only."""

    columns: Columns
    lists: Mapping[str, Ragged]

    def __len__(self) -> int:
        return len(self.columns["key"])


@dataclass(frozen=True)
class Vocabulary:
    """Terms by number with their weight, frozen when a snapshot is built, so that scores do not drift with each change.

    ``numbers`` (t,) is sorted; ``weights`` (t,) belongs to it. ``extra`` holds terms first seen in later changes.
    """

    numbers: Ints
    weights: Ints
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


def read_only(array: NDArray[Kind]) -> NDArray[Kind]:
    """The same array, closed for writing."""
    array.setflags(write=False)
    return array
