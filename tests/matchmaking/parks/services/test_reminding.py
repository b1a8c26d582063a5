"""Reminders of figures that are due: once in two weeks, to those who run the park, until the quarter is submitted."""

from datetime import date

import pytest

from accounts.choices import NoticeKind
from accounts.models import Notice
from matchmaking.parks.services.reminding import remind_of_figures
from tests.factories.parks import ParkAdministratorFactory, ParkIndicatorFactory

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.filter(kind=NoticeKind.FIGURES_DUE).order_by("pk").values_list("reader", flat=True))


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([date(2026, 10, 10)], 0),
        ([date(2026, 10, 11)], 1),
        ([date(2026, 10, 11), date(2026, 10, 11), date(2026, 10, 24)], 1),
        ([date(2026, 10, 11), date(2026, 10, 25)], 2),
    ],
)
def test_a_park_is_reminded_ten_days_after_the_quarter_and_then_every_two_weeks(days, count):
    grant = ParkAdministratorFactory()

    for day in days:
        remind_of_figures(on=day)

    assert told() == [grant.user_id] * count


@pytest.mark.parametrize(("is_locked", "count"), [(False, 1), (True, 0)])
def test_a_submitted_quarter_needs_no_reminder_and_a_draft_does(is_locked, count):
    grant = ParkAdministratorFactory(user__language="en")
    ParkIndicatorFactory(park=grant.park, period_start=date(2026, 7, 1), is_locked=is_locked)

    remind_of_figures(on=date(2026, 11, 1))

    assert len(told()) == count
    titles = Notice.objects.filter(kind=NoticeKind.FIGURES_DUE).values_list("facts__title", flat=True)
    assert list(titles) == [f"{grant.park.name_en}, Q3 2026"] * count


def test_a_park_is_not_reminded_of_a_quarter_before_it_was_announced_and_who_left_is_told_nothing():
    ParkAdministratorFactory(park__listed_from=date(2026, 10, 5))
    ParkAdministratorFactory(ends_on=date(2026, 1, 1))

    assert remind_of_figures(on=date(2026, 11, 1)) == 0
