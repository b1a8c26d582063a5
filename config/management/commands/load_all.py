"""Loads everything that fixtures/reference holds, each area's part in the order in which they name one another."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

PARTS = ("load_reference", "load_parks", "load_facts", "load_hydrogen")


class Command(BaseCommand):
    """Prints the line of figures of each part."""

    help = "Load reference rows, parks, quoted facts and the corridor from fixtures/reference. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the parts; the first one that fails stops the rest."""
        for part in PARTS:
            call_command(part, stdout=self.stdout)
