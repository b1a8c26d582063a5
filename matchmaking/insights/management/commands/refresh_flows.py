"""Counts the flows between regions anew; the worker follows changes as a rule."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.insights.services.flows.refreshing import refresh_flows


class Command(BaseCommand):
    """Safe to stop at any moment and to run again: a round is written as a whole or not at all."""

    help = "Count the flows between regions (--changed: only if something changed since the last round)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether an unchanged market is counted again."""
        parser.add_argument("--changed", action="store_true", help="only if something changed since the last round")

    def handle(self, *args: Any, changed: bool, **options: Any) -> None:
        """Do it and say how many rows there are."""
        self.stdout.write(f"{refresh_flows(whole=not changed)} flows written")
