"""A market's rows and rankings as a plan: who would carry what, what stays open, and why."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from common.reasons import Reason
from matchmaking.engine.assignment import Demand, Edge, Share, Supply, planned
from matchmaking.engine.constraints import DAYS_PARTS, MONTH_PARTS, YEAR_PARTS, clamped, left_amount
from matchmaking.engine.explanation.wording import Seen, gaps_for
from matchmaking.engine.oracle import World, days_of, least_of, total_of
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import BIT, FACTORS, MUSTS, WEIGHTS, Note, RankedLists
from matchmaking.engine.types.rows import PostingRow

PARTS_A_DAY = {"month": MONTH_PARTS, "year": YEAR_PARTS}


@dataclass(frozen=True)
class Asked:
    """A market read and ranked: rows by number, and the ranking of each need over it."""

    market: Market
    day: date
    rows: Mapping[str, PostingRow]
    lists: Mapping[str, RankedLists]


@dataclass(frozen=True)
class Rest:
    """What stays open of a need, in thousandths of the base unit, and why."""

    need: str
    volume: int
    note: Note


@dataclass
class Outcome:
    """A plan: shares and rests in the order of the needs' numbers, and each need's whole volume."""

    shares: list[Share] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    volumes: dict[str, int] = field(default_factory=dict)

    @property
    def filled_share(self) -> float:
        """Share of all volume that is placed; only sensible where there is one dimension."""
        return sum(share.volume for share in self.shares) / max(sum(self.volumes.values()), 1)


def assigned(asked: Asked) -> Outcome:
    """The plan of a market, each dimension for itself: amounts of different ones cannot be exchanged.

    What is left of a capacity is counted as its class tells, so that no plan tells a booked amount.
    """
    outcome = Outcome()
    by_dimension: dict[str, list[str]] = defaultdict(list)
    for number in sorted(asked.lists):
        by_dimension[asked.rows[number].dimension].append(number)
    for dimension in sorted(by_dimension):
        needs = [asked.rows[number] for number in by_dimension[dimension]]
        outcome.volumes |= {need.key: volume_of(need) for need in needs}
        outcome.shares += planned(demands_of(needs), supplies_of(asked, needs), edges_of(asked, needs))
    placed: dict[str, int] = defaultdict(int)
    for share in outcome.shares:
        placed[share.demand] += share.volume
    world = World(asked.market.taxonomy, asked.market.vocabulary, asked.day)
    for number, volume in outcome.volumes.items():
        if volume > placed[number]:
            outcome.rests.append(Rest(number, volume - placed[number], reason_for(asked, number, world)))
    return outcome


def volume_of(need: PostingRow) -> int:
    """All that a need asks for over its days."""
    return total_of(clamped(need.quantity), need, days_of(need))


def demands_of(needs: list[PostingRow]) -> list[Demand]:
    """The needs as the assignment reads them."""
    return [Demand(need.key, volume_of(need), need.split_allowed, least_of(need)) for need in needs]


def supplies_of(asked: Asked, needs: list[PostingRow]) -> list[Supply]:
    """Every capacity that fits one of ``needs``, with what may be counted on of it per its period."""
    fitting = {match.key for need in needs for match in asked.lists[need.key].matches}
    return [Supply(number, left_amount(asked.rows[number], exact=False)) for number in sorted(fitting)]


def edges_of(asked: Asked, needs: list[PostingRow]) -> list[Edge]:
    """The exact best pairs of each need."""
    return [
        Edge(need.key, match.key, match.score, *taken_by(need, asked.rows[match.key]))
        for need in needs
        for match in asked.lists[need.key].matches
    ]


def taken_by(need: PostingRow, capacity: PostingRow) -> tuple[int, int, int]:
    """What a volume of the need takes of the capacity (parts of whole), and the least that the capacity accepts."""
    least = max(clamped(capacity.minimum_order), 1)
    if capacity.period == "once":
        return 1, 1, least
    return DAYS_PARTS, PARTS_A_DAY[capacity.period] * days_of(need), least


def reason_for(asked: Asked, number: str, world: World) -> Note:
    """Why a need stays open: what fits is placed elsewhere; else what the nearest miss fails, or most firms do."""
    lists = asked.lists[number]
    if lists.matches:
        return Note(Reason.GAP_PLAN_TAKEN)
    if lists.near_misses:
        pair = lists.near_misses[0]
        need, capacity = asked.rows[number], asked.rows[pair.key]
        parts = dict(zip(FACTORS, pair.parts, strict=True))
        gaps = gaps_for(Seen(need, capacity, capacity, parts, pair.verdict, pair.channels), world, WEIGHTS)
        return next((gap for gap in gaps if pair.verdict & BIT.get(gap.reason, 0)), Note(Reason.GAP_NODE_MISMATCH))
    dropped = [(firms, -MUSTS.index(must), must) for must, firms in lists.dropped if must != Reason.GAP_NODE_MISMATCH]
    return Note(max(dropped)[2] if dropped else Reason.GAP_NODE_MISMATCH)
