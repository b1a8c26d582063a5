"""What is typed about orders that exceed one's own lines."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.values import parse_amount
from matchmaking.postings.choices import Visibility
from reference.queries.measures import units_in_use
from web.forms.amounts import AmountField, DayCountField, DayField
from web.forms.base import RegionField, ServiceForm
from web.forms.deals import field_of, one_of, require_fields, words
from web.forms.postings import code_named

LONGEST_TEXT = 2000
TEXT_ROWS = 3
LONGEST_AMOUNT = 40
PARTS = [(count, str(count)) for count in range(1, 5)]


class OverflowForm(ServiceForm):
    """The gap between orders and lines, and what is wished for to close it; no customer and no article is asked for."""

    node_words = words(_("What is to be made"), 120)
    ordered = AmountField(label=_("Orders"))
    own = AmountField(label=_("Our own lines make"))
    unit = one_of(_("Unit"), [])
    window_start = DayField(label=_("From"))
    weeks = DayCountField(label=_("Weeks"))
    region = RegionField(label=_("Where we are"), widget=forms.Select(attrs={"class": "input"}))
    radius_km = AmountField(label=_("Within so many km of us"))
    partners = one_of(_("Partners at most"), PARTS)
    least_share = AmountField(label=_("Least share of a partner, %"))
    floor_area = AmountField(label=_("Hall or running workshop, m²"))
    workers = AmountField(label=_("Workers"))
    text = forms.CharField(
        label=_("How it is made"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Everybody reads it: leave out your customer and the article number."),
        widget=forms.Textarea(attrs={"class": "input", "rows": TEXT_ROWS}),
    )
    visibility = one_of(_("Shown"), Visibility.choices)

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"partners": 2, "visibility": Visibility.ALIAS, **(initial or {})})
        require_fields(self, ("node_words", "ordered", "own", "window_start", "weeks"))
        field_of(self, "unit").choices = [("", _("Unit")), *((unit.code, unit.name) for unit in units_in_use())]
        field_of(self, "node_words").help_text = _("Type Chinese, pinyin or English, choose with the arrow keys.")

    def place_of(self, name: str) -> str:
        """The node stands for its words."""
        return "node_words" if name == "node" else name

    def values(self) -> dict[str, Any]:
        """What a service takes."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("node_words", "region")}
        told["node"] = code_named(self.cleaned_data["node_words"])
        told["region"] = self.cleaned_data["region"].code if self.cleaned_data["region"] else None
        return told | {"partners": int(told["partners"])}


def gap_of(typed: Mapping[str, Any]) -> Decimal | None:
    """Orders less what the own lines make, None where either cannot be read yet; not below zero is for who shows it."""
    with suppress(ValueError):
        ordered, own = (parse_amount(str(typed.get(name) or "")[:LONGEST_AMOUNT]) for name in ("ordered", "own"))
        return ordered - own
    return None
