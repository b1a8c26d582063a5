"""Makes the snapshot that suggestions are ranked over, where the one on disk no longer serves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.matching.services.snapshots import build_snapshot, ensure_snapshot, snapshot_state


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Build the match snapshot if the one on disk is missing, damaged or far behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to build in any case."""
        parser.add_argument("--force", action="store_true", help="build a new one in any case")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        """Fails when the folder cannot be written; the site then ranks over the database rows."""
        try:
            folder = build_snapshot() if force else ensure_snapshot()
        except OSError as error:
            raise CommandError(f"The snapshot cannot be written: {error}") from error
        state = snapshot_state()
        self.stdout.write(f"snapshot {folder.name}: {state['postings']} postings up to change {state['watermark']}")
