"""What two texts have in common, compiled: each channel, their blend, and how much the channels not read could add.

``words`` is the asker's text in the order of ``WORDS``; ``rest`` is the block. Arrays are handed on one by one, since a
tuple of them costs more than the arithmetic.
"""

from math import sqrt

import numpy as np
from numba import njit

from matchmaking.engine.encoding import INVERSE_BITS
from matchmaking.engine.kernels.judging import Array, compiled, inlined
from matchmaking.engine.scoring.indexing import TERM_WORDS
from matchmaking.engine.text.lexical import FULL_IMPACT
from matchmaking.engine.text.manner import LANGUAGES, ROLE_AT, ROLE_BITS, TOLD_AT
from matchmaking.engine.text.variants import MOST_COUNTED
from matchmaking.engine.types.results import SILENT

WORDS = ("slots", "told", "weights", "extra", "kin", "code_weights", "tokens", "vector", "quarters", "axes")
"""The asker's terms hashed with their values, figures (see below), weights of all terms and of later ones; nearness of
the asker's nodes to all, or of their best, with weights; identifiers hashed; the vector; what the marks of
four bits weigh together; axes along which the asker names a variant: word, bits, those named."""
TEXTS = (
    "terms", "terms.place", "terms.impact", "named", "named.node", "identifiers", "identifiers.number", "vector",
    "inverse", "signature", "most", "manner", "variants",
)  # fmt: skip
"""Arrays of a block that tell what its rows say."""
BOUND, TOTAL, COUNT, INVERSE, TOKEN_MARKS, MANNER = range(6)
"""Figures: the most that an asking need's terms give, what its nodes weigh, its identifiers, its inverse length, and
the marks that its identifiers leave in a signature, and its manner."""
TOLD_ROLE, OTHER_ROLE, OTHER_VARIANT = 16, 17, 18
"""Places of what differences take away, behind the shares of channels."""
WHOLE = 10_000
EMPTY = -1
SPREAD = 40_503
"""Spreads neighbouring places over the slots of a table."""

exactly = njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
"""For sums of whole numbers below 2^24 alone: they may be added in any order, since single precision holds them all."""


@compiled
def hashed(places: Array, values: Array, slots: Array) -> None:
    """Put places into ``slots`` (2 to the power of k, 2): place (EMPTY where there is none) and value."""
    mask = len(slots) - 1
    slots[:, 0] = EMPTY
    for at in range(len(places)):
        slot = places[at] * SPREAD & mask
        while slots[slot, 0] != EMPTY:
            slot = (slot + 1) & mask
        slots[slot, 0], slots[slot, 1] = places[at], values[at]


@inlined
def found_in(place: int, slots: Array) -> int:
    """The slot of a place, EMPTY where it is not among them."""
    mask = len(slots) - 1
    slot = place * SPREAD & mask
    while slots[slot, 0] != EMPTY:
        if slots[slot, 0] == place:
            return slot
        slot = (slot + 1) & mask
    return EMPTY


@inlined
def lexical_of(
    first: int, last: int, places: Array, impacts: Array, needs: int, slots: Array, bound: int, weights: Array,
    extra: Array,
) -> int:  # fmt: skip
    """Share of the need's weighted terms that the capacity says, for the row whose terms are ``first`` to ``last``."""
    hits, own = 0, 0
    for at in range(first, last):
        place = np.int64(places[at])
        weight = np.int64(0)
        if needs == 0:
            weight = weights[place] if place < len(weights) else extra[place - len(weights)]
            own += weight
        slot = found_in(int(place), slots)
        if slot != EMPTY:
            hits += slots[slot, 1] * (np.int64(impacts[at]) if needs == 1 else weight)
    if needs == 0:
        bound = FULL_IMPACT * own
    return min(hits * WHOLE // bound, WHOLE) if bound else SILENT


@compiled
def quarters_of(places: Array, weights: Array) -> Array:
    """What the terms weigh whose marks are among four bits of a signature, (words x 16, 16)."""
    table: Array = np.zeros((TERM_WORDS * 16, 16), dtype=np.int64)
    for at in range(len(places)):
        mark = places[at] & (TERM_WORDS * 64 - 1)
        table[mark >> 2, 1 << (mark & 3)] += weights[at]
    for quarter in range(len(table)):
        for bits in range(3, 16):
            if bits & (bits - 1):
                table[quarter, bits] = table[quarter, bits & (bits - 1)] + table[quarter, bits & -bits]
    return table


@inlined
def lexical_bound(row: int, signature: Array, most: Array, quarters: Array, bound: int) -> int:
    """The most that ``lexical_of`` can give an asking need, from the marks that the row's terms left."""
    if bound == 0:
        return SILENT
    weight = 0
    for word in range(TERM_WORDS):
        marks = signature[row, word]
        for quarter in range(16):
            weight += quarters[16 * word + quarter, marks >> (4 * quarter) & 15]
    return min(weight * int(np.int64(most[row])) * WHOLE // bound, WHOLE)


@exactly
def product_of(vector: Array, vectors: Array, row: int) -> int:
    """Product of the asker's vector (d,), in single precision, with a row's signed bytes."""
    total = np.float32(0)
    for at in range(len(vector)):
        total += vector[at] * np.float32(vectors[row, at])
    return int(total)


@inlined
def meaning_of(vector: Array, inverse: int, vectors: Array, inverses: Array, row: int) -> int:
    """Clipped cosine of the asker's meaning with a row's."""
    if inverse == 0 or inverses[row] == 0 or vectors.shape[1] != len(vector):
        return SILENT
    share = (product_of(vector, vectors, row) * inverse * int(np.int64(inverses[row]))) >> INVERSE_BITS
    return min(max((share * WHOLE) >> INVERSE_BITS, 0), WHOLE)


@inlined
def taxonomy_of(first: int, last: int, nodes: Array, needs: int, kin: Array, code_weights: Array, total: int) -> int:
    """Share of the need's weighted nodes that the capacity names closely, for the row with nodes ``first`` to ``last``.

    For an asking need ``kin`` has a row for each of its nodes and ``code_weights`` theirs; for a capacity ``kin`` has
    one row and ``code_weights`` all weights.
    """
    near = 0
    if needs == 1:
        for mine in range(len(kin)):
            best = 0
            for at in range(first, last):
                best = max(best, int(np.int64(kin[mine, nodes[at]])))
            near += code_weights[mine] * best
    else:
        total = 0
        for at in range(first, last):
            total += code_weights[nodes[at]]
            near += code_weights[nodes[at]] * int(np.int64(kin[0, nodes[at]]))
    return near * 100 // total if total else SILENT


@inlined
def identifiers_of(first: int, last: int, numbers: Array, needs: int, tokens: Array, count: int) -> int:
    """Share of the need's identifiers that the capacity names, for the row with identifiers ``first`` to ``last``."""
    asked = count if needs == 1 else last - first
    if asked == 0:
        return SILENT
    hits = 0
    for at in range(first, last):
        hits += found_in(numbers[at], tokens) != EMPTY
    return hits * WHOLE // asked


@inlined
def across_of(mine: int, theirs: int) -> int:
    """1 for two texts without a common language, by their manners."""
    return int(mine & LANGUAGES != 0 and theirs & LANGUAGES != 0 and mine & theirs & LANGUAGES == 0)


@inlined
def fit_of(row: int, needs: int, told: Array, axes: Array, manners: Array, variants: Array, shares: Array) -> int:
    """Percent that role and variant leave of the text factor of the asker with a row."""
    mine, theirs, differences = int(told[MANNER]), int(np.int64(manners[row])), 0
    need, capacity = (mine, theirs) if needs == 1 else (theirs, mine)
    asked, lost = need >> ROLE_AT & ROLE_BITS, shares[OTHER_ROLE]
    if asked == capacity >> ROLE_AT & ROLE_BITS:
        lost = 0
    elif capacity >> (TOLD_AT + asked) & 1:
        lost = shares[TOLD_ROLE]
    for at in range(len(axes)):
        named = variants[row, axes[at, 0]] & axes[at, 1]
        differences += named != 0 and named & axes[at, 2] == 0
    return (100 - lost) * (100 - shares[OTHER_VARIANT] * min(differences, MOST_COUNTED)) // 100


@inlined
def blend(lexical: int, meaning: int, taxonomy: int, identifiers: int, shares: Array, across: int) -> int:
    """The text factor; with channels not read yet in full it is the most that the pair can reach.

    ``across`` is 1 for two texts without a common language.
    """
    first = 8 * across + (4 if meaning != SILENT else 0)
    total = value = 0
    if lexical != SILENT:
        total += shares[first]
        value += shares[first] * lexical
    if meaning != SILENT:
        total += shares[first + 1]
        value += shares[first + 1] * meaning
    if taxonomy != SILENT:
        total += shares[first + 2]
        value += shares[first + 2] * taxonomy
    if identifiers != SILENT:
        total += shares[first + 3]
        value += shares[first + 3] * identifiers
    value = value // total if total else 0
    return value if meaning != SILENT else int(sqrt(float(value * WHOLE)))
