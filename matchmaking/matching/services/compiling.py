"""The compiled form of the ranking, made by one process at a time: the others wait for what it keeps.

Needs neither settings nor database, so that a start begins with it, as a module of its own.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from matchmaking.engine.kernels.readiness import make_ready

COMPILING = "compiling"
"""File of the compiler's cache that the process holds which compiles."""


def load_compiled() -> None:
    """Load the compiled form into this process, or compile it. Questions are answered by the plain form meanwhile."""
    with _alone():
        make_ready()


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the cache against other processes; the system lets go of it when this one ends, however it ends.

    Where there is none, or nothing can be written to it, each process compiles for itself.
    """
    cache = os.environ.get("NUMBA_CACHE_DIR")
    with ExitStack() as held:
        if cache:
            with suppress(OSError):
                mark = Path(cache, COMPILING)
                mark.parent.mkdir(parents=True, exist_ok=True)
                fcntl.flock(held.enter_context(mark.open("w")), fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    load_compiled()
