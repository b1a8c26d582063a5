"""Words in common between a need and a capacity, in Chinese and English: terms, their weights, and the share matched.

Terms are rjieba words, pairs of neighbouring Chinese characters (under their own prefix), Latin words with a light
plural stripped, hyphenated codes whole and split, and the chain nodes that names, aliases and glossary terms stand for
(so that a term meets its translation). Weights are those of BM25 (Robertson and Zaragoza 2009), and the sum is divided
by the most that the need's own terms could give, so that 0 to 10,000 does not depend on how many postings there are.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt, log

import numpy as np
import rjieba

from matchmaking.engine.types.columns import Ints, Ragged, Vocabulary
from matchmaking.engine.types.rows import Taxonomy, code_number

SATURATION = 12
"""BM25 k1 in tenths."""
LENGTH_SHARE = 6
"""BM25 b in tenths."""
FULL_IMPACT = 255
"""Impact of a term is kept in one byte; this is a term repeated without end."""
WEIGHT_STEPS = 1000
"""Weights are natural logarithms in thousandths."""
CONCEPT_WEIGHT, FAMILY_WEIGHT, PAIR_WEIGHT = 150, 60, 60
"""Percent that a term of the taxonomy, its parent, and a pair of characters weigh beside a word of the same rarity."""
LONGEST_TEXT = 4_000
"""Characters of a text that are read; more adds nothing and could be an attack."""

CONCEPT, FAMILY, PAIR = "#", "^", "~"
CJK = "\u3400-\u4dbf\u4e00-\u9fff"
RUN = re.compile(rf"[{CJK}]+|[a-z0-9]+(?:[-.+/][a-z0-9]+)*")
AMOUNT = re.compile(r"^\d{1,3}(?:[.,]?\d+)*$")
PLURAL = re.compile(r"(?<=[a-z]{3})s$")
SILENT = frozenset(
    (
        *(
            "\u6bcf\u6708",
            "\u6bcf\u5e74",
            "\u6bcf\u5929",
            "\u6bcf\u65e5",
            "\u6bcf\u5468",
            "\u6bcf\u5b63",
            "\u6bcf\u6279",
        ),
        *(
            "\u6708\u4efd",
            "\u5e74\u5ea6",
            "\u5b63\u5ea6",
            "\u6bcf\u5957",
            "\u6bcf\u4ef6",
            "\u4e07\u4ef6",
            "\u4e07\u5957",
            "\u4e07\u5428",
        ),
        *("month", "monthly", "year", "yearly", "annual", "annually", "week", "weekly", "day", "daily", "per", "each"),
        *("piece", "pcs", "set", "unit", "and", "the", "for", "with", "of", "in", "on", "to", "or", "from", "by", "at"),
        *("an", "as", "is", "are", "be", "we", "our"),
    )
)
"""Words of periods, units and grammar, which say nothing about a product: neither scored nor shown as shared."""


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


def normalised(text: str) -> str:
    """``text`` as it is compared: compatibility forms folded, lower case, cut at LONGEST_TEXT, blanks single."""
    return " ".join(unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold().split())


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
    """Terms of a text with how often each occurs; empty for a text without words."""
    plain = normalised(text)
    terms: Counter[str] = Counter()
    for run in RUN.findall(plain):
        if run.isascii():
            terms.update(_latin_terms(run))
        else:
            pairs = (run[i : i + 2] for i in range(len(run) - 1))
            terms.update(f"{PAIR}{pair}" for pair in pairs if pair not in SILENT)
            terms.update(_chinese_words(run))
    for code in concepts.found_in(plain):
        terms[f"{CONCEPT}{code}"] += 1
        parent = code.rpartition(".")[0]
        for family in {code, parent} if "." in parent else {code}:
            terms[f"{FAMILY}{family}"] += 1
    return terms


def weight_of(term: str, documents: int, frequency: int) -> int:
    """Weight of a term that ``frequency`` of ``documents`` postings use, in thousandths; never below one."""
    rarity = round(WEIGHT_STEPS * log(1 + (documents - frequency + 0.5) / (frequency + 0.5)))
    share = {CONCEPT: CONCEPT_WEIGHT, FAMILY: FAMILY_WEIGHT, PAIR: PAIR_WEIGHT}.get(term[0], 100)
    return max(rarity * share // 100, 1)


def impact_of(count: int, length: int, mean_length: int) -> int:
    """How much a term that occurs ``count`` times in a text of ``length`` terms says, 1 to FULL_IMPACT, rounded."""
    mean = max(mean_length, 1)
    damping = SATURATION * ((10 - LENGTH_SHARE) * mean + LENGTH_SHARE * length)
    scaled = count * 100 * mean
    return max((2 * FULL_IMPACT * scaled + scaled + damping) // (2 * (scaled + damping)), 1)


def vocabulary_of(texts: Iterable[Mapping[str, int]]) -> Vocabulary:
    """Vocabulary of many texts' terms, frozen for as long as their snapshot lives."""
    frequency: Counter[str] = Counter()
    documents = length = 0
    for terms in texts:
        frequency.update(terms.keys())
        documents += 1
        length += sum(terms.values())
    pairs = sorted((term_number(term), weight_of(term, documents, used)) for term, used in frequency.items())
    numbers = np.array([number for number, _ in pairs], dtype=np.int64)
    weights = np.array([weight for _, weight in pairs], dtype=np.int64)
    return Vocabulary(numbers, weights, documents, length // max(documents, 1))


@lru_cache(maxsize=262_144)
def term_number(term: str) -> int:
    """Number of a term, the same in every process."""
    return code_number(term)


def lexical_share(hits: int, bound: int) -> int:
    """Share of a need's weighted terms that a capacity says, 0 to 10,000."""
    return min(hits * 10_000 // bound, 10_000) if bound else 0


def text_fit(share: int) -> int:
    """Factor value of a share: its square root on the scale of 10,000, since a quarter of the terms is much already."""
    return isqrt(share * 10_000)


def text_fits(asker: Ragged, others: Ragged, rows: Ints, vocabulary: Vocabulary, *, asker_needs: bool) -> Ints:
    """``text_fit`` of the asker's one row with each of ``rows`` (m,) → (m,); the need's terms are the question."""
    _, mine = asker.entries(np.zeros(1, dtype=np.int64))
    owners, theirs = others.entries(rows)
    places, impacts = asker.columns["place"][mine], asker.columns["impact"][mine]
    weights = vocabulary.all_weights()
    table = np.zeros(vocabulary.size, dtype=np.int64)
    table[places] = weights[places] if asker_needs else impacts
    other_places = others.columns["place"][theirs]
    values = others.columns["impact"][theirs] if asker_needs else weights[other_places]
    hits = np.bincount(owners, weights=table[other_places] * values, minlength=len(rows)).astype(np.int64)
    if asker_needs:
        bounds = np.full(len(rows), FULL_IMPACT * int(weights[places].sum()), dtype=np.int64)
    else:
        bounds = FULL_IMPACT * np.bincount(owners, weights=values, minlength=len(rows)).astype(np.int64)
    shares = np.minimum(np.where(bounds > 0, hits * 10_000 // np.maximum(bounds, 1), 0), 10_000)
    return np.sqrt((shares * 10_000).astype(np.float64)).astype(np.int64)


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """Words of a text as people would say them: without pairs of characters and without node codes."""
    words: set[str] = set()
    for run in RUN.findall(normalised(text)):
        words.update(_latin_terms(run) if run.isascii() else _chinese_words(run))
    return frozenset(words)


def shared_terms(need: str, capacity: str, limit: int = 4) -> list[str]:
    """At most ``limit`` words that both texts use, longest first; for people to read."""
    return sorted(words_of(need) & words_of(capacity), key=lambda word: (-len(word), word))[:limit]


def _chinese_words(run: str) -> list[str]:
    return [word for word in rjieba.cut(run) if len(word) > 1 and word not in SILENT]


def _latin_terms(run: str) -> list[str]:
    parts = [part for part in re.split(r"[-.+/]", run) if part]
    whole = [run] if len(parts) > 1 else []
    words = (PLURAL.sub("", part) for part in (*whole, *parts) if len(part) > 1 and not AMOUNT.match(part))
    return [word for word in words if word not in SILENT]


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
