"""The rematch commands: one process or several, and what happens when one of them is killed in the middle."""

import os
import re
import signal
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from matchmaking.matching.choices import RematchScope
from matchmaking.matching.management.commands import rematch
from matchmaking.matching.models import MarketRanking, RematchRun
from matchmaking.matching.services.rematching import estimating
from matchmaking.matching.services.rematching.crew import CrewLost, Figures
from matchmaking.matching.services.rematching.estimating import Estimate, Timed
from matchmaking.matching.services.rematching.jobs import MOST_ATTEMPTS, take_job
from matchmaking.matching.services.rematching.planning import open_run
from tests.factories.postings import PostingFactory

LONG_ENOUGH = 120


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def answers():
    return dict(MarketRanking.objects.values_list("posting__number", "matches"))


@pytest.mark.django_db
def test_rematch_prints_figures_and_says_what_is_extrapolated():
    PostingFactory()
    PostingFactory(capacity=True)
    told = run("rematch")
    assert "asked 2 postings with 1 worker(s)" in told
    assert "CPU seconds per 1,000" in told
    assert "extrapolated" not in told
    assert run("rematch").splitlines() == ["nothing to ask", "new good matches told: 0, to firms: 0"]
    told = run("rematch", "--all")
    assert "asked 1 postings" in told
    assert "100,000 needs over 1,000,000 capacities: not extrapolated from fewer than 1,000 capacities" in told


@pytest.mark.django_db
def test_a_whole_market_is_extrapolated_from_two_sizes_timed_in_the_run(monkeypatch):
    PostingFactory.create_batch(3)
    PostingFactory.create_batch(20, capacity=True)
    monkeypatch.setattr(estimating, "LEAST_CAPACITIES", 20)
    told = run("rematch", "--all")
    assert "extrapolated, not measured: 100,000 needs over 1,000,000 capacities in" in told
    assert re.search(r"by a line through \d+\.\d+ ms over 2 and \d+\.\d+ ms over 20 \(3 questions\)", told)


@pytest.mark.parametrize(
    ("part", "whole", "fixed", "grows", "seconds"),
    [(0.61, 0.70, 0.60, 0.1, 160), (0.70, 0.61, 0.61, 0.0, 61), (0.01, 1.00, 0.0, 1.0, 1000)],
)
def test_a_question_costs_something_in_any_market_and_more_in_a_larger_one(part, whole, fixed, grows, seconds):
    """A line, level where the clock saw no growth, and by proportion where it saw more."""
    told = Estimate(Timed(10_000, part), Timed(100_000, whole), 200)
    assert told.ms_in_any_market == pytest.approx(fixed, abs=1e-9)
    assert told.ms_a_capacity * 100_000 == pytest.approx(grows)
    assert told.cpu_seconds == pytest.approx(seconds)


def test_figures_are_told_a_second_and_a_thousand():
    figures = Figures(2, asked=500, seconds=2.0, cpu_seconds=3.0, given_up=())
    assert (figures.a_second, figures.cpu_a_thousand) == (250.0, 6.0)


@pytest.mark.django_db
def test_rematch_fails_in_words(monkeypatch):
    with pytest.raises(CommandError, match="--workers is 1 to"):
        run("rematch", "--workers", "0")
    with pytest.raises(CommandError, match="No open rematch"):
        run("work_on_rematch", "NOSUCHRUN0")

    def lost(**asked):
        raise CrewLost("11 workers died")

    monkeypatch.setattr(rematch, "carry_out_run", lost)
    with pytest.raises(CommandError, match="Call again to go on"):
        run("rematch")


@pytest.mark.django_db
def test_jobs_given_up_fail_the_command_and_nothing_is_told(monkeypatch):
    figures = Figures(1, asked=5, seconds=1.0, cpu_seconds=1.0, given_up=("XN1", "XN2"))
    monkeypatch.setattr(rematch, "carry_out_run", lambda **asked: figures)
    with pytest.raises(CommandError, match="XN1, XN2"):
        run("rematch")
    assert RematchRun.objects.get().finished_at is None


def test_a_worker_killed_in_the_middle_is_replaced_and_the_answer_is_the_same(undisturbed, surroundings):
    asked = open_run(scope=RematchScope.ALL)
    call = [sys.executable, "-m", "django", "rematch", "--all", "--workers", "2"]
    parent = subprocess.Popen(call, cwd=project.BASE_DIR, env=surroundings, stdout=subprocess.PIPE, text=True)
    lines = iter(parent.stdout.readline, "")
    owner, pid = re.search(r"worker (\S+): process (\d+)", next(lines)).groups()
    held = kill_in_the_middle(asked, owner, int(pid), parent)
    rest = "".join(lines)

    assert parent.wait(timeout=LONG_ENOUGH) == 0, rest
    assert int(re.search(rf"worker {owner} died \(-9\), jobs given back: (\d+)", rest)[1]) >= 1
    held.refresh_from_db()
    assert (held.owner != owner, held.attempts) == (True, 2)
    assert answers() == undisturbed
    assert RematchRun.objects.get().finished_at is not None


def test_of_two_workers_one_is_killed_and_the_other_finishes_with_the_same_answer(undisturbed, surroundings):
    asked = open_run(scope=RematchScope.ALL)
    call = [sys.executable, "-m", "django", "work_on_rematch", asked.key, "--owner"]
    one, two = (subprocess.Popen([*call, name], cwd=project.BASE_DIR, env=surroundings) for name in ("one", "two"))
    held = kill_in_the_middle(asked, "two", two.pid, two)
    assert two.wait(timeout=LONG_ENOUGH) == -signal.SIGKILL
    asked.jobs.filter(owner="two", finished_at=None).update(leased_until=asked.started_at)

    assert one.wait(timeout=LONG_ENOUGH) == 0
    held.refresh_from_db()
    assert (held.owner, held.attempts) == ("one", 2)
    assert answers() == undisturbed
    assert not asked.jobs.filter(finished_at=None).exists()


def kill_in_the_middle(asked, owner, pid, process):
    """Kill a worker that has done a job and holds the last one; gives that one. ``process`` must not end before.

    The first job is put in its hands, so that it does one; the last is out of its reach until it stands still.
    """
    take_job(run=asked, owner=owner, key=asked.jobs.first().pk)
    held = take_job(run=asked, owner=owner, key=asked.jobs.last().pk)
    kept = asked.jobs.filter(pk=held.pk)
    kept.update(attempts=MOST_ATTEMPTS)
    done = asked.jobs.filter(owner=owner).exclude(finished_at=None)
    while not (done.exists() and asked.jobs.filter(finished_at=None).count() == 1):
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
    os.kill(pid, signal.SIGSTOP)
    kept.update(attempts=1)
    os.kill(pid, signal.SIGKILL)
    return held
