"""What a process does that answers from a snapshot and nothing else: to be started beside others and measured."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from matchmaking.engine.kernels.lists import rank_compiled
from matchmaking.engine.kernels.readiness import make_ready
from matchmaking.engine.scoring.building import closeness_for
from matchmaking.engine.scoring.questions import stored_question
from matchmaking.engine.snapshot import read_snapshot
from matchmaking.engine.types.results import MATCHES
from matchmaking.engine.types.rows import Taxonomy


def answer_from_snapshot(
    prepare: Sequence[Callable[[], object]],
    folder: str,
    taxonomy: Taxonomy,
    encoder: str,
    keys: Sequence[str],
    day: date,
    told: Any,
) -> None:
    """Prepare the process, map the snapshot in ``folder`` and rank its postings ``keys``, all lists of each.

    Sends 0 through the connection ``told`` when it is prepared, and the number answered at the end; waits each time
    until something comes back. Raises SnapshotUnusable.
    """
    for step in prepare:
        step()
    make_ready()
    told.send(0)
    told.recv()
    market, _ = read_snapshot(folder, taxonomy, closeness_for(taxonomy), encoder=encoder)
    asked = [stored_question(key, market, today=day) for key in keys]
    told.send(len([rank_compiled(one, market, MATCHES) for one in asked if one]))
    told.recv()
