"""Loads what the first suggestion of a process would otherwise wait for."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.matching.services.measurements import benchmark_market
from matchmaking.matching.services.snapshots import current_market


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Open the match snapshot, load the word list and rank a few invented postings once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads only."""
        started = time.perf_counter()
        postings = len(current_market())
        benchmark_market(capacities=50, needs=5)
        self.stdout.write(f"{postings} postings ready in {time.perf_counter() - started:.1f} s")
