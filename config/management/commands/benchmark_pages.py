"""Measures what pages cost beside the smallest ones, on whatever database is loaded."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.benchmark.pages import REQUESTS, ROUNDS, NoDemo, as_plain, measure_pages
from matchmaking.postings.models import Posting


class Command(BaseCommand):
    """Prints a table, or JSON."""

    help = "CPU time of pages in one process, interleaved with the smallest 20-row lists; ratios and query counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often, and the form of the answer."""
        parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds; the median counts (default: {ROUNDS})")
        parser.add_argument("--requests", type=int, default=REQUESTS, help="requests of each page in a round")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, rounds: int, requests: int, as_json: bool, **options: Any) -> None:
        """Fails without the demo, as whose buyer pages are asked."""
        if rounds < 1 or requests < 1:
            raise CommandError("--rounds and --requests are at least 1.")
        try:
            figures = measure_pages(rounds=rounds, requests=requests)
        except NoDemo as fault:
            raise CommandError("Pages are asked as a demo person. Run first: python3 manage.py seed_demo") from fault
        postings = Posting.objects.live().count()
        if as_json:
            self.stdout.write(json.dumps({"postings": postings, "pages": as_plain(figures)}, sort_keys=True))
            return
        self.stdout.write(f"{postings} live postings, median of {rounds} rounds of {requests} requests")
        self.stdout.write(f"{'page':28} {'CPU ms':>8} {'queries':>8} {'kB':>6} {'ratio':>7} {'limit':>6}")
        for one in figures:
            ratio = f"{one.ratio:7.2f} {one.limit or '':>6}" if one.ceiling else ""
            mark = "  over" if one.is_over else ""
            self.stdout.write(f"{one.name:28} {one.cpu_ms:8.2f} {one.queries:8} {one.size / 1000:6.1f} {ratio}{mark}")
