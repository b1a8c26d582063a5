"""The nightly round over postings, as one step of ``nightly`` or alone."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.postings.services.life import expire_postings


class Command(BaseCommand):
    """Ends postings whose window is over, opens those that asked a network first, asks owners to confirm, refreshes the
    busy marks.
    """

    help = "End postings whose window is over, ask owners for confirmation, refresh busy marks."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line of figures."""
        figures = expire_postings()
        told = f"expired {figures.expired}, opened {figures.opened}, asked {figures.asked}"
        self.stdout.write(f"{told}, remarked {figures.remarked}")
