"""Words that tell what is done with a thing and which variant of it is meant, looked up in normalised texts."""

from collections.abc import Iterable, Sequence

from matchmaking.engine.text.phrase_table import NEGATIONS
from matchmaking.engine.text.taxonomy import Concepts, lookup_of

_DENYING: Sequence[str] = sorted(NEGATIONS.split("|"), key=len, reverse=True)


def lookup_of_phrases(pairs: Iterable[tuple[str, str]]) -> Concepts:
    """Lookup of (phrase, what it tells); a joint of Latin words may be a blank."""
    return lookup_of((form, told) for phrase, told in pairs for form in {phrase, phrase.replace("-", " ")})


def is_negated(text: str, at: int) -> bool:
    """Whether a word that denies stands right before place ``at`` of a normalised text."""
    before = text[max(at - 12, 0) : at].rstrip(" -")
    for word in _DENYING:
        if before.endswith(word):
            rest = before[: -len(word)]
            return not word.isascii() or not (rest[-1:].isascii() and rest[-1:].isalnum())
    return False
