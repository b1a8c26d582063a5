"""Capacities among which sets of suppliers are looked for, and a share as it is proposed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts.models import Enterprise
from accounts.querysets import Actor
from common.reasons import Reason
from matchmaking.engine.consortium import Offer
from matchmaking.engine.oracle import World
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import Note
from matchmaking.engine.types.rows import PostingRow
from matchmaking.matching.services.limits import THOUSAND, Days, Firm, Limits, firm_of, limits_of, must_not_meet
from matchmaking.matching.services.rows import asking_whole, plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.matching.services.suggestions import SuggestedMatch, suggestions_for
from matchmaking.postings.models import Posting

CANDIDATES = 60
"""Best suggestions among which sets are looked for; a set of capacities further down is no good proposal."""
MOST_REASONS = 3
OF_THE_WHOLE = frozenset({Reason.FIT_QUANTITY_COVERS, Reason.FIT_WINDOW_COVERS})
"""What is not said of a lot with days of its own."""


@dataclass(frozen=True)
class ProposedShare:
    """One member of a proposed set, and what it would carry in the need's own unit and period; ``days`` are those of
    its lot, None where it runs through the need's window.
    """

    suggested: SuggestedMatch
    amount: Decimal
    limits: Limits
    days: Days | None = None

    @property
    def starts_on(self) -> date | None:
        """The first day of its lot."""
        return self.days[0] if self.days else None

    @property
    def ends_on(self) -> date | None:
        """The last day of its lot."""
        return self.days[1] if self.days else None

    @property
    def posting(self) -> Posting:
        """The capacity."""
        return self.suggested.posting

    @property
    def reasons(self) -> list[Note]:
        """Why it fits, the best few; that it could carry all of the need is not said of a part."""
        untrue = {Reason.FIT_QUANTITY_COVERS} if self.days is None else OF_THE_WHOLE
        return [note for note in self.suggested.reasons if note.reason not in untrue][:MOST_REASONS]


@dataclass(frozen=True)
class Carriers:
    """Suggested capacities by number with their rows and limits; ``barred`` must not meet one that stays."""

    usable: Mapping[str, SuggestedMatch]
    rows: Mapping[str, PostingRow]
    limits: Mapping[str, Limits]
    barred: frozenset[str]
    need: PostingRow
    world: World


def carriers_of(
    posting: Posting,
    viewer: Actor,
    without: Collection[Firm],
    kept: Sequence[Posting],
    system_of: Enterprise | None = None,
    *,
    is_any_time: bool = False,
    market: Market | None = None,
) -> Carriers:
    """Suggested capacities but those of firms in ``without``; with ``is_any_time`` whatever their windows and months.
    ``market`` is the one that the caller has at hand.

    A fixed number of queries. Refuses not_yours and wrong_state.
    """
    market = market or current_market()
    found = suggestions_for(
        posting=posting,
        viewer=viewer,
        limit=CANDIDATES,
        market=market,
        system_of=system_of,
        is_any_time=is_any_time,
    )
    usable = {match.posting.number: match for match in found.matches if firm_of(match.posting) not in without}
    rows = rows_of(market, [posting.number, *usable, *(one.number for one in kept)])
    need = rows.get(posting.number) or next(plain_rows(Posting.objects.filter(pk=posting.pk)))
    need = asking_whole(need, posting)
    world = World(market.taxonomy, market.vocabulary, timezone.localdate())
    limits = {key: limits_of(need, rows[key], world) for key in usable if key in rows}
    staying = [rows[one.number] for one in kept if one.number in rows]
    barred = frozenset(key for key in limits if any(must_not_meet(rows[key], row) for row in staying))
    return Carriers(usable, rows, limits, barred, need, world)


def offer_of(row: PostingRow, limits: Limits, score: int, step: int, rivals: Iterable[PostingRow]) -> Offer:
    """A capacity as the search for sets takes it, in steps of so many thousandths."""
    return Offer(
        key=row.key,
        firm=(row.enterprise, row.alias),
        score=score,
        least=-(-int(limits.least * THOUSAND) // step),
        most=int(limits.most * THOUSAND) // step,
        apart=frozenset(one.key for one in rivals if must_not_meet(row, one)),
    )
