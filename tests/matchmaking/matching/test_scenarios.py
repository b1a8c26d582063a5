"""The eighteen scenarios on rows of the database, all at once: what is right comes first, the rest says why not."""

from datetime import datetime, timedelta, timezone

import pytest

from config.demo.firms import load_firms
from config.demo.postings import load_postings
from config.demo.rows import open_book
from config.demo.scenarios import reference_date, scenario_firms, scenario_postings, scenarios
from matchmaking.engine.types.results import MUSTS
from matchmaking.matching.services.suggestions import explain_pair, suggestions_for
from tests.factories.accounts import UserFactory
from tests.factories.matching import REASON_CODES

pytestmark = pytest.mark.django_db

CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def played(monkeypatch):
    """The postings of all scenarios by their key, on the day on which they play."""
    noon = datetime.combine(reference_date(), datetime.min.time(), CHINA) + timedelta(hours=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    book = open_book()
    firms, _ = load_firms(told=scenario_firms(), book=book, day=reference_date())
    postings, made = load_postings(told=scenario_postings(), firms=firms, book=book, day=reference_date())
    assert made == 4 * len(scenarios()) == 72
    return postings


def test_the_right_capacity_comes_first_and_alone(played):
    viewer = UserFactory(platform_admin=True)
    found = {
        scenario["id"]: [match.posting.external_key for match in suggestions_for(posting=need, viewer=viewer).matches]
        for scenario, need in ((one, played[one["need"]["id"]]) for one in scenarios())
    }
    assert found == {
        scenario["id"]: [f"demo-{row['id']}" for row in scenario["capacities"] if not row["reason"]]
        for scenario in scenarios()
    }


def test_each_wrong_capacity_is_refused_for_its_reason_and_no_other(played):
    viewer = UserFactory(platform_admin=True)
    told = {
        row["id"]: [
            gap.reason.value
            for gap in explain_pair(
                posting=played[scenario["need"]["id"]], counterpart=played[row["id"]], viewer=viewer
            ).gaps
            if gap.reason in MUSTS
        ]
        for scenario in scenarios()
        for row in scenario["capacities"]
    }
    assert told == {
        row["id"]: [REASON_CODES[row["reason"]]] if row["reason"] else []
        for scenario in scenarios()
        for row in scenario["capacities"]
    }


def test_the_right_capacity_finds_its_need(played):
    viewer = UserFactory(platform_admin=True)
    missing = []
    for scenario in scenarios():
        right = next(row["id"] for row in scenario["capacities"] if not row["reason"])
        matches = suggestions_for(posting=played[right], viewer=viewer).matches
        if played[scenario["need"]["id"]].number not in [match.posting.number for match in matches]:
            missing.append(scenario["id"])
    assert missing == []
