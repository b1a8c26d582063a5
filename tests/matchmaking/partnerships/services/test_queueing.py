"""A firm under a flood: as many requests as it can be asked to answer, the rest in a queue, let in as others end."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.choices import NoticeKind, Pace
from accounts.models import Notice
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.queries import queueing
from matchmaking.partnerships.queries.partnerships import partnership_counts
from matchmaking.partnerships.queries.queueing import place_told, places_of
from matchmaking.partnerships.queries.rates import public_rates
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    withdraw_interest,
)
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from matchmaking.partnerships.services.queueing import let_waiting_in
from matchmaking.postings.services.busy import set_busy
from matchmaking.postings.services.publishing import close_posting
from reference.queries.workdays import working_day_after
from tests.factories.accounts import MembershipFactory
from tests.factories.consortia import together
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
ROOM = 2


@pytest.fixture(autouse=True)
def little_room(monkeypatch):
    monkeypatch.setattr(queueing, "MOST_OPEN", ROOM)


@pytest.fixture
def capacity():
    return PostingFactory(capacity=True)


@pytest.fixture
def supplier(capacity):
    return MembershipFactory(enterprise=capacity.enterprise).user


def ask(capacity, **need):
    posting = PostingFactory(**need)
    actor = MembershipFactory(enterprise=posting.enterprise).user
    return declare_interest(posting=posting, counterpart=capacity, actor=actor, note="示例 note")


def flood(capacity, count):
    return [ask(capacity) for _ in range(count)]


def states(rows):
    found = dict(Partnership.objects.values_list("pk", "state"))
    return [found[row.pk] for row in rows]


def decline(row, actor):
    return decline_interest(partnership=row, actor=actor, reason=Reason.END_PARTNERSHIP_TIME)


def told(user, kind):
    return Notice.objects.filter(reader=user, kind=kind).count()


def test_whoever_asks_beyond_the_room_waits_with_a_place_and_nobody_is_told(capacity, supplier):
    rows = flood(capacity, ROOM + 3)
    assert states(rows) == [State.INTERESTED] * ROOM + [State.QUEUED] * 3
    assert [place_told(row) for row in rows] == ["", "", "1", "2", "3"]
    assert [row.answer_by for row in rows[ROOM:]] == [None] * 3
    assert told(supplier, NoticeKind.INTEREST_RECEIVED) == ROOM
    capacity.refresh_from_db()
    assert capacity.open_interest_count == ROOM
    counts = partnership_counts(capacity.enterprise)
    assert (counts.waiting_for_us, counts.queued) == (ROOM, 3)


def test_who_asked_first_is_let_in_as_another_is_answered_and_the_time_to_answer_begins_then(capacity, supplier):
    rows = flood(capacity, ROOM + 2)
    assert let_waiting_in() == 0
    decline(rows[1], supplier)
    assert let_waiting_in(keys=[rows[1].key]) == 1
    assert let_waiting_in() == 0
    assert states(rows) == [State.INTERESTED, State.FAILED, State.INTERESTED, State.QUEUED]
    row = Partnership.objects.get(pk=rows[2].pk)
    assert row.answer_by == working_day_after(timezone.localdate(), capacity.answer_within_working_days)
    assert list(row.events.values_list("act", "side")) == [(Act.QUEUE, Side.NEED), (Act.LET_IN, Side.PLATFORM)]
    asker = row.events.first().actor
    assert (told(asker, NoticeKind.INTEREST_LET_IN), told(supplier, NoticeKind.INTEREST_RECEIVED)) == (1, ROOM + 1)
    assert place_told(rows[3]) == "1"
    capacity.refresh_from_db()
    assert capacity.open_interest_count == ROOM


def test_nobody_jumps_the_queue_while_a_place_is_free(capacity, supplier):
    rows = flood(capacity, ROOM + 1)
    accept_interest(partnership=rows[0], actor=supplier)
    late = ask(capacity)
    assert states([*rows, late]) == [State.INTRODUCED, State.INTERESTED, State.QUEUED, State.QUEUED]
    call_command("let_waiting_in")
    assert states([*rows, late])[2:] == [State.INTERESTED, State.QUEUED]


def test_all_postings_of_a_firm_share_one_queue_and_its_alias_has_its_own(capacity):
    flood(capacity, ROOM)
    other = PostingFactory(capacity=True, enterprise=capacity.enterprise)
    hidden = PostingFactory(capacity=True, enterprise=capacity.enterprise, visibility="alias")
    assert ask(other).state == State.QUEUED
    assert [row.state for row in flood(hidden, ROOM + 1)] == [State.INTERESTED] * ROOM + [State.QUEUED]
    assert sorted(places_of(Partnership.objects.all()).values()) == [1, 1]


def test_taking_it_back_from_the_queue_tells_nobody_and_counts_nothing(capacity, supplier):
    rows = flood(capacity, ROOM + 2)
    withdraw_interest(partnership=rows[ROOM], actor=rows[ROOM].events.first().actor)
    assert place_told(rows[ROOM + 1]) == "1"
    assert told(supplier, NoticeKind.INTEREST_WITHDRAWN) == 0
    capacity.refresh_from_db()
    assert capacity.open_interest_count == ROOM


def test_a_queued_request_ends_with_its_posting_and_its_asker_is_told(capacity, supplier):
    rows = flood(capacity, ROOM + 1)
    asker = rows[-1].events.first().actor
    close_posting(posting=rows[-1].need, actor=asker, reason=Reason.END_NEED_WITHDRAWN)
    assert let_waiting_in() == 0
    assert end_overdue_interests() == 1
    assert states(rows)[-1] == State.FAILED
    assert (told(asker, NoticeKind.INTEREST_LAPSED), told(supplier, NoticeKind.INTEREST_LAPSED)) == (1, 0)
    capacity.refresh_from_db()
    assert capacity.open_interest_count == ROOM


def test_one_whose_posting_is_over_keeps_nobody_behind_it(capacity, supplier):
    rows = flood(capacity, ROOM + 2)
    close_posting(posting=rows[ROOM].need, actor=rows[ROOM].events.first().actor, reason=Reason.END_NEED_WITHDRAWN)
    decline(rows[0], supplier)
    assert let_waiting_in() == 1
    assert states(rows)[ROOM:] == [State.QUEUED, State.INTERESTED]


def test_interest_from_the_other_side_meets_the_queued_request(capacity, supplier):
    rows = flood(capacity, ROOM + 1)
    met = declare_interest(posting=capacity, counterpart=rows[-1].need, actor=supplier)
    assert (met.pk, met.state) == (rows[-1].pk, State.INTRODUCED)
    acts = list(met.events.values_list("act", flat=True))
    assert acts == [Act.QUEUE, Act.LET_IN, Act.ACCEPT, Act.INTRODUCE]
    capacity.refresh_from_db()
    assert capacity.open_interest_count == ROOM


def test_consent_given_ahead_waits_in_no_queue(capacity, supplier):
    flood(capacity, ROOM + 1)
    capacity.accepts_ahead_at, capacity.accepts_ahead_by = timezone.now(), supplier
    capacity.save()
    assert ask(capacity).state == State.INTRODUCED


def test_nobody_is_let_in_while_the_firm_is_busy(capacity, supplier):
    rows = flood(capacity, ROOM + 1)
    set_busy(posting=capacity, actor=supplier, until=timezone.localdate() + timedelta(days=5))
    decline(rows[0], supplier)
    assert let_waiting_in() == 0
    set_busy(posting=capacity, actor=supplier, until=None)
    assert let_waiting_in() == 1


def test_shares_of_a_set_wait_in_no_queue():
    world = together(9400, 6000)
    flood(world.capacities[0], ROOM + 1)
    world.form(9000, 6000)
    asked = Partnership.objects.get(need=world.need, capacity=world.capacities[0])
    assert asked.state == State.INTERESTED


def test_a_request_that_waits_already_is_let_in_for_a_share():
    world = together(9400, 6000)
    flood(world.capacities[0], ROOM)
    early = declare_interest(posting=world.need, counterpart=world.capacities[0], actor=world.owner)
    assert early.state == State.QUEUED
    consortium = world.form(9000, 6000)
    assert states([early]) == [State.INTERESTED]
    world.consent(consortium, 0)
    assert states([early]) == [State.INTRODUCED]


def test_the_queue_counts_against_the_limits_of_who_asks(capacity):
    flood(capacity, ROOM)
    asker = MembershipFactory()
    needs = PostingFactory.create_batch(3, enterprise=asker.enterprise)
    rows = [declare_interest(posting=one, counterpart=capacity, actor=asker.user) for one in needs]
    assert {row.state for row in rows} == {State.QUEUED}
    fourth = PostingFactory(enterprise=asker.enterprise)
    with pytest.raises(Exception, match=Reason.REFUSAL_TOO_MANY_WAITING):
        declare_interest(posting=fourth, counterpart=capacity, actor=asker.user)


def test_the_answer_rate_counts_what_reached_the_firm_from_when_it_did(capacity, supplier):
    rows = flood(capacity, 3 * ROOM + 2)
    old = timezone.now() - timedelta(hours=100)
    PartnershipEvent.objects.filter(act=Act.QUEUE).update(happened_at=old)
    for row in rows[:ROOM]:
        decline(row, supplier)
    let_waiting_in()
    for row in rows[ROOM : 2 * ROOM]:
        decline(Partnership.objects.get(pk=row.pk), supplier)
    let_waiting_in()
    decline(Partnership.objects.get(pk=rows[2 * ROOM].pk), supplier)
    close_posting(posting=capacity, actor=supplier, reason=Reason.END_CAPACITY_WITHDRAWN)
    end_overdue_interests()
    rates = public_rates(capacity.enterprise)
    assert (rates.answered_percent, rates.answer_hours) == (100, 0)


def test_mails_at_once_are_three_a_day_and_the_rest_one_digest(capacity, supplier, monkeypatch):
    monkeypatch.setattr(queueing, "MOST_OPEN", 15)
    flood(capacity, 40)
    paces = list(
        Notice.objects.filter(reader=supplier, kind=NoticeKind.INTEREST_RECEIVED)
        .order_by("pk")
        .values_list("pace", flat=True)
    )
    assert paces == [Pace.AT_ONCE] * 3 + [Pace.DAILY] * 12


def test_who_wants_no_mail_gets_none_in_a_flood_either(capacity, supplier):
    supplier.mail_paces = {"interests": Pace.NEVER}
    supplier.save()
    flood(capacity, ROOM)
    assert set(Notice.objects.filter(reader=supplier).values_list("pace", flat=True)) == {Pace.NEVER}


def test_a_suspended_firm_leaves_no_queue(capacity):
    rows = flood(capacity, ROOM + 1)
    capacity.enterprise.suspended_at = timezone.now()
    capacity.enterprise.save()
    assert let_waiting_in() == 0
    assert end_overdue_interests() == ROOM + 1
    assert set(states(rows)) == {State.FAILED}


def test_places_are_read_by_one_query(capacity, django_assert_num_queries):
    rows = flood(capacity, ROOM + 3)
    other = flood(PostingFactory(capacity=True, quantity_amount=Decimal(5)), ROOM + 1)
    with django_assert_num_queries(1):
        assert sorted(places_of([*rows, *other]).values()) == [1, 1, 2, 3]
    with django_assert_num_queries(0):
        assert places_of(rows[:ROOM]) == {}
