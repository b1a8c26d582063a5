"""Times the ranking over a seeded market of any size, beside what one would use instead, in one run."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.engine.encoding import MOST_DIMENSIONS
from matchmaking.matching.services.benchmarks import DIMENSIONS, NEEDS, SEED, Benchmark, benchmark_market
from matchmaking.matching.services.rivals import RIVALS


class Command(BaseCommand):
    """Prints figures for people, or as JSON."""

    help = "Build a seeded market and print times, memory, build time and the ratio to each rival."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size, number of questions, seed, and the form of the answer."""
        parser.add_argument("--capacities", type=int, required=True, help="capacities in the market")
        parser.add_argument("--needs", type=int, default=NEEDS, help=f"questions asked (default: {NEEDS})")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument(
            "--dimensions",
            type=int,
            default=DIMENSIONS,
            help="of the texts' invented meaning; 0: words and terms alone",
        )
        parser.add_argument("--against", default="", help=f"rivals, comma separated: numpy, {', '.join(RIVALS)}")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, capacities: int, needs: int, against: str, **options: Any) -> None:
        """Fails when the forms of the ranking differ."""
        rivals = [name for name in against.split(",") if name]
        unknown = set(rivals) - {*RIVALS, "numpy"}
        if unknown:
            raise CommandError(f"Not known: {', '.join(sorted(unknown))}")
        if capacities < 1 or needs < 1:
            raise CommandError("--capacities and --needs are at least 1.")
        if not 0 <= options["dimensions"] <= MOST_DIMENSIONS:
            raise CommandError(f"--dimensions is 0 to {MOST_DIMENSIONS}.")
        figures = benchmark_market(
            capacities=capacities,
            needs=needs,
            seed=options["seed"],
            against=rivals,
            dimensions=options["dimensions"],
        )
        self.stdout.write(json.dumps(asdict(figures), sort_keys=True) if options["as_json"] else table(figures))
        if figures.differences:
            raise CommandError(f"{figures.differences} answers differ from the definition.")


def table(figures: Benchmark) -> str:
    """The figures for people."""
    lines = [
        f"{figures.capacities} capacities, meanings of {figures.dimensions} dimensions,",
        f"built in {figures.build_s} s; CPU milliseconds:",
        f"  {'':14} {'p50':>10} {'p99':>10} {'a second':>10} {'ratio':>8} {'asked':>6}",
    ]
    for name, median in figures.p50_ms.items():
        rest = f"{figures.p99_ms[name]:10.2f} {figures.queries_s[name]:10.1f} {figures.ratio_p50[name]:8.1f}"
        lines.append(f"  {name:14} {median:10.3f} {rest} {figures.questions[name]:6}")
    lines += [f"  {name:14} did not run: {problem}" for name, problem in figures.missing.items()]
    second = figures.second_worker_mb
    lines += [
        f"  with 10,000 later changes {figures.delta_ratio} times as long",
        f"  {figures.over_bandwidth} times as long as reading the bytes touched",
        f"  this process: {megabytes(figures.pss_mb)} (PSS: arrays, plain rows and compiled code, before the rivals)",
        f"  a second worker without the encoder: {megabytes(second['whole'])} of its own, of these "
        f"{megabytes(second['market'])} with market and questions (guide: 120 MB)",
        f"  of the exact twenty, {figures.recall_text_first} are among the 1,000 best by text",
        f"  {figures.differences} differences in {figures.compared} answers",
    ]
    return "\n".join(lines)


def megabytes(figure: float) -> str:
    """The figure, or that there is none."""
    return f"{figure} MB" if figure else "not told by this system"
