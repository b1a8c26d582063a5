"""Suppliers that carry a need together: what each may carry, who could carry it alone, and which sets are complete."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.models import Enterprise
from accounts.querysets import Actor
from common.reasons import Reason
from matchmaking.engine.consortium import FEWEST, MOST, Offer, complete_sets
from matchmaking.engine.oracle import World, clamped, days_of, failed_musts, left_for, total_of
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.types.results import Note
from matchmaking.engine.types.rows import PostingRow, is_open_to
from matchmaking.matching.services.rows import asking_whole, plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.matching.services.suggestions import SuggestedMatch, suggestions_for
from matchmaking.postings.models import Posting

CANDIDATES = 60
"""Best suggestions among which sets are looked for; a set of capacities further down is no good proposal."""
SINGLES = 3
"""How many that could carry all alone are told beside the sets."""
MOST_REASONS = 3
THOUSAND = 1000

Firm = tuple[int, str]
"""A firm as others tell firms apart: its row number, and whether it stands under its name or its alias."""


@dataclass(frozen=True)
class Limits:
    """Between which amounts a share of the need may lie, in the need's own unit and period."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class ProposedShare:
    """One member of a proposed set, and what it would carry in the need's own unit and period."""

    suggested: SuggestedMatch
    amount: Decimal
    limits: Limits

    @property
    def posting(self) -> Posting:
        """The capacity."""
        return self.suggested.posting

    @property
    def reasons(self) -> list[Note]:
        """Why it fits, the best few; that it could carry all of the need is not said of a part."""
        return [note for note in self.suggested.reasons if note.reason != Reason.FIT_QUANTITY_COVERS][:MOST_REASONS]


@dataclass(frozen=True)
class SupplierSets:
    """Who could carry ``amount`` of the need: ``singles`` alone, ``sets`` together; best first."""

    posting: Posting
    amount: Decimal
    singles: tuple[ProposedShare, ...]
    sets: tuple[tuple[ProposedShare, ...], ...]


def supplier_sets(
    *,
    posting: Posting,
    viewer: Actor,
    amount: Decimal | None = None,
    without: Collection[Firm] = (),
    kept: Sequence[Posting] = (),
    fewest: int = FEWEST,
    system_of: Enterprise | None = None,
) -> SupplierSets:
    """Complete sets of suppliers for ``amount`` of a need, by default all of it, beside those that carry it alone,
    which are in no set.

    Every member meets all that the need must have but its quantity; what is left of a capacity counts by class, as
    everywhere where the asker may not see it. ``kept`` are members that stay and ``without`` firms that were asked:
    with them a set fills the places that are free. ``system_of`` as for suggestions. Writes nothing; a fixed number
    of queries. Refuses not_yours and wrong_state.
    """
    wanted = amount if amount is not None else posting.quantity_amount or Decimal(0)
    carriers = _carriers(posting, viewer, without, kept, system_of)
    usable, rows, limits = carriers.usable, carriers.rows, carriers.limits
    singles = [key for key, one in limits.items() if one.least <= wanted <= one.most]
    barred = carriers.barred | (set(singles) if fewest > 1 else set())
    step = step_of(posting, wanted)
    offers = [
        offer_of(rows[key], one, usable[key].score, step, [rows[other] for other in limits])
        for key, one in limits.items()
        if key not in barred
    ]
    room = MOST - len(kept) if posting.consortium_allowed else 0
    sets = complete_sets(int(wanted * THOUSAND) // step, offers, fewest=fewest, most=room)
    return SupplierSets(
        posting=posting,
        amount=wanted,
        singles=tuple(ProposedShare(usable[key], wanted, limits[key]) for key in singles[:SINGLES]),
        sets=tuple(
            tuple(
                ProposedShare(usable[lot.key], Decimal(lot.volume * step) / THOUSAND, limits[lot.key]) for lot in lots
            )
            for lots in sets
        ),
    )


@dataclass(frozen=True)
class Carriers:
    """Suggested capacities by number with their rows and limits; ``barred`` must not meet one that stays."""

    usable: Mapping[str, SuggestedMatch]
    rows: Mapping[str, PostingRow]
    limits: Mapping[str, Limits]
    barred: frozenset[str]


def _carriers(
    posting: Posting,
    viewer: Actor,
    without: Collection[Firm],
    kept: Sequence[Posting],
    system_of: Enterprise | None = None,
) -> Carriers:
    market = current_market()
    found = suggestions_for(posting=posting, viewer=viewer, limit=CANDIDATES, market=market, system_of=system_of)
    usable = {match.posting.number: match for match in found.matches if firm_of(match.posting) not in without}
    rows = rows_of(market, [posting.number, *usable, *(one.number for one in kept)])
    need = rows.get(posting.number) or next(plain_rows(Posting.objects.filter(pk=posting.pk)))
    need = asking_whole(need, posting)
    world = World(market.taxonomy, market.vocabulary, timezone.localdate())
    limits = {key: limits_of(need, rows[key], world) for key in usable if key in rows}
    staying = [rows[one.number] for one in kept if one.number in rows]
    barred = frozenset(key for key in limits if any(must_not_meet(rows[key], row) for row in staying))
    return Carriers(usable, rows, limits, barred)


def possible_shares(
    *,
    posting: Posting,
    viewer: Actor,
    without: Collection[Firm] = (),
    kept: Sequence[Posting] = (),
    count: int,
    system_of: Enterprise | None = None,
) -> list[ProposedShare]:
    """The best ``count`` capacities that could carry a part of a need, each with the most that it could carry.

    ``kept``, ``without`` and ``system_of`` as for ``supplier_sets``. Writes nothing; a fixed number of queries. Refuses
    not_yours and wrong_state.
    """
    found = _carriers(posting, viewer, without, kept, system_of)
    able = [key for key, one in found.limits.items() if key not in found.barred and one.least <= one.most]
    return [ProposedShare(found.usable[key], found.limits[key].most, found.limits[key]) for key in able[:count]]


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


def firm_of(posting: Posting) -> Firm:
    """The firm of a posting as others tell firms apart."""
    return posting.enterprise_id, posting.visibility


def limits_for_all(*, need: Posting, capacities: Iterable[Posting]) -> Mapping[str, Limits]:
    """What each of ``capacities`` may carry of ``need`` by its rows as the database has them at this moment, by number.

    One that misses a must, the least share among them, is left out.
    """
    keys = [need.pk, *(one.pk for one in capacities)]
    rows = {row.key: row for row in plain_rows(Posting.objects.filter(pk__in=keys))}
    market = current_market()
    world = World(market.taxonomy, market.vocabulary, timezone.localdate())
    asked = asking_whole(rows.pop(need.number), need)
    return {key: limits_of(asked, row, world) for key, row in rows.items() if not failed_musts(asked, row, world)}


def kept_apart(postings: Iterable[Posting]) -> frozenset[str]:
    """Numbers of those ``postings`` that are hidden from the firm of another of them, or the other from theirs."""
    rows = list(plain_rows(Posting.objects.filter(pk__in=[one.pk for one in postings])))
    return frozenset(one.key for one in rows if any(must_not_meet(one, other) for other in rows if other is not one))


def limits_of(need: PostingRow, capacity: PostingRow, world: World) -> Limits:
    """Least and most that ``capacity`` may carry of ``need``: the share that the poster set and its own minimum order,
    up to what may be counted on over the need's days.
    """
    days = days_of(need)
    total = max(total_of(clamped(need.quantity), need, days), 1)
    left = min(total_of(left_for(need, capacity, world), capacity, days), total)
    share = -(-need.amount * min(max(need.minimum_share, 1), THOUSAND) // THOUSAND)
    order = -(-need.amount * min(clamped(capacity.minimum_order), total) // total)
    return Limits(
        least=Decimal(max(share, order, 1)) / THOUSAND,
        most=Decimal(need.amount * left // total) / THOUSAND,
    )


def must_not_meet(one: PostingRow, other: PostingRow | None) -> bool:
    """Whether either posting is hidden from the firm of the other, or not open to it yet."""
    if other is None:
        return False
    today = timezone.localdate()
    is_hidden = other.enterprise in one.hidden_from or one.enterprise in other.hidden_from
    return is_hidden or not (is_open_to(one, other.enterprise, today) and is_open_to(other, one.enterprise, today))


def step_of(posting: Posting, amount: Decimal) -> int:
    """The step in which shares are counted, in thousandths: whole units where the need and the amount are whole."""
    is_whole = all(one == int(one) for one in (posting.quantity_amount or amount, amount))
    return THOUSAND if is_whole else 1
