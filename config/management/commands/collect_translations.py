"""Bring the Chinese catalogue up to date with the messages in the sources; with --check only say what is wrong."""

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.translations.catalogue import catalogue_faults, catalogue_path
from config.translations.collection import messages_in_sources, update_catalogue


class Command(BaseCommand):
    """For developers: after a text was added or changed, run it, then fill in the empty translations."""

    help = "Collect messages from Python files and templates into the Chinese catalogue."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the check that changes nothing."""
        parser.add_argument("--check", action="store_true", help="change nothing, fail when anything is incomplete")

    def handle(self, *args: object, **options: object) -> None:
        """Update or check; a check that finds faults lists them all and fails."""
        if options["check"]:
            path = catalogue_path(settings.BASE_DIR)
            entries = list(polib.pofile(str(path))) if path.exists() else []
            faults = list(catalogue_faults(entries, messages_in_sources(settings.BASE_DIR)))
            if faults:
                listed = "\n".join(faults)
                raise CommandError(
                    f"{listed}\n{len(faults)} faults. Run collect_translations, then fill the catalogue."
                )
            self.stdout.write(f"{len(entries)} messages, complete")
            return
        held, added, dropped = update_catalogue(settings.BASE_DIR)
        self.stdout.write(f"{held} messages, {added} added, {dropped} dropped")
