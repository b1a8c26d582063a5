"""Loads what the first suggestion of a process would otherwise wait for, and compiles what is not compiled yet."""

import shutil
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from matchmaking.matching.services.snapshots import prepare_process


class Command(BaseCommand):
    """Prints one line of figures."""

    help = "Compile the ranking where that was not done yet on this machine, and open the match snapshot."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether the market is wanted too."""
        parser.add_argument("--compile-only", action="store_true", help="leave the match snapshot closed")

    def handle(self, *args: Any, compile_only: bool, **options: Any) -> None:
        """Writes compiled code into the data folder and removes that of older versions."""
        started = time.perf_counter()
        postings = prepare_process(compile_only=compile_only)
        current = Path(settings.COMPILED_DIR)
        for folder in current.parent.glob("*") if current.exists() else ():
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)
        told = "compiled ranking" if compile_only else f"{postings} postings"
        self.stdout.write(f"{told} ready in {time.perf_counter() - started:.1f} s")
