"""What texts say that other factors decide: places, certificates of management, and that something is wanted at all.

Such words stay findable, but say nothing of the product: they weigh next to nothing, and no encoder reads them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import lexical_terms
from matchmaking.engine.types.rows import Region, Taxonomy

REQUESTS = (
    "\u6c42\u8d2d", "\u5bfb\u8d2d", "\u5bfb\u627e", "\u5bfb\u6c42", "\u91c7\u8d2d", "\u8bda\u62db", "\u6025\u9700",
    "\u9700\u8981", "\u4f9b\u5e94\u5546", "\u5382\u5bb6", "\u5382\u5546", "\u4f9b\u8d27",
    "looking for", "seeking", "wanted", "we need", "required", "supplier", "suppliers", "sourcing",
)  # fmt: skip
CERTIFICATE = (
    r"\b(?:iatf|iso(?:/ts)?|as) ?(?:9001|9100|14001|13485|16949|22000|27001|45001)(?![0-9])"
    r"(?: ?(?:\u8ba4\u8bc1|\u4f53\u7cfb))?"
)
CERTIFICATE_WORDS = ("iatf", "iso", "9001", "14001", "13485", "16949", "22000", "27001", "45001")
WIDE = "00"
"""A region whose code ends so is a province or a prefecture."""
LEAST_SIGNS, LEAST_LETTERS = 3, 5
"""Shorter names of a district are words of their own (long life, big feet)."""


@dataclass(frozen=True)
class Decided:
    """A pattern of all that other factors decide, and the terms that it is made of."""

    pattern: re.Pattern[str]
    terms: frozenset[str]

    def cut_from(self, told: str) -> str:
        """A normalised text without it."""
        return self.pattern.sub(" ", told).strip()


@lru_cache(maxsize=4)
def decided_for(taxonomy: Taxonomy) -> Decided:
    """What a taxonomy's regions are called, and the words that are the same everywhere; made once per taxonomy."""
    words = sorted({*REQUESTS, *names_of(taxonomy.regions)}, key=lambda word: (-len(word), word))
    chinese = "|".join(re.escape(word) for word in words if not word.isascii())
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    terms = frozenset(term for word in (*words, *CERTIFICATE_WORDS) for term in lexical_terms(word))
    return Decided(re.compile(rf"{chinese}|\b(?:{latin})\b|{CERTIFICATE}"), terms)


def names_of(regions: Iterable[Region]) -> set[str]:
    """Names that can mean nothing but the region, as texts are compared."""
    return {
        name
        for region in regions
        for name in map(normalised, region.names)
        if len(name) >= (LEAST_LETTERS if name.isascii() else LEAST_SIGNS)
        or (region.code.endswith(WIDE) and not name.isascii())
    }
