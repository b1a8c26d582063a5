"""The same rematch with its jobs on a Dask cluster of this machine, for who runs one anyway (optional extra)."""

from typing import Any

from django.core.management.base import CommandError

from matchmaking.matching.management.commands import rematch
from matchmaking.matching.services.rematching.cluster import IS_INSTALLED, by_cluster
from matchmaking.matching.services.rematching.crew import Hands

HOW_TO_INSTALL = (
    "rematch_on_dask needs the optional package distributed. Install it with one of these, in the project's folder:\n"
    "  uv pip install --python .venv/bin/python --require-hashes --requirements config/requirements/dask.txt\n"
    "  .venv/bin/python -m pip install --require-hashes --requirement config/requirements/dask.txt\n"
    "The command rematch --workers N does the same without it."
)


class Command(rematch.Command):
    """As ``rematch``: safe to stop and to start again, and a run that either command left open is gone on with."""

    help = "The same as rematch, with the jobs on a Dask cluster of worker processes on this machine."
    hands: Hands = staticmethod(by_cluster)
    workers = 2

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails in words where the optional package is missing."""
        if not IS_INSTALLED:
            raise CommandError(HOW_TO_INSTALL)
        super().handle(*args, **options)
