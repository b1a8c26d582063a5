"""The queue on the pages: places for both sides, the note for its writer alone, who waits comes in after an answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries import queueing
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.tasks import let_waiting_in_after
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.web.partnerships.addresses import address, text
from web.views.partnerships.shown import MOST_OPEN

pytestmark = pytest.mark.django_db
NOTE = "示例备注 only for you"
ROOM = 2
LIST_QUERIES = 12


@pytest.fixture(autouse=True)
def little_room(monkeypatch):
    monkeypatch.setattr(queueing, "MOST_OPEN", ROOM)


def ask(capacity):
    need = PostingFactory()
    actor = MembershipFactory(enterprise=need.enterprise).user
    return declare_interest(posting=need, counterpart=capacity, actor=actor, note=NOTE), actor


@pytest.fixture
def flood(capacity):
    """As many as there is room, and two that wait."""
    return [ask(capacity) for _ in range(ROOM + 2)]


def worked():
    """What the worker does of all that the pages left to it about queues."""
    tasks = DBTaskResult.objects.filter(task_path=let_waiting_in_after.module_path)
    return sum(let_waiting_in_after.func(*task.args_kwargs["args"]) for task in tasks)


def shown(client, row):
    return text(client.get(f"/en/partnerships/{row.key}/"))


def test_who_asked_reads_its_place_and_may_take_it_back_or_ask_the_next(flood, signed_in):
    row, asker = flood[-1]
    client = signed_in(asker)
    body = shown(client, row)
    assert "waits in the queue at place 2" in body
    assert NOTE in body
    assert reverse("web:partnerships:next", args=[row.key]) in body
    assert reverse("web:partnerships:withdraw", args=[row.key]) in body
    assert "place 2 in the queue" in text(client.get("/en/partnerships/?show=theirs"))
    client.post(address("withdraw", row))
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_the_firm_reads_its_queue_without_notes_and_answers_none_of_it(flood, seller, signed_in):
    client = signed_in(seller)
    row, _asker = flood[-1]
    body = shown(client, row)
    assert "waits in the queue at place 2" in body
    assert NOTE not in body
    assert [
        act
        for act in ("accept", "decline", "withdraw", "snooze")
        if reverse(f"web:partnerships:{act}", args=[row.key]) in body
    ] == []
    ours, queue = (text(client.get(f"/en/partnerships/?show={name}")) for name in ("ours", "queued"))
    assert "<b>2</b> more wait in your queue" in ours
    assert ours.count('name="chosen"') == ROOM
    assert [f"place {place} in the queue" in queue for place in (1, 2, 3)] == [True, True, False]
    assert NOTE not in queue
    client.post(address("accept", row))
    client.post(address("decline", row), {"reason": "end.partnership.time"})
    row.refresh_from_db()
    assert row.state == State.QUEUED


def test_an_answer_on_the_page_lets_the_next_one_in(flood, seller, signed_in):
    client = signed_in(seller)
    client.post(address("decline", flood[0][0]), {"reason": "end.partnership.time"})
    assert worked() == 1
    found = dict(Partnership.objects.values_list("pk", "state"))
    assert [found[row.pk] for row, _asker in flood] == [
        State.FAILED,
        State.INTERESTED,
        State.INTERESTED,
        State.QUEUED,
    ]
    assert NOTE in shown(client, flood[2][0])


def test_declining_all_together_lets_as_many_in(flood, seller, signed_in):
    told = {"chosen": [row.key for row, _asker in flood[:ROOM]], "reason": "end.partnership.time", "note": ""}
    signed_in(seller).post(address("decline_many"), told)
    assert worked() == ROOM
    found = dict(Partnership.objects.values_list("pk", "state"))
    assert [found[row.pk] for row, _asker in flood[ROOM:]] == [State.INTERESTED] * 2


def test_a_longer_queue_costs_no_more_queries(flood, capacity, seller, signed_in):
    client, costs = signed_in(seller), []
    for _ in range(2):
        client.get("/en/partnerships/?show=queued")
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/partnerships/?show=queued")
        costs.append(len(queries))
        ask(capacity), ask(capacity)
    assert costs[0] == costs[1] <= LIST_QUERIES


def test_busy_is_told_to_the_firm_itself(capacity, seller, signed_in):
    address_of = f"/en/capacities/{capacity.number}/"
    client = signed_in(seller)
    assert "Others read “busy”" not in text(client.get(address_of))
    type(capacity).objects.filter(pk=capacity.pk).update(busy_level=2)
    assert "Others read “busy”" in text(client.get(address_of))


def rung():
    """How many rounds of letting in the pages have left to the worker."""
    return DBTaskResult.objects.filter(task_path=let_waiting_in_after.module_path).count()


def test_only_what_frees_a_place_starts_a_round(flood, seller, signed_in):
    client = signed_in(seller)
    row, other = flood[0][0], flood[1][0]
    talks = PartnershipFactory(introduced=True, capacity=row.capacity)
    asker = MembershipFactory(enterprise=talks.need.enterprise).user
    until = (timezone.localdate() + timedelta(days=1)).isoformat()

    client.post(address("snooze", row), {"until": until})
    row.refresh_from_db()
    assert row.snoozed_until is not None
    signed_in(asker).post(address("end", talks), {"reason": "end.partnership.time"})
    talks.refresh_from_db()
    assert (talks.state, rung()) == (State.FAILED, 0)

    client.post(address("accept", row), {"need_version": row.need.version, "capacity_version": row.capacity.version})
    row.refresh_from_db()
    assert (row.state, rung()) == (State.INTRODUCED, 1)
    signed_in(flood[1][1]).post(address("withdraw", other))
    assert rung() == 2


def test_an_empty_queue_says_what_a_queue_is(seller, signed_in):
    body = text(signed_in(seller).get("/en/partnerships/?show=queued"))
    assert "Nobody waits in the queue" in body
    assert f"A firm answers at most {MOST_OPEN} requests at a time." in body
    assert "No partnership here" not in body
