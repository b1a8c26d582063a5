"""Times the ranking over a seeded market of any size, beside its plain definition, in one run."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.matching.services.measurements import NEEDS, SEED, benchmark_market


class Command(BaseCommand):
    """Prints figures for people, or as JSON."""

    help = "Build a seeded market and print p50, p99, build time and the ratio to the plain definition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size, number of questions, seed, and the form of the answer."""
        parser.add_argument("--capacities", type=int, required=True, help="capacities in the market")
        parser.add_argument("--needs", type=int, default=NEEDS, help=f"questions asked (default: {NEEDS})")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, capacities: int, needs: int, seed: int, as_json: bool, **options: Any) -> None:
        """Fails when the two forms differ."""
        if capacities < 1 or needs < 1:
            raise CommandError("--capacities and --needs are at least 1.")
        figures = benchmark_market(capacities=capacities, needs=needs, seed=seed)
        if as_json:
            self.stdout.write(json.dumps(asdict(figures), sort_keys=True))
        else:
            self.stdout.write(f"{capacities} capacities built in {figures.build_s} s; {needs} questions, CPU ms:")
            for name, median in figures.p50_ms.items():
                self.stdout.write(f"  {name:8} p50 {median:10.2f}   p99 {figures.p99_ms[name]:10.2f}")
            self.stdout.write(f"  the definition takes {figures.ratio_p50} times as long")
            self.stdout.write(f"  {figures.differences} differences in {figures.compared} answers")
        if figures.differences:
            raise CommandError(f"{figures.differences} answers differ from the definition.")
