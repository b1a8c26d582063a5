"""What the tests of services share."""

from collections.abc import Callable

import pytest

from accounts.models import Change, Notice


@pytest.fixture
def changes() -> Callable[[], list[tuple[str, str, str]]]:
    """The record of changes as (thing, verb, reason), in order."""
    return lambda: list(Change.objects.order_by("seq").values_list("thing", "verb", "reason"))


@pytest.fixture
def notices() -> Callable[[], list[tuple[int, str]]]:
    """Notices as (reader, kind), oldest first."""
    return lambda: list(Notice.objects.order_by("pk").values_list("reader", "kind"))
