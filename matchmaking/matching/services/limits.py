"""What each capacity may carry of a need, through all its days or a part of them, and who must not meet in a set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils import timezone

from matchmaking.engine.constraints import clamped, left_amount, left_by_days
from matchmaking.engine.oracle import WHOLE_SHARE, World, days_of, failed_musts, first_of, left_for, share_of, total_of
from matchmaking.engine.types.rows import PostingRow, is_open_to
from matchmaking.matching.services.rows import asking_whole, plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting

THOUSAND = 1000

Firm = tuple[int, str]
"""A firm as others tell firms apart: its row number, and whether it stands under its name or its alias."""
Days = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Limits:
    """Between which amounts a share of the need may lie, in the need's own unit and period."""

    least: Decimal
    most: Decimal


def firm_of(posting: Posting) -> Firm:
    """The firm of a posting as others tell firms apart."""
    return posting.enterprise_id, posting.visibility


def world_now() -> World:
    """What verdicts depend on today besides the pair."""
    market = current_market()
    return World(market.taxonomy, market.vocabulary, timezone.localdate())


def limits_for_all(
    *, need: Posting, capacities: Iterable[Posting], days: Mapping[str, Days] | None = None
) -> Mapping[str, Limits]:
    """What each of ``capacities`` may carry of ``need`` by its rows as the database has them at this moment, by number;
    those of which ``days`` names the days of a lot, in these.

    One that misses a must, the least share among them, is left out.
    """
    keys = [need.pk, *(one.pk for one in capacities)]
    rows = {row.key: row for row in plain_rows(Posting.objects.filter(pk__in=keys))}
    asked, world = asking_whole(rows.pop(need.number), need), world_now()
    lots = days or {}
    found = {key: limits_in(asked, row, world, lots[key]) for key, row in rows.items() if key in lots}
    known = {key: limits for key, limits in found.items() if limits is not None}
    through = {key: row for key, row in rows.items() if key not in lots and not failed_musts(asked, row, world)}
    return known | {key: limits_of(asked, row, world) for key, row in through.items()}


def kept_apart(postings: Iterable[Posting]) -> frozenset[str]:
    """Numbers of those ``postings`` that are hidden from the firm of another of them, or the other from theirs."""
    rows = list(plain_rows(Posting.objects.filter(pk__in=[one.pk for one in postings])))
    return frozenset(one.key for one in rows if any(must_not_meet(one, other) for other in rows if other is not one))


def limits_of(need: PostingRow, capacity: PostingRow, world: World, *, is_even: bool = False) -> Limits:
    """Least and most that ``capacity`` may carry of ``need``: the share that the poster set and its own minimum order,
    up to what may be counted on over the need's days; where it ``is_even``, on every one of them.
    """
    days = days_of(need)
    total = max(total_of(clamped(need.quantity), need, days), 1)
    free = even_left(need, capacity, world) if is_even else left_for(need, capacity, world)
    left = min(total_of(free, capacity, days), total)
    if need.period == capacity.period:  # per period, so that rounding over the days takes nothing away
        left, whole = min(free, clamped(need.quantity)), max(clamped(need.quantity), 1)
    else:
        whole = total
    share = -(-need.amount * share_of(need) // WHOLE_SHARE)
    order = -(-need.amount * min(clamped(capacity.minimum_order), total) // total)
    return Limits(
        least=Decimal(max(share, order, 1)) / THOUSAND,
        most=Decimal(need.amount * left // whole) / THOUSAND,
    )


def even_left(need: PostingRow, capacity: PostingRow, world: World) -> int:
    """What may be counted on of a capacity per its period on every one of the need's days, by its calendar."""
    days, first = days_of(need), first_of(need, world.today)
    last = first + days - 1
    told = left_by_days(capacity, exact=world.exact)
    touched = [(max(start, first), min(end, last), left) for start, end, left in told if start <= last and end >= first]
    elsewhere = days - sum(end - start + 1 for start, end, _left in touched)
    most = [left_amount(capacity, exact=world.exact)] if elsewhere > 0 else []
    return min([*most, *(left for _start, _end, left in touched)])


def limits_in(need: PostingRow, capacity: PostingRow, world: World, days: Days) -> Limits | None:
    """What ``capacity`` may carry of a need with a window in a part of its ``days``, evenly; None where it misses
    a must there. The least stays the same part of the whole, so a short lot of a rate has to be a high one.
    """
    part = replace(need, start=days[0], end=days[1])
    if failed_musts(part, capacity, world):
        return None
    found = limits_of(part, capacity, world, is_even=True)
    if need.period == "once":
        return found
    whole = int(limits_of(need, capacity, world).least * THOUSAND)
    return replace(found, least=Decimal(-(-whole * days_of(need) // days_of(part))) / THOUSAND)


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
