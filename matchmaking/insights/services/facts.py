"""Loads quoted facts, agreements and targets from fixtures/reference and records what became of a target."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.choices import Verb
from accounts.models import User
from accounts.querysets import is_platform_admin
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.reference import as_loaded
from common.errors import YES, Invalid, no, require
from common.reasons import Reason
from matchmaking.insights.models import ClusterTarget, FrameworkAgreement, QuotedFact
from matchmaking.insights.services.agreements import load_agreements
from reference.services import LoadFigures, read_fixture

QUOTED = ("claim_zh", "claim_en", "value", "unit_zh", "unit_en", "source", "note_zh", "note_en")
FACT_COLUMNS = (*QUOTED, "subject_zh", "subject_en", "period_zh", "period_en")
TARGET_COLUMNS = (*QUOTED, "cluster", "due_year", "agreement")


@transaction.atomic
def load_facts(*, folder: Path | None = None) -> list[LoadFigures]:
    """Make quoted facts, agreements and targets agree with the files; a second run changes nothing and none is deleted.

    Facts that people wrote have a history and stay as these left them; the actual value of a target is not the files'
    business and stays. Refuses (Invalid) rows that do not pass their own checks, and then changes nothing.
    """
    return [
        load_kind("quoted_facts", QuotedFact, FACT_COLUMNS, folder),
        load_agreements(folder=folder),
        load_kind("targets", ClusterTarget, TARGET_COLUMNS, folder),
    ]


def load_kind(name: str, model: type[Any], columns: tuple[str, ...], folder: Path | None) -> LoadFigures:
    """Create and update the rows of one file by their codes; counts of what was done."""
    stored = {row.code: row for row in model.objects.all()}
    by_people = set(model.history.values_list("id", flat=True)) if model is QuotedFact else set()
    created = updated = unchanged = 0
    for cells in read_fixture(name, folder):
        written = cells
        if "agreement" in columns:
            named = FrameworkAgreement.objects.filter(code=cells["agreement"]).first()
            written = {**cells, "agreement": named}
        row = stored.get(written["code"]) or model(code=written["code"])
        if row.pk in by_people or (row.pk and all(getattr(row, column) == written[column] for column in columns)):
            unchanged += 1
            continue
        created, updated = created + (row.pk is None), updated + (row.pk is not None)
        for column in columns:
            setattr(row, column, written[column])
        try:
            row.full_clean()
        except ValidationError as error:
            where = f"{name} {row.code}"
            texts = {f"{where} {field}": "; ".join(found) for field, found in error.message_dict.items()}
            raise Invalid(texts) from error
        row.save_without_historical_record()
    return LoadFigures(name, created, updated, unchanged, 0, 0)


@unit_of_work
def write_fact(*, fact: QuotedFact, values: dict[str, Any], actor: User) -> QuotedFact:
    """Enter a quoted fact or say what its source says now. Refuses not_yours; Invalid for one without a source."""
    require(YES if is_platform_admin(actor) else no(Reason.REFUSAL_NOT_YOURS))
    is_new = fact.pk is None
    row: QuotedFact = fact if is_new else QuotedFact.objects.select_for_update().get(pk=fact.pk)
    before = None if is_new else as_loaded(row)
    for name, value in values.items():
        setattr(row, name, value)
    check_row(row)
    if before is not None:
        before.save()
    row.save()
    record_change(thing=row, verb=Verb.CREATED if is_new else Verb.CHANGED, actor=actor, facts={"value": row.value})
    return row


@unit_of_work
def record_actual_value(
    *,
    target: ClusterTarget,
    value: str,
    source: str,
    on: date | None,
    actor: User,
    are_definitions_same: bool = False,
    definitions: str = "",
) -> ClusterTarget:
    """Say what a target came to, with the source and the day of that figure, and whether both count the same, and why.

    Refuses not_yours; Invalid for a value without a source or a day, and for definitions that agree without a reason.
    """
    require(YES if is_platform_admin(actor) else no(Reason.REFUSAL_NOT_YOURS))
    row: ClusterTarget = ClusterTarget.objects.select_for_update().get(pk=target.pk)
    row.actual_value, row.actual_source, row.actual_on = value.strip(), source.strip(), on
    row.are_definitions_same, row.definitions = are_definitions_same, definitions.strip()
    check_row(row)
    row.save()
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, facts={"actual_value": row.actual_value})
    return row
