"""The nightly round over interests, as one step of ``nightly`` or alone."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.partnerships.services.lapsing import end_overdue_interests


class Command(BaseCommand):
    """Ends interests that nobody answered in time and those at postings that are over."""

    help = "End interests without an answer in time, and those at postings that are over; tell both sides."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line of figures."""
        self.stdout.write(f"ended {end_overdue_interests()} interests")
