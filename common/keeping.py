"""Values that are dear to read and may be a little old."""

from collections.abc import Callable
from threading import RLock
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")
_reading = RLock()


def kept_for(seconds: int, key: str, read: Callable[[], T]) -> T:
    """What ``read`` gave at most ``seconds`` ago; of many who ask at once in a process, one reads and all get it."""
    found: T | None = cache.get(key)
    if found is None:
        with _reading:
            found = cache.get(key)
            if found is None:
                found = read()
                cache.set(key, found, seconds)
    return found
