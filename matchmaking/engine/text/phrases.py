"""Words that tell what is done with a thing and which variant of it is meant, looked up in normalised texts."""

from collections.abc import Iterable

from matchmaking.engine.text.taxonomy import Concepts, lookup_of


def lookup_of_phrases(pairs: Iterable[tuple[str, str]]) -> Concepts:
    """Lookup of (phrase, what it tells); a joint of Latin words may be a blank."""
    return lookup_of((form, told) for phrase, told in pairs for form in {phrase, phrase.replace("-", " ")})
