"""Which postings a rematch asks again, cut into jobs by chain node, so that neighbours are asked one after another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.utils import timezone

from accounts.services.changes import last_change_number, unit_of_work
from matchmaking.matching.choices import RematchScope
from matchmaking.matching.models import RematchJob, RematchRun
from matchmaking.matching.services.snapshots import changes_since, touched_by
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet

A_JOB = 200
"""Postings of one job at most: seconds of work, so that a lease is short and big nodes are shared out."""
AT_ONCE = 5_000
"""Numbers asked for in one query."""
RUNS_KEPT = 10
"""Finished runs that are left to be looked at."""
T = TypeVar("T")


@unit_of_work
def open_run(*, scope: RematchScope) -> RematchRun:
    """The unfinished run of ``scope``, to be gone on with, or else a new one with its jobs.

    One that another day left unfinished is planned anew from the same change on: its answers would be of that day.
    """
    today = timezone.localdate()
    of_scope = RematchRun.objects.filter(scope=scope)
    of_scope.filter(finished_at=None).exclude(day=today).delete()
    of_scope.filter(pk__in=list(of_scope.values_list("pk", flat=True)[RUNS_KEPT:])).exclude(finished_at=None).delete()
    since, until = last_cursor(), last_change_number()
    run, is_new = RematchRun.objects.get_or_create(
        scope=scope, finished_at=None, defaults={"since": since or 0, "until": until, "day": today}
    )
    if is_new:
        numbers = all_needs() if scope == RematchScope.ALL else changed_postings(since)
        RematchJob.objects.bulk_create(RematchJob(run=run, node=node, numbers=part) for node, part in _parts(numbers))
    else:
        run.jobs.filter(finished_at=None).update(attempts=0)
    return run


def last_cursor() -> int | None:
    """The number of the last change that a finished rematch of changes knew; None before the first."""
    done = RematchRun.objects.filter(scope=RematchScope.CHANGED).exclude(finished_at=None)
    return done.values_list("until", flat=True).first()


def all_needs() -> PostingQuerySet:
    """Every live need: each pair of the market is one of a need's."""
    return Posting.objects.live().needs()


def changed_postings(since: int | None) -> PostingQuerySet | set[str]:
    """Postings of either direction that changes after ``since`` may have moved; all live ones before the first rematch
    and where the database is another one than that of ``since``.
    """
    changes = None if since is None else changes_since(since)
    return Posting.objects.live() if changes is None else touched_by(changes)


def pieces(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """``rows`` in pieces of ``size`` at most."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _parts(found: PostingQuerySet | set[str]) -> Iterator[tuple[str, list[str]]]:
    """Node codes with at most a job's numbers of postings there, all in order."""
    by_node: dict[str, list[str]] = defaultdict(list)
    for number, node in _places(found):
        by_node[node].append(number)
    for node in sorted(by_node):
        for part in pieces(sorted(by_node[node]), A_JOB):
            yield node, list(part)


def _places(found: PostingQuerySet | set[str]) -> Iterable[tuple[str, str]]:
    complete = Posting.objects.filter(node__isnull=False).exclude(status=Status.DRAFT).order_by()
    if not isinstance(found, set):
        yield from found.filter(node__isnull=False).order_by().values_list("number", "node__code")
        return
    for part in pieces(sorted(found), AT_ONCE):
        yield from complete.filter(number__in=part).values_list("number", "node__code")
