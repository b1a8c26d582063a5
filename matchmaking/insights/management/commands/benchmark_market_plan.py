"""Times a plan of a seeded market: ranking every need, then assigning."""

import json
import time
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.engine.market import generated_rows
from matchmaking.engine.scoring.building import build_market
from matchmaking.insights.services.assigning import assigned
from matchmaking.insights.services.plans import read_market
from matchmaking.matching.services.benchmarks import DAY, SEED
from matchmaking.matching.services.rows import load_taxonomy
from matchmaking.matching.services.snapshots import prepare_process


class Command(BaseCommand):
    """Prints one JSON object; times in seconds by the clock, ``plan_cpu_s`` of the processor, ``filled`` as a share of
    all volume.
    """

    help = "Build a seeded market and print what its plan took and how much it fills."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size of the market, and whether every need may be split."""
        parser.add_argument("--needs", type=int, default=10_000)
        parser.add_argument("--capacities", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--split-all", action="store_true", help="every need may be shared by several")

    def handle(self, *args: Any, needs: int, capacities: int, seed: int, split_all: bool, **options: Any) -> None:
        """Building the market is told apart: the worker holds it already."""
        if needs < 1 or capacities < 1:
            raise CommandError("--needs and --capacities are at least 1.")
        prepare_process(compile_only=True)
        taxonomy = load_taxonomy()
        rows = generated_rows(taxonomy, needs=needs, capacities=capacities, seed=seed, today=DAY)
        if split_all:
            rows = [replace(row, split_allowed=row.direction == "need") for row in rows]
        moments = [time.perf_counter()]
        market = build_market(rows, taxonomy)
        moments.append(time.perf_counter())
        spent = time.process_time()
        asked = read_market(market=market, needs=[row.key for row in rows[:needs]], day=DAY)
        moments.append(time.perf_counter())
        outcome = assigned(asked)
        moments.append(time.perf_counter())
        build, rank, assign = (round(after - before, 2) for before, after in zip(moments, moments[1:], strict=False))
        figures = {
            "needs": needs,
            "capacities": capacities,
            "edges": sum(len(lists.matches) for lists in asked.lists.values()),
            "build_s": build,
            "rank_s": rank,
            "assign_s": assign,
            "plan_s": round(rank + assign, 2),
            "plan_cpu_s": round(time.process_time() - spent, 2),
            "shares": len(outcome.shares),
            "filled": round(outcome.filled_share, 4),
        }
        self.stdout.write(json.dumps(figures, sort_keys=True))
