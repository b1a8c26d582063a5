"""Reads the texts of live postings for their meaning, where the encoder in use has not read them yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich import get_console
from rich.progress import Progress

from matchmaking.matching.services.vectors import encode_postings


class Command(BaseCommand):
    """Shows a bar where there is a terminal, and prints how many texts were read."""

    help = "Encode the texts of live postings that have changed or were never read. Safe to stop and to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to read all of them again."""
        parser.add_argument("--force", action="store_true", help="read every live posting again")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        """Fails when the snapshot cannot be written afterwards."""
        with Progress(transient=True, disable=not get_console().is_terminal) as progress:
            bar = progress.add_task("encode_postings")
            try:
                read = encode_postings(
                    force=force, tell=lambda done, total: progress.update(bar, completed=done, total=total)
                )
            except OSError as error:
                raise CommandError(f"The snapshot cannot be written: {error}") from error
        self.stdout.write(f"{read} postings encoded")
