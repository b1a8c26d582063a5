"""Counts the words of live postings that no term explains, for administrators to place."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaking.matching.services.words import collect_unplaced_words


class Command(BaseCommand):
    """Prints how many words wait."""

    help = "Collect words of live postings that no glossary term explains and several firms use. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """One pass over all live postings."""
        self.stdout.write(f"{collect_unplaced_words()} words wait to be placed")
