"""Who of firms' lists has registered since, and certificates that run out; a step of ``nightly`` or alone."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matchmaking.networks.services.listing import link_known_firms
from matchmaking.networks.services.watching import tell_of_ending_papers


class Command(BaseCommand):
    """Safe to run again on the same day: nobody is told twice."""

    help = "Link listed firms that have registered since, and tell of certificates that end within sixty days."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line of figures."""
        linked, told = link_known_firms(), tell_of_ending_papers(on=timezone.localdate())
        self.stdout.write(f"{linked} listed firms are here now, {told} firms told of ending certificates")
