"""How a text speaks: in which languages. Two texts of no common language share few words, however alike they are."""

import re
from functools import lru_cache

import numpy as np

from matchmaking.engine.text.words import CJK
from matchmaking.engine.types.columns import Ints, read_only

CHINESE, ENGLISH = 1, 2
"""Bits of a manner; a text of codes alone has neither and is met by both languages."""
MANNERS = 4
LEAST_SIGNS, LEAST_WORDS, SIGNS_A_WORD = 2, 3, 4
"""A text speaks Chinese from so many signs on; beside them English from so many words on, and so many signs a word."""
SIGN = re.compile(f"[{CJK}]")
WORD = re.compile(r"(?<![a-z0-9-])[a-z]{4,}(?![0-9-])")
"""Shorter ones are abbreviations as Chinese texts use them too."""
LETTERS = re.compile(r"[a-z]{2}")


def manner_of(told: str) -> int:
    """The languages that a normalised text speaks, as bits."""
    signs, words = len(SIGN.findall(told)), len(WORD.findall(told))
    if signs < LEAST_SIGNS:
        return ENGLISH if LETTERS.search(told) else 0
    return CHINESE | (ENGLISH if words >= LEAST_WORDS and words * SIGNS_A_WORD >= signs else 0)


def crosses(one: int, other: int) -> bool:
    """Whether two texts have no language in common."""
    return bool(one and other) and not one & other


@lru_cache(maxsize=MANNERS)
def crossings(asked: int) -> Ints:
    """Whether a text of each manner shares no language with one of this, 0 or 1, (MANNERS,)."""
    return read_only(np.array([crosses(asked, other) for other in range(MANNERS)], dtype=np.int64))
