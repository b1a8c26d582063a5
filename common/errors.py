"""What services raise on purpose; doors turn these into pages and problem documents."""

from collections.abc import Mapping

from common.reasons import Reason


class ServiceError(Exception):
    """Base of the three errors that a service raises on purpose."""


class Refused(ServiceError):
    """The actor may not do this, or not now; ``reason`` is a code of kind refusal and ``facts`` fill its text."""

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


class Invalid(ServiceError):
    """Values that do not fit; ``fields`` maps each field's name to the reasons it was refused for."""

    def __init__(self, fields: Mapping[str, Reason | str]) -> None:
        super().__init__(", ".join(f"{name}: {reason}" for name, reason in fields.items()))
        self.fields = dict(fields)


class Stale(ServiceError):
    """Somebody was faster: the row is at version ``current``, the actor worked on ``seen``."""

    def __init__(self, *, seen: int, current: int) -> None:
        super().__init__(f"seen version {seen}, current version {current}")
        self.seen = seen
        self.current = current
