"""Takes the last change of a park's row back: what stood before becomes a further version, so nothing is lost."""

from typing import Any, TypeVar

from accounts.models import User
from accounts.querysets import is_platform_admin
from accounts.services.changes import unit_of_work
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.parks.models import CooperationProject, Park, ParkFirm, ParkIndicator
from matchmaking.parks.permissions import can_administer_park
from matchmaking.parks.services.profiles import change_park, write_project
from matchmaking.parks.services.reporting import report_indicator

OWN_WORDS = ("clusters", "introduction_zh", "introduction_en")
"""What a park's own people say of it; everything else stands in announcements and is the platform's."""
KEPT = {"id", "version", "created_at", "changed_at"}
Row = TypeVar("Row", Park, CooperationProject, ParkIndicator)


@unit_of_work
def undo_last_change(*, row: Row, actor: User) -> Row:
    """Write what ``row`` was before its last change; doing it twice brings the change back.

    Refuses not_yours, also where the change was to what the platform alone writes; nothing_waits for a row as it was
    begun; period_locked for a figure of a submitted quarter, which is corrected instead.
    """
    current: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    require(can_administer_park(actor, current if isinstance(current, Park) else current.park))
    before = current.history.filter(version__lt=current.version).order_by("-history_id").first()
    if before is None:
        raise Refused(Reason.REFUSAL_NOTHING_WAITS)
    values = changed_since(before, current)
    if isinstance(current, ParkIndicator):
        report_indicator(
            park=current.park,
            kind=current.kind,
            period_start=current.period_start,
            value=before.value,
            words=before.words,
            source=before.source,
            actor=actor,
        )
    elif isinstance(current, Park):
        if not is_platform_admin(actor) and not values.keys() <= set(OWN_WORDS):
            raise Refused(Reason.REFUSAL_NOT_YOURS)
        change_park(park=current, values=values, actor=actor)
    else:
        firms = before.enterprises.values_list("parkfirm", flat=True)
        write_project(
            project=current, values={**values, "enterprises": list(ParkFirm.objects.filter(pk__in=firms))}, actor=actor
        )
    current.refresh_from_db()
    undone: Row = current
    return undone


def changed_since(before: Any, row: Any) -> dict[str, Any]:
    """The plain columns in which ``row`` differs from its version ``before``, with what stood there."""
    names = (field.name for field in row._meta.concrete_fields if field.name not in KEPT)
    return {name: getattr(before, name) for name in names if getattr(before, name) != getattr(row, name)}
