"""Looks of the platform into the business of firms, which each firm reads on a page of its own."""

from collections.abc import Iterable

from django.db.models import Model

from accounts.choices import LookedBy, Verb
from accounts.models import Enterprise, User
from accounts.permissions import can_look_into, can_take_out
from accounts.querysets import is_platform_admin
from accounts.services.changes import record_change, unit_of_work
from common.errors import require

LEADS_TO = ("posting", "need", "capacity", "partnership", "site", "buyer", "supplier", "listed")
"""Names by which rows of all areas lead to the thing that they belong to."""
LONGEST_TITLE = 120


@unit_of_work
def record_look(*, thing: Model, actor: User, part: str = "") -> None:
    """Write down that ``actor``, who runs or moderates here, opened ``thing`` or ``part`` of it. Refuses not_yours."""
    require(can_look_into(actor, thing))
    by = LookedBy.PLATFORM if is_platform_admin(actor) else LookedBy.MODERATOR
    leave_trace(thing=thing, firms=firms_behind(thing), actor=actor, by=by, part=part)


def leave_trace(
    *,
    thing: Model,
    firms: Iterable[Enterprise],
    actor: User,
    by: LookedBy,
    verb: Verb = Verb.SEEN,
    part: str = "",
    note: str = "",
) -> None:
    """A line in the record for each firm whose business ``thing`` is, one without a firm where there is none.

    Inside the unit of work of a service that asked whether ``actor`` may look.
    """
    facts: dict[str, object] = {"by": by.value, "title": str(thing)[:LONGEST_TITLE]}
    facts |= {name: value for name, value in (("part", part), ("note", note)) if value}
    behind: list[Enterprise | None] = list(firms)
    for firm in behind or [None]:
        record_change(thing=thing, verb=verb, actor=actor, enterprise=firm, facts=facts)


def firms_behind(thing: Model) -> list[Enterprise]:
    """The enterprises whose business ``thing`` is: itself, the one that it names, or those of what it belongs to."""
    if isinstance(thing, Enterprise):
        return [thing]
    named = getattr(thing, "enterprise", None)
    if isinstance(named, Enterprise):
        return [named]
    above = (getattr(thing, name, None) for name in LEADS_TO)
    return [firm for part in above if isinstance(part, Model) for firm in firms_behind(part)]


@unit_of_work
def record_export(*, actor: User, listed: str, rows: int, filters: str) -> None:
    """Write down that ``actor`` took ``rows`` rows of the list ``listed`` away as a file. Refuses not_yours."""
    require(can_take_out(actor, listed))
    facts: dict[str, object] = {"list": listed, "rows": rows, "filters": filters[:400]}
    record_change(thing=actor, verb=Verb.EXPORTED, actor=actor, facts=facts)
