"""Jobs of a rematch are leased, written once, and survive whoever held them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Verb
from accounts.services.changes import record_change, unit_of_work
from matchmaking.matching.choices import RematchScope
from matchmaking.matching.models import Dismissal, MarketRanking, RematchRun
from matchmaking.matching.services.rematching import planning
from matchmaking.matching.services.rematching.jobs import (
    MOST_ATTEMPTS,
    best_counterparts,
    carry_out,
    free_jobs,
    open_jobs,
    take_job,
    work,
)
from matchmaking.matching.services.rematching.planning import open_run
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    """A rematch of three needs and the capacity that fits them, in two jobs."""
    for node in ("XN0", "XN0", "XN1"):
        PostingFactory(node__code=node)
    PostingFactory(capacity=True)
    return open_run(scope=RematchScope.ALL)


@unit_of_work
def note(thing, **facts):
    record_change(thing=thing, verb=Verb.CHANGED, actor=None, **facts)


def asked(run):
    return sorted(number for job in run.jobs.all() for number in job.numbers)


def rankings():
    return dict(MarketRanking.objects.values_list("posting__number", "matches"))


def expired(job):
    job.leased_until = timezone.now() - timedelta(seconds=1)
    job.save()


def test_all_needs_are_asked_once_by_chain_node(run):
    needs = Posting.objects.needs()
    assert asked(run) == sorted(needs.values_list("number", flat=True))
    assert list(run.jobs.values_list("node", flat=True)) == ["XN0", "XN1"]


def test_a_big_node_is_cut_into_several_jobs(monkeypatch):
    monkeypatch.setattr(planning, "A_JOB", 2)
    PostingFactory.create_batch(5)
    assert sorted(len(job.numbers) for job in open_run(scope=RematchScope.ALL).jobs.all()) == [1, 2, 2]


def test_work_keeps_the_exact_ranking_of_every_need(run):
    assert work(run=run, owner="one") == 2
    numbers = sorted(Posting.objects.needs().values_list("number", flat=True))
    exact = best_counterparts(numbers=numbers, market=current_market(), day=run.day, aside={})
    assert rankings() == {number: [[m.key, m.score] for m in found.matches] for number, found in exact.items()}
    assert any(rankings().values())


def test_a_leased_job_is_nobody_elses_until_its_lease_is_over(run):
    held = take_job(run=run, owner="one")
    other = take_job(run=run, owner="two")
    assert other.pk != held.pk
    assert take_job(run=run, owner="three") is None
    expired(held)
    again = take_job(run=run, owner="three")
    assert (again.pk, again.attempts) == (held.pk, 2)


def test_a_worker_that_lost_its_lease_writes_nothing(run):
    held = take_job(run=run, owner="one")
    expired(held)
    assert carry_out(job=take_job(run=run, owner="two"), owner="two")
    before = rankings()
    MarketRanking.objects.update(engine_version="by two")
    assert not carry_out(job=held, owner="one")
    assert rankings() == before
    assert set(MarketRanking.objects.values_list("engine_version", flat=True)) == {"by two"}


def test_done_twice_a_job_leaves_the_same_rows(run):
    work(run=run, owner="one")
    before = rankings()
    run.jobs.update(finished_at=None, owner="")
    work(run=run, owner="two")
    assert rankings() == before


def test_what_a_dead_worker_held_can_be_given_back_at_once(run):
    held = take_job(run=run, owner="dead")
    assert free_jobs(run=run, owner="dead") == 1
    assert take_job(run=run, owner="one").pk == held.pk


def test_a_job_that_fails_again_and_again_is_given_up_and_the_others_are_done(run, monkeypatch):
    poison = Posting.objects.needs().filter(node__code="XN1").get().number

    def ranked(*, numbers, **rest):
        if poison in numbers:
            raise RuntimeError("bad posting")
        return best_counterparts(numbers=numbers, **rest)

    monkeypatch.setattr("matchmaking.matching.services.rematching.jobs.best_counterparts", ranked)
    assert work(run=run, owner="one") == 1
    left = run.jobs.get(finished_at=None)
    assert (left.node, left.attempts, left.owner) == ("XN1", MOST_ATTEMPTS, "")
    assert not open_jobs(run).exists()
    monkeypatch.undo()
    assert work(run=open_run(scope=RematchScope.ALL), owner="two") == 1


def test_an_open_run_is_gone_on_with_and_one_of_another_day_planned_anew(run):
    assert open_run(scope=RematchScope.ALL) == run
    RematchRun.objects.update(day=run.day - timedelta(days=1))
    anew = open_run(scope=RematchScope.ALL)
    assert anew.pk != run.pk
    assert (anew.day, asked(anew)) == (
        timezone.localdate(),
        sorted(Posting.objects.needs().values_list("number", flat=True)),
    )


def test_what_an_owner_put_aside_is_not_ranked_for_it():
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    Dismissal.objects.create(posting=need, counterpart=capacity, reason="end.suggestion.other")
    work(run=open_run(scope=RematchScope.CHANGED), owner="one")
    assert rankings() == {need.number: [], capacity.number: [[need.number, rankings()[capacity.number][0][1]]]}


def test_only_what_changed_since_the_last_finished_rematch_is_asked_from_either_side():
    first, second, capacity = PostingFactory(), PostingFactory(), PostingFactory(capacity=True)
    note(second)
    run = open_run(scope=RematchScope.CHANGED)
    assert asked(run) == sorted(row.number for row in (first, second, capacity))
    RematchRun.objects.update(finished_at=timezone.now())
    assert asked(open_run(scope=RematchScope.CHANGED)) == []
    RematchRun.objects.filter(finished_at=None).delete()
    note(capacity)
    note(EnterpriseFactory(), enterprise=first.enterprise)
    run = open_run(scope=RematchScope.CHANGED)
    assert (run.since, run.until) == (1, 3)
    assert asked(run) == sorted(row.number for row in (first, capacity))


def test_a_run_that_was_not_finished_leaves_the_cursor_where_it_was():
    note(PostingFactory())
    run = open_run(scope=RematchScope.CHANGED)
    work(run=run, owner="one")
    RematchRun.objects.update(day=run.day - timedelta(days=1))
    assert open_run(scope=RematchScope.CHANGED).since == 0


def test_a_posting_that_is_no_longer_live_loses_its_ranking():
    need, _capacity = PostingFactory(), PostingFactory(capacity=True)
    note(need)
    work(run=open_run(scope=RematchScope.CHANGED), owner="one")
    RematchRun.objects.update(finished_at=timezone.now())
    Posting.objects.filter(pk=need.pk).update(status="paused")
    note(need)
    work(run=open_run(scope=RematchScope.CHANGED), owner="one")
    assert need.number not in rankings()
