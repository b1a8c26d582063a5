"""Says whether matching has all that makes it fast and good, from the snapshot to texts that nobody read yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.matching.services.health import conditions


class Command(BaseCommand):
    """One line a condition; fails where one is not good, and says which command puts it right."""

    help = (
        "Tell the state of the match snapshot, the changes since, leftovers, compiled code, texts and words that wait."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compiles what is not compiled yet; changes nothing else."""
        told = conditions()
        for one in told:
            remedy = f" -> manage.py {one.remedy}" if one.remedy else ""
            self.stdout.write(f"{'ok ' if one.good else 'BAD'} {one.name}: {one.state}{remedy}")
        if not all(one.good for one in told):
            raise CommandError("The site answers, more slowly than it could. See the lines marked BAD.")
