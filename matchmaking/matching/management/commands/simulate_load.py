"""Runs a seeded market twice: in order of relevance alone, and with the filter and the capped load penalty."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from matchmaking.matching.services.simulating import simulate_load


class Command(BaseCommand):
    """Prints the share of needs filled either way; writes nothing to the database."""

    help = "Simulate what leaving booked firms out and putting busy ones lower does to the share of needs filled."

    def add_arguments(self, parser: CommandParser) -> None:
        """Size and seed of the invented market."""
        parser.add_argument("--needs", type=int, default=300)
        parser.add_argument("--capacities", type=int, default=100)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Only needs that somebody could serve are counted."""
        found = simulate_load(
            needs=options["needs"], capacities=options["capacities"], seed=options["seed"], today=timezone.localdate()
        )
        if not found.needs:
            self.stdout.write("No need of this market has a supplier.")
            return
        for name, filled in (("by relevance alone", found.by_relevance), ("with load", found.by_load)):
            self.stdout.write(f"{name}: {100 * filled / found.needs:.1f} % of {found.needs} needs filled")
