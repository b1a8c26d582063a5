"""Memory of processes that hold a market, as the system counts it; nothing where the system does not tell."""

import os
from collections.abc import Collection, Sequence
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.core.wsgi import get_wsgi_application

from matchmaking.engine.kernels.reading import answer_from_snapshot
from matchmaking.engine.snapshot import write_snapshot
from matchmaking.engine.types.columns import Market

READERS = 2
INVENTED = "invented"
"""Encoder named in a snapshot whose meanings come from the seeded market."""
LONGEST_SECONDS = 600


class Private(NamedTuple):
    """Megabytes that a process has for itself alone: in all, and those that came with the market and the questions."""

    whole: float
    market: float


class ReaderLost(Exception):
    """A reader ended, or was silent for too long, before it had answered."""


def share_mb() -> float:
    """Proportional share (PSS) of this process in megabytes; 0 where the system does not tell."""
    return _mb(os.getpid(), {"Pss"})


def private_mb(pid: int) -> float:
    """What the process has for itself alone, in megabytes; 0 where the system does not tell."""
    return _mb(pid, {"Private_Clean", "Private_Dirty"})


def second_worker_mb(*, market: Market, keys: Sequence[str], day: date) -> Private:
    """Private memory of the second of two workers without an encoder that have answered ``keys`` from one snapshot.

    Each starts as a server's worker does, before its first page, maps the snapshot, and ranks all lists of each
    question. Zeros where the system does not tell. Raises OSError or ReaderLost.
    """
    if not private_mb(os.getpid()):
        return Private(0.0, 0.0)
    context = get_context("spawn")
    with TemporaryDirectory(prefix="readers-") as folder:
        write_snapshot(market, folder, watermark=0, encoder=INVENTED)
        asked = ((get_wsgi_application,), folder, market.taxonomy, INVENTED, list(keys), day)
        pipes = [context.Pipe() for _ in range(READERS)]
        readers = [
            context.Process(target=answer_from_snapshot, args=(*asked, theirs), daemon=True) for _, theirs in pipes
        ]
        try:
            for reader, (mine, theirs) in zip(readers, pipes, strict=True):
                told = _answered(reader, mine, theirs, len(keys))
            return told
        finally:
            for reader in readers:
                if reader.pid:
                    reader.terminate()
                    reader.join()


def _answered(reader: SpawnProcess, mine: Connection, theirs: Connection, expected: int) -> Private:
    """Start a reader, wait for its answers, and leave it alive with what it has."""
    reader.start()
    theirs.close()
    _wait_for(mine, 0)
    before = private_mb(reader.pid or 0)
    mine.send(True)
    _wait_for(mine, expected)
    after = private_mb(reader.pid or 0)
    return Private(after, round(after - before, 1))


def _wait_for(pipe: Connection, expected: int) -> None:
    try:
        answered = pipe.recv() if pipe.poll(LONGEST_SECONDS) else None
    except EOFError as ended:
        raise ReaderLost("a reader ended before it had answered") from ended
    if answered != expected:
        raise ReaderLost(f"a reader answered {answered} of {expected} questions")


def _mb(pid: int, names: Collection[str]) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return round(sum(int(line.split()[1]) for line in lines if line.split(":")[0] in names) / 1024, 1)
