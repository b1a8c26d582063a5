"""Looks of the platform into the business of firms."""

from django.db.models import Model

from accounts.choices import Verb
from accounts.models import User
from accounts.permissions import can_look_into
from accounts.services.changes import record_change, unit_of_work
from common.errors import require


@unit_of_work
def record_look(*, thing: Model, actor: User, part: str = "") -> None:
    """Write down that ``actor`` of the platform opened ``thing``, or ``part`` of it. Refuses not_yours."""
    require(can_look_into(actor, thing))
    record_change(thing=thing, verb=Verb.SEEN, actor=actor, facts={"part": part} if part else {})
