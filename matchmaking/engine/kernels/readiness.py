"""Whether this process has the compiled form at hand. Nobody's question ever waits for a compiler."""

from datetime import date
from threading import Lock

from matchmaking.engine.kernels.lists import rank_compiled
from matchmaking.engine.market import generated_rows
from matchmaking.engine.scoring.building import build_market, with_changes
from matchmaking.engine.scoring.questions import asked_of
from matchmaking.engine.types.rows import Node, Region, Taxonomy

DAY = date(2026, 12, 1)
TAXONOMY = Taxonomy(
    nodes=(Node("A", "", ("alpha",)), Node("A.B", "A", ("beta",))),
    regions=(Region("500112", 29.7, 106.6), Region("510107", 30.6, 104.0)),
)
"""The smallest world in which there is something to rank."""

_ready: list[bool] = []
_lock = Lock()


def is_ready() -> bool:
    """Whether questions may be given to the compiled form."""
    return bool(_ready)


def make_ready() -> None:
    """Compile, or load what was compiled before, by ranking a few invented postings from either side.

    Takes a third of a second where the cache holds the code, half a minute where it does not; other threads answer from
    the plain form meanwhile.
    """
    with _lock:
        if not _ready:
            rows = generated_rows(TAXONOMY, needs=3, capacities=4, seed=1, today=DAY)
            market = with_changes(build_market(rows, TAXONOMY), rows=rows[2:4])
            for asker in (rows[0], rows[-1]):
                rank_compiled(asked_of(asker, market, today=DAY), market, 3, others_under=0)
            _ready.append(True)
