"""The same rematch on a Dask cluster: one of two workers is killed in the middle, and the answer is the same."""

import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from matchmaking.matching.choices import RematchScope
from matchmaking.matching.management.commands import rematch_on_dask
from matchmaking.matching.models import MarketRanking, RematchRun
from matchmaking.matching.services.rematching.planning import open_run

LONG_ENOUGH = 240


def test_of_two_dask_workers_one_is_killed_in_the_middle_and_the_answer_is_the_same(undisturbed, surroundings):
    asked = open_run(scope=RematchScope.ALL)
    call = [sys.executable, "-m", "django", "rematch_on_dask", "--all", "--workers", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    parent = subprocess.Popen(call, cwd=project.BASE_DIR, env=surroundings, text=True, **pipes)
    lines = iter(parent.stdout.readline, "")
    workers = [int(re.search(r"process (\d+)", line)[1]) for line in (worker_line(lines), worker_line(lines))]
    held = stop_in_the_middle(asked, workers, parent)
    addresses = listening(parent.pid)
    os.kill(workers[1], signal.SIGKILL)
    os.kill(workers[0], signal.SIGCONT)
    rest = "".join(lines)

    assert parent.wait(timeout=LONG_ENOUGH) == 0, rest
    assert sorted(asked.jobs.filter(pk__in=held).values_list("attempts", flat=True)) == [1, 2]
    again = asked.jobs.get(attempts=2)
    assert again.taken_at < held[again.pk], "the lease of the dead worker was waited for"
    assert set(asked.jobs.exclude(pk__in=held).values_list("attempts", flat=True)) == {1}
    assert dict(MarketRanking.objects.values_list("posting__number", "matches")) == undisturbed
    assert RematchRun.objects.get().finished_at is not None
    assert f"asked {len(undisturbed)} postings with 2 worker(s)" in rest
    assert addresses == {"127.0.0.1"}


def worker_line(lines):
    return next(line for line in lines if line.startswith("worker "))


def stop_in_the_middle(asked, workers, parent):
    """Stop both workers while each is amid a job and others are done; gives these two with the ends of their leases."""
    while True:
        assert parent.poll() is None, "the run was over before both workers were caught at work"
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        begun = asked.jobs.filter(finished_at=None).exclude(leased_until=None)
        held = dict(begun.values_list("pk", "leased_until"))
        if len(held) == len(workers) and asked.jobs.exclude(finished_at=None).exists():
            return held
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.002)


def listening(pid):
    """Addresses that a process and its children listen on."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return {
        one.laddr.ip
        for process in family
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    }


def test_without_the_optional_package_the_command_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(rematch_on_dask, "IS_INSTALLED", False)
    with pytest.raises(CommandError) as told:
        call_command("rematch_on_dask")
    file = re.search(r"config/requirements/\w+\.txt", str(told.value))[0]
    assert "distributed==" in (project.BASE_DIR / file).read_text(encoding="utf-8")
