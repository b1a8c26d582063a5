"""What a text denies, it does not offer: words that stand right before what is not there."""

from collections.abc import Sequence

from matchmaking.engine.text.phrase_table import NEGATIONS

_DENYING: Sequence[str] = sorted(NEGATIONS.split("|"), key=len, reverse=True)


def is_negated(text: str, at: int) -> bool:
    """Whether a word that denies stands right before place ``at`` of a normalised text."""
    before = text[max(at - 12, 0) : at].rstrip(" -")
    for word in _DENYING:
        if before.endswith(word):
            rest = before[: -len(word)]
            return not word.isascii() or not (rest[-1:].isascii() and rest[-1:].isalnum())
    return False
