"""Machines at the plants of an enterprise: told and confirmed by the firm, checked on site by the platform."""

from django.core.files.uploadedfile import UploadedFile
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


@unit_of_work
def add_equipment(
    *,
    site: Site,
    actor: User,
    kind: str,
    size: str = "",
    count: int = 1,
    built_in: int | None = None,
    photo: UploadedFile | None = None,
) -> Equipment:
    """More machines at a plant, as the firm tells it. Refuses limit_reached, Invalid values."""
    require(can_edit_sites(actor, site.enterprise))
    if Equipment.objects.filter(site=site).count() >= MOST_EQUIPMENT:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_EQUIPMENT)
    return _keep(Equipment(site=site), actor, kind, size, count, built_in, photo)


@unit_of_work
def edit_equipment(
    *,
    equipment: Equipment,
    actor: User,
    kind: str,
    size: str = "",
    count: int = 1,
    built_in: int | None = None,
    photo: UploadedFile | None = None,
) -> Equipment:
    """Correct what is told about machines; a new ``photo`` takes the place of the old one.

    Other machines, another size or more of them than were checked on site count as unchecked again.
    """
    locked = _locked(equipment)
    require(can_edit_sites(actor, locked.site.enterprise))
    if (locked.kind, locked.size) != (one_line(kind), one_line(size)) or count > locked.count:
        locked.checked_on = locked.checked_by = None
    return _keep(locked, actor, kind, size, count, built_in, photo)


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
    equipment.delete()


def _locked(equipment: Equipment) -> Equipment:
    rows = Equipment.objects.select_for_update(of=("self",)).select_related("site__enterprise")
    return rows.get(pk=equipment.pk)


def _keep(
    row: Equipment,
    actor: User,
    kind: str,
    size: str,
    count: int,
    built_in: int | None,
    photo: UploadedFile | None,
) -> Equipment:
    act = "equipment added" if row.pk is None else "equipment changed"
    row.kind, row.size, row.count, row.built_in = one_line(kind), one_line(size), count, built_in
    row.confirmed_on = timezone.localdate()
    if photo is not None:
        row.photo = take_photo(photo).file
    check_row(row)
    row.save()
    _record(row, actor, act)
    return row


def _record(row: Equipment, actor: User, act: str) -> None:
    firm = row.site.enterprise
    facts = {"site": row.site_id, "act": act, "kind": row.kind, "size": row.size, "count": row.count}
    record_change(thing=firm, verb=Verb.CHANGED, actor=actor, enterprise=firm, facts=facts)
