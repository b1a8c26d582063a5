"""Machines at the plants of an enterprise: told and confirmed by the firm, checked on site by the platform."""

from functools import partial
from typing import NotRequired, TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Equipment, Site, User
from accounts.permissions import can_check_equipment, can_edit_sites
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.evidence import take_photo
from common.errors import Refused, require
from common.reasons import Reason
from common.values import one_line

MOST_EQUIPMENT = 200
"""Kinds of machines of one plant; more is an import gone wrong."""


class Told(TypedDict):
    """What a firm tells of machines of one kind and size; ``photo`` is an upload."""

    kind: str
    size: NotRequired[str]
    count: NotRequired[int]
    built_in: NotRequired[int | None]
    photo: NotRequired[UploadedFile | None]


@unit_of_work
def add_equipment(*, site: Site, actor: User, **values: Unpack[Told]) -> Equipment:
    """More machines at a plant, as the firm tells it. Refuses limit_reached, Invalid values."""
    require(can_edit_sites(actor, site.enterprise))
    if Equipment.objects.filter(site=site).count() >= MOST_EQUIPMENT:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_EQUIPMENT)
    row = Equipment(site=site)
    _take(row, values)
    return _keep(row, actor, "equipment added")


@unit_of_work
def edit_equipment(*, equipment: Equipment, actor: User, drop_photo: bool = False, **values: Unpack[Told]) -> Equipment:
    """Correct what is told about machines; a new ``photo`` takes the place of the old one, which ``drop_photo`` takes
    away.

    Other machines, another size or more of them than were checked on site count as unchecked again.
    """
    locked = _locked(equipment)
    require(can_edit_sites(actor, locked.site.enterprise))
    seen = (locked.kind, locked.size, locked.count)
    if drop_photo or values.get("photo"):
        forget_photo(locked)
    _take(locked, values)
    if (locked.kind, locked.size) != seen[:2] or locked.count > seen[2]:
        locked.checked_on = locked.checked_by = None
    return _keep(locked, actor, "equipment changed")


@unit_of_work
def confirm_equipment(*, equipment: Equipment, actor: User) -> None:
    """The firm says that machines are still there as told; on a day on which it said so already nothing changes."""
    require(can_edit_sites(actor, equipment.site.enterprise))
    today = timezone.localdate()
    if Equipment.objects.filter(pk=equipment.pk).exclude(confirmed_on=today).update(confirmed_on=today):
        _record(equipment, actor, "equipment confirmed")


@unit_of_work
def check_equipment(*, equipment: Equipment, actor: User) -> Equipment:
    """The platform saw the machines on site today; done twice on a day it changes nothing. Refuses not_yours."""
    locked = _locked(equipment)
    require(can_check_equipment(actor, locked))
    if locked.checked_on != timezone.localdate():
        locked.checked_on, locked.checked_by = timezone.localdate(), actor
        locked.save(update_fields=["checked_on", "checked_by", "changed_at"])
        _record(locked, actor, "equipment checked")
    return locked


@unit_of_work
def remove_equipment(*, equipment: Equipment, actor: User) -> None:
    """Machines that are no longer there."""
    require(can_edit_sites(actor, equipment.site.enterprise))
    _record(equipment, actor, "equipment removed")
    forget_photo(equipment)
    equipment.delete()


def _locked(equipment: Equipment) -> Equipment:
    rows = Equipment.objects.select_for_update(of=("self",)).select_related("site__enterprise")
    return rows.get(pk=equipment.pk)


def forget_photo(row: Equipment) -> None:
    """No photo any more: the file goes once the change is sure to stay."""
    if name := row.photo.name:
        transaction.on_commit(partial(row.photo.storage.delete, name))
    row.photo = None


def _take(row: Equipment, values: Told) -> None:
    row.kind, row.size = one_line(values["kind"]), one_line(values.get("size", ""))
    row.count, row.built_in = values.get("count", 1), values.get("built_in")
    if photo := values.get("photo"):
        row.photo = take_photo(photo).file


def _keep(row: Equipment, actor: User, act: str) -> Equipment:
    row.confirmed_on = timezone.localdate()
    check_row(row)
    row.save()
    _record(row, actor, act)
    return row


def _record(row: Equipment, actor: User, act: str) -> None:
    firm = row.site.enterprise
    facts = {"site": row.site_id, "act": act, "kind": row.kind, "size": row.size, "count": row.count}
    record_change(thing=firm, verb=Verb.CHANGED, actor=actor, enterprise=firm, facts=facts)
