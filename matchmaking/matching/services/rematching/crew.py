"""A rematch from start to end: by this process, or by several that are replaced when they die, and what it took."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from common.models import random_key
from matchmaking.matching.models import RematchRun
from matchmaking.matching.services.rematching.jobs import free_jobs, open_jobs, work

LOOK_SECONDS = 0.2
MOST_DEATHS = 10
"""So many workers of one run may die before something else than bad luck is to blame."""

Look = Callable[[int, int], None]
"""Is told again and again how many postings of how many were asked."""
Say = Callable[[str], None]
Hands = Callable[[RematchRun, int, Look, Say], None]
"""Has the open jobs of a run done by so many workers."""


class CrewLost(Exception):
    """Too many workers died."""


@dataclass(frozen=True)
class Figures:
    """What ranking took in the jobs of one call: postings asked, seconds by the clock, CPU seconds of all workers."""

    workers: int
    asked: int
    seconds: float
    cpu_seconds: float
    given_up: tuple[str, ...]

    @property
    def a_second(self) -> float:
        """Postings asked a second."""
        return self.asked / max(self.seconds, 0.001)

    @property
    def cpu_a_thousand(self) -> float:
        """CPU seconds for each 1,000 postings."""
        return 1000 * self.cpu_seconds / max(self.asked, 1)


def carry_out_run(*, run: RematchRun, workers: int, look: Look, say: Say, hands: Hands) -> Figures:
    """Have all jobs of ``run`` done, whoever dies meanwhile. Raises CrewLost when worker after worker dies."""
    began = timezone.now()
    hands(run, workers, look, say)
    look(*progress_of(run))
    done = run.jobs.filter(finished_at__gte=began).aggregate(
        asked=Sum("asked", default=0), cpu=Sum("cpu_ms", default=0), first=Min("taken_at"), last=Max("finished_at")
    )
    given_up = run.jobs.filter(finished_at=None).order_by("node").values_list("node", flat=True).distinct()
    return Figures(
        workers=workers,
        asked=done["asked"],
        seconds=(done["last"] - done["first"]).total_seconds() if done["last"] else 0.0,
        cpu_seconds=done["cpu"] / 1000,
        given_up=tuple(given_up),
    )


def new_owner() -> str:
    """A name for one worker that no other has."""
    return f"{os.getpid()}-{random_key()}"


def progress_of(run: RematchRun) -> tuple[int, int]:
    """How many jobs are finished, and how many there are."""
    told = run.jobs.aggregate(done=Count("pk", filter=~Q(finished_at=None)), all=Count("pk"))
    return told["done"], told["all"]


def by_processes(run: RematchRun, workers: int, look: Look, say: Say) -> None:
    """One worker is this process; several are children of it."""
    if workers == 1:
        work(run=run, owner=new_owner(), look=lambda: look(*progress_of(run)))
        return
    with Crew(run, say) as crew:
        for _ in range(workers):
            crew.hire()
        while open_jobs(run).exists():
            crew.replace_the_dead()
            look(*progress_of(run))
            time.sleep(LOOK_SECONDS)


class Crew:
    """Worker processes of one run; use as a context, which ends them."""

    def __init__(self, run: RematchRun, say: Say) -> None:
        self.run, self.say = run, say
        self.deaths = 0
        self.members: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.members.values():
            process.terminate()
        for owner, process in self.members.items():
            process.wait()
            free_jobs(run=self.run, owner=owner)

    def hire(self) -> None:
        """Start one more worker."""
        owner = new_owner()
        call = [sys.executable, "-m", "django", "work_on_rematch", self.run.key, "--owner", owner]
        self.members[owner] = subprocess.Popen(call, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
        self.say(f"worker {owner}: process {self.members[owner].pid}")

    def replace_the_dead(self) -> None:
        """Give back what dead workers held and start others in their place. Raises CrewLost after too many deaths."""
        for owner, process in list(self.members.items()):
            if process.poll() is None or not open_jobs(self.run).exists():
                continue
            del self.members[owner]
            freed = free_jobs(run=self.run, owner=owner)
            self.deaths += 1
            self.say(f"worker {owner} died ({process.returncode}), jobs given back: {freed}")
            if self.deaths > MOST_DEATHS:
                raise CrewLost(f"{self.deaths} workers died")
            self.hire()
