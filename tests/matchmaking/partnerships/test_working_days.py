"""Days until an answer is due: weekends do not count."""

from datetime import date, timedelta

import pytest

from matchmaking.partnerships.queries.partnerships import working_day_after
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def capacity():
    return PostingFactory(capacity=True)


@pytest.fixture
def buyer(need):
    return MembershipFactory(enterprise=need.enterprise).user


@pytest.fixture
def seller(capacity):
    return MembershipFactory(enterprise=capacity.enterprise).user


@pytest.mark.parametrize(
    ("day", "working_days", "expected"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 26), 2, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 29), 5, date(2026, 12, 4)),
    ],
)
def test_working_day_after_leaves_weekends_out(day, working_days, expected):
    assert working_day_after(day, working_days) == expected


def test_working_day_after_moves_on_with_each_day():
    start = date(2026, 11, 1)
    days = [working_day_after(start + timedelta(days=count), 2) for count in range(14)]
    assert days == sorted(days)
