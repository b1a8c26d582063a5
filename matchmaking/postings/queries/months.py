"""The months of a capacity that comes anew each month: what each carries, and how much is left."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from matchmaking.engine.constraints import LOW, PLENTY, SOME, left_class
from matchmaking.postings.choices import Period
from matchmaking.postings.models import CapacityMonth, Posting

THOUSANDTHS = 1000
CLASSES = {LOW: "low", SOME: "some", PLENTY: "plenty"}


class MonthAhead(NamedTuple):
    """One month of a capacity that was ``posted`` with so much: what it carries, and what of it is agreed.

    ``planned`` is None where the month carries what was posted.
    """

    month: date
    planned: Decimal | None
    carried: Decimal
    agreed: Decimal
    posted: Decimal

    @property
    def free(self) -> Decimal:
        """What nobody has agreed on."""
        return max(self.carried - self.agreed, Decimal(0))

    @property
    def left(self) -> str:
        """How much is free, as others may know it."""
        return _left_class(self.free, self.posted)


def is_by_month(posting: Posting) -> bool:
    """Whether it is a capacity that comes anew each month, and so has a calendar."""
    return not posting.is_need and posting.period == Period.MONTH and posting.quantity_amount is not None


def with_months(postings: Iterable[Posting]) -> None:
    """Read the months of all monthly capacities among ``postings`` at once, in one query.

    Prefetching makes a query set for each of them, which takes longer than all else about their cards.
    """
    monthly = [row for row in postings if is_by_month(row)]
    known: dict[int, list[CapacityMonth]] = {row.pk: [] for row in monthly}
    for month in CapacityMonth.objects.filter(posting__in=known).order_by("month") if known else ():
        known[month.posting_id].append(month)
    for row in monthly:
        row.known_months = known[row.pk]


def months_of(posting: Posting) -> list[CapacityMonth]:
    """The months that say something of their own: as ``with_months`` read them, else read now."""
    return list(posting.months.all()) if posting.known_months is None else posting.known_months


def months_ahead(posting: Posting) -> list[MonthAhead]:
    """The next twelve months of a monthly capacity as far as its window reaches, this month or its first one on."""
    posted = posting.quantity_amount or Decimal(0)
    known = {one.month: one for one in months_of(posting)}
    month = max(timezone.localdate(), posting.window_start or date.min).replace(day=1)
    found: list[MonthAhead] = []
    while len(found) < MONTHS_AHEAD and month <= (posting.window_end or date.max):
        row = known.get(month)
        planned = row.planned_amount if row else None
        most, agreed = carried(posting, planned), posting.reserved_amount + (row.booked_amount if row else 0)
        found.append(MonthAhead(month, planned, most, agreed, posted))
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def capacity_left_class(posting: Posting) -> str:
    """How much is not agreed yet, as others may know it: none, low (under a quarter), some, plenty.

    Of a monthly capacity the mean of what the months ahead tell, so that it tells no more than they do.
    """
    if posting.quantity_amount is None:
        return "none"
    # Without months of its own each month ahead carries the same.
    months = months_ahead(posting) if is_by_month(posting) and months_of(posting) else []
    if any(one.free for one in months):
        return CLASSES[_rounded(sum(_ranked(one.free, one.posted) for one in months), len(months))]
    return _left_class(
        Decimal(0) if months else posting.quantity_amount - posting.reserved_amount, posting.quantity_amount
    )


def _rounded(total: int, parts: int) -> int:
    """The mean, halves up."""
    return (2 * total + parts) // (2 * parts)


def _left_class(free: Decimal, posted: Decimal) -> str:
    """The class that the ranking knows too, so that both together tell no more than one."""
    return "none" if free <= 0 else CLASSES[_ranked(free, posted)]


def _ranked(free: Decimal, posted: Decimal) -> int:
    most = int(posted * THOUSANDTHS)
    return left_class(most, most - int(free * THOUSANDTHS))


def most_agreed(posting: Posting) -> Decimal:
    """What is agreed of a posting, of a monthly capacity in its fullest month."""
    fullest = posting.months.aggregate(most=Max("booked_amount"))["most"] if posting.pk else None
    return posting.reserved_amount + (fullest or Decimal(0))


def carried(posting: Posting, planned: Decimal | None) -> Decimal:
    """What a month of ``posting`` carries where ``planned`` says so, else what was posted."""
    return planned if planned is not None else posting.quantity_amount or Decimal(0)


MONTHS_AHEAD = 12
