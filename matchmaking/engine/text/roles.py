"""What a firm does with the thing that its text names: makes it, repairs it, trains for it, supplies its material.

The words that tell so are terms of the taxonomy. What a text offers stands in its first clause, and there the last word
counts, since both languages put what is offered behind what it is offered for; repairing and training outweigh words of
making around them, and a clause that says both that things are made and repaired is about making.
"""

import re
from functools import lru_cache

from matchmaking.engine.text.taxonomy import Concepts, lookup_of
from matchmaking.engine.types.rows import Taxonomy

MAKING, REPAIR, TRAINING = "making", "repair", "training"
SAME, OTHER = 100, 85
"""Percent that the text factor counts of a capacity in the role that the need has, and in another."""
CLAUSE = re.compile(r"[,;.\u3002\uff0c\uff1b()]| (?:for|with|from|in|to|by|using) ")
MADE = re.compile(r"\u751f\u4ea7|\u5236\u9020|\u52a0\u5de5|\bmanufactur|\bproduc|\bmak(?:e|ing)\b")
"""Words that say outright that things are made."""


@lru_cache(maxsize=4)
def role_words_for(taxonomy: Taxonomy) -> Concepts:
    """Lookup of the taxonomy's words that tell a role, made once per taxonomy."""
    return lookup_of(taxonomy.roles)


def role_of(told: str, words: Concepts) -> str:
    """The role of a normalised text; MAKING where nothing else is told."""
    clause = next((part for part in CLAUSE.split(told) if part.strip()), "")
    found = words.found_in(clause)
    if TRAINING in found:
        return TRAINING
    if REPAIR in found:
        return MAKING if MADE.search(clause) else REPAIR
    return found[-1] if found else MAKING


def role_fit(asked: str, offered: str) -> int:
    """Percent that the text factor of a pair counts."""
    return SAME if asked == offered else OTHER
