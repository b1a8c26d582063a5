"""Settles the sets of suppliers that a member has left or that have delivered; the worker does so at once as a rule."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.consortia.services.settling import settle_consortia


class Command(BaseCommand):
    """Safe to run again: nothing is told twice."""

    help = "Settle sets of suppliers of which a member has left, or whose members have all delivered."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many."""
        self.stdout.write(f"{settle_consortia()} consortia settled")
