"""Which variant of a thing a text means: cold-rolled and hot-rolled are one word apart, and never the same.

Each way in which things of one name differ is an axis, each variant along it a bit. Two texts that name other variants
along one axis, and none in common, are about different things; a text that names none may mean any.
"""

from collections.abc import Sequence
from functools import lru_cache

from matchmaking.engine.text.denying import is_negated
from matchmaking.engine.text.phrase_table import VARIANTS
from matchmaking.engine.text.phrases import lookup_of_phrases

WORD_BITS = 63
"""Bits of one word of marks; an axis never stands in two."""
MOST_COUNTED = 2
"""Axes along which a difference counts."""

Marks = tuple[int, ...]


def _placed() -> tuple[dict[str, int], tuple[int, ...]]:
    """Bit of each phrase counted over all words, and the bits of each axis."""
    bits: dict[str, int] = {}
    axes = []
    at = 0
    for variants in VARIANTS.values():
        if at % WORD_BITS + len(variants) > WORD_BITS:
            at += WORD_BITS - at % WORD_BITS
        axes.append(sum(1 << (at + step) for step in range(len(variants))))
        for step, phrases in enumerate(variants):
            bits |= dict.fromkeys(phrases.split("|"), at + step)
        at += len(variants)
    return bits, tuple(axes)


BITS, AXES = _placed()
WORDS = -(-max(axis.bit_length() for axis in AXES) // WORD_BITS)
"""How many words of marks a text has."""
_PHRASES = lookup_of_phrases((phrase, str(bit)) for phrase, bit in BITS.items())


def variants_of(told: str) -> int:
    """The variants that a normalised text names and does not deny, as bits."""
    spots = ((start, bits) for start, _, bits in _PHRASES.spots_in(told) if not is_negated(told, start))
    marks = 0
    for _, bits in spots:
        for bit in bits:
            marks |= 1 << int(bit)
    return marks


def words_of_marks(marks: int) -> Marks:
    """Marks as WORDS whole numbers of WORD_BITS bits."""
    return tuple(marks >> (WORD_BITS * word) & ((1 << WORD_BITS) - 1) for word in range(WORDS))


def joined(words: Sequence[int]) -> int:
    """The marks of which these are the words."""
    return sum(bits << (WORD_BITS * word) for word, bits in enumerate(words))


def conflicts(one: int, other: int) -> int:
    """Axes along which two texts name variants and none in common, at most MOST_COUNTED."""
    return min(sum(bool(one & axis and other & axis) and not one & other & axis for axis in AXES), MOST_COUNTED)


@lru_cache(maxsize=1024)
def axes_of(marks: int) -> tuple[tuple[int, int, int], ...]:
    """Of each axis that a text names: word, bits of the axis in it, and those that the text names."""
    told = []
    for axis in AXES:
        if marks & axis:
            (word,) = (place for place, bits in enumerate(words_of_marks(axis)) if bits)
            told.append((word, words_of_marks(axis)[word], words_of_marks(marks & axis)[word]))
    return tuple(told)
