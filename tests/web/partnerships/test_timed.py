"""What time ends without anybody's press: tasks of the worker that are timed when a day is set."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.choices import NoticeKind
from accounts.models import Notice
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries import queueing
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.tasks import end_unanswered, let_waiting_in_after
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory
from tests.web.partnerships.addresses import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Puts the clock to a moment."""

    def put(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return put


def clocks(task):
    """The moments to which a task is put off."""
    rows = DBTaskResult.objects.filter(task_path=task.module_path).exclude(pk__in=DBTaskResult.objects.ready())
    return list(rows.order_by("run_after").values_list("run_after", flat=True))


def worked(task):
    """What the worker does of those that are due."""
    rows = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    return [task.func(*row.args_kwargs["args"]) for row in rows]


def midnight_after(day):
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def ask(capacity):
    need = PostingFactory()
    return declare_interest(
        posting=need, counterpart=capacity, actor=MembershipFactory(enterprise=need.enterprise).user
    )


def says_busy(client, capacity, until):
    client.post(f"/en/postings/{capacity.number}/busy/", {"until": until.isoformat() if until else ""})
    capacity.refresh_from_db()


def test_who_waits_comes_in_when_busy_until_is_over(capacity, seller, signed_in, monkeypatch, clock):
    monkeypatch.setattr(queueing, "MOST_OPEN", 1)
    first, waiting = ask(capacity), ask(capacity)
    last = timezone.localdate() + timedelta(days=3)
    client = signed_in(seller)
    says_busy(client, capacity, last)
    Partnership.objects.filter(pk=first.pk).update(state=State.FAILED, end_reason="end.partnership.time")
    assert (capacity.busy_until, clocks(let_waiting_in_after)) == (last, [midnight_after(last)])

    clock(midnight_after(last) - timedelta(minutes=1))
    assert worked(let_waiting_in_after) == []
    clock(midnight_after(last))
    assert worked(let_waiting_in_after) == [1]
    waiting.refresh_from_db()
    assert waiting.state == State.INTERESTED
    assert Notice.objects.filter(reader=seller, kind=NoticeKind.INTEREST_RECEIVED).count() == 2
    assert DBTaskResult.objects.filter(task_path="accounts.tasks.mail_notices").exists()


def test_it_comes_in_at_once_when_busy_is_taken_back(capacity, seller, signed_in, monkeypatch):
    monkeypatch.setattr(queueing, "MOST_OPEN", 1)
    first, waiting = ask(capacity), ask(capacity)
    client = signed_in(seller)
    says_busy(client, capacity, timezone.localdate() + timedelta(days=3))
    Partnership.objects.filter(pk=first.pk).update(state=State.FAILED, end_reason="end.partnership.time")
    says_busy(client, capacity, None)

    assert 1 in worked(let_waiting_in_after)
    waiting.refresh_from_db()
    assert waiting.state == State.INTERESTED


def test_without_a_queue_no_clock_is_set(capacity, seller, signed_in):
    says_busy(signed_in(seller), capacity, timezone.localdate() + timedelta(days=3))
    assert Posting.objects.get(pk=capacity.pk).busy_until is not None
    assert (clocks(let_waiting_in_after), worked(let_waiting_in_after)) == ([], [])


def test_an_interest_ends_when_its_day_of_answer_is_over(need, capacity, buyer, signed_in, clock, monkeypatch):
    monkeypatch.setattr(queueing, "MOST_OPEN", 1)
    told = {"posting": need.number, "counterpart": capacity.number, "note": ""}
    signed_in(buyer).post(address("interest"), told)
    row, waiting = Partnership.objects.get(), ask(capacity)
    assert (row.state, waiting.state) == (State.INTERESTED, State.QUEUED)
    assert (clocks(end_unanswered), worked(end_unanswered)) == ([midnight_after(row.answer_by)], [])

    clock(midnight_after(row.answer_by))
    assert worked(end_unanswered) == [1]
    row.refresh_from_db(), waiting.refresh_from_db()
    assert (row.state, row.end_reason) == (State.FAILED, "end.partnership.no_answer")
    assert waiting.state == State.INTERESTED
    assert clocks(end_unanswered) == [midnight_after(waiting.answer_by)]
    assert worked(end_unanswered) == [0]


def test_more_time_sets_the_clock_anew_and_the_old_one_ends_nothing(need, capacity, buyer, seller, signed_in, clock):
    signed_in(buyer).post(address("interest"), {"posting": need.number, "counterpart": capacity.number, "note": ""})
    row = Partnership.objects.get()
    before = row.answer_by
    until = timezone.localdate() + timedelta(days=12)
    signed_in(seller).post(address("snooze", row.key), {"until": until.isoformat()})
    row.refresh_from_db()
    assert row.answer_by > before
    assert clocks(end_unanswered) == [midnight_after(before), midnight_after(row.answer_by)]
    clock(midnight_after(before))
    assert worked(end_unanswered) == [0]
    row.refresh_from_db()
    assert row.state == State.INTERESTED
