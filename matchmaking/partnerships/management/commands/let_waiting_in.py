"""The nightly round over queues, as one step of ``nightly`` or alone."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.partnerships.services.queueing import let_waiting_in


class Command(BaseCommand):
    """Lets in what the worker missed, and what waited while a firm was busy."""

    help = "Let requests in that wait before firms which have room again, in the order of asking."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line of figures."""
        self.stdout.write(f"let {let_waiting_in()} requests in")
