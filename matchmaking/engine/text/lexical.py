"""Words in common, weighed: the rarer a word, and the more a text is about it, the more it says.

Weights are those of BM25 (Robertson and Zaragoza 2009), and the sum is divided by the most that the need's own terms
could give, so that 0 to 10,000 does not depend on how many postings there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import isqrt, log

import numpy as np

from matchmaking.engine.text.words import PAIR, term_number
from matchmaking.engine.types.columns import Ints, Ragged, Vocabulary

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
CONCEPT, FAMILY = "#", "^"


def weight_of(term: str, documents: int, frequency: int) -> int:
    """Weight of a term that ``frequency`` of ``documents`` postings use, in thousandths; never below one."""
    share = {CONCEPT: CONCEPT_WEIGHT, FAMILY: FAMILY_WEIGHT, PAIR: PAIR_WEIGHT}.get(term[0], 100)
    return max(rarity_of(documents, frequency) * share // 100, 1)


def rarity_of(documents: int, frequency: int) -> int:
    """Inverse document frequency in thousandths."""
    return round(WEIGHT_STEPS * log(1 + (documents - frequency + 0.5) / (frequency + 0.5)))


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
