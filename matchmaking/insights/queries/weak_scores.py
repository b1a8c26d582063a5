"""The score of a weak link: plain arithmetic over the figures of one node; reasons in docs/weak-links.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matchmaking.insights.choices import Coverage
from matchmaking.insights.queries.counts import LEAST_FIRMS

COVERAGE, UNMET, SHORTAGE, CONCENTRATION, HANGING, WAITING = (
    "coverage",
    "unmet",
    "shortage",
    "concentration",
    "hanging",
    "waiting",
)
WEIGHTS: Mapping[str, int] = {COVERAGE: 30, UNMET: 25, SHORTAGE: 15, CONCENTRATION: 10, HANGING: 10, WAITING: 10}
"""The most points of each part; they sum to 100."""
COVERAGE_POINTS: Mapping[str, int] = {
    Coverage.MISSING: 30,
    Coverage.THIN: 20,
    Coverage.ONE_SIDE: 8,
    Coverage.BOTH_SIDES: 0,
}
UNMET_SHARE_POINTS = 15
"""Of the points for unmet needs, those for their share; the rest counts how many there are."""
MANY_NEEDS = 10
"""So many needs get all points that count needs; more get no more."""
HHI_LOW, HHI_HIGH = 1500, 5000
"""Below the first a supply counts as spread out; from the second on it gets all points."""
LONG_WAIT_DAYS = 60
"""Days after which a posting is refused as stale unless it is confirmed."""


@dataclass(frozen=True)
class Tally:
    """What is counted of one node at one place; see ``WeakLink`` for what each figure means."""

    coverage: str = Coverage.MISSING
    needs: int = 0
    need_firms: int = 0
    capacities: int = 0
    suppliers: int = 0
    balance: list[dict[str, Any]] = field(default_factory=list)
    hhi: int | None = None
    unmet: int = 0
    unmet_firms: int = 0
    met_firms: int = 0
    blocks: list[dict[str, Any]] = field(default_factory=list)
    waiting_days: int | None = None
    unanswered: int = 0
    unanswered_firms: int = 0
    unanswered_days: int | None = None


def is_small(firms: int) -> bool:
    """Whether a group is there but of too few firms to be counted apart."""
    return 0 < firms < LEAST_FIRMS


def told_unmet(tally: Any) -> int | None:
    """Needs that no capacity fits, or None where the number would tell it of single firms.

    Nor is it told where all but a few are unmet: the few would be told by what is left. One province is not told apart
    at all, for both together less the one would tell the other.
    """
    if getattr(tally, "place", ""):
        return None
    return None if is_small(tally.unmet_firms) or is_small(tally.met_firms) else int(tally.unmet)


def shortage_of(balance: list[dict[str, Any]]) -> int:
    """Percent of what is needed that nobody offers, in the worst month of the worst unit; 0 to 100."""
    worst = 0
    for line in balance:
        for needed, offered in zip(line["needed"], line["offered"], strict=True):
            if needed > offered:
                worst = max(worst, 100 - 100 * offered // needed)
    return worst


def points_of(tally: Any, hanging: int) -> dict[str, int]:
    """The points of each part, whole numbers that sum to the score.

    What depends on how single needs were judged enters only as far as it is told to everybody.
    """
    unmet = tally.needs if tally.coverage == Coverage.MISSING else told_unmet(tally)
    few = tally.coverage in (Coverage.MISSING, Coverage.THIN)
    parts = {COVERAGE: COVERAGE_POINTS[tally.coverage], UNMET: 0, SHORTAGE: 0, CONCENTRATION: 0}
    if unmet and tally.needs:
        share = UNMET_SHARE_POINTS * unmet // tally.needs
        parts[UNMET] = share + (WEIGHTS[UNMET] - UNMET_SHARE_POINTS) * min(unmet, MANY_NEEDS) // MANY_NEEDS
    parts[SHORTAGE] = WEIGHTS[SHORTAGE] * shortage_of(tally.balance) // 100
    if few:
        parts[CONCENTRATION] = WEIGHTS[CONCENTRATION]
    elif tally.hhi is not None:
        above = min(max(tally.hhi - HHI_LOW, 0), HHI_HIGH - HHI_LOW)
        parts[CONCENTRATION] = WEIGHTS[CONCENTRATION] * above // (HHI_HIGH - HHI_LOW)
    parts[HANGING] = WEIGHTS[HANGING] * min(hanging, MANY_NEEDS) // MANY_NEEDS if few else 0
    waits = told_unmet(tally) and tally.waiting_days
    parts[WAITING] = WEIGHTS[WAITING] * min(waits or 0, LONG_WAIT_DAYS) // LONG_WAIT_DAYS
    return parts
