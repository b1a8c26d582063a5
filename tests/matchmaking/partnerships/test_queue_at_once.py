"""A queue under several hands at the same moment: never more open than there is room, nobody let in twice."""

from functools import partial

import pytest

from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.queries import queueing
from matchmaking.partnerships.services.interest import declare_interest, decline_interest, withdraw_interest
from matchmaking.partnerships.services.queueing import let_waiting_in
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROOM, ROUNDS = 2, 3


@pytest.fixture(autouse=True)
def little_room(monkeypatch):
    monkeypatch.setattr(queueing, "MOST_OPEN", ROOM)


def asking(capacity):
    """An interest in the capacity by a firm of its own, to be declared when called."""
    need = PostingFactory()
    actor = MembershipFactory(enterprise=need.enterprise).user
    return lambda: declare_interest(posting=need, counterpart=capacity, actor=actor)


def counted(capacity):
    rows = Partnership.objects.filter(capacity__enterprise=capacity.enterprise)
    return {state: rows.filter(state=state).count() for state in (State.INTERESTED, State.QUEUED, State.FAILED)}


def test_of_those_who_ask_at_once_no_more_are_open_than_there_is_room():
    for _ in range(ROUNDS):
        capacity = PostingFactory(capacity=True)
        other = PostingFactory(capacity=True, enterprise=capacity.enterprise)
        told = at_once(*(asking(one) for one in (capacity, other, capacity, other)))
        assert told == [None] * 4
        assert counted(capacity) == {State.INTERESTED: ROOM, State.QUEUED: 2, State.FAILED: 0}


def test_rounds_that_let_in_at_once_let_each_in_once_and_no_more_than_there_is_room():
    for _ in range(ROUNDS):
        capacity = PostingFactory(capacity=True)
        rows = [asking(capacity)() for _ in range(ROOM + 3)]
        supplier = MembershipFactory(enterprise=capacity.enterprise).user
        for row in rows[:ROOM]:
            decline_interest(partnership=row, actor=supplier, reason=Reason.END_PARTNERSHIP_TIME)
        assert at_once(let_waiting_in, let_waiting_in, let_waiting_in) == [None] * 3
        assert counted(capacity) == {State.INTERESTED: ROOM, State.QUEUED: 1, State.FAILED: ROOM}
        let = PartnershipEvent.objects.filter(partnership__in=rows, act=Act.LET_IN).values_list(
            "partnership", flat=True
        )
        assert sorted(let) == [row.pk for row in rows[ROOM : ROOM + 2]]
        assert Posting.objects.get(pk=capacity.pk).open_interest_count == ROOM


def test_a_decline_a_withdrawal_a_new_request_and_a_round_at_once_leave_the_queue_right():
    for _ in range(ROUNDS):
        capacity = PostingFactory(capacity=True)
        rows = [asking(capacity)() for _ in range(ROOM + 2)]
        supplier = MembershipFactory(enterprise=capacity.enterprise).user
        asker = MembershipFactory(enterprise=rows[ROOM].need.enterprise).user
        told = at_once(
            partial(decline_interest, partnership=rows[0], actor=supplier, reason=Reason.END_PARTNERSHIP_TIME),
            partial(withdraw_interest, partnership=rows[ROOM], actor=asker),
            asking(capacity),
            let_waiting_in,
        )
        assert told == [None] * 4
        let_waiting_in()
        assert counted(capacity) == {State.INTERESTED: ROOM, State.QUEUED: 1, State.FAILED: 2}
        assert Posting.objects.get(pk=capacity.pk).open_interest_count == ROOM
