"""Numbers and days as people type them, as fields that say in the reader's language what cannot be read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_noop

from common.reason_texts import text_of
from common.reasons import Reason
from common.values import TooLarge, normalise_text, parse_amount, parse_day
from matchmaking.postings.choices import Period

READ_BACK: dict[str, str] = {
    Period.ONCE: gettext_noop("reads as {amount} {unit}"),
    Period.MONTH: gettext_noop("reads as {amount} {unit} a month, about {year} {unit} a year"),
    Period.YEAR: gettext_noop("reads as {amount} {unit} a year"),
}
"""How a quantity is read back, by what it is counted over."""


def refusal(reason: Reason, facts: Mapping[str, object] | None = None) -> ValidationError:
    """The text of ``reason`` in the reader's language as an error of a field."""
    return ValidationError(text_of(reason, get_language() or "zh-hans", dict(facts or {})))


class AmountField(forms.Field):
    """A number as people type it."""

    unreadable = Reason.REFUSAL_NOT_A_NUMBER

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "input num", "inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: object) -> Any:
        """The amount, None where nothing is typed."""
        text = normalise_text(str(value or ""))
        if not text:
            return None
        try:
            return parse_amount(text)
        except TooLarge as error:
            raise refusal(Reason.REFUSAL_TOO_LARGE) from error
        except ValueError as error:
            raise refusal(self.unreadable) from error


class DayCountField(AmountField):
    """A number of whole days."""

    unreadable = Reason.REFUSAL_NOT_DAYS


class DayField(AmountField):
    """A day as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "placeholder": "2027-01-01"}

    def to_python(self, value: object) -> Any:
        """The day, None where nothing is typed."""
        text = normalise_text(str(value or ""))
        if not text:
            return None
        try:
            return parse_day(text)
        except ValueError as error:
            raise refusal(Reason.REFUSAL_NOT_A_DAY) from error
