"""One worker of a rematch: ``rematch --workers`` starts it, and anybody may on a machine that shares the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.matching.models import RematchRun
from matchmaking.matching.services.rematching.crew import new_owner
from matchmaking.matching.services.rematching.jobs import work


class Command(BaseCommand):
    """Prints nothing but what goes wrong: its parent tells how far the run is."""

    help = "Carry out jobs of an open rematch until none is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which run, and under which name jobs are leased."""
        parser.add_argument("run", help="key of the run")
        parser.add_argument("--owner", default="", help="name of this worker (default: one of its own)")

    def handle(self, *args: Any, run: str, owner: str, **options: Any) -> None:
        """Fails when there is no such run."""
        found = RematchRun.objects.filter(key=run, finished_at=None).first()
        if found is None:
            raise CommandError(f"No open rematch is called {run}.")
        work(run=found, owner=owner or new_owner())
