"""What forms share: refusals of services told at the field, and pickers for reference rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid, Refused
from common.reason_texts import text_of
from common.reasons import Reason
from common.values import parse_amount, parse_day
from reference.choices import RegionLevel
from reference.models import Region
from reference.queries.names import reference_names
from reference.queries.regions import regions_in_use

LARGEST_COUNT = 10_000_000
"""Square metres or people above which a count is a slip of the keyboard."""


def told(reason: Reason, facts: dict[str, object] | None = None) -> str:
    """The text of a reason in the page's language."""
    return text_of(reason, get_language() or "zh-hans", facts)


class ServiceForm(forms.Form):
    """A form whose values a service checks once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            text = _("Choose: %(label)s") if isinstance(field, forms.ChoiceField) else _("Fill in: %(label)s")
            if field.label:
                field.error_messages["required"] = text % {"label": field.label}

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Put what a service finds wrong (Invalid) at the fields that it names."""
        try:
            yield
        except Invalid as refusal:
            for name, reason in refusal.fields.items():
                facts = self._facts(refusal.facts.get(name, {}))
                text = told(reason, facts) if isinstance(reason, Reason) else str(reason)
                place = self.place_of(name)
                self.add_error(place if place in self.fields else None, text)

    @contextmanager
    def kept_when_refused(self, place: str) -> Iterator[None]:
        """Put also what refuses the act as a whole (Refused) at the field ``place``, so that what was typed stays. That
        the reader may not act here at all is left to the page.
        """
        try:
            yield
        except Refused as refused:
            if refused.reason == Reason.REFUSAL_NOT_YOURS:
                raise
            self.add_error(place, told(refused.reason, refused.facts))

    @classmethod
    def begins_with(cls, row: Model) -> dict[str, Any]:
        """What the form begins with for a row that is there already: its values under the names of the fields."""
        kept = (name for name, field in cls.base_fields.items() if not isinstance(field, forms.FileField))
        return {name: getattr(row, name) for name in kept if hasattr(row, name)}

    def place_of(self, name: str) -> str:
        """The field of the form that stands for what a service calls ``name``."""
        return name

    def carried_out(self, act: Callable[[dict[str, Any]], object]) -> bool:
        """Whether the values are sound and ``act`` took them; what a service finds wrong stands at its field."""
        if self.is_valid():
            with self.refusals():
                act(self.cleaned_data)
        return self.is_valid()

    def _facts(self, facts: dict[str, object]) -> dict[str, object]:
        names = reference_names()
        successor = names.get(("region", str(facts.get("successor", ""))))
        return {**facts, "successor": successor.name} if successor else facts


class RegionField(forms.ChoiceField):
    """One region in use, below the prefecture or municipality that it belongs to; cleans to the Region."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=region_choices, **kwargs)

    def clean(self, value: Any) -> Region | None:
        """The region with the chosen code."""
        code = super().clean(value)
        return regions_in_use(timezone.localdate()).filter(code=code).first() if code else None

    def prepare_value(self, value: Any) -> Any:
        """The code of a region, for the widget."""
        return value.code if isinstance(value, Region) else value


def region_choices() -> list[tuple[str, Any]]:
    """Regions in use as a select shows them: by prefecture, the districts of a municipality together."""
    rows = list(regions_in_use(timezone.localdate()))
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.level == RegionLevel.PROVINCE or row.parent is None:
            continue
        head = row if row.level == RegionLevel.PREFECTURE else row.parent
        groups.setdefault(head.name, []).append((row.code, row.name))
    return [("", _("Choose a region")), *groups.items()]


class DayField(forms.CharField):
    """A day as people type it; cleans to a date or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs.setdefault("placeholder", "2027-01-31")
        self.widget.attrs.setdefault("inputmode", "numeric")

    def to_python(self, value: Any) -> Any:
        """The day behind the text."""
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_day(text)
        except ValueError as error:
            raise forms.ValidationError(told(Reason.REFUSAL_NOT_A_DAY)) from error

    def run_validators(self, value: Any) -> None:
        """Length and control characters are checked on the text."""
        super().run_validators(value.isoformat() if isinstance(value, date) else value)

    def prepare_value(self, value: Any) -> Any:
        """The day as it is typed."""
        return value.isoformat() if isinstance(value, date) else value


class CountField(forms.CharField):
    """A whole number above zero as people type it, full-width digits and commas too; cleans to int or None."""

    def __init__(self, *, largest: int = LARGEST_COUNT, **kwargs: Any) -> None:
        self.largest = largest
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")

    def to_python(self, value: Any) -> Any:
        """The number behind the text."""
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            amount = parse_amount(text)
        except ValueError as error:
            raise forms.ValidationError(told(Reason.REFUSAL_NOT_A_NUMBER)) from error
        if amount <= 0 or amount != int(amount):
            raise forms.ValidationError(told(Reason.REFUSAL_NOT_POSITIVE))
        if amount > self.largest:
            raise forms.ValidationError(told(Reason.REFUSAL_TOO_LARGE))
        return int(amount)

    def run_validators(self, value: Any) -> None:
        """Length and control characters are checked on the text."""
        super().run_validators(str(value) if value is not None else value)
