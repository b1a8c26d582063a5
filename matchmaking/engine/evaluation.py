"""How good the text part is: nDCG@10, mean reciprocal rank and recall over judged sets, with bootstrap intervals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.encoding import TextEncoder, quantised, vector_columns
from matchmaking.engine.text.blending import TextParts, blended, cosines, identifier_share, taxonomy_share
from matchmaking.engine.text.lexical import FULL_IMPACT, impact_of, lexical_share, rarity_of, vocabulary_of
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.taxonomy import Concepts, concepts_of
from matchmaking.engine.text.words import identifiers_of, lexical_terms, term_number, told_of
from matchmaking.engine.types.columns import Vocabulary
from matchmaking.engine.types.rows import Taxonomy

DEPTH = 10
"""Ranks that are looked at."""
RELEVANT = 2
"""Least grade that counts as found."""
RESAMPLES = 1000
MEASURES = ("ndcg", "mrr", "recall")

Grades = Mapping[str, int]


@dataclass(frozen=True)
class Measured:
    """A mean over all queries and its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def text_rankings(
    queries: Mapping[str, str],
    candidates: Mapping[str, str],
    taxonomy: Taxonomy,
    encoder: TextEncoder,
    *,
    concepts: bool = True,
    identifiers: bool = True,
) -> dict[str, list[str]]:
    """All candidates for each query, best first, by the blended channels; ties by id.

    Without ``concepts`` and ``identifiers`` and with an encoder of no dimensions, words alone decide.
    """
    lookup = concepts_of(taxonomy) if concepts else Concepts({})
    keys = sorted(candidates)
    pool = _Pool.made([candidates[key] for key in keys], lookup, encoder)
    rankings = {}
    for query, text in queries.items():
        values = pool.values(_Read.made(text, lookup, encoder), identifiers=identifiers)
        order = sorted(range(len(keys)), key=lambda at: (-values[at], keys[at]))
        rankings[query] = [keys[at] for at in order]
    return rankings


@dataclass(frozen=True)
class _Read:
    """One text by channel."""

    terms: Mapping[str, int]
    codes: tuple[str, ...]
    identifiers: frozenset[str]
    vector: bytes

    @classmethod
    def made(cls, text: str, lookup: Concepts, encoder: TextEncoder) -> "_Read":
        return cls.several([text], lookup, encoder)[0]

    @classmethod
    def several(cls, texts: Sequence[str], lookup: Concepts, encoder: TextEncoder) -> "list[_Read]":
        plain = [told_of(normalised(text)) for text in texts]
        vectors = quantised(encoder.encode(plain))
        return [
            cls(lexical_terms(told), tuple(sorted(set(lookup.found_in(told)))), identifiers_of(told), vector)
            for told, vector in zip(plain, vectors, strict=True)
        ]


@dataclass(frozen=True)
class _Pool:
    """All candidates by channel, and what each term and node weighs among them."""

    reads: Sequence[_Read]
    impacts: Sequence[Mapping[int, int]]
    weights: Mapping[int, int]
    code_weights: Mapping[str, int]
    vectors: NDArray[np.int8]
    inverses: NDArray[np.int32]

    @classmethod
    def made(cls, texts: Sequence[str], lookup: Concepts, encoder: TextEncoder) -> "_Pool":
        reads = _Read.several(texts, lookup, encoder)
        vocabulary = vocabulary_of([read.terms for read in reads])
        weights = dict(zip(vocabulary.numbers.tolist(), vocabulary.weights.tolist(), strict=True))
        used = Counter(code for read in reads for code in read.codes)
        codes = {code: rarity_of(len(reads), count) for code, count in used.items()}
        vectors, inverses = vector_columns([read.vector for read in reads])
        return cls(reads, [_impacts(read.terms, vocabulary) for read in reads], weights, codes, vectors, inverses)

    def values(self, asked: _Read, *, identifiers: bool) -> list[int]:
        """Blended value of each candidate for one query."""
        numbers = {
            number: self.weights[number] for term in asked.terms if (number := term_number(term)) in self.weights
        }
        bound = FULL_IMPACT * sum(numbers.values())
        rare = rarity_of(len(self.reads), 0)
        codes = {code: self.code_weights.get(code, rare) for code in asked.codes if "." in code}
        mine, inverse = vector_columns([asked.vector])
        encoded = bool(mine.shape[1]) and bool(inverse[0])
        meanings = cosines(mine[0], int(inverse[0]), self.vectors, self.inverses) if encoded else None
        return [
            blended(
                TextParts(
                    lexical_share(sum(w * said.get(n, 0) for n, w in numbers.items()), bound) if bound else None,
                    int(meanings[at]) if meanings is not None and self.inverses[at] else None,
                    taxonomy_share(codes, read.codes),
                    identifier_share(asked.identifiers, read.identifiers) if identifiers else None,
                )
            )
            for at, (read, said) in enumerate(zip(self.reads, self.impacts, strict=True))
        ]


def measure(rankings: Mapping[str, Sequence[str]], grades: Mapping[str, Grades]) -> dict[str, Measured]:
    """The three measures over the judged queries; a candidate without a grade counts as 0."""
    judged = sorted(query for query in rankings if query in grades)
    values = {
        "ndcg": [ndcg(rankings[query], grades[query]) for query in judged],
        "mrr": [reciprocal_rank(rankings[query], grades[query]) for query in judged],
        "recall": [recall(rankings[query], grades[query]) for query in judged],
    }
    return {name: bootstrap(values[name]) for name in MEASURES}


def paired_difference(
    rankings: Mapping[str, Sequence[str]], others: Mapping[str, Sequence[str]], grades: Mapping[str, Grades]
) -> Measured:
    """Mean difference of nDCG@10 between two systems over the same queries, with its interval."""
    judged = sorted(query for query in rankings if query in grades)
    return bootstrap([ndcg(rankings[query], grades[query]) - ndcg(others[query], grades[query]) for query in judged])


def worst_queries(rankings: Mapping[str, Sequence[str]], grades: Mapping[str, Grades]) -> list[tuple[str, float]]:
    """Judged queries with their nDCG@10, worst first."""
    values = [(query, ndcg(rankings[query], grades[query])) for query in rankings if query in grades]
    return sorted(values, key=lambda pair: (pair[1], pair[0]))


def ndcg(ranking: Sequence[str], grades: Grades) -> float:
    """Discounted gain 2^grade - 1 of the first DEPTH, as a share of the best order's; 0 when nothing has a gain."""
    gains = [2 ** grades.get(key, 0) - 1 for key in ranking[:DEPTH]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:DEPTH]
    ideal = sum(gain / log2(place + 2) for place, gain in enumerate(best))
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains)) / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Grades) -> float:
    """One over the place of the first relevant candidate, anywhere in the ranking; 0 when there is none."""
    return next((1 / place for place, key in enumerate(ranking, 1) if grades.get(key, 0) >= RELEVANT), 0.0)


def recall(ranking: Sequence[str], grades: Grades) -> float:
    """Share of the relevant candidates among the first DEPTH."""
    relevant = {key for key, grade in grades.items() if grade >= RELEVANT}
    return len(relevant & set(ranking[:DEPTH])) / len(relevant) if relevant else 0.0


def bootstrap(values: Sequence[float]) -> Measured:
    """Mean with a 95 % percentile interval over RESAMPLES resamples, drawn by a fixed congruential sequence."""
    if not values:
        return Measured(0.0, 0.0, 0.0)
    state, means = 20261124, []
    for _ in range(RESAMPLES):
        total = 0.0
        for _ in values:
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            total += values[(state >> 33) % len(values)]
        means.append(total / len(values))
    means.sort()
    return Measured(sum(values) / len(values), means[RESAMPLES * 25 // 1000], means[RESAMPLES * 975 // 1000 - 1])


def _impacts(counts: Mapping[str, int], vocabulary: Vocabulary) -> dict[int, int]:
    length = sum(counts.values())
    return {term_number(term): impact_of(used, length, vocabulary.mean_length) for term, used in counts.items()}
