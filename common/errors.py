"""What services raise on purpose; doors turn these into pages and problem documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """Values that do not fit: ``fields`` maps each field's name to its reason, ``facts`` to what the text needs."""

    def __init__(
        self, fields: Mapping[str, Reason | str], facts: Mapping[str, Mapping[str, object]] | None = None
    ) -> None:
        super().__init__(", ".join(f"{name}: {reason}" for name, reason in fields.items()))
        self.fields = dict(fields)
        self.facts = {name: dict(told) for name, told in (facts or {}).items()}


class Stale(ServiceError):
    """Somebody was faster: the row is at version ``current``, the actor worked on ``seen``."""

    def __init__(self, *, seen: int, current: int) -> None:
        super().__init__(f"seen version {seen}, current version {current}")
        self.seen = seen
        self.current = current


@dataclass(frozen=True)
class Verdict:
    """The answer of a predicate: true, or false with the reason and the facts that its text needs."""

    reason: Reason | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.reason is None


YES = Verdict()


def no(reason: Reason, **facts: object) -> Verdict:
    """A refusal for ``reason``."""
    return Verdict(reason, facts)


def require(verdict: Verdict) -> None:
    """Raise Refused unless ``verdict`` is a yes."""
    if verdict.reason is not None:
        raise Refused(verdict.reason, **verdict.facts)
