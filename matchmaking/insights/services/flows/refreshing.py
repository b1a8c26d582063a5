"""Flows kept up to date: counted again when something changed since the last round."""

from dataclasses import asdict

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.services.changes import last_change_number
from matchmaking.insights.choices import FlowKind, FlowLevel
from matchmaking.insights.models import Flow, FlowRun
from matchmaking.insights.services.flows.parting import Case, leaves_of, small_pairs
from matchmaking.insights.services.flows.reading import cases_of

RUN = 1
TRIES = 3
AT_ONCE = 1_000

log = structlog.get_logger(__name__)


def refresh_flows(*, whole: bool = False) -> int:
    """Bring the flows up to the last change; gives how many rows there are then, 0 where nothing had changed.

    What is read stands outside the transaction that writes; a round that another one overtook is done again.
    """
    for _attempt in range(TRIES):
        run = FlowRun.objects.filter(pk=RUN).first() or FlowRun()
        today, cursor = timezone.localdate(), last_change_number()
        if not whole and run.day == today and run.cursor == cursor:
            return 0
        rows = rows_of(cases_of(today))
        if keep(rows, seen=run, cursor=cursor):
            return len(rows)
    log.warning("flows were overtaken", tries=TRIES)
    return 0


def rows_of(cases: list[Case]) -> list[Flow]:
    """All rows of ``cases``, kind by kind: the groups that are told, and of confirmed outcomes pairs of regions that
    are there untold. Of the other kinds nobody may know that a pair is there: it might tell who is interested in whom.
    """
    rows: list[Flow] = []
    for kind in FlowKind:
        mine = [case for case in cases if case.kind == kind]
        leaves = leaves_of(mine)
        rows += [Flow(kind=kind, **asdict(leaf)) for leaf in leaves]
        untold = small_pairs(mine, leaves) if kind == FlowKind.CONFIRMED else set()
        for need, supply in sorted(untold):
            rows.append(Flow(kind=kind, level=FlowLevel.REGION, need=need, supply=supply, cases=None))
    return rows


@transaction.atomic
def keep(rows: list[Flow], *, seen: FlowRun, cursor: int) -> bool:
    """Put ``rows`` in the place of those that were; says whether no other round came first."""
    FlowRun.objects.get_or_create(pk=RUN)
    mine = FlowRun.objects.filter(pk=RUN, cursor=seen.cursor, day=seen.day, as_of=seen.as_of)
    if not mine.update(cursor=cursor, day=timezone.localdate(), as_of=timezone.now()):
        return False
    Flow.objects.all().delete()
    Flow.objects.bulk_create(rows, batch_size=AT_ONCE)
    return True
