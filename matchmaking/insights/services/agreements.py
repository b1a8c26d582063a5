"""Loads framework agreements from fixtures/reference and writes what administrators add to them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from accounts.choices import Verb
from accounts.models import User
from accounts.querysets import is_platform_admin
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.reference import as_loaded
from common.errors import YES, Invalid, no, require
from common.reasons import Reason
from common.values import parse_day
from matchmaking.insights.agreements import Lasting
from matchmaking.insights.models import AgreementEntry, AgreementParty, Commitment, FrameworkAgreement
from reference.services import LoadFigures, read_fixture

PARTS: dict[str, tuple[type[Any], str]] = {
    "parties": (AgreementParty, "name_zh"),
    "commitments": (Commitment, "name_zh"),
    "entries": (AgreementEntry, "text_zh"),
}
"""Lists of an agreement in the file: their rows, and the column by which one is known within its agreement."""
DAYS = ("signed_by", "ends_on", "on", "due_on", "since")
Row = TypeVar("Row", bound=Lasting)


def load_agreements(*, folder: Path | None = None) -> LoadFigures:
    """Make agreements and their lines agree with the file. Rows with a history are people's and stay as these left
    them; none is deleted. Refuses (Invalid) rows that do not pass their own checks.
    """
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for written in read_fixture("agreements", folder):
        plain = {name: value for name, value in written.items() if name not in PARTS}
        agreement = load_row(FrameworkAgreement, {"code": plain.pop("code")}, plain, counts)
        for name, (model, key) in PARTS.items():
            for line in written.get(name, []):
                known = {"agreement": agreement, key: line[key]}
                load_row(model, known, {k: v for k, v in line.items() if k != key}, counts)
    return LoadFigures("agreements", counts["created"], counts["updated"], counts["unchanged"], 0, 0)


def load_row(model: type[Any], key: Mapping[str, Any], values: Mapping[str, Any], counts: dict[str, int]) -> Any:
    """Create or update one row of the file and count what was done."""
    row = model.objects.filter(**key).first() or model(**key)
    wanted = {name: parse_day(value) if name in DAYS and value else value for name, value in values.items()}
    by_people = row.pk is not None and row.history.exists()
    if by_people or (row.pk and all(getattr(row, name) == value for name, value in wanted.items())):
        counts["unchanged"] += 1
        return row
    counts["updated" if row.pk else "created"] += 1
    for name, value in wanted.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid({f"agreements {k}": "; ".join(texts) for k, texts in error.message_dict.items()}) from error
    row.save_without_historical_record()
    return row


@unit_of_work
def write_line(*, row: Row, values: Mapping[str, Any], actor: User) -> Row:
    """Enter an agreement or a line of one, or say what its source says now.

    Refuses not_yours; Invalid without a source. A party is never taken out: another one ``follows`` it from a day on.
    """
    require(YES if is_platform_admin(actor) else no(Reason.REFUSAL_NOT_YOURS))
    is_new = row.pk is None
    if not is_new:
        row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    before = None if is_new else as_loaded(row)
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, AgreementParty) and row.follows is not None:
        require_same_agreement(row, row.follows)
    check_row(row)
    if before is not None:
        before.save()
    row.save()
    record_change(thing=row, verb=Verb.CREATED if is_new else Verb.CHANGED, actor=actor, facts={"source": row.source})
    return row


def require_same_agreement(party: AgreementParty, earlier: AgreementParty) -> None:
    """Refuses (Invalid) a successor of a party of another agreement, or of itself."""
    if earlier.pk == party.pk or earlier.agreement_id != party.agreement_id:
        raise Invalid({"follows": Reason.REFUSAL_UNKNOWN_CODE}, {"follows": {"code": earlier.name}})
