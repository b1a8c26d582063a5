"""Matchmaking days on their pages: forms, what each reader finds, the calendar file, queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from accounts.models import Notice
from matchmaking.days.choices import DayState, GuestState, Wish
from matchmaking.days.models import DayMeeting, Guest, Mark, MatchDay
from matchmaking.days.queries.plans import latest_plan
from matchmaking.days.services.answers import give_up_place
from matchmaking.days.services.held import note_meetings
from matchmaking.days.services.plans import make_plan
from matchmaking.desk.models import HandPair
from reference.models import Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.days import GuestFactory, days_ahead, gathering
from tests.factories.postings import PostingFactory
from tests.matchmaking.days.conftest import host, meet
from tests.matchmaking.days.test_wishes import wish
from tests.matchmaking.desk.conftest import coordinator_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
__all__ = ["host", "meet"]


def at(name, *args, language="zh-hans"):
    with translation.override(language):
        return reverse(f"web:days:{name}", args=args)


def english(name, *args):
    return at(name, *args, language="en")


def text(response):
    return response.content.decode()


TOLD = {
    "title_zh": "示例对接会",
    "title_en": "Sample matchmaking day",
    "place": "示例会展中心",
    "begins_at": "09：30",
    "slot_minutes": "20",
    "slots": "6",
    "tables": "3",
    "regions": ["510000", "500000"],
    "chains": ["AUTO"],
}


def told(**changed):
    return {**TOLD, "day": days_ahead(10).isoformat(), "marks_until": days_ahead(5).isoformat(), **changed}


def test_from_opening_a_day_to_a_published_plan_by_the_forms(signed_in, host):
    near, firms = signed_in(host), [MembershipFactory() for _ in range(3)]
    wrong = near.post(at("new"), told(begins_at="half past nine", slots=""))
    assert wrong.status_code == 422
    assert {"begins_at", "slots"} == set(wrong.context["form"].errors)
    assert "示例会展中心" in text(wrong)
    assert near.post(at("new"), told()).status_code == 302
    day = MatchDay.objects.get()
    found = near.get(at("coordinated", day.key), {"q": firms[0].enterprise.name})
    assert f'value="{firms[0].enterprise.key}"' in text(found)
    assert near.post(at("invite", day.key), {"firm": [one.enterprise.key for one in firms]}).status_code == 302
    for one in firms:
        client = signed_in(one.user)
        assert "示例对接会" in text(client.get(at("own")))
        assert client.post(at("answer", day.key), {"answer": "yes", "most": "2"}).status_code == 302
    first = signed_in(firms[0].user)
    name = f"wish_{firms[1].enterprise.key}"
    assert first.post(at("wishes", day.key), {name: "must"}).status_code == 302
    assert 'value="must" class' in text(first.get(at("day", day.key))) or "checked" in text(
        first.get(at("day", day.key))
    )
    assert near.post(at("plan", day.key), {"seed": "1"}).status_code == 409
    MatchDay.objects.update(marks_until=days_ahead(-1))
    assert near.post(at("plan", day.key), {"seed": "1"}).status_code == 302
    page = text(near.get(at("coordinated", day.key)))
    assert 'hx-trigger="every 2s"' in page
    make_plan(key=latest_plan(day).key)
    page = text(near.get(english("coordinated", day.key)))
    assert "1 of 1" in page
    assert near.post(at("publish", day.key), {"plan": latest_plan(day).key}).status_code == 302
    assert firms[1].enterprise.name in text(first.get(at("day", day.key)))
    assert MatchDay.objects.get().state == DayState.PUBLISHED


def test_a_day_is_changed_and_cancelled_by_its_forms(signed_in, meet):
    near = signed_in(meet.host)
    page = near.get(at("change", meet.day.key))
    assert 'value="示例会展中心一号厅"' in text(page)
    assert near.post(at("change", meet.day.key), told(place="示例二号厅")).status_code == 302
    assert "示例二号厅" in text(near.get(at("coordinated", meet.day.key)))
    firm = {"firm": meet.guests[0].enterprise.key}
    assert near.post(at("withdraw", meet.day.key), firm).status_code == 302
    assert near.post(at("withdraw", meet.day.key), {"firm": "NOSUCH"}).status_code == 404
    assert "invitation was taken back" in text(signed_in(meet.people[0]).get(english("day", meet.day.key)))
    assert near.post(at("cancel", meet.day.key)).status_code == 302
    assert near.get(at("change", meet.day.key)).status_code == 409
    assert "The day was cancelled" in text(signed_in(meet.people[1]).get(english("day", meet.day.key)))


@pytest.mark.parametrize("who", ["uninvited", "nobody's", "other coordinator"])
def test_who_is_not_invited_finds_nothing(signed_in, meet, who):
    user = {
        "uninvited": lambda: MembershipFactory().user,
        "nobody's": UserFactory,
        "other coordinator": lambda: coordinator_of("500000"),
    }[who]()
    client = signed_in(user)
    meet.published()
    for name in ("day", "calendar"):
        assert client.get(at(name, meet.day.key)).status_code in ((404,) if who == "uninvited" else (302, 404))
    for name in ("answer", "wishes", "give_up"):
        assert client.post(at(name, meet.day.key)).status_code in ((404,) if who == "uninvited" else (302, 404))
    expected = 404 if who == "other coordinator" else 403
    assert client.get(at("coordinated", meet.day.key)).status_code == expected
    for name in ("invite", "withdraw", "cancel", "plan", "publish", "held"):
        assert client.post(at(name, meet.day.key)).status_code == expected
    if who == "uninvited":
        assert meet.day.title not in text(client.get(at("own")))


def test_what_a_firm_wishes_stands_on_no_page_but_its_own(signed_in, meet):
    before = {}
    readers = {
        "other": (meet.people[1], at("day", meet.day.key)),
        "host": (meet.host, at("coordinated", meet.day.key)),
        "platform": (UserFactory(platform_admin=True, totp=True), at("coordinated", meet.day.key)),
    }
    wish(meet, 0, c=Wish.MEET)

    def read(name):
        user, address = readers[name]
        page = text(signed_in(user).get(address))
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce-[^"\']+|nonce="[^"]*"', "", page)

    before = {name: read(name) for name in readers}
    wish(meet, 0, b=Wish.NO, c=Wish.MUST)
    assert {name: read(name) for name in readers} == before
    own = text(signed_in(meet.people[0]).get(at("day", meet.day.key)))
    assert own.count("checked") == 3


def test_a_refusal_leaves_no_trace_in_the_plan_its_figures_and_the_other_firms_page(signed_in, host):
    meet = gathering(host)
    wish(meet, 0, b=Wish.MUST, c=Wish.MEET)
    wish(meet, 1, a=Wish.NO)
    meet.published()
    page = text(signed_in(host).get(english("coordinated", meet.day.key)))
    assert "1 of 1" in page
    assert "musts: 0 of 0" in page
    own = text(signed_in(meet.people[0]).get(english("day", meet.day.key)))
    refused = own.split("For these wishes no place was found:")[1][:300]
    assert meet.guests[1].enterprise.name in refused


def test_a_no_and_a_full_hall_read_the_same_to_who_wished(signed_in, host):
    pages = []
    for said in (Wish.NO, None):
        meet = gathering(host, slots=1, tables=1)
        wish(meet, 0, b=Wish.MEET)
        wish(meet, 2, d=Wish.MUST)
        if said:
            wish(meet, 1, a=said)
        meet.published()
        page = text(signed_in(meet.people[0]).get(english("day", meet.day.key)))
        body = page.split("<main")[1]
        for name, key in [(one.enterprise.name, one.enterprise.key) for one in meet.guests]:
            body = body.replace(name, "X").replace(key, "K")
            body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body.replace(meet.day.key, "D"))
        pages.append(body)
    assert pages[0] == pages[1]


def test_others_are_named_to_who_takes_part_and_to_nobody_else(signed_in, meet):
    asked = MembershipFactory(enterprise=GuestFactory(day=meet.day, state=GuestState.ASKED).enterprise)
    page = text(signed_in(asked.user).get(english("day", meet.day.key)))
    assert "4 firms take part so far" in page
    assert not any(one.enterprise.name in page for one in meet.guests)
    page = text(signed_in(meet.people[0]).get(at("day", meet.day.key)))
    assert all(one.enterprise.name in page for one in meet.guests[1:])
    assert asked.enterprise.name not in page


def test_a_firms_calendar_holds_its_meetings_and_takes_out_what_fell_out(signed_in, meet):
    wish(meet, 0, b=Wish.MUST, c=Wish.MUST)
    client = signed_in(meet.people[0])
    assert client.get(at("calendar", meet.day.key)).status_code == 404
    meet.published()
    files = [client.get(at("calendar", meet.day.key)).content for _ in range(2)]
    assert files[0] == files[1]
    events = Calendar.from_ical(files[0]).walk("VEVENT")
    assert len(events) == 2
    assert {event["DTEND"].dt - event["DTSTART"].dt for event in events} == {timedelta(minutes=20)}
    starts = {timezone.localtime(event["DTSTART"].dt).strftime("%H:%M") for event in events}
    assert starts <= {"09:30", "09:50", "10:10", "10:30"}
    assert signed_in(meet.people[3]).get(at("calendar", meet.day.key)).status_code == 404
    give_up_place(guest=meet.guests[1], actor=meet.people[1])
    changed = Calendar.from_ical(client.get(at("calendar", meet.day.key)).content).walk("VEVENT")
    assert [str(event.get("STATUS", "")) for event in changed].count("CANCELLED") == 1
    assert {str(event["UID"]) for event in changed} == {str(event["UID"]) for event in events}
    assert min(event["SEQUENCE"] for event in changed) > max(event["SEQUENCE"] for event in events)


def test_a_place_is_given_up_by_its_button_and_the_worker_is_asked_to_mend(signed_in, meet):
    wish(meet, 0, b=Wish.MUST)
    meet.published()
    assert signed_in(meet.people[1]).post(at("give_up", meet.day.key)).status_code == 302
    assert DayMeeting.objects.get().is_off
    page = text(signed_in(meet.people[0]).get(english("day", meet.day.key)))
    assert "does not take place" in page
    assert signed_in(meet.people[1]).post(at("give_up", meet.day.key)).status_code == 409


def test_viewers_read_and_do_not_act(signed_in, meet):
    viewer = MembershipFactory(enterprise=meet.guests[0].enterprise, viewer=True).user
    client = signed_in(viewer)
    page = text(client.get(at("day", meet.day.key)))
    assert at("wishes", meet.day.key) not in page
    assert client.post(at("wishes", meet.day.key), {}).status_code == 403


def test_more_musts_than_a_firm_may_have_are_told_and_what_was_chosen_stays(signed_in, host):
    meet = gathering(host, firms=7)
    sent = {f"wish_{one.enterprise.key}": "must" for one in meet.guests[1:]}
    answer = signed_in(meet.people[0]).post(at("wishes", meet.day.key), sent)
    assert answer.status_code == 422
    assert text(answer).count("checked") == 6
    assert not Mark.objects.exists()


def test_who_met_is_noted_and_followed_by_the_forms(signed_in, meet):
    wish(meet, 0, b=Wish.MUST)
    meet.published()
    near, one = signed_in(meet.host), DayMeeting.objects.get()
    assert near.get(at("pair", meet.day.key, one.key)).status_code == 409
    meet.begin()
    assert near.post(at("held", meet.day.key), {f"held_{one.key}": "yes", "held_NOSUCH": "yes"}).status_code == 302
    address = at("pair", meet.day.key, one.key)
    assert address in text(near.get(at("coordinated", meet.day.key)))
    assert "no need and capacity in your scope" in text(near.get(english("pair", meet.day.key, one.key)))
    need = PostingFactory(enterprise=meet.guests[0].enterprise, region=Region.objects.get(code="510104"))
    capacity = PostingFactory(enterprise=meet.guests[1].enterprise, capacity=True)
    hidden = PostingFactory(enterprise=meet.guests[1].enterprise, capacity=True, visibility="alias", title="示例隐名")
    assert hidden.title not in text(near.get(address))
    sent = {"pair": f"{need.number}.{capacity.number}", "reason": ""}
    assert near.post(address, sent).status_code == 422
    assert near.post(address, {**sent, "reason": "示例：会上已谈"}).status_code == 302
    assert HandPair.objects.get().need == need
    assert near.get(at("pair", meet.day.key, "NOSUCH")).status_code == 404


def test_the_list_takes_filters_from_the_address(signed_in, meet):
    near = signed_in(meet.host)
    for query, rows in (("", 1), ("?state=open&when=ahead&by=mine", 1), ("?when=over", 0), ("?state=published", 0)):
        assert near.get(at("coordinated_list") + query).context["page"].paginator.count == rows
    assert near.get(at("coordinated_list") + "?when=someday").status_code == 400


def test_a_notice_leads_to_the_day(signed_in, host):
    meet = gathering(host)
    near = signed_in(host)
    firm = MembershipFactory()
    near.post(at("invite", meet.day.key), {"firm": [firm.enterprise.key]})
    opened = signed_in(firm.user).get(reverse("web:accounts:notice", args=[Notice.objects.get(reader=firm.user).pk]))
    assert opened.url == at("day", meet.day.key)


@pytest.mark.parametrize(
    "page", ["coordinated_list", "coordinated", "coordinated found", "own", "day", "day published"]
)
def test_a_page_asks_the_database_as_little_with_many_rows_as_with_one(signed_in, host, page):
    meet = gathering(host, firms=9)
    for who in range(8):
        wish(meet, who, **{letter: Wish.MEET for place, letter in enumerate("abcd") if place != who})
    for _ in range(4):
        other = gathering(host, firms=1)
        GuestFactory(day=other.day, enterprise=meet.guests[0].enterprise)
    name, _part, more = page.partition(" ")
    if more == "published":
        meet.published()
    if more == "found":
        for _ in range(5):
            EnterpriseFactory()
    user = host if name.startswith("coordinated") else meet.people[0]
    client = signed_in(user)
    address = at(name, *([] if name in ("coordinated_list", "own") else [meet.day.key]))
    address += "?province=51" if more == "found" else ""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][:160] for query in queries)


def test_a_suspended_firm_is_nobodys_company(signed_in, meet):
    Guest.objects.get(pk=meet.guests[1].pk).enterprise.__class__.objects.filter(pk=meet.guests[1].enterprise_id).update(
        suspended_at=timezone.now()
    )
    assert meet.guests[1].enterprise.name not in text(signed_in(meet.people[0]).get(at("day", meet.day.key)))


def test_figures_of_a_day_count_the_lists_that_they_link(signed_in, host):
    meet = gathering(host, firms=5)
    wish(meet, 0, b=Wish.MUST, c=Wish.MEET)
    wish(meet, 1, d=Wish.MEET)
    meet.published()
    meet.begin()
    first, second, _third = DayMeeting.objects.order_by("pk")
    note_meetings(day=meet.day, actor=host, held={first.key: True, second.key: False})
    give_up_place(guest=meet.guests[3], actor=meet.people[3])
    client, address = signed_in(host), at("coordinated", meet.day.key)
    figures = re.findall(r'data-figure="(\d+)" href="([^"#]+)', text(client.get(address)))
    assert len(figures) == 11
    for number, query in figures:
        context = client.get(address + query).context
        assert len(context["rows"] if "meetings=" in query else context["guests"]) == int(number), query
    assert {query: number for number, query in figures}["?firms=without"] == "1"


def test_the_notices_of_many_firms_cost_as_much_as_those_of_few(signed_in, meet):
    counts = []
    for firms in (1, 2, 12):
        keys = [MembershipFactory().enterprise.key for _ in range(firms)]
        with CaptureQueriesContext(connection) as queries:
            assert signed_in(meet.host).post(at("invite", meet.day.key), {"firm": keys}).status_code == 302
        counts.append(len(queries))
    assert counts[1] == counts[2], "\n".join(query["sql"][:160] for query in queries)
