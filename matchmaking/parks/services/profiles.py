"""Profiles of parks and their projects, changed by the people who run them."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Stale, require
from common.reasons import Reason
from matchmaking.parks.models import CooperationProject, Park, ParkFirm, ParkPartnership
from matchmaking.parks.permissions import can_administer_park

Row = TypeVar("Row", Park, ParkPartnership, CooperationProject)


@unit_of_work
def change_park(*, park: Park, values: Mapping[str, Any], actor: User, seen_version: int | None = None) -> Park:
    """Change what a park says of itself. Refuses not_yours; Invalid values; Stale after ``seen_version``."""
    row = Park.objects.select_for_update().get(pk=park.pk)
    require(can_administer_park(actor, row))
    return write_row(row=row, values=values, actor=actor, seen_version=seen_version)


@unit_of_work
def write_project(
    *, project: CooperationProject, values: Mapping[str, Any], actor: User, seen_version: int | None = None
) -> CooperationProject:
    """Begin or change a project of one's own park. Refuses not_yours; Invalid; Stale after ``seen_version``.

    A firm that is named anew must lie in the regions that the actor looks after (firm_elsewhere).
    """
    if project.pk is not None:
        project = CooperationProject.objects.select_for_update().get(pk=project.pk)
        require(can_administer_park(actor, project.park))
    park = values.get("park", project.park if project.park_id else None)
    if park is None:
        raise Invalid({"park": Reason.REFUSAL_REQUIRED})
    require(can_administer_park(actor, park))
    _require_firms_within_reach(project, {**values, "park": park}, actor)
    return write_row(row=project, values=values, actor=actor, seen_version=seen_version)


def _require_firms_within_reach(project: CooperationProject, values: Mapping[str, Any], actor: User) -> None:
    """Refuses (Invalid, firm_elsewhere) a firm that is new here and lies in no region of the project's two parks, or in
    one that the actor does not look after; those that stand here already may stay.
    """
    parks = [values.get(name, getattr(project, name, None)) for name in ("park", "partner_park")]
    kept = set(project.enterprises.values_list("pk", flat=True)) if project.pk is not None else set()
    added = [firm for firm in values.get("enterprises", ()) if firm.pk not in kept]
    near = ParkFirm.objects.administered_by(actor).in_regions_of([park for park in parks if park is not None])
    known = set(near.filter(pk__in=[firm.pk for firm in added]).values_list("pk", flat=True))
    for firm in added:
        if firm.pk not in known:
            raise Invalid({"enterprises": Reason.REFUSAL_FIRM_ELSEWHERE}, {"enterprises": {"name": firm.name}})


def write_row(*, row: Row, values: Mapping[str, Any], actor: User, seen_version: int | None = None) -> Row:
    """Save plain columns, then the many-to-many ones, and record the change; a version more than before."""
    is_new = row.pk is None
    if not is_new and seen_version is not None and seen_version != row.version:
        raise Stale(seen=seen_version, current=row.version)
    many = {field.name for field in row._meta.many_to_many}
    for name in values.keys() - many:
        setattr(row, name, values[name])
    row.version += not is_new
    check(row)
    row.save()
    for name in values.keys() & many:
        getattr(row, name).set(values[name])
    record_change(
        thing=row, verb=Verb.CREATED if is_new else Verb.CHANGED, actor=actor, facts={"fields": sorted(values)}
    )
    return row


def check(row: models.Model) -> None:
    """Refuses (Invalid) a row that does not pass its own checks."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid({name: "; ".join(texts) for name, texts in error.message_dict.items()}) from error
