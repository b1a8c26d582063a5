"""Four channels blended into one share: shared words, meaning, shared terms of the taxonomy, and identifiers.

Each channel is a whole number from 0 to 10,000 or None where the need gives it nothing to ask with; a channel that says
nothing is left out and the shares of the others are normalised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.encoding import INVERSE_BITS
from matchmaking.engine.text.lexical import text_fit

SHARES = {True: (25, 60, 15, 10), False: (70, 0, 30, 10)}
"""Percent that lexical, encoder, taxonomy and identifiers weigh, with both texts encoded and without."""
SAME, FAMILY, SIBLING = 100, 50, 20
"""Percent closeness of a node to itself, to its parent or child, and to a sibling below the second level."""


@dataclass(frozen=True)
class TextParts:
    """The channels of a pair, each 0 to 10,000, or None where it has no say."""

    lexical: int | None
    encoder: int | None
    taxonomy: int | None
    identifiers: int | None


def blended(parts: TextParts) -> int:
    """Factor value of a pair; without meaning the root of the share, since a quarter of the words is much already."""
    encoded = parts.encoder is not None
    told = (parts.lexical, parts.encoder, parts.taxonomy, parts.identifiers)
    used = [(share, part) for share, part in zip(SHARES[encoded], told, strict=True) if part is not None and share]
    total = sum(share for share, _ in used)
    value = sum(share * part for share, part in used) // total if total else 0
    return value if encoded else text_fit(value)


def cosines(
    asked: NDArray[np.int8], asked_inverse: int, offered: NDArray[np.int8], inverses: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Clipped cosines of one quantised vector (d,) with rows (m, d), 0 to 10,000, exact: (m,).

    Sums of 1,024 products of signed bytes stay below 2^24, so that single precision adds them without rounding.
    """
    dots = (offered.astype(np.float32) @ asked.astype(np.float32)).astype(np.int64)
    shares = (dots * asked_inverse * inverses.astype(np.int64)) >> INVERSE_BITS
    return np.clip((shares * 10_000) >> INVERSE_BITS, 0, 10_000)


def taxonomy_share(asked: Mapping[str, int], offered: Sequence[str]) -> int | None:
    """Share of the need's node codes, by weight, that the other side names closely; None without a weight."""
    total = sum(asked.values())
    if not total:
        return None
    near = sum(weight * max((kinship(code, other) for other in offered), default=0) for code, weight in asked.items())
    return near * 100 // total


def kinship(one: str, other: str) -> int:
    """Percent closeness of two node codes; supply links say nothing about what a text means."""
    if one == other:
        return SAME
    above, over = one.rpartition(".")[0], other.rpartition(".")[0]
    if (above == other and "." in other) or (over == one and "." in one):
        return FAMILY
    return SIBLING if above == over and above.count(".") >= 1 else 0


def identifier_share(asked: frozenset[str], offered: frozenset[str]) -> int | None:
    """Share of the need's identifiers that the other side names; None where it has none."""
    return len(asked & offered) * 10_000 // len(asked) if asked else None
