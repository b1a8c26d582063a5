"""What loosening would gain: changes that the asker can make alone, and how many more firms would fit after each.

Changes are read off postings that fail one must alone, and each is tried out by ranking again with the asker changed,
so that the gain told is the gain got.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from common.reasons import Reason
from matchmaking.engine.constraints import masked
from matchmaking.engine.explanation.answers import Question, told_firms
from matchmaking.engine.explanation.hints import CHANGES
from matchmaking.engine.oracle import World, failed_musts
from matchmaking.engine.ranking import failing_one, rank
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.scoring.questions import asked_of
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import Note
from matchmaking.engine.types.rows import PostingRow

STUDIED = 40
"""Postings that fail one must alone and are asked what would be enough for them, for each must."""
STEPS = 3
"""Sizes of one kind of change that are tried."""
TOLD = 8
"""Changes that are told, those that gain most first."""
SIZES = ("days", "km", "amount")
"""Facts of a hint that tell how large a change is; without one the changes most often called for are tried."""
DOWNWARD = {Reason.HINT_QUANTITY_LOWER, Reason.HINT_MINIMUM_ORDER_LOWER, Reason.HINT_PRICE_LOWER}
"""Changes to an amount of which the smaller is the larger change."""


@dataclass(frozen=True)
class Loosening:
    """A change by the asker alone, and how many more firms would fit; under three ``firms`` is 0, ``shown`` "<3"."""

    hint: Note
    firms: int
    shown: str


@dataclass(frozen=True)
class Trial:
    """The asker after a change, and the hint that names the change."""

    asker: PostingRow
    hint: Note

    @property
    def size(self) -> Decimal | None:
        """How large the change is against others of its kind; None where that cannot be said."""
        told = next((self.hint.facts[name] for name in SIZES if name in self.hint.facts), None)
        if told is None:
            return None
        return -Decimal(told) if self.hint.reason in DOWNWARD else Decimal(told)


def loosenings(question: Question, market: Market) -> tuple[Loosening, ...]:
    """Changes to the asker's own posting that gain firms, most first, each as small as it can be for its gain.

    A larger change of one kind is left out where it is not told to gain more: counts under three are told alike.
    """
    before = _firms(question, market)
    found: list[Loosening] = []
    for trials in _by_kind(_trials(question, market)):
        told = -1
        for trial in _steps(trials):
            gained = _firms(replace(question, asker=trial.asker), market) - before
            firms, shown = told_firms(gained)
            if gained > 0 and firms > told:
                told = firms
                found.append(Loosening(trial.hint, firms, shown))
    return tuple(sorted(found, key=lambda one: -one.firms)[:TOLD])


def _firms(question: Question, market: Market) -> int:
    return rank(
        question.asker,
        market,
        today=question.today,
        weights=question.weights,
        limit=1,
        excluded=question.excluded,
        readers=question.readers,
    ).firms


def _trials(question: Question, market: Market) -> list[Trial]:
    """What would be enough for each posting that fails one must alone and that the asker can mend alone."""
    asked = asked_of(question.asker, market, today=question.today, excluded=question.excluded, readers=question.readers)
    world = World(market.taxonomy, market.vocabulary, question.today)
    asker, needs = masked(question.asker), question.asker.direction == "need"
    found = []
    for must, keys in failing_one(asked, market, STUDIED).items():
        for other in rows_of(market, keys).values():
            need, capacity = (asker, other) if needs else (other, asker)
            for change in CHANGES[must](need, capacity, world):
                is_own = change.hint.facts["side"] == asker.direction
                if is_own and not failed_musts(change.need, change.capacity, world):
                    found.append(Trial(change.need if needs else change.capacity, change.hint))
    return found


def _by_kind(trials: Iterable[Trial]) -> list[list[Trial]]:
    kinds: dict[Reason, list[Trial]] = {}
    for trial in trials:
        kinds.setdefault(trial.hint.reason, []).append(trial)
    return list(kinds.values())


def _steps(trials: list[Trial]) -> list[Trial]:
    """A few trials of one kind, the smallest first: spread over the sizes, or those most often called for."""
    sizes = [trial.size for trial in trials]
    if None in sizes:
        told = [trial.hint.facts for trial in trials]
        distinct = [trial for place, trial in enumerate(trials) if trial.hint.facts not in told[:place]]
        return sorted(distinct, key=lambda trial: -told.count(trial.hint.facts))[:STEPS]
    ordered = sorted(trials, key=lambda trial: trial.size or Decimal(0))
    places = sorted({step * (len(ordered) - 1) // (STEPS - 1) for step in range(STEPS)})
    return [ordered[place] for place in places]
