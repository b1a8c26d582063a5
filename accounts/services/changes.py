"""The unit of work: one transaction whose last statement numbers what changed in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import models, transaction
from django.db.models import F

from accounts.choices import Verb
from accounts.models import Change, ChangeHead, Enterprise, User
from accounts.services.outbox import note_changed

P = ParamSpec("P")
R = TypeVar("R")
HEAD = 1
_gathered: ContextVar[list[Change] | None] = ContextVar("gathered", default=None)


def key_of(thing: models.Model) -> str:
    """The public key by which a change names ``thing``."""
    for name in ("number", "key", "code", "slug"):
        if hasattr(thing, name):
            return str(getattr(thing, name))
    return str(thing.pk)


@contextmanager
def _one_unit() -> Iterator[None]:
    if _gathered.get() is not None:
        yield
        return
    changes: list[Change] = []
    token = _gathered.set(changes)
    try:
        with transaction.atomic():
            yield
            _write(changes)
    finally:
        _gathered.reset(token)


def unit_of_work(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in one transaction; services that it calls join it, and their changes are written last.

    The head row is the last lock taken, so that two units never wait for each other in a circle and the numbers
    follow the order of the commits on SQLite and PostgreSQL alike.
    """

    @wraps(service)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        with _one_unit():
            return service(*args, **kwargs)

    return within


def record_change(
    *,
    thing: models.Model,
    verb: Verb,
    actor: User | None,
    enterprise: Enterprise | None = None,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    """Add a line to the record of the running unit of work; outside of one it is an error of the caller."""
    changes = _gathered.get()
    if changes is None:
        raise RuntimeError("record_change was called outside a unit of work")
    changes.append(
        Change(
            thing=thing._meta.model_name or "",
            thing_key=key_of(thing),
            verb=verb,
            actor=actor,
            enterprise=enterprise,
            reason=reason,
            facts=facts or {},
        )
    )


def _write(changes: list[Change]) -> None:
    if not changes:
        return
    if not ChangeHead.objects.filter(pk=HEAD).update(last=F("last") + len(changes)):
        ChangeHead.objects.create(pk=HEAD, last=len(changes))
    last = ChangeHead.objects.values_list("last", flat=True).get(pk=HEAD)
    for seq, change in enumerate(changes, start=last - len(changes) + 1):
        change.seq = seq
    Change.objects.bulk_create(changes)
    note_changed((change.thing, change.thing_key, _left(change)) for change in changes)


def _left(change: Change) -> str:
    """The state that the thing left by this change, as its facts tell it."""
    came_from = str(change.facts.get("from", ""))
    return came_from if came_from != change.facts.get("to") else ""


def last_change_number() -> int:
    """The number of the newest committed change; 0 before the first."""
    return ChangeHead.objects.filter(pk=HEAD).values_list("last", flat=True).first() or 0
