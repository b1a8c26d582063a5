"""What is typed about a set of suppliers: the part of one's own, and what each supplier carries."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.reasons import Reason
from common.values import plain_amount
from web.forms.amounts import AmountField, refusal
from web.forms.base import DayField, ServiceForm, told

PREFIX = "amount_"
ENDS = ("from_", "until_")
MOST = 4
"""Suppliers that are read from what was sent; more is no set."""


class Asked(NamedTuple):
    """A supplier of a set as a form names it: the number of its capacity, its name, and its share."""

    number: str
    name: str
    amount: Decimal | None = None
    days: tuple[date, date] | None = None


class OwnForm(ServiceForm):
    """What the firm makes itself of its own need."""

    own = AmountField(label=_("We make ourselves"))


class SharesForm(ServiceForm):
    """One amount for each supplier of a set, beside the part of one's own, which is sent along; with the days of its
    lot where it does not run through the need's window.
    """

    own = AmountField(label=_("We make ourselves"))

    def __init__(
        self, suppliers: Iterable[Asked], own: Decimal = Decimal(0), data: Mapping[str, Any] | None = None, *, name: str
    ) -> None:
        super().__init__(data, auto_id=f"{name}_%s")
        self.suppliers = list(suppliers)
        self.initial["own"] = plain_amount(own)
        for one in self.suppliers:
            field = self.fields[f"{PREFIX}{one.number}"] = AmountField(label=one.name)
            field.required = True
            self.initial[f"{PREFIX}{one.number}"] = "" if one.amount is None else plain_amount(one.amount)
            ends = [f"{end}{one.number}" for end in ENDS]
            if one.days is not None or any(name in (data or {}) for name in ends):
                labels = (_("First day: %(name)s"), _("Last day: %(name)s"))
                for name, label, day in zip(ends, labels, one.days or (None, None), strict=True):
                    self.fields[name] = DayField(label=label % {"name": one.name}, required=True)
                    self.initial[name] = day.isoformat() if day else ""

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Also what refuses the act as a whole stands on the form, at the supplier that it is about where it names one,
        so that the amounts are not lost. That the reader may not act here at all is left to the page.
        """
        try:
            with super().refusals():
                yield
        except Refused as refused:
            if refused.reason == Reason.REFUSAL_NOT_YOURS:
                raise
            place = f"{PREFIX}{refused.facts.get('capacity', '')}"
            self.add_error(place if place in self.fields else None, told(refused.reason, refused.facts))

    def clean(self) -> dict[str, Any]:
        """Every supplier has an amount above zero."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, amount in list(cleaned.items()):
            if name.startswith(PREFIX) and (amount is None or amount <= 0):
                self.add_error(name, refusal(Reason.REFUSAL_NOT_POSITIVE))
        return cleaned

    def amounts(self) -> dict[str, Decimal]:
        """The cleaned amounts by the number of the capacity."""
        return {one.number: self.cleaned_data[f"{PREFIX}{one.number}"] for one in self.suppliers}

    def days(self) -> dict[str, tuple[date, date]]:
        """The cleaned days of lots by the number of the capacity, of those that have some."""
        told = {one.number: [self.cleaned_data.get(f"{end}{one.number}") for end in ENDS] for one in self.suppliers}
        return {number: (first, last) for number, (first, last) in told.items() if first and last}

    def day_fields(self, number: str) -> list[Any]:
        """The bound fields with the days of the lot of this capacity, none where it has none."""
        return [self[f"{end}{number}"] for end in ENDS if f"{end}{number}" in self.fields]


class PlanForm(SharesForm):
    """A plan: what one's own line elsewhere takes, and an amount for each partner that is to be asked; the others stay
    empty.
    """

    own = AmountField(label=_("Our own line elsewhere takes"))

    def __init__(
        self, suppliers: Iterable[Asked], own: Decimal = Decimal(0), data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(suppliers, own, data, name="plan")
        for one in self.suppliers:
            self.fields[f"{PREFIX}{one.number}"].required = False

    def clean(self) -> dict[str, Any]:
        """What is typed is above zero, and not all of it falls to one's own line."""
        for name, amount in list(self.cleaned_data.items()):
            if amount is not None and (amount < 0 or (amount == 0 and name != "own")):
                self.add_error(name, refusal(Reason.REFUSAL_NOT_POSITIVE))
        return self.cleaned_data

    def amounts(self) -> dict[str, Decimal]:
        """The typed amounts that could be read, by the number of the capacity."""
        typed = {one.number: self.cleaned_data.get(f"{PREFIX}{one.number}") for one in self.suppliers}
        return {number: amount for number, amount in typed.items() if amount}

    @property
    def own_part(self) -> Decimal:
        """What the own line takes; nothing where nothing is typed or it cannot be read."""
        return self.cleaned_data.get("own") or Decimal(0)


def numbers_sent(data: Mapping[str, Any], most: int = MOST) -> list[str]:
    """The numbers of the capacities that a sent form asks, at most ``most`` and one."""
    return [name.removeprefix(PREFIX) for name in data if name.startswith(PREFIX)][: most + 1]
