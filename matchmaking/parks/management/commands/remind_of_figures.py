"""Reminders of figures that parks have not submitted, as one step of ``nightly`` or alone."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matchmaking.parks.services.reminding import remind_of_figures


class Command(BaseCommand):
    """Safe to run again on the same day: nobody is told twice."""

    help = "Remind people who run parks of the last quarter's figures while these are not submitted."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line of figures."""
        self.stdout.write(f"{remind_of_figures(on=timezone.localdate())} parks have figures due")
