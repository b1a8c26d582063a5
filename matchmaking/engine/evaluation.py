"""How good the text part is: nDCG@10, mean reciprocal rank and recall over judged sets, with bootstrap intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from matchmaking.engine.text import (
    FULL_IMPACT,
    Concepts,
    concepts_of,
    impact_of,
    lexical_share,
    term_number,
    terms_of,
    vocabulary_of,
)
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
    queries: Mapping[str, str], candidates: Mapping[str, str], taxonomy: Taxonomy, *, concepts: bool = True
) -> dict[str, list[str]]:
    """All candidates for each query, best first, by the text share that the live matcher uses; ties by id."""
    lookup = concepts_of(taxonomy) if concepts else Concepts({})
    terms = {key: terms_of(text, lookup) for key, text in candidates.items()}
    vocabulary = vocabulary_of(terms.values())
    weights = dict(zip(vocabulary.numbers.tolist(), vocabulary.weights.tolist(), strict=True))
    impacts = {key: _impacts(counts, vocabulary) for key, counts in terms.items()}
    rankings = {}
    for query, text in queries.items():
        asked = {number: weights[number] for term in terms_of(text, lookup) if (number := term_number(term)) in weights}
        bound = FULL_IMPACT * sum(asked.values())
        scores = {
            key: lexical_share(sum(weight * said.get(number, 0) for number, weight in asked.items()), bound)
            for key, said in impacts.items()
        }
        rankings[query] = sorted(scores, key=lambda key: (-scores[key], key))
    return rankings


def measure(rankings: Mapping[str, Sequence[str]], grades: Mapping[str, Grades]) -> dict[str, Measured]:
    """The three measures over the judged queries; a candidate without a grade counts as 0."""
    judged = sorted(query for query in rankings if query in grades)
    values = {
        "ndcg": [ndcg(rankings[query], grades[query]) for query in judged],
        "mrr": [reciprocal_rank(rankings[query], grades[query]) for query in judged],
        "recall": [recall(rankings[query], grades[query]) for query in judged],
    }
    return {name: bootstrap(values[name]) for name in MEASURES}


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
