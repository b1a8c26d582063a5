"""What a market could have filled at best, had everybody known everything: a flow with the same capacities."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from matchmaking.engine.assignment import Demand, Edge, Supply, planned
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import rows_of, with_changes
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.rows import PostingRow
from matchmaking.insights.services.assigning import taken_by, volume_of
from matchmaking.matching.services.rows import plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting

Unaware = Market
"""A market that tells nothing of bookings and load."""


def market_unaware_of_load(capacities: Sequence[str]) -> Market:
    """The market of this moment as it would be if nobody told what of these capacities is booked, or who is busy."""
    market = current_market()
    rows = rows_of(market, capacities).values()
    told = [row for row in rows if row.booked or row.calendar or row.load]
    return with_changes(market, rows=[replace(row, booked=0, calendar=(), load=0) for row in told])


@dataclass
class Hindsight:
    """Every pair that fits, noted as needs come, over capacities as they were posted; volumes in thousandths."""

    market: Market
    capacities: Sequence[str]
    demands: list[Demand] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def note(self, need: Posting) -> None:
        """Remember a published need and whatever fits it."""
        row = next(iter(plain_rows(Posting.objects.filter(pk=need.pk))))
        lists = rank(row, self.market, today=timezone.localdate(), limit=max(len(self.capacities), 1), fit_only=True)
        found = rows_of(self.market, [match.key for match in lists.matches])
        self.demands.append(Demand(row.key, volume_of(row), may_split=True))
        self.edges += [self._edge(row, found[match.key], match.score) for match in lists.matches]

    def _edge(self, need: PostingRow, capacity: PostingRow, score: int) -> Edge:
        parts, whole, _least = taken_by(need, capacity)
        return Edge(need.key, capacity.key, score, parts, whole)

    def filled_share(self) -> float:
        """Share of all noted volume that the best plan places, 0 to 1, 0 without needs.

        Needs that want one supplier may be split here and no share is too small, so nothing that keeps to the rules
        can do better.
        """
        supplies = [Supply(key, row.quantity) for key, row in rows_of(self.market, sorted(self.capacities)).items()]
        placed = planned(self.demands, supplies, self.edges)
        return sum(share.volume for share in placed) / max(sum(demand.volume for demand in self.demands), 1)
