"""Working days of mainland China: weekends, public holidays, and weekends that are worked instead."""

from datetime import date, timedelta
from functools import lru_cache

from holidays.countries.china import China

SATURDAY = 5
BEFORE, AFTER = timedelta(days=2), timedelta(days=5)
"""How far the days off of a public holiday reached at most before and after it, 2014 to 2026: held by a test."""


def working_day_after(day: date, working_days: int) -> date:
    """The day on which so many working days have passed after ``day``."""
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``.

    In a year whose calendar the library does not know yet no day counts that a holiday could take: a deadline is then
    some days too late, never too early, and no weekend counts as worked.
    """
    calendar = _calendar(day.year)
    if is_announced(day.year):
        return bool(calendar.is_working_day(day))
    if day.weekday() >= SATURDAY:
        return False
    nearby = (_calendar(near.year).get(near) for near in _days(day - AFTER, day + BEFORE))
    return not any(nearby)


@lru_cache(maxsize=64)
def is_announced(year: int) -> bool:
    """Whether the State Council's calendar of ``year`` is known: which weekends are worked for which days off."""
    return any(day.year == year for day in _calendar(year).weekend_workdays)


@lru_cache(maxsize=64)
def _calendar(year: int) -> China:
    """The holidays of one year; those that follow the moon are computed, so that every year has them."""
    return China(years=year, expand=False)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
