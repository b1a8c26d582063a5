"""What a row says about its own values, turned into the one error that the doors understand."""

from collections.abc import Collection, Mapping

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from common.errors import Invalid
from common.reasons import Reason

CODES = {
    "blank": Reason.REFUSAL_REQUIRED,
    "null": Reason.REFUSAL_REQUIRED,
    "required": Reason.REFUSAL_REQUIRED,
    "max_length": Reason.REFUSAL_TOO_LONG,
}
"""Codes of Django's own checks that have a reason of ours."""


def check_row(row: models.Model, names: Mapping[str, str] | None = None, exclude: Collection[str] = ()) -> None:
    """Raise Invalid unless ``row`` passes full_clean; ``names`` gives fields the names that the doors use for them."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        called = names or {}
        fields: dict[str, Reason | str] = {}
        facts: dict[str, dict[str, object]] = {}
        for name, problems in error.error_dict.items():
            shown = "" if name == NON_FIELD_ERRORS else called.get(name, name)
            first = problems[0]
            fields[shown] = CODES.get(str(first.code), first.messages[0])
            facts[shown] = {"limit": (first.params or {}).get("limit_value", "")}
        raise Invalid(fields, facts) from error


def check_values(row: models.Model, exclude: Collection[str] = ()) -> None:
    """Raise ValidationError unless each value of ``row`` fits its field, without asking the database.

    For steps whose values the services choose: rows that it points at were just read, and what holds between values
    the database checks itself.
    """
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
    row.clean_fields(exclude={*exclude, *relations})
