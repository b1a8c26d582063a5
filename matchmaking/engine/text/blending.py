"""Four channels blended into one factor: shared words, meaning, shared nodes of the taxonomy, and identifiers.

Each channel is a whole number from 0 to 10,000, or SILENT where the need gives it nothing to ask with or a text was not
read for it; a silent channel is left out, and the shares of the others are taken of their sum. So a channel raised, and
a silent one that begins to say 10,000, never lower the factor: bounds are blends with channels not read yet in full.
"""

from math import isqrt

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.encoding import INVERSE_BITS
from matchmaking.engine.types.columns import Ints
from matchmaking.engine.types.results import MEANING, SILENT, Shares


def blended(channels: tuple[int, ...], shares: Shares, across: bool = False, fit: int = 100) -> int:
    """Factor of a pair, 0 to 10,000; ``across`` when its texts have no common language, of which ``fit`` percent count.

    Without meaning it is the root of the share: a quarter of the words is much.
    """
    is_read = channels[MEANING] != SILENT
    used = [(share, told) for share, told in zip(shares[2 * across + is_read], channels, strict=True) if told != SILENT]
    total = sum(share for share, _ in used)
    value = sum(share * told for share, told in used) // total if total else 0
    return (value if is_read else isqrt(value * 10_000)) * fit // 100


def blended_columns(channels: Ints, shares: Shares, across: Ints, fits: Ints) -> Ints:
    """``blended`` for many pairs: (m, 4), (m,), (m,) → (m,)."""
    is_read = channels[:, MEANING] != SILENT
    used = np.where(channels != SILENT, np.array(shares, dtype=np.int64)[2 * across + is_read], 0)
    value = (used * channels).sum(axis=1) // np.maximum(used.sum(axis=1), 1)
    return np.where(is_read, value, np.sqrt((value * 10_000).astype(np.float64)).astype(np.int64)) * fits // 100


def cosines(
    asked: NDArray[np.int8], asked_inverse: int, offered: NDArray[np.int8], inverses: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Clipped cosines of one quantised vector (d,) with rows (m, d), 0 to 10,000, exact: (m,).

    Sums of 1,024 products of signed bytes stay below 2^24, so that single precision adds them without rounding.
    """
    dots = (offered.astype(np.float32) @ asked.astype(np.float32)).astype(np.int64)
    shares = (dots * asked_inverse * inverses.astype(np.int64)) >> INVERSE_BITS
    return np.clip((shares * 10_000) >> INVERSE_BITS, 0, 10_000)


def identifier_share(asked: tuple[str, ...], offered: tuple[str, ...]) -> int:
    """Share of the need's identifiers that the other side names; SILENT where it has none."""
    return len(set(asked) & set(offered)) * 10_000 // len(asked) if asked else SILENT
