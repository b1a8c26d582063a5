"""One text as it is compared: its words, the chain nodes that it names, its identifiers, and how it speaks."""

from collections import Counter
from dataclasses import dataclass

from matchmaking.engine.text.manner import Manner, manner_of
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.taxonomy import Concepts, nodes_in
from matchmaking.engine.text.words import identifiers_of, lexical_terms, told_of

MOST_NODES, MOST_IDENTIFIERS = 32, 64
"""So many nodes and identifiers of a text are compared; more come from lists of everything that a firm knows."""


@dataclass(frozen=True)
class Reading:
    """Terms with how often each occurs, node codes and identifiers, each once, in the order of the text; its manner."""

    terms: Counter[str]
    codes: tuple[str, ...]
    identifiers: tuple[str, ...]
    manner: Manner


def reading_of(text: str, concepts: Concepts) -> Reading:
    """What is compared of a text, beside its meaning; empty for a text without words."""
    told = told_of(normalised(text))
    codes = tuple(dict.fromkeys(nodes_in(told, concepts)))[:MOST_NODES]
    return Reading(lexical_terms(told), codes, identifiers_of(told)[:MOST_IDENTIFIERS], manner_of(told))
