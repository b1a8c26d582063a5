"""Makes the files in fixtures/reference from the domain's CSV tables, or checks that they still agree."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reference.imports import AUTHORED_FOLDER, reference_rows_from
from reference.services import FIXTURE_FOLDER, fixture_text


class Command(BaseCommand):
    """Writes one JSON file a kind; with --check writes nothing and fails on a difference."""

    help = "Make fixtures/reference/*.json from the CSV tables of the domain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder of the tables, the folder of the fixtures, and whether to compare only."""
        parser.add_argument("--from", dest="domain", type=Path, required=True, help="folder with the CSV tables")
        parser.add_argument("--to", dest="target", type=Path, default=None, help="folder of the fixtures")
        parser.add_argument("--check", action="store_true", help="compare only, fail on a difference")

    def handle(self, *args: Any, domain: Path, target: Path | None, check: bool, **options: Any) -> None:
        """Prints how many rows went into how many files, and how many files changed."""
        folder = target or FIXTURE_FOLDER
        try:
            made = reference_rows_from(domain, authored=folder / AUTHORED_FOLDER)
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"These tables cannot be read: {error}") from error
        changed = []
        for kind, rows in made.items():
            path, text = folder / f"{kind}.json", fixture_text(rows)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                changed.append(kind)
                if not check:
                    path.write_text(text, encoding="utf-8", newline="\n")
        if check and changed:
            raise CommandError(f"Differ from the tables: {', '.join(changed)}. Run generate_reference without --check.")
        count = sum(len(rows) for rows in made.values())
        self.stdout.write(f"{count} rows in {len(made)} files, {len(changed)} files changed")
