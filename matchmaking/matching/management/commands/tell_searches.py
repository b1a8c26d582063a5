"""Tells people of new postings that fit the searches that they keep."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.matching.services.alerts import tell_searches


class Command(BaseCommand):
    """Prints how many postings were told to how many people."""

    help = "Tell owners of kept searches of new postings that fit, each once; the mails leave by send_notices."

    def handle(self, *args: Any, **options: Any) -> None:
        """One notice a person."""
        told = tell_searches()
        self.stdout.write(f"{told.postings} postings told to {told.people} people")
