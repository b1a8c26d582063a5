"""Reminds firms of shares of sets to which they have not consented yet; part of the nightly round."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matchmaking.consortia.services.settling import remind_of_consents


class Command(BaseCommand):
    """Safe to run again: nobody is reminded twice."""

    help = "Remind firms whose consent to a share is due today or on the next working day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many."""
        self.stdout.write(f"{remind_of_consents(on=timezone.localdate())} consents are due")
