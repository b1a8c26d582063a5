"""Whether the running request left something to be mailed, so that its door can start the task that does it."""

from contextvars import ContextVar

_due: ContextVar[bool] = ContextVar("mail_due", default=False)


def note_mail_due() -> None:
    """Remember that a notice or invitation waits; the row itself is what must not be lost, this is only the bell."""
    _due.set(True)


def take_mail_due() -> bool:
    """Whether something was noted since the last call in this context; asking clears it."""
    due = _due.get()
    _due.set(False)
    return due
