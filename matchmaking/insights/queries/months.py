"""What an amount that is asked or offered comes to in each month: one rule for every figure by month."""

from datetime import date

from matchmaking.postings.choices import Period

OPEN_MONTHS = 12
"""Months over which an amount that is asked for once is spread where its window is open."""


def month_of(day: date) -> int:
    """A month as a running number."""
    return 12 * day.year + day.month - 1


def first_day(month: int) -> date:
    """The day on which the month with this running number begins."""
    return date(month // 12, month % 12 + 1, 1)


def monthly(amount: int, period: str, start: date | None, end: date | None, *, first: int, months: int) -> list[int]:
    """What ``amount`` a ``period``, wanted or offered from ``start`` to ``end``, comes to in each of the ``months``
    from the month ``first`` on: a year's in twelve parts, an amount once in as many as its window touches.
    """
    begins = None if start is None else month_of(start)
    ends = None if end is None else month_of(end)
    if period == Period.YEAR:
        amount //= 12
    elif period == Period.ONCE:
        length = OPEN_MONTHS if begins is None or ends is None else max(ends - begins + 1, 1)
        amount //= length
        ends = begins + length - 1 if begins is not None and ends is None else ends
    return [
        amount if (begins is None or begins <= month) and (ends is None or month <= ends) else 0
        for month in range(first, first + months)
    ]
