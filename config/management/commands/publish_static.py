"""Collect static files for the web server, named by their content, only when one of them has changed."""

import hashlib
import io
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Django's ``collectstatic`` with a memory, so that a second start need not wait for it."""

    help = "Collect static files when one of them has changed since the last time."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Collect into an emptied folder when sources or storage changed; say whether anything had to be done."""
        target = Path(settings.STATIC_ROOT)
        memory = target.with_name(f"{target.name}.sources")
        now = fingerprint()
        if target.is_dir() and memory.exists() and memory.read_text(encoding="ascii") == now:
            self.stdout.write("unchanged")
            return
        memory.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, stdout=io.StringIO())
        memory.write_text(now, encoding="ascii")
        self.stdout.write("published")


def fingerprint() -> str:
    """Hash over name, size and time of every source file, and over how they are stored."""
    known = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            known.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return known.hexdigest()
