"""Loads the corridor's lines and planned supply bases from fixtures/reference; run it as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Invalid
from matchmaking.hydrogen.services.loading import load_corridor


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Load lines of the hydrogen corridor and planned supply bases from fixtures/reference."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads both kinds in one transaction."""
        try:
            figures = load_corridor()
        except Invalid as error:
            raise CommandError(str(error)) from error
        parts = (f"{one.kind} {one.created} created, {one.updated} updated" for one in figures)
        self.stdout.write(f"corridor: {'; '.join(parts)}")
