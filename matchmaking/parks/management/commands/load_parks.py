"""Loads batches, parks and park partnerships from fixtures/reference; run it as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.errors import Invalid, Refused
from common.reason_texts import text_of
from matchmaking.parks.queries.parks import batches_on
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
        except Refused as error:
            raise CommandError(text_of(error.reason, "en", dict(error.facts))) from error
        parts = (f"{one.kind} {one.created} created, {one.updated} updated" for one in figures)
        missing = (
            f"batch {one.number}: {one.named} of {one.size} named, {one.not_yet_named} to be taken from the notice"
            for one in batches_on(timezone.localdate())
            if one.not_yet_named
        )
        self.stdout.write(f"parks: {'; '.join([*parts, *missing])}")
