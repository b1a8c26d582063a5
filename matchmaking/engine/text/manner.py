"""How a text speaks: in which languages, of which role, and of which variants.

Two texts of no common language share few words, however alike they are. A need and a capacity of other roles or
variants are as like as their words and meanings say, less what that difference takes away.
"""

import re
from dataclasses import dataclass

import numpy as np

from matchmaking.engine.text.roles import ROLES, roles_of
from matchmaking.engine.text.variants import conflicts, variants_of
from matchmaking.engine.text.words import CJK
from matchmaking.engine.types.columns import Ints
from matchmaking.engine.types.results import Differences

CHINESE, ENGLISH, LANGUAGES = 1, 2, 3
"""Bits of a language; a text of codes alone has neither and is met by both languages."""
ROLE_AT, ROLE_BITS = 2, 15
"""Where the number of a text's role stands in its code, and its bits."""
TOLD_AT = 6
"""From where on each role that the text tells has a bit."""
LEAST_SIGNS, LEAST_WORDS, SIGNS_A_WORD = 2, 3, 4
"""A text speaks Chinese from so many signs on; beside them English from so many words on, and so many signs a word."""
SIGN = re.compile(f"[{CJK}]")
WORD = re.compile(r"(?<![a-z0-9-])[a-z]{4,}(?![0-9-])")
"""Shorter ones are abbreviations as Chinese texts use them too."""
LETTERS = re.compile(r"[a-z]{2}")


@dataclass(frozen=True)
class Manner:
    """Languages as bits, the role offered or wanted, all roles told, and variants as bits."""

    languages: int
    role: str
    told: frozenset[str]
    variants: int

    @property
    def code(self) -> int:
        """All but the variants as one number."""
        told = sum(1 << (TOLD_AT + ROLES.index(role)) for role in self.told)
        return self.languages | ROLES.index(self.role) << ROLE_AT | told


def manner_of(plain: str) -> Manner:
    """How a normalised text speaks."""
    return Manner(languages_of(plain), *roles_of(plain), variants_of(plain))


def languages_of(plain: str) -> int:
    """The languages that a normalised text speaks, as bits."""
    signs, words = len(SIGN.findall(plain)), len(WORD.findall(plain))
    if signs < LEAST_SIGNS:
        return ENGLISH if LETTERS.search(plain) else 0
    return CHINESE | (ENGLISH if words >= LEAST_WORDS and words * SIGNS_A_WORD >= signs else 0)


def crosses(one: int, other: int) -> bool:
    """Whether two texts, by their languages or codes, have no language in common."""
    return bool(one & LANGUAGES and other & LANGUAGES) and not one & other & LANGUAGES


def fit_of(need: Manner, capacity: Manner, differences: Differences) -> int:
    """Percent of the text factor that role and variant leave to a pair."""
    told, other, variant = differences
    lost = 0 if need.role == capacity.role else (told if need.role in capacity.told else other)
    return (100 - lost) * (100 - variant * conflicts(need.variants, capacity.variants)) // 100


def crossings(code: int, codes: Ints) -> Ints:
    """Whether texts share no language with one of this code, 0 or 1: (m,) → (m,)."""
    theirs = codes & LANGUAGES
    return ((code & LANGUAGES != 0) & (theirs != 0) & (theirs & code == 0)).astype(np.int64)


def roles_lost(code: int, codes: Ints, differences: Differences, *, needs: bool) -> Ints:
    """Percent that a need or a capacity of this code loses with many of the other by their roles: (m,) → (m,)."""
    mine, theirs = np.full(len(codes), code, dtype=np.int64), codes.astype(np.int64)
    need, capacity = (mine, theirs) if needs else (theirs, mine)
    asked, offered = need >> ROLE_AT & ROLE_BITS, capacity >> ROLE_AT & ROLE_BITS
    told, other, _ = differences
    return np.where(asked == offered, 0, np.where(capacity >> (TOLD_AT + asked) & 1, told, other))
