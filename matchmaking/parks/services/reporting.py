"""Figures that parks report by quarter: reported, locked, and corrected as versions of the same row."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Stale, require
from common.reasons import Reason
from matchmaking.parks.models import Park, ParkIndicator
from matchmaking.parks.permissions import can_administer_park, can_correct_indicator, can_report_indicator


@unit_of_work
def report_indicator(
    *,
    park: Park,
    kind: str,
    period_start: date,
    source: str,
    actor: User,
    value: Decimal | None = None,
    words: str = "",
    seen_version: int | None = None,
) -> ParkIndicator:
    """Report a figure of a quarter, or report it anew; its author is the actor. Problems and next steps are told in
    ``words``, everything else by its ``value``.

    Refuses not_yours and period_locked; Invalid without a source, or without the one of both that is wanted; Stale
    when somebody changed it after ``seen_version`` was read.
    """
    found = ParkIndicator.objects.select_for_update().filter(park=park, kind=kind, period_start=period_start).first()
    row = found or ParkIndicator(park=park, kind=kind, period_start=period_start)
    require(can_report_indicator(actor, row))
    return _write_figure(row, value=value, words=words, source=source, actor=actor, seen_version=seen_version)


@unit_of_work
def correct_indicator(
    *,
    indicator: ParkIndicator,
    source: str,
    actor: User,
    value: Decimal | None = None,
    words: str = "",
    seen_version: int | None = None,
) -> ParkIndicator:
    """Correct a locked figure: the row moves on, its earlier version stays in the history. Refuses not_yours."""
    row = ParkIndicator.objects.select_for_update().select_related("park").get(pk=indicator.pk)
    require(can_correct_indicator(actor, row))
    return _write_figure(row, value=value, words=words, source=source, actor=actor, seen_version=seen_version)


@unit_of_work
def lock_quarter(*, park: Park, period_start: date, actor: User) -> int:
    """Submit a quarter: its figures change by correction only from now on. Returns how many; refuses not_yours."""
    require(can_administer_park(actor, park))
    rows = list(ParkIndicator.objects.select_for_update().filter(park=park, period_start=period_start, is_locked=False))
    for row in rows:
        row.is_locked = True
        row.version += 1
        row.save()
        record_change(thing=row, verb=Verb.CONFIRMED, actor=actor, facts=facts_of(row))
    return len(rows)


def _write_figure(
    row: ParkIndicator,
    *,
    value: Decimal | None,
    words: str,
    source: str,
    actor: User,
    seen_version: int | None,
) -> ParkIndicator:
    """Save the figure with its author and record the change."""
    is_new = row.pk is None
    if not is_new and seen_version is not None and seen_version != row.version:
        raise Stale(seen=seen_version, current=row.version)
    if not source.strip():
        raise Invalid({"source": Reason.REFUSAL_REQUIRED})
    row.value, row.words, row.source, row.author = value, words.strip(), source.strip(), actor
    if is_new:
        # A figure that comes after its quarter was submitted stands with it at once.
        quarter = ParkIndicator.objects.filter(park=row.park, period_start=row.period_start)
        row.is_locked = quarter.filter(is_locked=True).exists()
    row.version += not is_new
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid({name: "; ".join(texts) for name, texts in error.message_dict.items()}) from error
    row.save()
    record_change(thing=row, verb=Verb.CREATED if is_new else Verb.CHANGED, actor=actor, facts=facts_of(row))
    return row


def facts_of(row: ParkIndicator) -> dict[str, Any]:
    """What the record tells of a figure."""
    return {"park": row.park.slug, "kind": row.kind, "period_start": row.period_start.isoformat()}
