"""Who can sign in to the demo, and its partner system; nobody while the demo is not loaded."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.demo.people import demo_sign_ins


class Command(BaseCommand):
    """Prints one line for each, or with --json a list of objects for a program."""

    help = "List the demo sign-ins: role, address, password, note."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people or for a program."""
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads only."""
        lines = demo_sign_ins()
        if options["json"]:
            self.stdout.write(json.dumps([line._asdict() for line in lines]))
            return
        for line in lines:
            self.stdout.write(f"{line.address:26} {line.password:22} {line.role}: {line.note}")
