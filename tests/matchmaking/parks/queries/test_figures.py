"""Quarters of a park: which are due, what is missing, what only its own people see, and what corrections changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from matchmaking.parks.queries.figures import Quarter, quarters_due, quarters_missing, quarters_of
from matchmaking.parks.services.reporting import correct_indicator, lock_quarter, report_indicator
from tests.factories.accounts import UserFactory
from tests.factories.parks import ParkAdministratorFactory, ParkFactory, ParkIndicatorFactory

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
TODAY = date(2026, 11, 24)
QUARTER = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "steps", "start"),
    [(TODAY, 0, (2026, 10)), (TODAY, 1, (2026, 7)), (TODAY, 4, (2025, 10)), (date(2026, 1, 1), 1, (2025, 10))],
)
def test_a_quarter_is_found_by_a_day_and_steps_back(day, steps, start):
    assert Quarter.of(day).back(steps).start == date(*start, 1)


@pytest.mark.parametrize(("language", "text"), [("en", "Q3 2026"), ("zh-hans", "2026")])
def test_a_quarter_is_named_in_the_readers_language(language, text):
    with translation.override(language):
        assert text in str(Quarter(QUARTER))


@pytest.mark.parametrize(
    ("listed_from", "due"),
    [(date(2020, 1, 1), [(2026, 7), (2026, 4), (2026, 1), (2025, 10)]), (date(2026, 5, 5), [(2026, 7), (2026, 4)])],
)
def test_the_last_four_quarters_since_the_park_was_announced_are_due(listed_from, due):
    park = ParkFactory(listed_from=listed_from)

    assert [(quarter.start.year, quarter.start.month) for quarter in quarters_due(park, TODAY)] == due


def test_what_is_not_submitted_is_a_draft_of_its_park():
    row = ParkIndicatorFactory()
    own = ParkAdministratorFactory(park=row.park).user
    readers = [VISITOR, ParkAdministratorFactory().user, own, UserFactory(platform_admin=True)]

    missing = [Quarter(QUARTER) in quarters_missing(user=reader, park=row.park, day=TODAY) for reader in readers]

    assert missing == [True, True, False, False]


def test_a_submitted_quarter_tells_which_figures_are_not_reported():
    row = ParkIndicatorFactory(is_locked=True)

    newest = quarters_of(user=VISITOR, park=row.park, day=TODAY)[0]

    assert (newest.quarter, newest.is_missing, newest.is_draft, newest.count) == (Quarter(QUARTER), False, False, 1)
    assert [line.figure for line in newest.lines if line.kind == row.kind] == [row]
    assert [line.figure for line in newest.lines if line.kind != row.kind] == [None] * 5


def test_quarters_after_the_day_that_is_asked_for_are_left_out():
    row = ParkIndicatorFactory(is_locked=True)

    found = quarters_of(user=VISITOR, park=row.park, day=date(2025, 6, 1))

    assert [one.quarter.start for one in found] == [
        date(2025, 1, 1),
        date(2024, 10, 1),
        date(2024, 7, 1),
        date(2024, 4, 1),
    ]


def test_what_stood_before_a_correction_is_told_and_what_was_typed_before_submitting_is_not():
    grant = ParkAdministratorFactory()
    told = {"park": grant.park, "kind": "jobs", "period_start": QUARTER, "actor": grant.user}
    report_indicator(**told, value=Decimal(4), source="示例草稿")
    row = report_indicator(**told, value=Decimal(5), source="示例季报")
    lock_quarter(park=grant.park, period_start=QUARTER, actor=grant.user)
    correct_indicator(indicator=row, value=Decimal(7), source="示例更正", actor=grant.user)

    lines = quarters_of(user=VISITOR, park=grant.park, day=TODAY)[0].lines

    corrected = next(line for line in lines if line.kind == "jobs")
    assert corrected.figure.value == 7
    assert [(before.value, before.source) for before in corrected.earlier] == [(5, "示例季报")]
