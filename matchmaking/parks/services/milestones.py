"""Milestones of projects, written by the people who run the project's park."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import require
from matchmaking.parks.models import Milestone
from matchmaking.parks.permissions import can_administer_park
from matchmaking.parks.services.profiles import check


@unit_of_work
def write_milestone(*, milestone: Milestone, values: Mapping[str, Any], actor: User) -> Milestone:
    """Set a milestone of a project, or say when it was reached. Refuses not_yours; Invalid values."""
    row = milestone
    if row.pk is not None:
        row = Milestone.objects.select_for_update().select_related("project__park").get(pk=row.pk)
    require(can_administer_park(actor, row.project.park))
    for name, value in values.items():
        setattr(row, name, value)
    check(row)
    row.save()
    record_change(thing=row.project, verb=Verb.CHANGED, actor=actor, facts={"milestone": row.name_zh})
    return row
