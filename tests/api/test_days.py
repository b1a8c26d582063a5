"""Matchmaking days by partners' systems: answered, wished, read; nobody else reads a firm's wishes or schedule."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from matchmaking.days.choices import DayState, GuestState
from matchmaking.days.models import Guest, Mark
from matchmaking.days.services.answers import mark_firms
from tests.factories.days import DayMeetingFactory, GuestFactory, MatchDayFactory, days_ahead

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16


@pytest.fixture
def day():
    return MatchDayFactory()


@pytest.fixture
def invited(day, make_partner):
    """A system of an invited firm, and three others that take part."""
    others = [GuestFactory(day=day) for _ in range(3)]
    asker = make_partner()
    guest = GuestFactory(day=day, enterprise=asker.enterprise, state=GuestState.ASKED)
    return asker, guest, others


def wish(asker, day, *pairs):
    told = [{"firm": firm.enterprise.key, "wish": said} for firm, said in pairs]
    return asker.ask(f"days/{day.key}/wishes/", "PUT", {"wishes": told})


def fields(answer):
    assert answer.status_code == 422, answer.content
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_from_the_invitation_to_wishes_that_nobody_else_reads(day, invited, make_partner):
    asker, _guest, others = invited
    (row,) = asker.ask("days/").json()["results"]
    assert (row["key"], row["invitation"], row["wishes_until"]) == (day.key, "asked", day.marks_until.isoformat())
    before = asker.ask(f"days/{day.key}/").json()
    assert (before["firms"], before["firm_count"], before["allowed_acts"]) == ([], 3, ["answer"])

    told = asker.ask(f"days/{day.key}/answer/", "POST", {"accepts": True, "most_meetings": 2}).json()
    assert (told["invitation"], told["most_meetings"], told["firm_count"]) == ("accepted", 2, 4)
    assert {one["name"] for one in told["firms"]} == {one.enterprise.name for one in others}
    assert told["allowed_acts"] == ["answer", "give-up", "wishes"]
    done = wish(asker, day, (others[0], "must"), (others[1], "no"))
    assert done.status_code == 200, done.content
    said = {one["firm"]: one["wish"] for one in done.json()["wishes"]}
    assert said == {others[0].enterprise.key: "must", others[1].enterprise.key: "no"}
    assert wish(asker, day, (others[2], "meet")).json()["wishes"] == [
        {"firm": others[2].enterprise.key, "wish": "meet"}
    ]

    other = make_partner(others[2].enterprise).ask(f"days/{day.key}/").json()
    assert (other["wishes"], other["schedule"]) == ([], [])
    colleague = make_partner(asker.enterprise)
    assert colleague.ask(f"days/{day.key}/").json()["wishes"][0]["wish"] == "meet"


def test_what_does_not_fit_keeps_the_wishes_as_they_were(day, invited):
    asker, guest, others = invited
    assert asker.ask(f"days/{day.key}/wishes/", "PUT", {"wishes": []}).json()["code"] == "refusal.wrong_state"
    assert fields(asker.ask(f"days/{day.key}/answer/", "POST", {"accepts": True, "most_meetings": 9})) == {
        "most_meetings": "refusal.limit_reached"
    }
    asker.ask(f"days/{day.key}/answer/", "POST", {"accepts": True})
    wish(asker, day, (others[0], "must"))
    stranger = GuestFactory()
    assert fields(wish(asker, day, (stranger, "meet"))) == {
        f"wishes.{stranger.enterprise.key}.firm": "refusal.unknown_code"
    }
    assert list(fields(wish(asker, day, (guest, "meet")))) == [f"wishes.{asker.enterprise.key}.firm"]
    more = [GuestFactory(day=day) for _ in range(5)]
    assert fields(wish(asker, day, *((one, "must") for one in (*more, others[0])))) == {
        "wishes": "refusal.limit_reached"
    }
    assert wish(asker, day, (others[0], "maybe")).status_code == 400
    assert wish(asker, day, (others[0], "must"), (others[0], "no")).status_code == 400
    assert list(Mark.objects.values_list("about", "wish")) == [(others[0].pk, "must")]


def test_after_the_last_day_for_wishes_nothing_is_answered(day, invited):
    asker, _guest, _others = invited
    day.marks_until = days_ahead(-1)
    day.save()
    assert asker.ask(f"days/{day.key}/answer/", "POST", {"accepts": False}).json()["code"] == "refusal.wishes_closed"
    assert asker.ask(f"days/{day.key}/").json()["allowed_acts"] == []


def test_the_own_schedule_with_times_and_nothing_of_another_firms(make_partner):
    mine = DayMeetingFactory(slot=2, table=3, is_held=None)
    plan, day = mine.plan, mine.plan.day
    foreign = DayMeetingFactory(plan=plan, slot=1, table=1, is_held=None)
    Mark.objects.create(guest=mine.first, about=foreign.first, wish="must")
    Mark.objects.create(guest=foreign.first, about=mine.first, wish="no")
    asker = make_partner(mine.first.enterprise)
    told = asker.ask(f"days/{day.key}/")
    (meeting,) = told.json()["schedule"]
    begins = timezone.localtime(day.begins(2))
    assert (meeting["firm"]["name"], meeting["table"], meeting["is_off"]) == (mine.second.enterprise.name, 3, False)
    assert meeting["begins_at"] == begins.isoformat()
    assert meeting["ends_at"] == (begins + timedelta(minutes=20)).isoformat()
    assert [one["name"] for one in told.json()["not_placed"]] == [foreign.first.enterprise.name]
    assert foreign.key not in told.content.decode()
    assert '"no"' not in told.content.decode()

    left = asker.ask(f"days/{day.key}/give-up/", "POST", {}).json()
    assert (left["invitation"], left["schedule"][0]["is_off"], left["allowed_acts"]) == ("left", True, [])
    assert asker.ask(f"days/{day.key}/give-up/", "POST", {}).json()["code"] == "refusal.nothing_waits"


def test_a_plan_that_is_not_published_is_told_to_nobody(make_partner):
    meeting = DayMeetingFactory(plan__published_at=None, plan__day__state=DayState.OPEN, plan__day__day=days_ahead(5))
    asker = make_partner(meeting.first.enterprise)
    assert asker.ask(f"days/{meeting.plan.day.key}/").json()["schedule"] == []


def test_a_day_opens_for_a_system_where_its_page_opens_for_a_member(day, invited, make_partner, signed_in):
    asker, _guest, others = invited
    stranger = make_partner()
    # Its owner belongs to the invited firm too: a system still acts for one firm alone.
    Membership.objects.create(user=stranger.owner, enterprise=asker.enterprise, role="owner")
    for system in (asker, make_partner(others[0].enterprise), make_partner()):
        page = signed_in(system.owner).get(f"/en/days/{day.key}/").status_code
        assert system.ask(f"days/{day.key}/").status_code == page
    for act, method, told in (
        ("", "GET", None),
        ("answer/", "POST", {"accepts": True}),
        ("wishes/", "PUT", {"wishes": []}),
        ("give-up/", "POST", {}),
    ):
        assert stranger.ask(f"days/{day.key}/{act}", method, told).status_code == 404, act
    assert stranger.ask("days/").json()["results"] == []
    assert Guest.objects.get(enterprise=asker.enterprise).state == GuestState.ASKED


def test_scopes_and_filters(day, invited, make_partner):
    asker, _guest, _others = invited
    over = GuestFactory(enterprise=asker.enterprise, day__day=days_ahead(-1), day__marks_until=days_ahead(-3))
    found = {query: asker.ask(f"days/?{query}").json()["results"] for query in ("when=over", "when=ahead", "")}
    assert [[one["key"] for one in rows] for rows in found.values()] == [
        [over.day.key],
        [day.key],
        [over.day.key, day.key],
    ]
    assert [
        len(asker.ask(f"days/?{query}").json()["results"]) for query in ("invitation=asked", "state=published")
    ] == [
        1,
        0,
    ]
    reads, writes, other = (
        make_partner(asker.enterprise, scopes=(scope,)) for scope in ("days:read", "days:write", "postings:read")
    )
    assert [one.ask("days/").status_code for one in (reads, writes, other)] == [200, 403, 403]
    told = {"accepts": True}
    assert [one.ask(f"days/{day.key}/answer/", "POST", told).status_code for one in (reads, other, writes)] == [
        403,
        403,
        200,
    ]


def test_reading_costs_no_more_queries_for_more_firms(day, invited):
    asker, guest, others = invited

    def counted(path):
        asker.ask(path)
        with CaptureQueriesContext(connection) as queries:
            assert asker.ask(path).status_code == 200
        return len(queries)

    asker.ask(f"days/{day.key}/answer/", "POST", {"accepts": True})
    paths, costs = ("days/", f"days/{day.key}/"), []
    for _ in range(2):
        others += [GuestFactory(day=day) for _ in range(3)]
        GuestFactory(enterprise=asker.enterprise)
        guest.refresh_from_db()
        mark_firms(guest=guest, actor=asker.owner, wishes=dict.fromkeys([one.pk for one in others], "meet"))
        costs.append([counted(path) for path in paths])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= MOST_QUERIES
