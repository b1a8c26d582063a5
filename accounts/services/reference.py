"""Reference rows that people of the platform write: recorded, kept as versions, and left alone by the loader."""

from typing import Any

from accounts.choices import Verb
from accounts.models import User
from accounts.permissions import can_write_reference
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import require
from common.keeping import process_cache
from reference.imports import pinyin_columns
from reference.models import ChainNode, GlossaryTerm
from reference.queries.names import KEPT_UNDER
from reference.queries.recognitions import forget_recognitions
from reference.rows import ReferenceRow

AUTHORED_HERE = "Chuanyu Match administration"
"""Source of a row that somebody wrote here without naming another one."""


@unit_of_work
def write_reference_row(*, row: Any, values: dict[str, Any], actor: User) -> Any:
    """Give ``row``, new or stored, these values. Refuses not_yours; Invalid for values that do not fit.

    The row as it was loaded is kept as its first version, so that what was changed can be seen.
    """
    require(can_write_reference(actor, row))
    stored = type(row).objects.select_for_update().get(pk=row.pk) if row.pk else row
    is_new = stored.pk is None
    before = None if is_new else as_loaded(stored)
    changed = [name for name, value in values.items() if is_new or getattr(stored, name) != value]
    for name, value in values.items():
        setattr(stored, name, value)
    stored.source = stored.source or AUTHORED_HERE
    for name, text in spelled(stored).items():
        setattr(stored, name, text)
    check_row(stored)
    if before is not None:
        before.save()
    stored.save()
    process_cache.delete(KEPT_UNDER)
    forget_recognitions()
    facts: dict[str, object] = {"fields": sorted(changed)}
    record_change(thing=stored, verb=Verb.CREATED if is_new else Verb.CHANGED, actor=actor, facts=facts)
    return stored


def as_loaded(row: Any) -> Any:
    """A first version of a row that has none yet, as the files had it; None where people wrote it before."""
    if row.history.exists():
        return None
    version = row.history.model(history_date=row.changed_at, history_type="+")
    for field in row._meta.concrete_fields:
        setattr(version, field.attname, getattr(row, field.attname))
    return version


def spelled(row: ReferenceRow) -> dict[str, object]:
    """The pinyin of words that the picker searches, in step with the words."""
    if isinstance(row, ChainNode):
        return pinyin_columns([row.name_zh, *row.aliases_zh])
    if isinstance(row, GlossaryTerm):
        return pinyin_columns([row.term_zh, *row.aliases_zh])
    return {}
