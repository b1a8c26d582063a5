"""Turn the Chinese catalogue into the form that is read at run time; no gettext programs needed."""

from django.conf import settings
from django.core.management.base import BaseCommand

from config.translations.catalogue import compile_catalogue


class Command(BaseCommand):
    """Writes ``django.mo`` when the catalogue is newer."""

    help = "Compile the Chinese catalogue (django.po to django.mo) when it has changed."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Say whether anything had to be done."""
        written = compile_catalogue(settings.BASE_DIR)
        self.stdout.write("compiled" if written else "unchanged")
