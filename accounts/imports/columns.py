"""Columns of a sheet: how a cell is read and written, what it may be called, and what to do when it does not fit."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from accounts.imports.reading import Unfit, text_of_cell
from accounts.models import User
from common.reason_texts import text_of
from common.reasons import Reason
from common.values import normalise_text, parse_amount, parse_day

LANGUAGES = ("zh-hans", "en")
Label = str | Promise


class Texts(Widget):
    """A text on one line or several, without invisible characters."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The text."""
        return normalise_text(str(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The text, empty for nothing."""
        return "" if value is None else str(value)


class Amounts(Texts):
    """A number as people type it, empty for none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """A decimal number. Raises Unfit."""
        if value == "":
            return None
        try:
            return parse_amount(value)
        except ValueError as error:
            raise Unfit(_("This is not a number."), _("Write digits, such as 1200 or 0.5.")) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The number as such."""
        return value


class Counts(Amounts):
    """A whole number, empty for none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """A whole number. Raises Unfit."""
        amount = super().clean(value, row, **kwargs)
        if amount is not None and amount != int(amount):
            raise Unfit(_("This is not a whole number."), _("Write digits, such as 1200."))
        return None if amount is None else int(amount)


class Days(Texts):
    """A day, empty for none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The day. Raises Unfit."""
        if value == "":
            return None
        try:
            return parse_day(value)
        except ValueError as error:
            raise Unfit(_("This is not a day."), _("Write it as 2026-01-31.")) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The day as such."""
        return value


class Lists(Texts):
    """Several texts in one cell, separated by semicolons."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The texts, each once."""
        parts = normalise_text(str(value)).replace("\uff1b", ";").split(";")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The texts, joined."""
        return "; ".join(value or ())


class Choices(Texts):
    """One of a list, written by its code or by its label in either language; files are written with labels."""

    def __init__(self, choices: Iterable[tuple[Any, Label]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.labels = dict(choices)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The code. Raises Unfit, naming what there is to choose."""
        text = normalise_text(str(value))
        if text in self.labels or text == "":
            return text
        for language in LANGUAGES:
            with override(language):
                found = next((code for code, label in self.labels.items() if str(label) == text), None)
            if found is not None:
                return found
        offered = ", ".join(str(label) for label in self.labels.values())
        raise Unfit(
            _("This is none of the values that there are."), _("Choose one of: {values}").format(values=offered)
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The label in the reader's language."""
        return str(self.labels.get(value, value or ""))


class Named(Texts):
    """Another row, named by its code; ``rows_for`` gives those that the actor may name."""

    def __init__(self, rows_for: Callable[[User], QuerySet[Any]], attribute: str = "code", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows_for, self.attribute = rows_for, attribute
        self.known: dict[str, Any] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The row, None for an empty cell. Raises Unfit for a code that is none, or none of the actor's."""
        code = normalise_text(str(value))
        if code == "":
            return None
        if self.known is None:
            self.known = {str(getattr(one, self.attribute)): one for one in self.rows_for(kwargs["user"])}
        if code not in self.known:
            raise Unfit(_("No row with this code is known."), _("Look the code up in its list."))
        return self.known[code]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The code."""
        return "" if value is None else str(getattr(value, self.attribute))


class Column(Field):
    """A column: its head in both languages, whether it holds a code, whether it is only written out, and a hint.

    ``also`` are other heads, in both languages too, under which people's own files have it.
    """

    def __init__(
        self,
        attribute: str,
        label: Label,
        widget: Widget | None = None,
        *,
        is_code: bool = False,
        is_required: bool = False,
        is_for_reading: bool = False,
        way_out: Label = "",
        also: Iterable[Label] = (),
    ) -> None:
        super().__init__(attribute=attribute, column_name=attribute, widget=widget or Texts(), readonly=is_for_reading)
        self.label, self.way_out, self.also = label, way_out, tuple(also)
        self.is_code, self.is_required = is_code, is_required

    def clean(self, row: Any, **kwargs: Any) -> Any:
        """The value of the column's cell. Raises Unfit."""
        text = text_of_cell(row[self.column_name], is_code=self.is_code)
        if self.is_required and text == "":
            raise Unfit(text_of(Reason.REFUSAL_REQUIRED, get_language() or "zh-hans"), _("Fill the cell in."))
        return super().clean({**row, self.column_name: text}, **kwargs)

    def names(self) -> set[str]:
        """What a file may call the column: its head in either language, its technical name, or another usual one."""
        found = {self.column_name}
        for language in LANGUAGES:
            with override(language):
                found |= {str(name) for name in (self.label, *self.also)}
        return {name.strip().casefold() for name in found}
