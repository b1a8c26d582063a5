"""Counts the weak links anew; the worker follows single changes as a rule."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links


class Command(BaseCommand):
    """Safe to stop at any moment and to run again: a round is written as a whole or not at all."""

    help = "Count the weak links of all chains from scratch (--changed: only what changed since the last round)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much is counted."""
        parser.add_argument("--changed", action="store_true", help="only what changed since the last round")

    def handle(self, *args: Any, changed: bool, **options: Any) -> None:
        """Do it and say how many rows are other than before."""
        self.stdout.write(f"{refresh_weak_links(whole=not changed)} weak links written")
