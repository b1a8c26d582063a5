"""Plants of an enterprise; their machines stand in ``equipment.py``."""

from collections.abc import Mapping

from accounts.choices import Verb
from accounts.models import Enterprise, Site, User
from accounts.permissions import can_edit_sites
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.equipment import forget_photo
from common.errors import Refused, require
from common.reasons import Reason
from common.values import one_line
from reference.models import Region

MOST_SITES = 50
"""Plants of one enterprise; more is an import gone wrong."""


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
    site = Site(enterprise=enterprise, name=one_line(name), region=region, address=one_line(address))
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
    locked.name, locked.region, locked.address = one_line(name), region, one_line(address)
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
    for machine in site.equipment.exclude(photo=""):
        forget_photo(machine)
    site.delete()


def _record(enterprise: Enterprise, actor: User, facts: Mapping[str, object]) -> None:
    record_change(thing=enterprise, verb=Verb.CHANGED, actor=actor, enterprise=enterprise, facts=dict(facts))
