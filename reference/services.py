"""Loads the reference rows kept in fixtures/reference: by natural keys, repeatable, never taking away what is used."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.keeping import process_cache
from reference.models import (
    Certification,
    ChainLink,
    ChainNode,
    GlossaryTerm,
    IndustryChain,
    Parameter,
    Recognition,
    Region,
    Unit,
)
from reference.queries.names import KEPT_UNDER
from reference.queries.recognitions import forget_recognitions

FIXTURE_FOLDER: Path = settings.FIXTURES / "reference"
"""Where the reference rows lie, one JSON file a kind."""


@dataclass(frozen=True)
class LoadFigures:
    """What loading one kind did, in rows."""

    kind: str
    created: int
    updated: int
    unchanged: int
    retired: int
    deleted: int

    @property
    def changed(self) -> int:
        """Rows that are not as they were before."""
        return self.created + self.updated + self.retired + self.deleted


@dataclass(frozen=True)
class Kind:
    """A fixture file, its model, the columns that make its natural key, and the columns that name other rows."""

    name: str
    model: type[Any]
    key: tuple[str, ...] = ("code",)
    references: dict[str, str] = field(default_factory=dict)

    @property
    def own_references(self) -> tuple[str, ...]:
        """Columns that name rows of the same kind."""
        return tuple(column for column, kind in self.references.items() if kind == self.name)


KINDS = (
    Kind("regions", Region, references={"parent": "regions", "successor": "regions"}),
    Kind("chains", IndustryChain),
    Kind("nodes", ChainNode, references={"chain": "chains", "parent": "nodes"}),
    Kind("links", ChainLink, ("supplier", "consumer"), {"supplier": "nodes", "consumer": "nodes"}),
    Kind("certifications", Certification),
    Kind("units", Unit, references={"base": "units"}),
    Kind("glossary", GlossaryTerm, ("term_zh",), {"chain": "chains", "node": "nodes", "variant_of": "glossary"}),
    Kind("parameters", Parameter, references={"unit": "units"}),
    Kind("recognitions", Recognition, ("parameter", "valid_from"), {"parameter": "parameters"}),
)
"""What is loaded here, in the order in which rows may name one another."""

Key = tuple[str, ...]
Found = dict[str, dict[Key, Any]]


def fixture_text(rows: Sequence[dict[str, object]]) -> str:
    """``rows`` as they are written to a fixture: one row a line, so that a change shows as one line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n"


def read_fixture(name: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """Rows of the fixture ``name`` (without .json), rows named by natural keys. Refuses a file it cannot read."""
    path = (folder or FIXTURE_FOLDER) / f"{name}.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid({name: _("This file cannot be read: {path}").format(path=path.name)}) from error
    if not isinstance(rows, list):
        raise Invalid({name: _("A list of rows is wanted.")})
    return rows


def load_reference_rows(*, folder: Path | None = None, on: date | None = None) -> list[LoadFigures]:
    """Make the tables agree with the fixtures, all in one transaction; a second run changes nothing.

    Rows that left the files are deleted where nothing uses them; used ones are retired on the day ``on`` (today), a
    region ends on it. Rows that people wrote have a history and stay as these left them. Refuses (Invalid) rows that
    do not pass their own checks, and then changes nothing.
    """
    day = on or timezone.localdate()
    found: Found = {}
    written: dict[str, tuple[int, int, int]] = {}
    listed: dict[str, set[Key]] = {}
    with transaction.atomic():
        for kind in KINDS:
            found[kind.name] = rows_by_key(kind, found)
            rows = read_fixture(kind.name, folder)
            listed[kind.name] = {key_of(kind, row) for row in rows}
            written[kind.name] = write_rows(kind, rows, found)
        gone = {kind.name: remove_rows(kind, found[kind.name], listed[kind.name], day) for kind in reversed(KINDS)}
    process_cache.delete(KEPT_UNDER)
    forget_recognitions()
    return [LoadFigures(kind.name, *written[kind.name], *gone[kind.name]) for kind in KINDS]


def key_of(kind: Kind, row: dict[str, Any]) -> Key:
    """Natural key of a fixture row. Refuses a row without one."""
    try:
        return tuple(str(row[column]) for column in kind.key)
    except KeyError as error:
        raise Invalid({kind.name: _("A row lacks its key: {column}").format(column=error.args[0])}) from error


def rows_by_key(kind: Kind, found: Found) -> dict[Key, Any]:
    """All stored rows of a kind by natural key; columns that name rows read before are filled without a query."""
    rows = list(kind.model._base_manager.all())
    known = {
        name: {row.pk: row for row in found[name].values()} for name in {*kind.references.values()} if name in found
    }
    known[kind.name] = {row.pk: row for row in rows}
    for row in rows:
        for column, name in kind.references.items():
            pk = getattr(row, f"{column}_id")
            if pk is not None:
                setattr(row, column, known[name][pk])
    return {tuple(row.natural_key()): row for row in rows}


def write_rows(kind: Kind, rows: Iterable[dict[str, Any]], found: Found) -> tuple[int, int, int]:
    """Create and update rows of one kind, in waves where they name one another; counts of both and of the rest."""
    waiting = {key_of(kind, row): row for row in rows}
    written = written_by_people(kind.model)
    created = updated = total = 0
    while waiting:
        stored = found[kind.name]
        wave = {
            key: row
            for key, row in waiting.items()
            if not any((row.get(own),) in waiting for own in kind.own_references)
        }
        if not wave:
            raise Invalid({kind.name: _("Rows name one another in a circle: {keys}").format(keys=sorted(waiting))})
        new, changed, columns = [], [], set()
        for key, row in wave.items():
            values = values_of(kind, row, found)
            if key not in stored:
                stored[key] = checked(kind, key, kind.model(**values))
                new.append(stored[key])
            elif stored[key].pk in written:
                pass
            elif different := [column for column, value in values.items() if getattr(stored[key], column) != value]:
                for column in different:
                    setattr(stored[key], column, values[column])
                changed.append(checked(kind, key, stored[key]))
                columns.update(different)
            del waiting[key]
        save_rows(kind, new, changed, columns)
        created, updated, total = created + len(new), updated + len(changed), total + len(wave)
    return created, updated, total - created - updated


def written_by_people(model: type[Any]) -> set[int]:
    """Row numbers of ``model`` that people wrote in the administration: the loader itself keeps no versions."""
    return set(model.history.exclude(history_type="-").values_list("id", flat=True))


def save_rows(kind: Kind, new: list[Any], changed: list[Any], columns: set[str]) -> None:
    """Write one wave in two statements; the time of change is set by hand, for bulk updates leave it alone."""
    kind.model._base_manager.bulk_create(new, batch_size=500)
    if changed:
        now = timezone.now()
        for row in changed:
            row.changed_at = now
        kind.model._base_manager.bulk_update(changed, [*sorted(columns), "changed_at"], batch_size=100)


def values_of(kind: Kind, row: dict[str, Any], found: Found) -> dict[str, Any]:
    """Column values of a fixture row as the model holds them. Refuses unknown columns, codes and ill-typed values."""
    values: dict[str, Any] = {}
    for column, given in row.items():
        try:
            target = kind.references.get(column)
            if target is None:
                values[column] = kind.model._meta.get_field(column).to_python(given)
            else:
                values[column] = None if given is None else found[target][(given,)]
        except (ValidationError, FieldDoesNotExist, KeyError) as error:
            where = f"{kind.name} {'/'.join(key_of(kind, row))} {column}"
            raise Invalid({where: _("This value does not fit: {value}").format(value=given)}) from error
    if kind.model is Region:
        parent = values.get("parent")
        values["path"] = f"{parent.path if parent else ''}{values['code']}/"
    else:
        values["retired_on"] = None
    return values


def checked(kind: Kind, key: Key, row: Any) -> Any:
    """``row`` once its fields and its own rules hold; keys and references are known already and cost no query."""
    try:
        row.clean_fields(exclude={*kind.references})
        row.clean()
    except ValidationError as error:
        where = f"{kind.name} {'/'.join(key)}"
        raise Invalid({f"{where} {name}": "; ".join(texts) for name, texts in error.message_dict.items()}) from error
    return row


def remove_rows(kind: Kind, stored: dict[Key, Any], listed: set[Key], day: date) -> tuple[int, int]:
    """Delete unlisted rows that nothing uses, retire the others from ``day`` on; counts of retired and deleted."""
    gone = {row.pk: row for key, row in stored.items() if key not in listed}
    for written in written_by_people(kind.model) & gone.keys() if gone else ():
        del gone[written]
    deleted = 0
    while unused := gone.keys() - used_among(kind.model, gone.keys()):
        kind.model._base_manager.filter(pk__in=unused).delete()
        deleted += len(unused)
        gone = {pk: row for pk, row in gone.items() if pk not in unused}
    column = "valid_to" if kind.model is Region else "retired_on"
    leaving = [row for row in gone.values() if getattr(row, column) is None]
    for row in leaving:
        setattr(row, column, day)
    save_rows(kind, [], leaving, {column})
    return len(leaving), deleted


def used_among(model: type[Any], keys: Iterable[int]) -> set[int]:
    """Those of the row numbers ``keys`` that any row of any table points to, relations without a way back included.

    Kept versions of rows do not count: they tell what was, and hold when the row has gone.
    """
    wanted, used = list(keys), set[int]()
    for relation in model._meta.get_fields(include_hidden=True) if wanted else ():
        is_version = hasattr(relation.related_model, "history_id")
        if relation.auto_created and not relation.concrete and relation.is_relation and not is_version:
            name = relation.field.name
            pointing = relation.related_model._base_manager.filter(**{f"{name}__pk__in": wanted})
            used.update(pointing.values_list(f"{name}__pk", flat=True))
    return used
