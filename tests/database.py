"""The tables that tests begin with: made once by the migrations, copied for each process, put back after real commits.

Twenty seconds of migrations are spent once for each state of the code, not in each process and at each start; a test
that commits costs a copy of the first state instead of emptying 140 tables and reading the fixtures again. Both hold
for SQLite alone; PostgreSQL is migrated for each run and emptied, as Django does it. ``python -m tests.database``
makes the copy beforehand.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

MADE_FROM = ("*/migrations/*.py", "*/*/migrations/*.py", "reference/**/*.py", "fixtures/reference/*.json")
INSTALLED = "config/requirements/dev.txt"


def first_state() -> Path:
    """A migrated database with the reference rows, made now unless one of today's code lies in the data folder."""
    folder = Path(settings.DATA_DIR)
    kept = folder / f"test-start-{digest()}.sqlite3"
    folder.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(folder / "test-start.lock"):
        if not kept.exists():
            for older in folder.glob("test-start-*.sqlite3*"):
                older.unlink()
            draft = kept.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            for command in ("migrate", "load_reference"):
                call = [sys.executable, "-m", "django", command]
                environment = {**os.environ, "DATABASE_URL": f"sqlite:///{draft}"}
                subprocess.run(call, env=environment, cwd=settings.BASE_DIR, check=True, stdout=subprocess.DEVNULL)
            draft.rename(kept)
    return kept


def digest() -> str:
    """What the first state is made from, in short: migrations, packages, reference rows, the code that loads them."""
    told = hashlib.sha256()
    for path in sorted({path for pattern in MADE_FROM for path in Path(settings.BASE_DIR).glob(pattern)}):
        told.update(f"{path}\n".encode() + path.read_bytes())
    told.update((Path(settings.BASE_DIR) / INSTALLED).read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait for another process that makes the same."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def copy_to_start_with() -> Iterator[bool]:
    """Lay a copy of the first state where the test database belongs, for this run; false where that is no file."""
    name = connection.creation._get_test_db_name()
    if connection.vendor != "sqlite" or connection.creation.is_in_memory_db(name):
        yield False
        return
    forget(name)
    shutil.copyfile(first_state(), name)
    yield True
    connection.close()
    forget(name)


def forget(name: str) -> None:
    """Take away a database of SQLite with the files beside it."""
    for rest in ("", "-wal", "-shm"):
        Path(f"{name}{rest}").unlink(missing_ok=True)


def remember_first_state() -> bool:
    """From now on tests that commit put the tables back as they are at this moment; false where Django empties them.

    The copy is written in one transaction into the open database: a live server's connections see it like any other.
    """
    if connection.vendor != "sqlite":
        return False
    connection.ensure_connection()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(kept)

    def put_back(_test: Any) -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    TransactionTestCase._fixture_teardown = put_back
    return True


if __name__ == "__main__" and connection.vendor == "sqlite":
    first_state()
