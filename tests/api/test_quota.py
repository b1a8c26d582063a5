"""How often a system may ask: counted once for all processes, told in every answer, refused with the time to wait."""

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import ApiClient
from accounts.services import quotas

pytestmark = pytest.mark.django_db
MINUTE = 29_000_000
"""A minute since 1970."""


@pytest.fixture
def clock(monkeypatch):
    """Sets the time; begins at the twentieth second of a minute, which is as long as outside of tests."""
    monkeypatch.setattr(quotas, "MINUTE", 60)
    now = [MINUTE * 60 + 20.5]
    monkeypatch.setattr(quotas.time, "time", lambda: now[0])

    def go_on(seconds):
        now[0] += seconds

    return go_on


@pytest.fixture
def three_calls(settings, clock):
    """A quota of three calls a minute."""
    settings.API_CALLS_A_MINUTE = 3


def left_of(answer):
    return tuple(int(answer.headers[name]) for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"))


@pytest.mark.parametrize(("language", "word"), [("en", "40 seconds"), ("zh-hans", "40 秒")])
def test_one_call_too_many_is_refused_with_the_time_to_wait(partner, three_calls, language, word):
    told = [left_of(partner.ask("me/")) for _ in range(3)]
    refused = partner.ask("me/", **{"Accept-Language": language})

    assert told == [(3, 2, 40), (3, 1, 40), (3, 0, 40)]
    assert (refused.status_code, refused.headers["Retry-After"], refused.json()["code"]) == (429, "40", "throttled")
    assert (refused.headers["Content-Type"], left_of(refused)) == ("application/problem+json", (3, 0, 40))
    assert word in refused.json()["detail"]


def test_the_next_minute_begins_anew(partner, three_calls, clock):
    for _ in range(4):
        partner.ask("me/")

    clock(39)
    before = partner.ask("me/").status_code
    clock(1)

    assert (before, partner.ask("me/").status_code) == (429, 200)


def test_each_system_has_its_own_quota(make_partner, three_calls):
    first, second = make_partner(), make_partner()

    statuses = [first.ask("me/").status_code for _ in range(4)]

    assert (statuses, second.ask("me/").status_code) == ([200, 200, 200, 429], 200)


@pytest.mark.parametrize("limit", [7, 50, 95])
def test_several_processes_let_through_no_more_than_the_quota_together(partner, settings, clock, limit):
    settings.API_CALLS_A_MINUTE = limit
    processes: list[dict[str, quotas.Lease]] = [{}, {}, {}]
    through = 0
    for turn in range(3 * limit):
        quotas._leases.clear()
        quotas._leases.update(processes[turn % 3])
        through += partner.ask("me/").status_code == 200
        processes[turn % 3] = dict(quotas._leases)

    assert limit - 2 * max(1, limit // 30) <= through <= limit


def test_what_is_refused_writes_nothing_more(partner, three_calls):
    for _ in range(4):
        partner.ask("me/")
    taken = ApiClient.objects.get().quota_taken

    partner.ask("me/")

    assert ApiClient.objects.get().quota_taken == taken == 3


def test_a_database_that_cannot_be_written_lets_reading_go_on(partner, three_calls, monkeypatch):
    def locked(*args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(quotas, "_take", locked)

    assert [partner.ask("me/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_whoever_shows_no_token_gets_401_however_often(three_calls):
    answers = [Client().get("/api/v1/me/") for _ in range(5)]

    assert {answer.status_code for answer in answers} == {401}
    assert not any("RateLimit-Limit" in answer.headers for answer in answers)
