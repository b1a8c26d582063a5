"""Working days: neither weekends nor public holidays, but the weekends that are worked for them."""

from datetime import date, timedelta

import pytest

from reference.queries import workdays
from reference.queries.workdays import is_announced, is_working_day, working_day_after

KNOWN = range(2014, 2027)
FIRST, LAST = date(KNOWN[0], 1, 1), date(KNOWN[-1], 12, 31)


@pytest.fixture
def nothing_announced(monkeypatch):
    """A library that knows no year's calendar yet."""
    monkeypatch.setattr(workdays, "is_announced", lambda year: False)


@pytest.mark.parametrize(
    ("day", "working_days", "expected"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 26), 2, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 29), 5, date(2026, 12, 4)),
        # The week of the National Day, after which a Saturday is worked.
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        # The Spring Festival, before and after which a Saturday is worked.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
    ],
)
def test_working_day_after_knows_holidays_and_worked_weekends(day, working_days, expected):
    assert working_day_after(day, working_days) == expected


def test_working_day_after_moves_on_with_each_day():
    days = [working_day_after(FIRST + timedelta(days=count), 2) for count in range((LAST - FIRST).days)]
    assert days == sorted(days)


def test_each_known_year_has_as_many_working_days_as_the_calendar_leaves():
    counts = {year: sum(is_working_day(date(year, 1, 1) + timedelta(days=day)) for day in range(365)) for year in KNOWN}
    assert all(246 <= count <= 252 for count in counts.values()), counts


def test_in_a_year_not_announced_a_day_counts_only_if_it_would_be_worked_whatever_comes(nothing_announced):
    days = [FIRST + timedelta(days=count) for count in range((LAST - FIRST).days + 1)]
    cautious = {day for day in days if is_working_day(day)}

    assert [day for day in sorted(cautious) if not workdays._calendar(day.year).is_working_day(day)] == []
    assert len(cautious) / len(KNOWN) > 200


def test_a_far_year_is_not_announced_and_keeps_its_festivals_free():
    assert not is_announced(2040)
    assert not is_working_day(date(2040, 10, 4))
    assert working_day_after(date(2040, 3, 5), 2) == date(2040, 3, 7)
