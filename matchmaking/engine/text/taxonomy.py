"""Chain nodes that words stand for, in both languages, so that a term meets its translation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from matchmaking.engine.text.lexical import CONCEPT, FAMILY
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import lexical_terms
from matchmaking.engine.types.rows import Taxonomy


@dataclass(frozen=True)
class Concepts:
    """Names, aliases and glossary terms that stand for chain nodes, by their first two characters, longest first."""

    by_head: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]

    def found_in(self, text: str) -> list[str]:
        """Node codes whose terms occur in normalised ``text``, longest match first, one per occurrence."""
        codes: list[str] = []
        at = 0
        while at < len(text) - 1:
            for term, nodes in self.by_head.get(text[at : at + 2], ()):
                if text.startswith(term, at) and _stands_alone(text, at, at + len(term)):
                    codes.extend(nodes)
                    at += len(term) - 1
                    break
            at += 1
        return codes


def concepts_of(taxonomy: Taxonomy) -> Concepts:
    """Lookup of every term of the taxonomy; a term of several nodes stands for all of them."""
    nodes_of: dict[str, list[str]] = {}
    pairs = [(term, node.code) for node in taxonomy.nodes for term in node.terms]
    for term, code in [*pairs, *taxonomy.glossary]:
        plain = normalised(term)
        if len(plain) >= 2 and code and code not in nodes_of.setdefault(plain, []):
            nodes_of[plain].append(code)
    by_head: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for plain, codes in sorted(nodes_of.items(), key=lambda item: (-len(item[0]), item[0])):
        by_head.setdefault(plain[:2], []).append((plain, tuple(sorted(codes))))
    return Concepts({head: tuple(terms) for head, terms in by_head.items()})


def terms_of(text: str, concepts: Concepts) -> Counter[str]:
    """Terms of a text with how often each occurs, node codes among them; empty for a text without words."""
    plain = normalised(text)
    terms = lexical_terms(plain)
    for code in concepts.found_in(plain):
        terms[f"{CONCEPT}{code}"] += 1
        parent = code.rpartition(".")[0]
        for family in {code, parent} if "." in parent else {code}:
            terms[f"{FAMILY}{family}"] += 1
    return terms


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin terms end at a word's end (a plural s apart); Chinese has no such ends."""
    before = text[start - 1] if start else " "
    if text[start].isascii() and before.isascii() and before.isalnum():
        return False
    if not text[end - 1].isascii():
        return True
    rest = text[end : end + 2]
    if rest[:1] == "s":
        rest = rest[1:]
    return not (rest[:1].isascii() and rest[:1].isalnum())
