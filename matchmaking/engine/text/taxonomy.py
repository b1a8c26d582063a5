"""Chain nodes that words stand for, in both languages, so that a term meets its translation, and how near two are."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.text.denying import is_negated
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.types.columns import read_only
from matchmaking.engine.types.results import SILENT
from matchmaking.engine.types.rows import Taxonomy

BEGINNING = re.compile(r"(?<![a-z0-9])[\x00-\x7f]|[^\x00-\x7f]")
"""Where a term may begin in a normalised text: at any Chinese character, and where a Latin word does."""
SAME, FAMILY, SIBLING = 100, 50, 20
"""Percent closeness of a node to itself, to its parent or child, and to a sibling below the second level."""
CHAIN = 10
"""What being in one chain tells about which node a term stands for."""


@dataclass(frozen=True)
class Concepts:
    """Names, aliases and glossary terms that stand for chain nodes, and the lengths in which they come, longest first,
    by their first two characters.
    """

    nodes: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]

    def found_in(self, text: str) -> list[str]:
        """Node codes whose terms occur in normalised ``text``, longest match first, one per occurrence."""
        return [code for _, _, codes in self.spots_in(text) for code in codes]

    def spots_in(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Where terms occur in normalised ``text``, longest match first: start, end and what each stands for."""
        free = 0
        for beginning in BEGINNING.finditer(text):
            at = beginning.start()
            for length in self.lengths.get(text[at : at + 2], ()) if at >= free else ():
                nodes = self.nodes.get(text[at : at + length]) if at + length <= len(text) else None
                if nodes and _ends_there(text, at + length):
                    free = at + length
                    yield at, free, nodes
                    break


def concepts_of(taxonomy: Taxonomy) -> Concepts:
    """Lookup of every term of the taxonomy; a term of several nodes stands for all of them."""
    pairs = [(term, node.code) for node in taxonomy.nodes for term in node.terms]
    return lookup_of((term, code) for term, code in (*pairs, *taxonomy.glossary) if code in taxonomy.node_index)


def lookup_of(pairs: Iterable[tuple[str, str]]) -> Concepts:
    """Lookup of (term, what it stands for); a single sign stands for nothing."""
    nodes_of: dict[str, list[str]] = {}
    for term, code in pairs:
        plain = normalised(term)
        if len(plain) >= 2 and code not in nodes_of.get(plain, ()):
            nodes_of.setdefault(plain, []).append(code)
    lengths: dict[str, set[int]] = {}
    for plain in nodes_of:
        lengths.setdefault(plain[:2], set()).add(len(plain))
    return Concepts(
        {plain: tuple(sorted(codes)) for plain, codes in nodes_of.items()},
        {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()},
    )


@lru_cache(maxsize=4)
def concepts_for(taxonomy: Taxonomy) -> Concepts:
    """Lookup of the taxonomy's terms, made once per taxonomy."""
    return concepts_of(taxonomy)


def kinship(one: str, other: str) -> int:
    """Percent closeness of two node codes; supply links say nothing about what a text means."""
    if one == other:
        return SAME
    above, over = one.rpartition(".")[0], other.rpartition(".")[0]
    if (above == other and "." in other) or (over == one and "." in one):
        return FAMILY
    return SIBLING if above == over and above.count(".") >= 1 else 0


def nodes_in(text: str, concepts: Concepts) -> list[str]:
    """Codes below the roots that normalised ``text`` names, one per occurrence; a chain's root is too broad to tell.

    Of a term with several nodes those count that are nearest to what the rest of the text names: an MCU beside an
    inverter controls a motor, beside firmware it is a chip. Where nothing tells, all of them count. What is denied is
    not named.
    """
    spots = [
        tuple(code for code in codes if "." in code)
        for start, _, codes in concepts.spots_in(text)
        if not is_negated(text, start)
    ]
    distinct = set(spots)
    return [code for codes in spots for code in _nearest(codes, [other for other in distinct if other != codes])]


def _nearest(codes: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(codes) < 2:
        return codes
    near = [max((_likeness(code, other) for some in others for other in some), default=0) for code in codes]
    return tuple(code for code, value in zip(codes, near, strict=True) if value == max(near))


def _likeness(one: str, other: str) -> int:
    return kinship(one, other) or (CHAIN if one.partition(".")[0] == other.partition(".")[0] else 0)


@lru_cache(maxsize=4)
def kinship_for(taxonomy: Taxonomy) -> NDArray[np.uint8]:
    """``kinship`` of all pairs of nodes, (nodes, nodes), in the order of ``taxonomy.nodes``, made once per taxonomy."""
    place = taxonomy.node_index
    table = np.zeros((len(place), len(place)), dtype=np.uint8)
    families: dict[str, list[str]] = {}
    for code in place:
        families.setdefault(code.rpartition(".")[0], []).append(code)
    for parent, children in families.items():
        for code in children:
            for other in (*children, parent):
                if other in place:
                    table[place[code], place[other]] = table[place[other], place[code]] = kinship(code, other)
    return read_only(table)


def taxonomy_share(asked: Mapping[str, int], offered: Sequence[str]) -> int:
    """Share of the need's node codes, by weight, that the other side names closely; SILENT without a weight."""
    total = sum(asked.values())
    if not total:
        return SILENT
    near = sum(weight * max((kinship(code, other) for other in offered), default=0) for code, weight in asked.items())
    return near * 100 // total


def _ends_there(text: str, end: int) -> bool:
    """Latin terms end at a word's end (a plural s apart); Chinese has no such ends."""
    if not text[end - 1].isascii():
        return True
    rest = text[end : end + 2]
    if rest[:1] == "s":
        rest = rest[1:]
    return not (rest[:1].isascii() and rest[:1].isalnum())
