"""How long a market of any size would take to be asked again: a line through two sizes that are timed now."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matchmaking.engine.ranking import rank_briefly
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.columns import Market
from matchmaking.matching.services.rows import load_taxonomy, plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting

WHOLE_NEEDS, WHOLE_CAPACITIES = 100_000, 1_000_000
"""The market that figures are extrapolated to."""
LEAST_CAPACITIES = 1_000
"""Two sizes of a smaller market differ by less than the clock does."""
MOST_IN_PART = 20_000
"""Capacities of the smaller market; more take longer to build than what is estimated is worth."""
PART = 10
QUESTIONS = 200
ROUNDS = 3


@dataclass(frozen=True)
class Timed:
    """CPU milliseconds that one question took over so many capacities."""

    capacities: int
    ms_a_question: float


@dataclass(frozen=True)
class Estimate:
    """A line through two measured sizes, which carries no further than its assumption: that the cost grows evenly."""

    part: Timed
    whole: Timed
    questions: int

    @property
    def ms_a_capacity(self) -> float:
        """What one more capacity adds to a question: nothing where no growth was seen, at most its share."""
        grown = self.whole.ms_a_question - self.part.ms_a_question
        slope = grown / max(self.whole.capacities - self.part.capacities, 1)
        return min(max(slope, 0.0), self.whole.ms_a_question / max(self.whole.capacities, 1))

    @property
    def ms_in_any_market(self) -> float:
        """What a question takes however small the market is."""
        return self.whole.ms_a_question - self.whole.capacities * self.ms_a_capacity

    @property
    def cpu_seconds(self) -> float:
        """Extrapolated, not measured: seconds of one processor to rank the needs of the whole market."""
        return WHOLE_NEEDS * (self.ms_in_any_market + WHOLE_CAPACITIES * self.ms_a_capacity) / 1000


def estimate_whole_market(*, day: date) -> Estimate | None:
    """Time the same needs over a part of the live capacities and over all; None where there are too few to tell.

    Ranking alone is timed: neither the reading of jobs nor the writing of answers.
    """
    needs = list(Posting.objects.live().needs().order_by("pk").values_list("number", flat=True))
    numbers = list(Posting.objects.live().capacities().order_by("pk").values_list("number", flat=True))
    if not needs or len(numbers) < LEAST_CAPACITIES:
        return None
    keys, some = _spread(needs, QUESTIONS), _spread(numbers, min(len(numbers) // PART, MOST_IN_PART))
    rows = list(plain_rows(Posting.objects.live().filter(number__in=[*keys, *some])))
    part = build_market(rows, load_taxonomy())
    return Estimate(
        Timed(len(some), _ms_a_question(keys, part, day)),
        Timed(len(numbers), _ms_a_question(keys, current_market(), day)),
        len(keys),
    )


def _spread(numbers: Sequence[str], count: int) -> list[str]:
    """At most ``count`` of ``numbers``, evenly from first to last."""
    taken = min(count, len(numbers))
    return [numbers[at * len(numbers) // taken] for at in range(taken)]


def _ms_a_question(keys: Sequence[str], market: Market, day: date) -> float:
    """Median of a few rounds, after one that fills the caches of the market."""
    spent = []
    for _ in range(ROUNDS + 1):
        started = time.process_time()
        for key in keys:
            rank_briefly(key, market, today=day)
        spent.append(time.process_time() - started)
    return 1000 * sorted(spent[1:])[ROUNDS // 2] / len(keys)
