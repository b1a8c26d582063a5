"""Runs an invented market through the real services, by the platform's ranking and by relevance alone."""

import json
import sys
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from config.simulation.installation import SimulationFailed, is_thrown_away, simulate_and_tell, simulate_apart
from config.simulation.people import Order
from config.simulation.world import Size

MOST_NEEDS, MOST_DAYS = 20_000, 59
"""Capacities are stale after sixty days; the figures compare markets, not how firms forget."""
LINES = {
    "filled_share": "filled, share of the volume asked for",
    "filled_of_optimum": "filled, share of the hindsight optimum",
    "confirmed_share": "confirmed by both sides, share of the volume",
    "needs_answered_in_5_days": "needs with an answer in 5 days",
    "answer_hours": "hours to an answer, median",
    "answered_share": "requests answered",
    "gini_of_exposure": "Gini of exposure",
    "cross_border_share": "volume across the border",
    "requests": "requests",
    "agreements": "agreements kept",
}


class Command(BaseCommand):
    """Leaves the installation's own database alone: the market lives in folders that are removed at the end."""

    help = "Simulate a market on a database that is thrown away, beside the same market ranked by relevance alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, how long, drawn from what, and how it is told."""
        parser.add_argument("--needs", type=int, default=200)
        parser.add_argument("--days", type=int, default=40)
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures")
        parser.add_argument("--json", action="store_true", dest="as_json", help="figures by name, for a program")
        parser.add_argument("--inside", choices=[order.value for order in Order], help=SUPPRESS)

    def handle(
        self, *args: Any, needs: int, days: int, seed: int, as_json: bool, inside: str | None, **options: Any
    ) -> None:
        """Fails outside the limits, and where a market cannot be carried to its end."""
        if not (1 <= needs <= MOST_NEEDS and 5 <= days <= MOST_DAYS):
            raise CommandError(f"--needs is 1 to {MOST_NEEDS}, --days is 5 to {MOST_DAYS}.")
        size = Size(needs, days, seed)
        if inside is not None:
            if not is_thrown_away():
                raise CommandError("This database was not made for a simulation. Call without --inside.")
            simulate_and_tell(size, Order(inside), sys.stdout)
            return
        figures = told(self.simulate(size))
        self.stdout.write(json.dumps({"needs": needs, "days": days, "seed": seed, **figures}) if as_json else "")
        if not as_json:
            self.stdout.write(table(figures))

    def simulate(self, size: Size) -> dict[Order, dict[str, Any]]:
        """Both markets, with a bar each where there is a terminal."""
        with Progress(
            "[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(), transient=True,
        ) as bar:  # fmt: skip
            tasks = {order: bar.add_task(order, total=size.days) for order in Order}
            try:
                return simulate_apart(size, lambda order, day: bar.update(tasks[order], completed=day + 1))
            except SimulationFailed as failure:
                raise CommandError(str(failure)) from failure


def told(found: dict[Order, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Figures by name, then by market; the optimum stands beside what was filled."""
    names = [name for name in found[Order.PLATFORM] if name != "optimum"]
    figures = {name: {order.value: found[order][name] for order in Order} for name in names}
    optimum = found[Order.PLATFORM]["optimum"]
    filled = figures["filled_share"]
    figures["filled_of_optimum"] = {market: share / optimum if optimum else None for market, share in filled.items()}
    filled["optimum"] = optimum
    figures["platform_over_relevance_only"] = {
        "filled_share": filled[Order.PLATFORM] / filled[Order.RELEVANCE_ONLY] if filled[Order.RELEVANCE_ONLY] else None
    }
    return figures


def table(figures: dict[str, dict[str, Any]]) -> str:
    """The figures for people."""
    lines = [f"{'':48}{'platform':>12}{'relevance':>12}{'optimum':>12}"]
    for name, label in LINES.items():
        cells = [figures[name].get(column) for column in (*Order, "optimum")]
        lines.append(f"{label:48}" + "".join(f"{cell(value):>12}" for value in cells))
    ratio = figures["platform_over_relevance_only"]["filled_share"]
    return "\n".join([*lines, f"{'platform over relevance alone, filled':48}{cell(ratio):>12}"])


def cell(value: float | None) -> str:
    """A figure as it stands in the table."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
