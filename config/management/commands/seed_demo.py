"""Loads the demo, or grows a market of sample postings for measuring."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.errors import Refused
from config.demo.scale import grow_market
from config.demo.seeding import load_demo
from matchmaking.insights.tasks import clear_week
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.matching.services.vectors import encode_postings
from reference.models import ChainNode

MOST = 2_000_000


class Command(BaseCommand):
    """Prints one line of figures, and for the demo who can sign in."""

    help = "Load the demo (safe to run again, keeps your data), or with --postings a seeded market of any size."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size and seed of a market; whether to load it into an installation that the world can reach."""
        parser.add_argument("--postings", type=int, help="make so many sample postings instead of the demo")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same market (default: 1)")
        parser.add_argument("--force", action="store_true", help="also behind TLS, where demo passwords are a danger")

    def handle(self, *args: Any, postings: int | None, seed: int, force: bool, **options: Any) -> None:
        """Fails without reference rows, and behind TLS unless forced."""
        if settings.BEHIND_TLS and not force:
            raise CommandError(
                "This site is served behind TLS, and the passwords of the demo are public. Say --force if you mean it."
            )
        if not ChainNode.objects.exists():
            raise CommandError("The reference rows are missing. Run first: python3 manage.py load_all")
        if postings is None:
            self.load()
        elif 0 < postings <= MOST and 0 <= seed < 100:
            self.grow(postings, seed)
        else:
            raise CommandError(f"--postings is 1 to {MOST}, --seed is 0 to 99.")

    def load(self) -> None:
        """The demo with its sign-ins."""
        try:
            figures = load_demo(day=timezone.localdate())
        except Refused as refusal:
            raise CommandError(
                f"Parks are missing or the demo is in the way of your data ({refusal.reason.value}). "
                "Run first: python3 manage.py load_all"
            ) from refusal
        encode_postings()
        clear_week.enqueue()
        if figures.moved and not figures.postings:
            self.rank_again()
        self.stdout.write(f"demo: {figures}")
        call_command("demo_sign_ins", stdout=self.stdout)

    def grow(self, postings: int, seed: int) -> None:
        """The market, and the snapshot that ranks over it, for no change was recorded posting by posting.

        Texts are left to ``encode_postings``: a large market takes it minutes.
        """
        figures = grow_market(postings=postings, seed=seed)
        self.rank_again()
        self.stdout.write(str(figures))

    def rank_again(self) -> None:
        """A new snapshot."""
        try:
            build_snapshot()
        except OSError as error:
            raise CommandError(f"The snapshot cannot be written: {error}") from error
