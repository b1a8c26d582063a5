"""Suppliers that carry a need together: who could carry it alone, and which sets are complete."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.engine.consortium import FEWEST, MOST, complete_sets
from matchmaking.matching.services.carriers import Carriers, ProposedShare, carriers_of, offer_of
from matchmaking.matching.services.limits import THOUSAND, Days, Firm, limits_of, step_of
from matchmaking.matching.services.lots import LotsAsked, SetsAsked, days_ahead, sets_in_windows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting

SINGLES = 3
"""How many that could carry all alone are told beside the sets."""


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
    days: Days | None = None,
    without: Collection[Firm] = (),
    kept: Sequence[Posting] = (),
    fewest: int = FEWEST,
    system_of: Enterprise | None = None,
) -> SupplierSets:
    """Complete sets of suppliers for ``amount`` of a need, by default all of it, beside those that carry it alone,
    which are in no set.

    Every member meets all that the need must have but its quantity; what is left of a capacity counts by class, as
    everywhere where the asker may not see it. ``kept`` are members that stay and ``without`` firms that were asked:
    with them a set fills the places that are free. Where nobody carries it alone and no set does through the whole
    window, sets are looked for in which lots have days of their own; with ``days`` the amount is asked for in these
    alone, and nobody is told as carrying it alone. ``system_of`` as for suggestions. Writes nothing; a fixed number of
    queries. Refuses not_yours and wrong_state.
    """
    wanted = amount if amount is not None else posting.quantity_amount or Decimal(0)
    room = MOST - len(kept) if posting.consortium_allowed else 0
    asked, market = SetsAsked(posting, wanted, fewest, room), current_market()

    def by_window(span: Days) -> SupplierSets:
        found = carriers_of(posting, viewer, without, kept, system_of, is_any_time=True, market=market)
        return SupplierSets(posting, wanted, (), sets_in_windows(LotsAsked(**vars(asked), days=span), found))

    if days is not None:
        return by_window(days)
    carriers = carriers_of(posting, viewer, without, kept, system_of, market=market)
    whole, span = _through(asked, carriers, is_even=True), days_ahead(posting)
    if whole.sets or whole.singles or not room:
        return whole
    lots = by_window(span) if span is not None else whole
    # Where nothing can be counted on every day: amounts within a window are often shifted.
    return lots if lots.sets else _through(asked, carriers, is_even=False)


def _through(asked: SetsAsked, carriers: Carriers, *, is_even: bool) -> SupplierSets:
    """Who carries it alone, and complete sets of lots through the whole window: of what is left on the mean of the
    days, in sets that are ``is_even`` on every one of them.
    """
    wanted, rows, mean = asked.amount, carriers.rows, carriers.limits
    singles = [key for key, one in mean.items() if one.least <= wanted <= one.most]
    barred = carriers.barred | (set(singles) if asked.fewest > 1 else set())
    limits = {
        key: limits_of(carriers.need, rows[key], carriers.world, is_even=True)
        if is_even and rows[key].calendar
        else one
        for key, one in mean.items()
        if key not in barred
    }
    step = step_of(asked.posting, wanted)
    rivals = [rows[key] for key in mean]
    offers = [offer_of(rows[key], one, carriers.usable[key].score, step, rivals) for key, one in limits.items()]
    found = complete_sets(int(wanted * THOUSAND) // step, offers, fewest=asked.fewest, most=asked.most)
    return SupplierSets(
        asked.posting,
        wanted,
        tuple(ProposedShare(carriers.usable[key], wanted, mean[key]) for key in singles[:SINGLES]),
        tuple(
            tuple(
                ProposedShare(carriers.usable[lot.key], Decimal(lot.volume * step) / THOUSAND, limits[lot.key])
                for lot in lots
            )
            for lots in found
        ),
    )


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
    found = carriers_of(posting, viewer, without, kept, system_of)
    able = [key for key, one in found.limits.items() if key not in found.barred and one.least <= one.most]
    return [ProposedShare(found.usable[key], found.limits[key].most, found.limits[key]) for key in able[:count]]
