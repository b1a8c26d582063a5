"""Plans of a day: when they may be made, that they tell no wish, publishing, falling out and what is told then."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Change, Enterprise, Notice
from common.errors import Refused
from common.reasons import Reason
from matchmaking.days.choices import DayState, GuestState, PlanState, Wish
from matchmaking.days.models import DayMeeting, DayPlan, Guest, MatchDay
from matchmaking.days.queries.days import schedule_of
from matchmaking.days.queries.plans import latest_plan, meetings_of_plan, unkept_of
from matchmaking.days.services.answers import give_up_place
from matchmaking.days.services.days import change_day, withdraw_guest
from matchmaking.days.services.held import follow_meeting, note_meetings
from matchmaking.days.services.plans import ask_plan, make_plan, mend_plan, publish_plan
from matchmaking.desk.models import HandPair
from reference.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.days import days_ahead, gathering, terms
from tests.factories.postings import PostingFactory
from tests.matchmaking.days.test_wishes import wish

pytestmark = pytest.mark.django_db


def pairs_of(plan):
    return {frozenset((one.first_id, one.second_id)) for one in plan.meetings.standing()}


def pair(meet, letters):
    return frozenset(meet.guests["abcd".index(letter)].pk for letter in letters)


def told(kind, person):
    return Notice.objects.filter(kind=kind, reader=person).count()


def planned(meet, seed=1):
    return make_plan(key=ask_plan(day=meet.day, actor=meet.host, seed=seed).key)


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reason


def test_a_plan_keeps_wishes_and_no_refusal_shows_anywhere(meet):
    wish(meet, 0, b=Wish.MUST, c=Wish.MEET)
    wish(meet, 2, a=Wish.NO)
    meet.end_wishes()
    plan = planned(meet)
    assert plan.state == PlanState.READY
    assert plan.is_best
    assert pairs_of(plan) == {pair(meet, "ab")}
    assert plan.figures == {
        "firms": 4, "without": 2, "pairs": 1, "meetings": 1, "musts": 1, "musts_kept": 1, "places": 12, "tables": 1,
    }  # fmt: skip
    assert plan.left == []
    kept = json.dumps(list(Change.objects.values_list("facts", flat=True))) + json.dumps(
        list(Notice.objects.values_list("facts", flat=True))
    )
    assert not any(f'"{word}"' in kept for word in Wish.values)


def test_what_finds_no_place_is_told_with_its_rule_and_without_who_wished(host):
    meet = gathering(host, slots=1, tables=1)
    wish(meet, 0, b=Wish.MUST)
    wish(meet, 2, d=Wish.MEET)
    meet.end_wishes()
    plan = planned(meet)
    assert pairs_of(plan) == {pair(meet, "ab")}
    keys = sorted(meet.guests[place].enterprise.key for place in (2, 3))
    assert plan.left == [{"first": keys[0], "second": keys[1], "rule": "tables"}]
    names = {one.enterprise.name for one in meet.guests[2:]}
    assert [{one.first, one.second} for one in unkept_of(plan, meet.guests)] == [names]


def test_the_same_wishes_and_seed_give_the_same_plan(meet):
    for who, about in ((0, "b"), (1, "c"), (2, "d"), (3, "a")):
        wish(meet, who, **{about: Wish.MEET})
    meet.end_wishes()
    plans = [planned(meet, seed=7) for _ in range(2)]
    rows = [list(plan.meetings.values_list("slot", "table", "first", "second")) for plan in plans]
    assert rows[0] == rows[1]
    assert plans[0].inputs == plans[1].inputs


def test_nothing_is_planned_before_wishes_end_nor_for_two_firms(meet):
    assert refused(lambda: ask_plan(day=meet.day, actor=meet.host)) == Reason.REFUSAL_WISHES_OPEN
    meet.end_wishes()
    assert refused(lambda: ask_plan(day=meet.day, actor=meet.people[0])) == Reason.REFUSAL_NOT_YOURS
    Guest.objects.filter(pk__in=[one.pk for one in meet.guests[2:]]).update(state=GuestState.LEFT)
    assert refused(lambda: ask_plan(day=meet.day, actor=meet.host)) == Reason.REFUSAL_FEW_FIRMS


def test_a_plan_that_waits_is_not_doubled_and_a_broken_one_says_so(meet, monkeypatch):
    meet.end_wishes()
    asked = ask_plan(day=meet.day, actor=meet.host)
    assert ask_plan(day=meet.day, actor=meet.host) == asked
    monkeypatch.setattr("matchmaking.days.services.plans.solved", lambda *args, **told: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_plan(key=asked.key)
    assert latest_plan(meet.day).state == PlanState.FAILED
    assert make_plan(key="NOSUCH") is None
    assert ask_plan(day=meet.day, actor=meet.host) != asked


def test_a_published_plan_is_read_by_each_firm_alone_and_told_once(meet):
    wish(meet, 0, b=Wish.MEET)
    assert schedule_of(meet.guests[0]) == []
    plan = meet.published()
    assert meet.day.state == DayState.PUBLISHED
    for guest, person in zip(meet.guests, meet.people, strict=True):
        assert told(NoticeKind.DAY_SCHEDULED, person) == 1
        guest.day.refresh_from_db()
        own = {line.meeting.pk for line in schedule_of(guest)}
        assert own == set(DayMeeting.objects.visible_to(person).values_list("pk", flat=True))
        assert len(own) == (1 if guest in meet.guests[:2] else 0)
    assert not DayMeeting.objects.visible_to(UserFactory()).exists()
    assert DayMeeting.objects.visible_to(meet.host).count() == 1
    assert refused(lambda: publish_plan(plan=plan, actor=meet.host)) == Reason.REFUSAL_ALREADY_THERE


def test_an_unpublished_plan_is_seen_by_no_firm(meet):
    wish(meet, 0, b=Wish.MEET)
    meet.end_wishes()
    planned(meet)
    assert not DayMeeting.objects.visible_to(meet.people[0]).exists()


def test_a_plan_is_not_published_once_a_firm_has_gone(meet):
    wish(meet, 0, b=Wish.MEET)
    meet.end_wishes()
    plan = planned(meet)
    give_up_place(guest=meet.guests[3], actor=meet.people[3])
    assert refused(lambda: publish_plan(plan=plan, actor=meet.host)) == Reason.REFUSAL_PLAN_OLD
    publish_plan(plan=planned(meet), actor=meet.host)
    assert DayPlan.objects.filter(published_at__isnull=False).count() == 1


@pytest.fixture
def full(host):
    """One table, two slots: a meets b and c; d is wished by b and has no place."""
    meet = gathering(host, slots=2, tables=1)
    wish(meet, 0, b=Wish.MUST, c=Wish.MUST)
    wish(meet, 1, d=Wish.MEET)
    plan = meet.published()
    assert pairs_of(plan) == {pair(meet, "ab"), pair(meet, "ac")}
    return meet


def test_where_a_firm_falls_out_others_stay_and_the_reserve_steps_in(full):
    plan = latest_plan(full.day)
    before = {frozenset((one.first_id, one.second_id)): (one.slot, one.table) for one in plan.meetings.all()}
    give_up_place(guest=full.guests[2], actor=full.people[2])
    assert (told(NoticeKind.DAY_MOVED, full.people[0]), told(NoticeKind.DAY_MOVED, full.people[1])) == (1, 0)
    assert told(NoticeKind.DAY_LEFT, full.host) == 1
    assert [line.meeting.is_off for line in schedule_of(full.guests[0])].count(True) == 1
    assert mend_plan(key=full.day.key) == 1
    after = {frozenset((one.first_id, one.second_id)): (one.slot, one.table) for one in plan.meetings.standing()}
    assert after == {pair(full, "ab"): before[pair(full, "ab")], pair(full, "bd"): before[pair(full, "ac")]}
    assert told(NoticeKind.DAY_MOVED, full.people[3]) == 1
    assert mend_plan(key=full.day.key) == 0
    assert told(NoticeKind.DAY_MOVED, full.people[3]) == 1


def test_a_firm_that_is_suspended_or_withdrawn_leaves_its_places_too(full):
    Enterprise.objects.filter(pk=full.guests[2].enterprise_id).update(suspended_at=timezone.now())
    call_command("mend_days")
    plan = latest_plan(full.day)
    assert pairs_of(plan) == {pair(full, "ab"), pair(full, "bd")}
    assert told(NoticeKind.DAY_MOVED, full.people[0]) == 1
    withdraw_guest(guest=full.guests[3], actor=full.host)
    assert pairs_of(plan) == {pair(full, "ab")}


def test_nothing_is_mended_before_a_plan_is_out_or_after_the_day(meet, full):
    assert mend_plan(key=meet.day.key) == 0
    give_up_place(guest=full.guests[2], actor=full.people[2])
    MatchDay.objects.update(day=days_ahead(-1), marks_until=days_ahead(-2))
    assert mend_plan(key=full.day.key) == 0


def test_who_met_is_noted_from_the_day_on_and_leads_to_a_pair_by_hand(full):
    meetings = list(meetings_of_plan(latest_plan(full.day)))
    assert refused(lambda: note_meetings(day=full.day, actor=full.host, held={})) == Reason.REFUSAL_NOTHING_WAITS
    full.begin()
    held = {one.key: one.slot == 1 for one in meetings}
    assert note_meetings(day=full.day, actor=full.host, held=held) == 2
    assert note_meetings(day=full.day, actor=full.host, held=held) == 0
    assert refused(lambda: note_meetings(day=full.day, actor=full.people[0], held=held)) == Reason.REFUSAL_NOT_YOURS
    first, second = meetings
    firms = [one.enterprise for one in (first.first, first.second)]
    need = PostingFactory(enterprise=firms[0], region=Region.objects.get(code="510104"))
    capacity = PostingFactory(enterprise=firms[1], capacity=True)
    told_pair = {"actor": full.host, "need": need, "reason": "示例：会上已谈"}
    stranger = PostingFactory(capacity=True)
    assert refused(lambda: follow_meeting(meeting=first, capacity=stranger, **told_pair)) == Reason.REFUSAL_NOT_YOURS
    for one in (second, first):
        one.refresh_from_db()
    assert (
        refused(lambda: follow_meeting(meeting=second, capacity=capacity, **told_pair)) == Reason.REFUSAL_NOTHING_WAITS
    )
    followed = follow_meeting(meeting=first, capacity=capacity, **told_pair)
    assert followed.hand_pair == HandPair.objects.get()
    assert (
        refused(lambda: follow_meeting(meeting=followed, capacity=capacity, **told_pair))
        == Reason.REFUSAL_ALREADY_THERE
    )


def test_once_a_plan_was_made_wishes_are_not_taken_anew(meet):
    meet.end_wishes()
    change_day(day=meet.day, actor=meet.host, terms=terms(marks_until=days_ahead(2)))
    meet.end_wishes()
    planned(meet)
    changed = change_day(day=meet.day, actor=meet.host, terms=terms(marks_until=days_ahead(2), tables=9))
    assert (changed.marks_until, changed.tables) == (days_ahead(-1), 9)
    plan = latest_plan(meet.day)
    assert refused(lambda: publish_plan(plan=plan, actor=meet.host)) == Reason.REFUSAL_PLAN_OLD
