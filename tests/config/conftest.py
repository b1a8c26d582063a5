"""The demo for tests of what it holds."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from config.demo.seeding import SeedFigures, load_demo


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[SeedFigures]:
    """The demo, loaded once for a file of tests, for a year is played; what a test changes is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_parks", stdout=StringIO())
        yield load_demo(day=timezone.localdate())
        transaction.set_rollback(True)
