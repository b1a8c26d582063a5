"""The round that the host's timer runs once a night, step after step."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

STEPS = (
    "revive_tasks", "expire_postings", "end_overdue_interests", "let_waiting_in", "remind_of_answers", "follow_deals",
    "settle_consortia", "remind_of_consents", "mend_days", "remind_of_figures",
    "tend_networks",
    "encode_postings", "build_snapshot", "rematch", "clear_markets", "tell_searches", "send_notices", "send_digests",
    "collect_words", "refresh_weak_links", "refresh_flows",
)  # fmt: skip
"""In this order: work left lying, what ends or falls due, texts not read yet, the market, news, mails, words, sums."""


class Command(BaseCommand):
    """Safe to run twice, and to stop at any moment: each step is repeatable by itself."""

    help = "Run the nightly steps; a step that fails is reported and does not stop the others."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step; fails at the end when one of them failed, naming it."""
        failed = []
        for step in STEPS:
            try:
                call_command(step, stdout=self.stdout, stderr=self.stderr)
            except Exception as error:
                # Whatever a step can meet: the others are independent of it and must still be done tonight.
                failed.append(step)
                self.stderr.write(f"{step}: {error}")
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")
