"""What the running request left for the worker, so that its door can start the task that does it."""

from collections.abc import Iterable
from contextvars import ContextVar

_due: ContextVar[bool] = ContextVar("mail_due", default=False)
_changed: ContextVar[frozenset[tuple[str, str, str]]] = ContextVar("changed", default=frozenset())


def note_mail_due() -> None:
    """Remember that a notice or invitation waits; the row itself is what must not be lost, this is only the bell."""
    _due.set(True)


def take_mail_due() -> bool:
    """Whether something was noted since the last call in this context; asking clears it."""
    due = _due.get()
    _due.set(False)
    return due


def note_changed(things: Iterable[tuple[str, str, str]]) -> None:
    """Remember what was changed, as kind, key and the state that it left, "" where it stays in its state."""
    _changed.set(_changed.get() | frozenset(things))


def take_changed() -> frozenset[tuple[str, str, str]]:
    """What was changed since the last call in this context; asking clears it."""
    changed = _changed.get()
    _changed.set(frozenset())
    return changed
