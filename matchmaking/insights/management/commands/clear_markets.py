"""Makes this week's clearing of every chain that has none yet."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.insights.services.clearing import clear_markets
from matchmaking.matching.services.snapshots import prepare_process


class Command(BaseCommand):
    """Safe to stop at any moment and to run again: a clearing is written as a whole or not at all."""

    help = "Plan each chain's market for this week and give every need that stays open to a coordinator."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many chains were cleared."""
        prepare_process()
        self.stdout.write(f"{clear_markets()} chains cleared")
