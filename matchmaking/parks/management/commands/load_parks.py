"""Loads batches, parks and park partnerships from fixtures/reference; run it as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Invalid
from matchmaking.parks.services.loading import load_parks


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Load batches, parks and park partnerships from fixtures/reference. What parks changed themselves stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads all kinds in one transaction."""
        try:
            figures = load_parks()
        except Invalid as error:
            raise CommandError(str(error)) from error
        parts = (f"{one.kind} {one.created} created, {one.updated} updated" for one in figures)
        self.stdout.write(f"parks: {'; '.join(parts)}")
