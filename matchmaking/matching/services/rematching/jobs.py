"""The work of a rematch: a job is leased, ranked, and its answer written once, whoever is killed meanwhile."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.services.changes import unit_of_work
from matchmaking.engine.ranking import rank_briefly
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import ENGINE_VERSION, RankedLists
from matchmaking.matching.models import MarketRanking, RematchJob, RematchRun
from matchmaking.matching.queries import put_aside
from matchmaking.matching.services.snapshots import current_market, prepare_process
from matchmaking.postings.models import Posting

LEASE = timedelta(seconds=60)
"""A job takes seconds; what is held longer has lost its worker and is anybody's."""
MOST_ATTEMPTS = 4
"""A job that was begun so often and never finished is given up, until somebody starts the rematch again."""
PAUSE_SECONDS = 0.2

log = structlog.get_logger(__name__)


def work(*, run: RematchRun, owner: str, look: Callable[[], None] = lambda: None) -> int:
    """Carry out jobs of ``run`` until none is left, waiting for what others hold; gives the number done here.

    A job that fails is put back and tried again, here or elsewhere, until it is given up. ``look`` is called before
    each job.
    """
    prepare_process()
    done = 0
    while open_jobs(run).exists():
        look()
        job = take_job(run=run, owner=owner)
        if job is None:
            time.sleep(PAUSE_SECONDS)
            continue
        done += try_job(job=job, owner=owner)
    return done


def try_job(*, job: RematchJob, owner: str) -> bool:
    """Carry out a leased job; one that fails is told to the log and given back."""
    try:
        return carry_out(job=job, owner=owner)
    except Exception:
        # Whatever a database or a posting can do wrong: the others are asked all the same.
        log.exception("rematch job failed", node=job.node, attempt=job.attempts)
        free_jobs(run=job.run, owner=owner)
        return False


def open_jobs(run: RematchRun) -> QuerySet[RematchJob]:
    """What is neither finished nor given up; a last attempt that still runs counts."""
    running = Q(attempts__lt=MOST_ATTEMPTS) | Q(leased_until__gte=timezone.now())
    return run.jobs.filter(running, finished_at=None)


def take_job(*, run: RematchRun, owner: str, key: int | None = None) -> RematchJob | None:
    """Lease a job (the one named by ``key``, where a scheduler says which); None when nothing is free just now.

    What ``owner`` holds already it may take again.
    """
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now()) | Q(owner=owner)
    while True:
        waiting = run.jobs.filter(free, finished_at=None, attempts__lt=MOST_ATTEMPTS)
        job = (waiting if key is None else waiting.filter(pk=key)).order_by("pk").first()
        if job is None:
            return None
        now = timezone.now()
        same = RematchJob.objects.filter(free, pk=job.pk, finished_at=None, attempts=job.attempts)
        if same.update(owner=owner, taken_at=now, leased_until=now + LEASE, attempts=F("attempts") + 1):
            job.refresh_from_db()
            job.run = run
            return job


def free_jobs(*, run: RematchRun, owner: str) -> int:
    """Give back what ``owner`` holds, because it failed or is known to be dead."""
    return run.jobs.filter(owner=owner, finished_at=None).update(owner="", leased_until=None)


def carry_out(*, job: RematchJob, owner: str) -> bool:
    """Rank the postings of a leased job and keep the answer; False when the lease was lost and another has it."""
    began = time.process_time()
    found = best_counterparts(
        numbers=job.numbers, market=current_market(), day=job.run.day, aside=put_aside(job.numbers)
    )
    return keep(job=job, owner=owner, found=found, began=began)


def best_counterparts(
    *, numbers: Sequence[str], market: Market, day: date, aside: Mapping[str, Collection[str]]
) -> dict[str, RankedLists]:
    """The exact matches of each of ``numbers`` that the market holds, and its near misses where nothing matches."""
    lists = {number: rank_briefly(number, market, today=day, excluded=aside.get(number, ())) for number in numbers}
    return {number: found for number, found in lists.items() if found is not None}


@unit_of_work
def keep(*, job: RematchJob, owner: str, found: Mapping[str, RankedLists], began: float) -> bool:
    """Write what a job found over what stood there, and finish it: all at once, and only while ``owner`` holds it.

    Postings that are no longer live lose their ranking.
    """
    keys = dict(Posting.objects.filter(number__in=job.numbers).values_list("number", "pk"))
    held = RematchJob.objects.filter(pk=job.pk, owner=owner, finished_at=None)
    spent = int(1000 * (time.process_time() - began))
    if not held.update(finished_at=timezone.now(), leased_until=None, asked=len(found), cpu_ms=spent):
        return False
    gone = [key for number, key in keys.items() if number not in found]
    MarketRanking.objects.filter(posting__in=gone).delete()
    MarketRanking.objects.bulk_create(
        [
            MarketRanking(
                posting_id=keys[number],
                run_id=job.run_id,
                matches=[[match.key, match.score] for match in lists.matches],
                engine_version=ENGINE_VERSION,
            )
            for number, lists in found.items()
            if number in keys
        ],
        update_conflicts=True,
        unique_fields=["posting"],
        update_fields=["run", "matches", "engine_version"],
    )
    return True
