"""Loads fixtures/reference into the database; run it as often as you like."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Invalid
from reference.services import load_reference_rows


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Load regions, chains, certificates, units and words from fixtures/reference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Another folder of fixtures, for trials."""
        parser.add_argument("--from", dest="folder", type=Path, default=None, help="folder with the fixtures")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """Loads all kinds in one transaction."""
        try:
            figures = load_reference_rows(folder=folder)
        except Invalid as error:
            raise CommandError(str(error)) from error
        names = ("created", "updated", "unchanged", "retired", "deleted")
        totals = {name: sum(getattr(figure, name) for figure in figures) for name in names}
        self.stdout.write("reference: " + ", ".join(f"{count} {name}" for name, count in totals.items()))
