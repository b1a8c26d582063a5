"""What a sheet of rows is: its columns, what is wrong in a file, and that services write what is right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult
from tablib import Dataset

from accounts.imports.columns import Column
from accounts.imports.reading import LONGEST_CELL, Sheetful, Unfit, refused
from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, Refused, ServiceError, Stale
from common.reason_texts import text_of
from common.reasons import Reason

CHUNK = 200
"""Rows that one rehearsal transaction holds, so that nobody waits long for its lock."""


class Told(ValidationError):
    """Why a value cannot be taken, with a way out."""

    def __init__(self, reason: str, way_out: str) -> None:
        super().__init__(reason)
        self.way_out = way_out


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: row as Excel counts, head of the column, the value, why, and a way out."""

    row: int
    column: str
    value: str
    reason: str
    way_out: str = ""


@dataclass
class Outcome:
    """What a file does or did: rows by what happens to them, and every problem."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def rows_with_problems(self) -> set[int]:
        """Numbers of the rows that cannot be taken."""
        return {problem.row for problem in self.problems}

    @property
    def good(self) -> int:
        """Rows that can be taken."""
        return self.created + self.updated + self.unchanged


class RowsByKey(BaseInstanceLoader):
    """Finds the stored rows of a file by its key columns in one query, among those that the actor may change."""

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        keys = [key for key in map(self.key_of, dataset.dict) if key is not None]
        columns = self.columns()
        first = columns[0].attribute
        rows = resource.get_queryset().filter(**{f"{first}__in": {key[0] for key in keys}}) if keys else ()
        self.known = {tuple(column.get_value(row) for column in columns): row for row in rows}

    def columns(self) -> list[Column]:
        """The columns that name a row."""
        found: list[Column] = self.resource.key_columns()
        return found

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The key of a file's row; None where a cell of it cannot be read, which is told with the cell."""
        try:
            return tuple(column.clean(row, user=self.resource.actor) for column in self.columns())
        except ValueError:
            return None

    def get_instance(self, row: Mapping[str, Any]) -> Any:
        """The stored row, None for a new one."""
        return self.known.get(self.key_of(row) or ())


class Sheet(Resource):
    """Rows of a model as a table. Subclasses list columns and, where rows may come in, write one through a service.

    ``class Meta(Exchange)`` names the model and, in ``import_id_fields``, the columns that say which row is meant.
    """

    may_create = True
    blank_keeps = False
    """Whether an empty cell leaves what is kept as it is."""

    def __init__(self, *, actor: User) -> None:
        super().__init__()
        self.actor = actor

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Write one row through a service that asks whether ``self.actor`` may; ``values`` are those of the file."""
        raise NotImplementedError

    @classmethod
    def base_columns(cls) -> list[Column]:
        """All columns in the order in which they are declared."""
        return list(cls.fields.values())

    def columns(self) -> list[Column]:
        """All columns in the order in which they are declared."""
        return list(self.fields.values())

    def import_columns(self) -> list[Column]:
        """The columns that a file must have."""
        return [column for column in self.columns() if not column.readonly]

    def key_columns(self) -> list[Column]:
        """The columns that say which row is meant."""
        return [self.fields[name] for name in self.get_import_id_fields()]

    def import_head(self) -> list[str]:
        """The heads that a file must have, in the reader's language."""
        return [str(column.label) for column in self.import_columns()]

    def head(self) -> list[str]:
        """The heads in the reader's language."""
        return [str(column.label) for column in self.columns()]

    def cells_of(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        """Each row as the cells of a file."""
        columns = self.columns()
        for row in rows:
            yield [column.export(row) for column in columns]

    def init_instance(self, row: Any = None) -> Any:
        """A new row; refused where rows are only changed."""
        if not self.may_create:
            told = Told(_("No row with this code is known."), _("Look the code up in its list."))
            raise ValidationError({self.get_import_id_fields()[0]: told})
        return self._meta.model()

    def get_queryset(self) -> QuerySet[Any]:
        """Rows that the actor may change; all, unless a sheet says which."""
        rows: QuerySet[Any] = self._meta.model._default_manager.all()
        return rows

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Set the values of the file; every cell that does not fit is told, not the first alone."""
        errors = {}
        for column in self.import_columns():
            if self.blank_keeps and not column.is_required and row[column.column_name] == "":
                continue
            try:
                column.save(instance, row, **kwargs)
            except Unfit as error:
                errors[column.attribute] = Told(error.reason, error.way_out)
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Ask the fields what they hold; the service asks everything else."""
        errors = dict(import_validation_errors or {})
        taken = {column.attribute for column in self.import_columns()} - set(errors)
        try:
            others = [f.name for f in instance._meta.fields if f.name not in taken or f.is_relation]
            instance.clean_fields(exclude=others)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Let the service write; what it refuses is told at the columns."""
        values = {column.attribute: column.get_value(instance) for column in self.import_columns()}
        try:
            self.write(instance, values, is_new=is_create)
        except ServiceError as error:
            raise ValidationError(told_by_column(error)) from error

    def assigned(self, file: Sheetful) -> tuple[list[Column | None], list[str]]:
        """The column of each place of the file, None for one that is not read, and the heads of those.

        Refuses (Invalid) a file that lacks a needed column or has one twice.
        """
        places, ignored = self.placed(file.head)
        missing = [str(column.label) for column in self.import_columns() if column not in places]
        if missing:
            raise refused(_("The file lacks these columns: {columns}").format(columns=", ".join(missing)))
        return places, ignored

    def placed(self, heads: Sequence[str]) -> tuple[list[Column | None], list[str]]:
        """``assigned`` for a file that may lack columns. Refuses (Invalid) one that has a column twice."""
        wanted = {name: column for column in self.columns() for name in column.names()}
        places = [wanted.get(head.strip().casefold()) for head in heads]
        taken = [column for column in places if column is not None]
        if twice := [column for column in taken if taken.count(column) > 1]:
            raise refused(_("The file has this column twice: {column}").format(column=twice[0].label))
        ignored = [head for head, column in zip(heads, places, strict=True) if column is None or column.readonly]
        return [None if column is None or column.readonly else column for column in places], ignored

    def rehearse(self, file: Sheetful) -> Outcome:
        """What the file would do, tried in transactions that are taken back; tells every problem."""
        places, ignored = self.assigned(file)
        outcome = Outcome(problems=list(self.twice(file, places)), ignored=ignored)
        twins = outcome.rows_with_problems
        rows = [entry for entry in file.rows if entry[0] not in twins]
        for start in range(0, len(rows), CHUNK):
            self.run(rows[start : start + CHUNK], places, outcome, is_rehearsal=True)
        outcome.problems.sort(key=lambda problem: problem.row)
        return outcome

    @unit_of_work
    def take_in(self, file: Sheetful, left_out: set[int]) -> Outcome:
        """Write the rows of the file but those ``left_out``, all or none. Raises Unwritten where a problem came up."""
        places, ignored = self.assigned(file)
        outcome = Outcome(ignored=ignored)
        self.run([entry for entry in file.rows if entry[0] not in left_out], places, outcome, is_rehearsal=False)
        if outcome.problems:
            raise Unwritten(outcome)
        return outcome

    def run(
        self,
        rows: Sequence[tuple[int, list[Any]]],
        places: Sequence[Column | None],
        outcome: Outcome,
        *,
        is_rehearsal: bool,
    ) -> None:
        """Put ``rows`` through the services and count in ``outcome`` what came of them."""
        heads = [column.column_name for column in places if column is not None]
        data = Dataset(headers=heads)
        for _number, cells in rows:
            data.append([cell for cell, column in padded(cells, places) if column is not None])
        done = self.import_data(data, dry_run=is_rehearsal, use_transactions=True, user=self.actor)
        for (number, cells), result in zip(rows, done.rows, strict=True):
            if result.errors:
                raise result.errors[0].error
            if result.validation_error is not None:
                given = {column.attribute: cell for cell, column in padded(cells, places) if column is not None}
                outcome.problems += self.problems_of(number, given, result.validation_error)
            elif result.import_type == RowResult.IMPORT_TYPE_NEW:
                outcome.created += 1
            elif result.import_type == RowResult.IMPORT_TYPE_UPDATE:
                outcome.updated += 1
            else:
                outcome.unchanged += 1

    def problems_of(self, number: int, given: Mapping[str, Any], error: ValidationError) -> Iterator[Problem]:
        """One problem for each thing that is wrong in a row."""
        named = {column.attribute: column for column in self.columns()}
        for name, found in error.error_dict.items():
            column = named.get(name)
            for one in found:
                hint = str(column.way_out) if column else ""
                yield Problem(
                    number,
                    str(column.label) if column else "",
                    str(given.get(name, ""))[:LONGEST_CELL],
                    " ".join(one.messages),
                    getattr(one, "way_out", "") or hint,
                )

    def twice(self, file: Sheetful, places: Sequence[Column | None]) -> Iterator[Problem]:
        """Rows whose key stands in an earlier row of the file already."""
        keys = self.key_columns()
        seen: dict[tuple[str, ...], int] = {}
        for number, cells in file.rows:
            given = {column.attribute: cell for cell, column in padded(cells, places) if column is not None}
            key = tuple(str(given[column.attribute]) for column in keys)
            if not all(key):
                continue
            if key in seen:
                told = _("Row {row} of the file has the same key.").format(row=seen[key])
                yield Problem(number, str(keys[0].label), " · ".join(key), told, _("Keep one of the two rows."))
            seen.setdefault(key, number)


class Unwritten(Exception):
    """Nothing was written, since ``outcome`` holds problems that the rehearsal did not."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(len(outcome.problems))
        self.outcome = outcome


class Exchange:
    """What the ``Meta`` of every sheet shares."""

    instance_loader_class = RowsByKey
    skip_unchanged = True
    report_skipped = True
    skip_html_diff = True
    store_instance = False


def padded(cells: Sequence[Any], places: Sequence[Column | None]) -> Iterator[tuple[Any, Column | None]]:
    """Each place with its cell; a short row ends in blanks."""
    for place, column in enumerate(places):
        yield cells[place] if place < len(cells) else "", column


def told_by_column(error: ServiceError) -> dict[str, Any]:
    """Why a service did not do it, by the attribute that it is about."""
    language = get_language() or "zh-hans"
    if isinstance(error, Invalid):
        return {
            name or NON_FIELD_ERRORS: text_of(reason, language, error.facts.get(name))
            if isinstance(reason, Reason)
            else str(reason)
            for name, reason in error.fields.items()
        }
    if isinstance(error, Refused):
        return {NON_FIELD_ERRORS: text_of(error.reason, language, dict(error.facts))}
    assert isinstance(error, Stale)
    return {NON_FIELD_ERRORS: _("Somebody changed this meanwhile. Open it again and repeat your change.")}
