"""Prints every quoted fact with its source and fails where one lacks it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.insights.queries.sources import quotations, quoted_but_unknown


class Command(BaseCommand):
    """Prints one line a statement."""

    help = "Print every quoted fact with its source; fail where one has none, or where a page quotes one that is gone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with the rows that lack a source."""
        count, wrong = 0, [f"fact {code}: quoted on a page, in no row" for code in quoted_but_unknown()]
        for one in quotations():
            count += 1
            self.stdout.write(f"{one.kind} {one.key}: {one.said} | {one.source or '-'}")
            if not one.is_sourced:
                wrong.append(f"{one.kind} {one.key}: no source")
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"{count} quoted, each with its source")
