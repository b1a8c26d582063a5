"""The desk on its pages: forms, lists and their figures, the calendar of a meeting, what each reader sees."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from matchmaking.desk.choices import MeetingState
from matchmaking.desk.models import Case, HandPair, Meeting
from matchmaking.desk.services.cases import open_case
from matchmaking.desk.services.meetings import answer_meeting, call_meeting
from matchmaking.desk.services.pairs import suggest_pair
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.desk.conftest import border, coordinator_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
CASE = {"subject": "示", "department": "示", "due_on": timezone.localdate()}
__all__ = ["border"]


def at(name, *args):
    return reverse(f"web:desk:{name}", args=args)


def day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def near(signed_in, border):
    return signed_in(border.near)


def text(response):
    return response.content.decode()


def meeting_of(border):
    times = [timezone.now() + timedelta(days=days) for days in (1, 2)]
    return call_meeting(
        partnership=border.partnership, actor=border.near, topic="示例：交期", place="示例厅", minutes=45, times=times
    )


def test_a_case_by_its_forms_from_the_partnership_to_its_end(near, signed_in, border):
    page = near.get(reverse("web:coordination:partnership", args=[border.partnership.key]))
    address = at("partnership_case", border.partnership.key)
    assert address in text(page)
    told = {"subject": "示例受阻", "department": "示例经信局", "due_on": day(3)}
    assert near.post(address, told).status_code == 302
    case = Case.objects.get()
    assert near.get(address).url == at("case", case.key)
    handed = near.post(at("hand_over_case", case.key), {"receiver": border.far.pk, "note": "示例移交"})
    assert handed.status_code == 302
    far = signed_in(border.far)
    assert "示例移交" in text(far.get(at("case", case.key)))
    assert far.post(at("change_case", case.key), {**told, "department": "示例商务局"}).status_code == 302
    assert far.post(at("close_case", case.key), {"end": "solved", "note": "示例办结"}).status_code == 302
    page = text(far.get(at("cases") + "?by=mine&state=closed"))
    assert "示例受阻" in page
    assert "示例商务局" in page


def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(near, border):
    answer = near.post(at("posting_case", border.partnership.need.number), {"subject": "示例受阻", "due_on": "soon"})
    assert answer.status_code == 422
    assert "示例受阻" in text(answer)
    assert {"department", "due_on"} <= set(answer.context["form"].errors)
    case = open_case(thing=border.partnership, actor=border.near, **CASE)
    answer = near.post(at("hand_over_case", case.key), {"receiver": str(border.buyer.pk), "note": "示例"})
    assert answer.status_code == 422
    assert Case.objects.get().owner == border.near


def test_figures_of_the_desk_count_the_lists_that_they_link(near, border):
    open_case(thing=border.partnership, actor=border.near, **CASE)
    suggest_pair(need=PostingFactory(region=border.partnership.need.region), capacity=PostingFactory(capacity=True),
                 actor=border.near, reason="示例")  # fmt: skip
    meeting_of(border)
    page = text(near.get(at("cases")))
    figures = re.findall(r'data-figure="(\d+)" href="([^"]+)"', page)
    assert len(figures) == 9
    for number, link in figures:
        rows = near.get(link.replace("&amp;", "&")).context["page"].paginator.count
        assert rows == int(number), link


@pytest.mark.parametrize("name", ["cases", "pairs", "meetings_in_scope"])
def test_lists_take_filters_from_the_address_and_tell_what_they_cannot_read(near, name):
    assert near.get(at(name)).status_code == 200
    assert near.get(at(name) + "?by=mine&state=&step=").status_code == 200
    assert near.get(at(name) + "?by=nonsense").status_code == 400


def test_a_meeting_by_its_forms_ends_as_the_same_entry_for_both(near, signed_in, border):
    address = at("call_meeting", border.partnership.key)
    told = {"topic": "示例议题", "place": "示例厅", "minutes": "45", "times": f"{day(2)} 14:00\n{day(3)} 09:30"}
    assert near.post(address, {**told, "times": "tomorrow"}).status_code == 422
    assert near.post(address, told).status_code == 302
    meeting = Meeting.objects.get()
    assert near.get(at("meeting_calendar", meeting.key)).status_code == 404
    clients = [signed_in(border.buyer), signed_in(border.seller)]
    for client in clients:
        assert "示例厅" in text(client.get(at("meeting", meeting.key)))
        suiting = [str(meeting.times.last().pk)]
        assert client.post(at("meeting", meeting.key), {"suiting": suiting}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGREED
    files = {client.get(at("meeting_calendar", meeting.key)).content for client in (*clients, near)}
    assert len(files) == 1
    event = Calendar.from_ical(files.pop()).walk("VEVENT")[0]
    assert timezone.localtime(event["DTSTART"].dt).strftime("%H:%M") == "09:30"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    for client in clients:
        assert meeting.key in text(client.get(at("meetings")))


def test_strangers_find_no_meeting_and_no_pair(signed_in, border):
    meeting = meeting_of(border)
    pair = suggest_pair(need=PostingFactory(region=border.partnership.need.region),
                        capacity=PostingFactory(capacity=True), actor=border.near, reason="示例")  # fmt: skip
    for user in (MembershipFactory().user, UserFactory(), coordinator_of("511000")):
        client = signed_in(user)
        assert client.get(at("meeting", meeting.key)).status_code == 404
        assert client.get(at("meeting_calendar", meeting.key)).status_code == 404
        assert client.get(at("suggested", pair.key)).status_code in (302, 404)


def test_a_firm_reads_the_pair_and_expresses_interest_with_one_press(signed_in, border):
    need, capacity = (
        PostingFactory(region=border.partnership.need.region),
        PostingFactory(capacity=True, visibility="alias"),
    )
    buyer = signed_in(MembershipFactory(enterprise=need.enterprise).user)
    near = signed_in(border.near)
    told = {"number": capacity.number, "reason": "示例：同一材料"}
    assert near.post(at("suggest_pair", need.number), {**told, "number": "NOSUCH"}).status_code == 422
    assert near.post(at("suggest_pair", need.number), told).status_code == 302
    pair = HandPair.objects.get()
    page = text(buyer.get(at("suggested", pair.key)))
    assert "示例：同一材料" in page
    assert capacity.enterprise.name not in page.replace(capacity.title, "")
    sent = {"posting": need.number, "counterpart": capacity.number}
    assert buyer.post(reverse("web:partnerships:interest"), sent).status_code == 302
    assert "Your partnership about it" in text(buyer.get("/en" + at("suggested", pair.key)))


@pytest.mark.parametrize("page", ["cases", "pairs", "meetings_in_scope", "case", "meeting"])
def test_a_page_asks_the_database_as_little_with_many_rows_as_with_one(near, border, page):
    for _ in range(5):
        need = PostingFactory(region=border.partnership.need.region)
        suggest_pair(need=need, capacity=PostingFactory(capacity=True), actor=border.near, reason="示例")
        row = PartnershipFactory(introduced=True, need=need)
        case = open_case(thing=row, actor=border.near, **CASE)
        times = [timezone.now() + timedelta(days=1)]
        meeting = call_meeting(partnership=row, actor=border.near, topic="示", place="示", minutes=30, times=times)
    arguments = {"case": [case.key], "meeting": [meeting.key]}.get(page, [])
    near.get(at(page, *arguments))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert near.get(at(page, *arguments)).status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][:160] for query in queries)


def test_the_queue_finds_what_is_disputed_and_what_has_no_suggestion(near, border):
    need = border.partnership.need
    need.published_at = timezone.now() - timedelta(days=8)
    need.save()
    found = near.get(reverse("web:coordination:postings") + "?waits=unsuggested")
    assert need.title in text(found)
    assert border.partnership.key not in text(near.get(reverse("web:coordination:partnerships") + "?waits=disputed"))


def test_an_answer_after_the_agreement_is_told_in_words(signed_in, border):
    meeting = meeting_of(border)
    for actor in (border.buyer, border.seller):
        answer_meeting(meeting=meeting, actor=actor, suiting=list(meeting.times.values_list("pk", flat=True)))
    answer = signed_in(border.buyer).post(at("meeting", meeting.key), {"suiting": []})
    assert answer.status_code == 409
