"""Meetings and pairs by hand: proposed times, the earliest common one, who may, and that nothing is told too early."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.desk.choices import MeetingState
from matchmaking.desk.models import HandPair, Meeting
from matchmaking.desk.queries.cases import pairs_in
from matchmaking.desk.services.meetings import answer_meeting, call_meeting, call_off_meeting
from matchmaking.desk.services.pairs import suggest_pair
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import declare_interest, decline_interest
from matchmaking.postings.choices import Visibility
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.desk.conftest import coordinator_of

pytestmark = pytest.mark.django_db


def called(border, days=(1, 2, 3), **changed):
    now = timezone.now()
    times = [now + timedelta(days=day) for day in days]
    told = {"topic": "示例：交期", "place": "示例会议室", "minutes": 60, "times": times, **changed}
    return call_meeting(partnership=border.partnership, actor=border.near, **told)


def keys(meeting, *places):
    rows = list(meeting.times.values_list("pk", flat=True))
    return [rows[place] for place in places]


def test_the_earliest_time_that_suits_both_is_agreed_and_both_are_told(border):
    meeting = called(border)
    answer_meeting(meeting=meeting, actor=border.buyer, suiting=keys(meeting, 1, 2))
    assert Meeting.objects.get().state == MeetingState.PROPOSED
    answer_meeting(meeting=meeting, actor=border.seller, suiting=keys(meeting, 0, 1, 2))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.agreed_for) == (MeetingState.AGREED, meeting.times.all()[1].begins_at)
    for reader in (border.buyer, border.seller, border.near):
        assert Notice.objects.filter(reader=reader, kind=NoticeKind.MEETING_AGREED, thing_key=meeting.key).exists()


def test_without_a_common_time_the_coordinator_is_told_and_an_answer_can_be_changed(border):
    meeting = called(border)
    answer_meeting(meeting=meeting, actor=border.buyer, suiting=keys(meeting, 0))
    answer_meeting(meeting=meeting, actor=border.seller, suiting=[])
    assert Notice.objects.filter(reader=border.near, kind=NoticeKind.MEETING_UNMATCHED).exists()
    answer_meeting(meeting=meeting, actor=border.seller, suiting=keys(meeting, 0))
    assert Meeting.objects.get().state == MeetingState.AGREED
    with pytest.raises(Refused):
        answer_meeting(meeting=meeting, actor=border.buyer, suiting=[])


def test_times_of_another_meeting_and_a_time_gone_by_are_never_agreed(border):
    meeting = called(border)
    first = meeting.times.first()
    first.begins_at = timezone.now() - timedelta(hours=1)
    first.save()
    for actor in (border.buyer, border.seller):
        answer_meeting(meeting=meeting, actor=actor, suiting=[*keys(meeting, 0), 999_999])
    assert Meeting.objects.get().state == MeetingState.PROPOSED


def test_who_stands_on_both_sides_answers_for_the_side_that_they_act_for(border):
    both = MembershipFactory(enterprise=border.partnership.need.enterprise, user=border.seller).user
    meeting = called(border)
    answer_meeting(meeting=meeting, actor=both, suiting=keys(meeting, 0), side=Side.CAPACITY)
    meeting.refresh_from_db()
    assert (meeting.need_answered_at, meeting.capacity_answered_at is None) == (None, False)


def test_a_persons_name_stays_with_their_own_firm(border):
    meeting = called(border)
    answer_meeting(meeting=meeting, actor=border.buyer, suiting=[])
    lines = Change.objects.filter(thing="meeting").order_by("-seq")[:2]
    known = {line.enterprise_id: line.actor_id for line in lines}
    need, capacity = border.partnership.need, border.partnership.capacity
    assert known == {need.enterprise_id: border.buyer.pk, capacity.enterprise_id: None}


@pytest.mark.parametrize("state", [State.INTERESTED, State.MUTUAL, State.COMPLETED])
def test_firms_that_do_not_know_each_other_or_are_done_are_not_called_together(border, state):
    border.partnership.state = state
    border.partnership.save()
    with pytest.raises(Refused) as refusal:
        called(border)
    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


def test_outside_the_scope_nobody_calls_and_no_stranger_answers(border):
    meeting = called(border)
    with pytest.raises(Refused):
        called(border)
    for user in (UserFactory(), coordinator_of("511000"), border.near):
        with pytest.raises(Refused) as refusal:
            answer_meeting(meeting=meeting, actor=user, suiting=[])
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    viewer = MembershipFactory(enterprise=border.partnership.need.enterprise, viewer=True).user
    assert Meeting.objects.visible_to(viewer).exists()
    with pytest.raises(Refused):
        answer_meeting(meeting=meeting, actor=viewer, suiting=[])
    assert not Meeting.objects.visible_to(UserFactory()).exists()
    for user in (border.buyer, border.seller):
        with pytest.raises(Refused):
            call_off_meeting(meeting=meeting, actor=user)
    call_off_meeting(meeting=meeting, actor=border.far)
    assert called(border).pk != meeting.pk


def test_nobody_answers_once_the_talks_are_over(border):
    meeting = called(border)
    Partnership.objects.update(state=State.COMPLETED)
    with pytest.raises(Refused) as refusal:
        answer_meeting(meeting=meeting, actor=border.buyer, suiting=[])
    assert refusal.value.reason == Reason.REFUSAL_NOTHING_WAITS


@pytest.mark.parametrize("days", [(), (-1, 2), (400,), (1, 2, 3, 4, 5, 6, 7)])
def test_times_that_cannot_be_kept_are_refused_at_their_field(border, days):
    with pytest.raises(Invalid) as refusal:
        called(border, days=days)
    assert list(refusal.value.fields) == ["times"]
    assert not Meeting.objects.exists()


@pytest.fixture
def fresh(border):
    """Two published postings without a partnership, the need in the near coordinator's scope."""
    region = border.partnership.need.region
    need = PostingFactory(region=region)
    return need, PostingFactory(capacity=True, visibility=Visibility.ALIAS)


def test_a_pair_by_hand_is_told_to_both_firms_without_names(border, fresh):
    need, capacity = fresh
    readers = [MembershipFactory(enterprise=row.enterprise).user for row in fresh]
    pair = suggest_pair(need=need, capacity=capacity, actor=border.near, reason="示例：同一材料")
    for reader, row in zip(readers, fresh, strict=True):
        notice = Notice.objects.get(reader=reader, kind=NoticeKind.HAND_SUGGESTED)
        assert (notice.thing_key, notice.facts["title"]) == (pair.key, row.title)
        assert capacity.enterprise.name not in str(notice.facts).replace(row.title, "")
    declare_interest(posting=need, counterpart=capacity, actor=readers[0])
    row = pairs_in(scope_of(border.near), border.near).get()
    assert (row.is_known, row.is_introduced, row.is_completed) == (True, False, False)


def refused(need, capacity, actor):
    with pytest.raises(Refused) as refusal:
        suggest_pair(need=need, capacity=capacity, actor=actor, reason="示例")
    assert not HandPair.objects.exists()
    return refusal.value.reason


def test_a_pair_is_not_forced_on_firms(border, fresh):
    need, capacity = fresh
    assert refused(capacity, need, border.near) == Reason.REFUSAL_SAME_DIRECTION
    assert refused(need, capacity, coordinator_of("511000")) == Reason.REFUSAL_NOT_YOURS
    assert refused(border.partnership.need, border.partnership.capacity, border.near) == Reason.REFUSAL_ALREADY_THERE
    capacity.hidden_from.add(need.enterprise)
    assert refused(need, capacity, border.near) == Reason.REFUSAL_HIDDEN_FROM
    capacity.hidden_from.clear()
    buyer, seller = (MembershipFactory(enterprise=row.enterprise).user for row in fresh)
    asked = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    decline_interest(partnership=asked, actor=seller, reason=Reason.END_PARTNERSHIP_PRICE)
    assert refused(need, capacity, border.near) == Reason.REFUSAL_DECLINED_BEFORE


def test_nobody_suggests_postings_of_their_own_firm(border, fresh):
    need, capacity = fresh
    MembershipFactory(enterprise=capacity.enterprise, user=border.near)
    assert refused(need, capacity, border.near) == Reason.REFUSAL_OWN_POSTING
