"""The jobs of a rematch on a Dask cluster of this machine: its scheduler hands them out and starts dead workers anew.

Needs the optional extra ``dask`` (decision 0018). Only the loopback address is listened on: whoever reaches a scheduler
may run any code.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from matchmaking.matching.models import RematchRun
from matchmaking.matching.services.rematching.crew import (
    MOST_DEATHS,
    CrewLost,
    Look,
    Say,
    new_owner,
    progress_of,
)
from matchmaking.matching.services.rematching.jobs import MOST_ATTEMPTS, PAUSE_SECONDS, open_jobs, take_job, try_job
from matchmaking.matching.services.snapshots import prepare_process

try:
    from distributed import Client, LocalCluster, as_completed
except ImportError:
    IS_INSTALLED = False
else:
    IS_INSTALLED = True
    logging.getLogger("distributed").setLevel(logging.WARNING)

LOOPBACK = "127.0.0.1"
START_SECONDS = 120
DJANGO_FIRST = "import django\ndjango.setup()\n"
"""What a worker does before it is given anything that knows models."""


def by_cluster(run: RematchRun, workers: int, look: Look, say: Say) -> None:
    """Have the open jobs done by ``workers`` processes. Raises CrewLost when they cannot be started or go on dying."""
    lost = 0
    with cluster_of(workers) as client:
        for address, process in sorted(client.run(os.getpid).items()):
            say(f"worker {address}: process {process}")
        owner = new_owner()
        while waiting := list(open_jobs(run).values_list("pk", flat=True)):
            futures = client.map(do_job, waiting, run=run.pk, owner=owner, pure=False)
            for future in as_completed(futures):
                lost += future.status != "finished"
                look(*progress_of(run))
            if lost > MOST_DEATHS:
                raise CrewLost(f"{lost} jobs lost their workers")
            time.sleep(PAUSE_SECONDS)


def do_job(key: int, *, run: int, owner: str) -> bool:
    """Runs in a worker: lease one job and carry it out; False where somebody else has it.

    The job's own part of the name lets a worker take over what a dead one held, since the scheduler gives a job to one
    at a time, and two that believe in the same job cannot both write.
    """
    prepare_process()
    mine = f"{owner}-{key}"
    job = take_job(run=RematchRun.objects.get(pk=run), owner=mine, key=key)
    return job is not None and try_job(job=job, owner=mine)


@contextmanager
def cluster_of(workers: int) -> "Iterator[Client]":
    """A scheduler in this process and ``workers`` others, none of which opens a page or listens to other machines.

    No limit of memory: the snapshot that all of them map would be counted as each one's own.
    """
    with (
        TemporaryDirectory(prefix="rematch-") as folder,
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",
            memory_limit=0,
            local_directory=folder,
            preload=DJANGO_FIRST,
            scheduler_kwargs={"allowed_failures": MOST_ATTEMPTS, "dashboard": False},
        ) as cluster,
        Client(cluster) as client,
    ):
        try:
            client.wait_for_workers(workers, timeout=START_SECONDS)
        except TimeoutError as error:
            raise CrewLost("the workers of the cluster did not start") from error
        yield client
