"""What a day does to deals: quotes lapse, outcomes are asked for, reminded of, and end unconfirmed at their limit."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matchmaking.partnerships.services.counting import count_signed
from matchmaking.partnerships.services.outcomes import follow_outcomes
from matchmaking.partnerships.services.quoting import lapse_quotes


class Command(BaseCommand):
    """Safe to run again on the same day: nothing is told twice."""

    help = "Let quotes lapse that are no longer valid; ask both sides for outcomes, remind them, end what stays silent."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for today and say how many."""
        today = timezone.localdate()
        lapsed, told = lapse_quotes(on=today), follow_outcomes(on=today)
        counts = ", ".join(f"{count} {name}" for name, count in told.items())
        counted = count_signed()
        self.stdout.write(f"{lapsed} quotes lapsed; outcomes: {counts}; {counted} needs counted anew")
