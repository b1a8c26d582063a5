"""The node picker's search: Chinese, pinyin, initials and English, words in any order, small slips forgiven."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max, Value
from django.utils.translation import get_language
from rapidfuzz import fuzz, process

from reference.models import ChainNode, GlossaryTerm

EXACT, PREFIX, WORD, CONTAINED = range(0, 40, 10)
"""Steps of a match; the smaller the better."""
BEHIND = 40
"""Added where the node's own name does not hold the words: any such name goes before any alias."""
WORDS, FUZZY = 80, 90
"""Steps behind all these: every word of the query is found, in any order; a word is only similar."""
NAME, ALIAS, PINYIN, ALIAS_PINYIN, INITIALS, ALIAS_INITIALS = range(6)
"""What was matched, inside a step: names before aliases and terms, these before pinyin and initials."""
LEAST_SIMILARITY = 62.0
"""Percent of likeness below which a word is another word."""
SHORTEST_FUZZY = 3
"""Letters (a Chinese character counts as two) below which a slip cannot be told from another word."""
SHORTEST_ACROSS_WORDS = 6
"""Letters from which a find that runs across the blanks of an English key is no accident (diecasting)."""
LONGEST_QUERY = 60
CHINESE = re.compile(r"[\u3400-\u9fff]")
PIECES = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")


@dataclass(frozen=True)
class NodeMatch:
    """A node found, with the text that was matched and its place in the chain; ``rank`` orders, smaller is better.

    ``is_exact``: the words are a whole name, alias or term of the node.
    """

    pk: int
    code: str
    name_zh: str
    name_en: str
    path_zh: tuple[str, ...]
    path_en: tuple[str, ...]
    is_leaf: bool
    matched: str
    rank: int
    is_exact: bool = False

    @property
    def name(self) -> str:
        """The node's name in the active language."""
        return self.name_en if (get_language() or "zh").startswith("en") else self.name_zh

    @property
    def path(self) -> tuple[str, ...]:
        """Names from the head of the chain to the node's parent, in the active language."""
        return self.path_en if (get_language() or "zh").startswith("en") else self.path_zh


@dataclass(frozen=True)
class Key:
    """One text by which a node is found: as words, without blanks, and as it is shown."""

    node: int
    kind: int
    words: str
    compact: str
    shown: str


@dataclass(frozen=True)
class Index:
    """All nodes in use, the places of each node's ancestors, their keys, and the keys set apart for finding slips."""

    nodes: tuple[NodeMatch, ...]
    ancestors: tuple[tuple[int, ...], ...]
    keys: tuple[Key, ...]
    spread: dict[int, str]


Version = tuple[tuple[int, int, datetime | None], ...]
Best = dict[int, tuple[int, int, str]]


def nodes_matching(words: str, limit: int = 12) -> list[NodeMatch]:
    """The nodes in use that ``words`` name, best first: exact, beginning, contained, all words; else similar ones.

    A node whose own name holds the words goes before one known by an alias. Looks at names, aliases, glossary terms,
    full pinyin and initials; blanks, width, case and the order of words do not matter. Empty words find nothing.
    """
    pieces = PIECES.findall(folded(words)[:LONGEST_QUERY])
    if not pieces:
        return []
    index = index_of(data_version())
    compact = "".join(pieces)
    best = found_whole(index, compact, " ".join(pieces))
    if len(pieces) > 1:
        keep_better(best, found_by_words(index, pieces))
    if not best:
        best = found_similar(index, pieces, LEAST_SIMILARITY, limit)
    outright = {entry.node: entry.shown for entry in reversed(index.keys) if entry.compact == compact}

    def place_in_order(place: int) -> tuple[int, bool, int, bool, int]:
        rank, length, _matched = best[place]
        return rank, place not in outright, length, not index.nodes[place].is_leaf, place

    order = sorted(best, key=place_in_order)[:limit]
    return [
        replace(
            index.nodes[place],
            rank=best[place][0],
            matched=outright.get(place, best[place][2]),
            is_exact=place in outright,
        )
        for place in order
    ]


def data_version() -> Version:
    """Changes whenever a node or a term does; the picker's index is kept under it."""
    nodes, terms = (
        model._default_manager.order_by()
        .annotate(place=Value(place))
        .values("place")
        .annotate(count=Count("pk"), latest=Max("changed_at"))
        .values_list("place", "count", "latest")
        for place, model in enumerate((ChainNode, GlossaryTerm))
    )
    return tuple(sorted(nodes.union(terms, all=True)))


def folded(text: str) -> str:
    """``text`` half-width and in small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def spread(text: str) -> str:
    """``text`` with its Chinese characters set apart as words, so that their order does not matter."""
    return " ".join(CHINESE.sub(lambda found: f" {found[0]} ", text).split())


@lru_cache(maxsize=2)
def index_of(version: Version) -> Index:
    """The index of the rows as they are now; ``version`` only names it."""
    columns = ("pk", "code", "name_zh", "name_en", "aliases_zh", "aliases_en", "is_leaf", "pinyin_full")
    rows = list(
        ChainNode.objects.filter(retired_on__isnull=True).order_by("position", "code").only(*columns, "pinyin_initials")
    )
    names = {row.code: (row.name_zh, row.name_en) for row in rows}
    nodes, keys = [], []
    for place, row in enumerate(rows):
        above = [names[code] for code in codes_above(row.code) if code in names]
        path_zh, path_en = tuple(zh for zh, _en in above), tuple(en for _zh, en in above)
        nodes.append(NodeMatch(row.pk, row.code, row.name_zh, row.name_en, path_zh, path_en, row.is_leaf, "", 0))
        keys += node_keys(place, row)
    places = {row.pk: place for place, row in enumerate(rows)}
    for term in GlossaryTerm.objects.filter(retired_on__isnull=True, node__in=places):
        place = places[term.node_id]
        keys += [key(place, ALIAS, text) for text in (term.term_zh, term.term_en, *term.aliases_zh, *term.aliases_en)]
        keys += pinyin_keys(place, ["", term.term_zh, *term.aliases_zh], term.pinyin_full, term.pinyin_initials)
    useful = tuple(dict.fromkeys(entry for entry in keys if entry.compact))
    by_code = {row.code: place for place, row in enumerate(rows)}
    return Index(
        nodes=tuple(nodes),
        ancestors=tuple(tuple(by_code[up] for up in codes_above(row.code) if up in by_code) for row in rows),
        keys=useful,
        spread={place: spread(entry.words) for place, entry in enumerate(useful) if entry.kind < INITIALS},
    )


def codes_above(code: str) -> list[str]:
    """Codes from the head of the chain to the parent of ``code``."""
    parts = code.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def node_keys(place: int, row: ChainNode) -> list[Key]:
    """Every key of a node: its names, aliases, pinyin and initials."""
    keys = [key(place, NAME, row.name_zh), key(place, NAME, row.name_en)]
    keys += [key(place, ALIAS, alias) for alias in (*row.aliases_zh, *row.aliases_en)]
    return keys + pinyin_keys(place, [row.name_zh, *row.aliases_zh], row.pinyin_full, row.pinyin_initials)


def pinyin_keys(place: int, texts: list[str], full: str, initials: str) -> list[Key]:
    """Keys of the pinyin columns, which spell ``texts``: the name (empty for a term) and then the aliases.

    Each shows the text it spells; where two texts sound alike the columns hold one, and the first text is shown.
    """
    keys = []
    written = [text for text in texts if text]
    for own, other, column in ((PINYIN, ALIAS_PINYIN, full), (INITIALS, ALIAS_INITIALS, initials)):
        spelled = column.split()
        shown_as = written if len(spelled) == len(written) else written[:1] * len(spelled)
        for n, (word, text) in enumerate(zip(spelled, shown_as, strict=True)):
            keys.append(key(place, own if n == 0 and texts[0] else other, word, text))
    return keys


def key(place: int, kind: int, text: str, shown_as: str = "") -> Key:
    """A key for ``text``."""
    pieces = PIECES.findall(folded(text))
    return Key(place, kind, " ".join(pieces), "".join(pieces), shown_as or text)


def found_whole(index: Index, compact: str, words: str) -> Best:
    """Nodes with a key that is, begins with, or contains the query as a whole."""
    best: Best = {}
    across = bool(CHINESE.search(compact)) or len(compact) >= SHORTEST_ACROSS_WORDS
    for entry in index.keys:
        if compact not in entry.compact:
            continue
        if entry.compact == compact:
            step = EXACT
        elif entry.compact.startswith(compact):
            step = PREFIX
        elif f" {words}" in entry.words:
            step = WORD
        elif across or words in entry.words:
            step = CONTAINED
        else:
            continue
        keep_better(best, {entry.node: (rank_of(step, entry.kind, compact), len(entry.compact), entry.shown)})
    return best


def rank_of(step: int, kind: int, compact: str) -> int:
    """The rank of a find by its step and kind; a few letters amid a word are an accident: ecu in security."""
    is_few = compact.isascii() and len(compact) < SHORTEST_ACROSS_WORDS
    is_accident = step == CONTAINED and (kind == INITIALS or is_few)
    return step + kind + (BEHIND if is_accident or kind in (ALIAS, ALIAS_PINYIN, ALIAS_INITIALS) else 0)


def found_by_words(index: Index, pieces: list[str]) -> Best:
    """Nodes that every piece of the query finds, at least one in the node itself, the others there or above it."""
    each = [found_whole(index, piece, piece) for piece in pieces]
    found: Best = {}
    for place in set().union(*each):
        line = (place, *index.ancestors[place])
        hits = [min((best[up] for up in line if up in best), default=None) for best in each]
        if None not in hits:
            own = min(best[place] for best in each if place in best)
            worst = max(hit[0] for hit in hits if hit)
            found[place] = (WORDS + worst // 10, sum(hit[1] for hit in hits if hit), own[2])
    return found


def found_similar(index: Index, pieces: list[str], least: float, limit: int) -> Best:
    """Nodes with a key at least ``least`` percent like the query: a slip, or characters in another order."""
    query = spread(" ".join(pieces))
    if sum(2 if CHINESE.match(letter) else 1 for letter in query if letter != " ") < SHORTEST_FUZZY:
        return {}
    hits = process.extract(query, index.spread, scorer=fuzz.token_sort_ratio, score_cutoff=least, limit=4 * limit)
    best: Best = {}
    for _text, similarity, place in hits:
        entry = index.keys[place]
        keep_better(best, {entry.node: (FUZZY + 100 - round(similarity), len(entry.compact), entry.shown)})
    return best


def keep_better(best: Best, others: Best) -> None:
    """Take over what ``others`` found better or alone."""
    for place, found in others.items():
        if place not in best or found < best[place]:
            best[place] = found


def codes_matching(words: str, limit: int = 12) -> list[str]:
    """Codes of the nodes that ``words`` name, best first; for text search that also asks for nodes."""
    return [match.code for match in nodes_matching(words, limit)]


def matches_named(codes: Iterable[str]) -> list[NodeMatch]:
    """The nodes with these codes in the form of the picker, in the order given; unknown and retired ones left out."""
    known = {node.code: node for node in index_of(data_version()).nodes}
    return [known[code] for code in codes if code in known]
