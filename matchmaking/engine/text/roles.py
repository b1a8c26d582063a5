"""What a firm does with the thing that its text names: makes it, repairs it, trains for it, makes the tools for it.

What a text offers stands in its first clause, and there the last word counts, since both languages put what is offered
behind what it is offered for. A clause that says both that things are made and serviced is about making. Roles that are
told further on are noted too: a firm that also repairs is nearer to a need for repair than one that does not.
"""

import re
from collections.abc import Iterator

from matchmaking.engine.text import phrase_table
from matchmaking.engine.text.phrases import is_negated, lookup_of_phrases

MAKING, TOOLING = "making", "tooling"
ROLES = (MAKING, *phrase_table.ROLES)
"""Names of roles, in the order of their bits."""
CLAUSE = re.compile(r"[,;:()|\u3002]|\.(?!\d)| (?:for|with|from|in|to|by|using|and) ")
JOINING = re.compile(r"[\u53ca\u548c\u4e0e\u3001]")
"""Signs that join one offer to the next."""
_WORDS = lookup_of_phrases((word, role) for role, words in phrase_table.ROLES.items() for word in words.split("|"))
_MADE = lookup_of_phrases((word, MAKING) for word in phrase_table.MAKING.split("|"))


def roles_of(told: str) -> tuple[str, frozenset[str]]:
    """The role of a normalised text, and all that it tells; MAKING where nothing else is told."""
    clause = next((part for part in CLAUSE.split(told) if len(part.strip()) > 1), "")
    head, made = list(_told_in(clause)), bool(_MADE.found_in(clause))
    if made:
        head = [(end, role) for end, role in head if role == TOOLING]
        if head and JOINING.search(clause[head[-1][0] :]):
            head = []
    role = head[-1][1] if head else MAKING
    told_roles = {role, *(name for _, name in _told_in(told))}
    return role, frozenset(told_roles | ({MAKING} if _MADE.found_in(told) else set()))


def _told_in(text: str) -> Iterator[tuple[int, str]]:
    """End and role of each word that tells one and is not denied."""
    for start, end, roles in _WORDS.spots_in(text):
        if not is_negated(text, start):
            yield from ((end, role) for role in roles)
