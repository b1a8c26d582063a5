"""Plants of an enterprise and their equipment."""

from collections.abc import Mapping

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Enterprise, Equipment, Site, User
from accounts.permissions import can_edit_sites
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Refused, require
from common.reasons import Reason
from common.values import normalise_text
from reference.models import Region

MOST_SITES, MOST_EQUIPMENT = 50, 200
"""Plants of one enterprise and kinds of machines of one plant; more is an import gone wrong."""


@unit_of_work
def add_site(
    *,
    enterprise: Enterprise,
    actor: User,
    name: str,
    region: Region,
    address: str = "",
    floor_area_m2: int | None = None,
    workers: int | None = None,
    is_satellite: bool = False,
) -> Site:
    """A new plant; its region counts for matching beside the seat. Refuses limit_reached, Invalid values."""
    require(can_edit_sites(actor, enterprise))
    if Site.objects.filter(enterprise=enterprise).count() >= MOST_SITES:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_SITES)
    site = Site(enterprise=enterprise, name=_line(name), region=region, address=_line(address))
    site.floor_area_m2, site.workers, site.is_satellite = floor_area_m2, workers, is_satellite
    check_row(site)
    site.save()
    _record(enterprise, actor, {"site": site.pk, "act": "added"})
    return site


@unit_of_work
def edit_site(
    *,
    site: Site,
    actor: User,
    name: str,
    region: Region,
    address: str = "",
    floor_area_m2: int | None = None,
    workers: int | None = None,
    is_satellite: bool = False,
) -> Site:
    """Correct what is told about a plant."""
    locked: Site = Site.objects.select_for_update().select_related("enterprise").get(pk=site.pk)
    require(can_edit_sites(actor, locked.enterprise))
    locked.name, locked.region, locked.address = _line(name), region, _line(address)
    locked.floor_area_m2, locked.workers, locked.is_satellite = floor_area_m2, workers, is_satellite
    check_row(locked)
    locked.save()
    _record(locked.enterprise, actor, {"site": locked.pk, "act": "changed"})
    return locked


@unit_of_work
def remove_site(*, site: Site, actor: User) -> None:
    """Take a plant and its equipment away for good."""
    require(can_edit_sites(actor, site.enterprise))
    _record(site.enterprise, actor, {"site": site.pk, "act": "removed", "name": site.name})
    site.delete()


@unit_of_work
def add_equipment(
    *, site: Site, actor: User, kind: str, size: str = "", count: int = 1, built_in: int | None = None
) -> Equipment:
    """More machines at a plant, as the firm tells it. Refuses limit_reached, Invalid values."""
    require(can_edit_sites(actor, site.enterprise))
    if Equipment.objects.filter(site=site).count() >= MOST_EQUIPMENT:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_EQUIPMENT)
    equipment = Equipment(site=site, kind=_line(kind), size=_line(size), count=count, built_in=built_in)
    equipment.confirmed_on = timezone.localdate()
    check_row(equipment)
    equipment.save()
    _record(site.enterprise, actor, {"site": site.pk, "act": "equipment added"})
    return equipment


@unit_of_work
def confirm_equipment(*, equipment: Equipment, actor: User) -> None:
    """The firm says that machines are still there as told; on a day on which it said so already nothing changes."""
    require(can_edit_sites(actor, equipment.site.enterprise))
    today = timezone.localdate()
    if Equipment.objects.filter(pk=equipment.pk).exclude(confirmed_on=today).update(confirmed_on=today):
        _record(equipment.site.enterprise, actor, {"site": equipment.site_id, "act": "equipment confirmed"})


@unit_of_work
def remove_equipment(*, equipment: Equipment, actor: User) -> None:
    """Machines that are no longer there."""
    require(can_edit_sites(actor, equipment.site.enterprise))
    _record(equipment.site.enterprise, actor, {"site": equipment.site_id, "act": "equipment removed"})
    equipment.delete()


def _line(text: str) -> str:
    return " ".join(normalise_text(text).split())


def _record(enterprise: Enterprise, actor: User, facts: Mapping[str, object]) -> None:
    record_change(thing=enterprise, verb=Verb.CHANGED, actor=actor, enterprise=enterprise, facts=dict(facts))
