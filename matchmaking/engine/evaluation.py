"""How good the text part is: nDCG@10, mean reciprocal rank and recall over judged sets, with bootstrap intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log2

from matchmaking.engine.encoding import TextEncoder
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.text.meaning import encoded
from matchmaking.engine.types.results import Weights
from matchmaking.engine.types.rows import Node, PostingRow, Taxonomy

TEXT_ALONE = Weights("text", 0, 100, 0, 0, 0, 0, 0, 0, (0, 0, 0))
"""Weights with the structured factors off."""
WORDS_ALONE = replace(TEXT_ALONE, channels=((100, 0, 0, 0),) * 4, differences=(0, 0, 0))
"""Weights of a text factor that knows nothing but shared words."""
PLAIN = PostingRow(
    key="", direction="capacity", enterprise=0, node="TEXT", region="500000", dimension="count", quantity=1,
    confirmed=date(2026, 1, 1),
)  # fmt: skip
"""What all texts of a set have in common; a node is added to the taxonomy for it."""
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
    weights: Weights = TEXT_ALONE,
) -> dict[str, list[str]]:
    """All candidates for each query, best first, by the live ranking with text alone; ties by id.

    Each candidate is a capacity and each query a need of one place, product and size, so that nothing else decides.
    Without dimensions the encoder says nothing.
    """
    keys = sorted(candidates)
    vectors = encoded([candidates[key] for key in keys], encoder, taxonomy)
    offered = [
        replace(PLAIN, key=f"{at:010d}", enterprise=at + 1, text=candidates[key], vector=vector)
        for at, (key, vector) in enumerate(zip(keys, vectors, strict=True))
    ]
    market = build_market(offered, replace(taxonomy, nodes=(*taxonomy.nodes, Node(PLAIN.node, ""))))
    rankings = {}
    for query, vector in zip(queries, encoded(list(queries.values()), encoder, taxonomy), strict=True):
        asker = replace(PLAIN, key="ASKER", direction="need", enterprise=0, text=queries[query], vector=vector)
        lists = rank(asker, market, today=PLAIN.confirmed, weights=weights, limit=len(keys))
        rankings[query] = [keys[int(match.key)] for match in lists.matches]
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
