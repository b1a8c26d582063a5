"""Shows the second factor of a demo person, as their authenticator app would."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.demo.people import current_code


class Command(BaseCommand):
    """Prints six digits that hold for half a minute."""

    help = "Print the current code of a demo person who signs in with a second factor. Nobody else's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose code."""
        parser.add_argument("address", help="mail address of the demo person, such as park@example.com")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        """Fails for everybody who is not a demo person with a second factor."""
        code = current_code(address)
        if code is None:
            raise CommandError(f"{address} is no demo person with a second factor, or the demo is not loaded.")
        self.stdout.write(code)
