"""Values that are dear to read and may be a little old."""

from collections.abc import Callable
from threading import RLock
from typing import TypeVar, cast

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.utils.connection import ConnectionProxy

T = TypeVar("T")
_reading = RLock()
process_cache: BaseCache = cast(BaseCache, ConnectionProxy(caches, "process"))
"""What one process keeps for itself; another may still hold what this one dropped."""


def kept_for(seconds: int, key: str, read: Callable[[], T]) -> T:
    """What ``read`` gave at most ``seconds`` ago; of many who ask at once in a process, one reads and all get it."""
    found: T | None = process_cache.get(key)
    if found is None:
        with _reading:
            found = process_cache.get(key)
            if found is None:
                found = read()
                process_cache.set(key, found, seconds)
    return found
