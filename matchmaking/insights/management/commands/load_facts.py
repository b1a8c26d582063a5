"""Loads quoted facts, agreements and targets from fixtures/reference; run it as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Invalid
from matchmaking.insights.services.facts import load_facts


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Load quoted facts, agreements and targets from fixtures/reference."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads all kinds in one transaction."""
        try:
            figures = load_facts()
        except Invalid as error:
            raise CommandError(str(error)) from error
        parts = (f"{one.kind} {one.created} created, {one.updated} updated" for one in figures)
        self.stdout.write(f"facts: {'; '.join(parts)}")
