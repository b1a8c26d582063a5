"""Words that texts use and no term explains."""

import re
from collections.abc import Iterable

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import told_of, words_of

SAYING = re.compile(r"[\u3400-\u9fff]{2,}|[a-z][a-z-]{2,}")
"""Words that may be terms: no numbers and no codes, which name one firm's thing."""
LONGEST_WORD = 60


def words_explained(terms: Iterable[str]) -> frozenset[str]:
    """The words of which ``terms`` are made, and the terms themselves."""
    return frozenset(word for term in terms for word in (normalised(term), *words_of(term)))


def unexplained(text: str, explained: frozenset[str]) -> frozenset[str]:
    """Words of ``text`` that are no part of any known term; counts and codes are none."""
    words = words_of(told_of(normalised(text)))
    return frozenset(word for word in words - explained if len(word) <= LONGEST_WORD and SAYING.fullmatch(word))
