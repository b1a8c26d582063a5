"""What a firm does with the thing that its text names: makes it, repairs it, trains for it, makes the tools for it.

What a text offers stands in its first clause, and there the last word counts, since both languages put what is offered
behind what it is offered for. A clause that says both that things are made and serviced is about making. Roles that are
told further on are noted too: a firm that also repairs is nearer to a need for repair than one that does not.
"""

import re

from matchmaking.engine.text import phrase_table
from matchmaking.engine.text.denying import is_negated
from matchmaking.engine.text.phrases import lookup_of_phrases

MAKING, TOOLING = "making", "tooling"
ROLES = (MAKING, *phrase_table.ROLES)
"""Names of roles, in the order of their bits."""
CLAUSE = re.compile(r"[,;:()|\u3002]|\.(?!\d)| (?:for|with|from|in|to|by|using|and) ")
JOINING = re.compile(r"[\u53ca\u548c\u4e0e\u3001]")
"""Signs that join one offer to the next."""
SHORTEST_CLAUSE = 2
_WORDS = lookup_of_phrases(
    (word, role)
    for role, words in {MAKING: phrase_table.MAKING, **phrase_table.ROLES}.items()
    for word in words.split("|")
)


def roles_of(told: str) -> tuple[str, frozenset[str]]:
    """The role of a normalised text, and all that it tells; MAKING where nothing else is told."""
    found = [
        (end, role)
        for start, end, roles in _WORDS.spots_in(told)
        if not is_negated(told, start)
        for role in roles
    ]  # fmt: skip
    first, last = first_clause(told)
    head = [(end, role) for end, role in found if first < end <= last]
    if any(role == MAKING for _, role in head):
        head = [(end, role) for end, role in head if role == TOOLING]
        if head and JOINING.search(told[head[-1][0] : last]):
            head = []
    role = head[-1][1] if head else MAKING
    return role, frozenset({role, *(name for _, name in found)})


def first_clause(told: str) -> tuple[int, int]:
    """Where the first clause of a normalised text begins and ends, passing over what is too short to be one."""
    first = 0
    for ending in CLAUSE.finditer(told):
        if len(told[first : ending.start()].strip()) >= SHORTEST_CLAUSE:
            return first, ending.start()
        first = ending.end()
    return first, len(told)
