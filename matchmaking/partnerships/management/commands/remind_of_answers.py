"""Reminders before the day of answer, as one step of ``nightly`` or alone."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matchmaking.partnerships.services.answering import remind_of_answers


class Command(BaseCommand):
    """Safe to run again on the same day: nobody is told twice."""

    help = "Remind firms of interests whose answer is due today or on the next working day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line of figures."""
        self.stdout.write(f"{remind_of_answers(on=timezone.localdate())} answers are due")
