"""Fills the places of firms that have fallen out of published plans; the worker does so at once as a rule."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.days.services.plans import mend_days


class Command(BaseCommand):
    """Safe to run again: nothing is told twice, and no meeting moves."""

    help = "Fill the places in published plans of matchmaking days that firms have left."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many."""
        self.stdout.write(f"{mend_days()} meetings put in")
