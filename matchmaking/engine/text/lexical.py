"""Words in common, weighed: the rarer a word, and the more a text is about it, the more it says.

Weights are those of BM25 (Robertson and Zaragoza 2009), and the sum is divided by the most that the need's own terms
could give, so that 0 to 10,000 does not depend on how many postings there are.
"""

from collections import Counter
from collections.abc import Iterable
from math import log

import numpy as np

from matchmaking.engine.text.decided import decided_for
from matchmaking.engine.text.reading import Reading
from matchmaking.engine.text.words import PAIR, term_number
from matchmaking.engine.types.columns import Ints, Vocabulary
from matchmaking.engine.types.rows import Taxonomy

SATURATION = 12
"""BM25 k1 in tenths."""
LENGTH_SHARE = 6
"""BM25 b in tenths."""
FULL_IMPACT = 255
"""Impact of a term is kept in one byte; this is a term repeated without end."""
WEIGHT_STEPS = 1000
"""Weights are natural logarithms in thousandths."""
PAIR_WEIGHT = 60
"""Percent that a pair of characters weighs beside a word of the same rarity."""


def weight_of(term: str, documents: int, frequency: int, taxonomy: Taxonomy) -> int:
    """Weight of a term that ``frequency`` of ``documents`` postings use, in thousandths; never below one.

    One that other factors decide weighs no more than that.
    """
    if term in decided_for(taxonomy).terms:
        return 1
    share = PAIR_WEIGHT if term[0] == PAIR else 100
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


def impacts_of(counts: Ints, lengths: Ints, mean_length: int) -> Ints:
    """``impact_of`` for many terms (k,), each with the length of its text → (k,)."""
    mean = max(mean_length, 1)
    damping = SATURATION * ((10 - LENGTH_SHARE) * mean + LENGTH_SHARE * lengths)
    scaled = counts * 100 * mean
    return np.maximum((2 * FULL_IMPACT * scaled + scaled + damping) // (2 * (scaled + damping)), 1)


def vocabulary_of(readings: Iterable[Reading], taxonomy: Taxonomy) -> Vocabulary:
    """What many texts' terms and nodes weigh, frozen for as long as their snapshot lives."""
    frequency: Counter[str] = Counter()
    named: Counter[str] = Counter()
    documents = length = 0
    for reading in readings:
        frequency.update(reading.terms.keys())
        named.update(reading.codes)
        documents += 1
        length += reading.terms.total()
    pairs = sorted((term_number(term), weight_of(term, documents, used, taxonomy)) for term, used in frequency.items())
    numbers = np.array([number for number, _ in pairs], dtype=np.int64)
    weights = np.array([weight for _, weight in pairs], dtype=np.int64)
    nodes = np.array([rarity_of(documents, named[code]) for code in taxonomy.node_index], dtype=np.int64)
    return Vocabulary(numbers, weights, nodes, documents, length // max(documents, 1))


def lexical_share(hits: int, bound: int) -> int:
    """Share of a need's weighted terms that a capacity says, 0 to 10,000."""
    return min(hits * 10_000 // bound, 10_000) if bound else 0
