"""`verify`."""

from collections.abc import Sequence


def verify(arguments: Sequence[str]) -> int:
    """Later."""
    return 1
