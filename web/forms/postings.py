"""The one-page form of a need or capacity: turns what people type into values, and keeps what cannot be read.

The names of the fields are plain and stable (docs/decisions/0050-postings.md lists them).
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.reasons import Reason
from common.values import normalise_text, parse_amount, plain_amount
from matchmaking.postings.choices import Operator, Period, PriceKind, RegionPreference, Subject, Visibility
from reference.queries.names import reference_names
from reference.queries.picker import NodeMatch, matches_named, nodes_matching
from web.forms.amounts import READ_BACK, AmountField, DayCountField, DayField, refusal
from web.templatetags.chuanyu import level_name
from web.templatetags.formats import written_amount

BLANK_ROWS = 2
"""Empty rows of parameters that the page offers beside those filled in."""
LISTS = ("certificates_must", "certificates_wish", "regions_allowed", "further_nodes")
LIST_LABELS = {
    "certificates_must": _("Certificates"),
    "certificates_wish": _("Certificates"),
    "regions_allowed": _("Regions the counterpart may come from"),
    "further_nodes": _("Further nodes"),
    "parameters": _("Technical parameters"),
}
MOST_SHOWN = 8000
ROWS = ("parameter", "parameter_operator", "parameter_value", "parameter_kind")
CODE_BEHIND = re.compile(r"[(\uff08]([A-Za-z0-9.]{2,40})[)\uff09]\s*$")
"""A code in brackets behind a name, as the picker writes it where only a text is sent."""
OWN_WINDOW = "own"
CHOSEN = ("node_words", "subject", "unit", "region")
"""Fields whose value is chosen from a list."""
RELAXED_LENGTH = 20_000
"""Longest text of a field that is read at all; the rules of the posting set closer limits."""


def line(label: Any, help_text: Any = "", **attrs: object) -> forms.CharField:
    """A field of one line."""
    widget = forms.TextInput(attrs={"class": "input", **attrs})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=RELAXED_LENGTH, widget=widget)


def area(label: Any, help_text: Any = "", rows: int = 6) -> forms.CharField:
    """A field of several lines."""
    widget = forms.Textarea(attrs={"class": "input", "rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=RELAXED_LENGTH, widget=widget)


def choice(label: Any, choices: Any, *, radio: bool = False, help_text: Any = "") -> forms.ChoiceField:
    """A choice from a fixed list."""
    widget = forms.RadioSelect() if radio else forms.Select(attrs={"class": "input"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget, help_text=help_text)


class PostingForm(forms.Form):
    """Reads a posting. ``values`` is what a service takes; ``typed`` is every field as it was typed."""

    title = line(_("Title"), _("Name the product, the material and the state."), maxlength=120)
    node_words = line(_("Chain node"), _("Type Chinese, pinyin or English, choose with the arrow keys."))
    node = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput())
    subject = choice(_("Category"), [("", _("Choose")), *Subject.choices])
    text = area(_("Description"), _("No telephone numbers or mail addresses here: they have their own place below."))
    quantity = AmountField(label=_("Quantity"))
    unit = line(_("Unit"))
    period = choice(_("Counted"), Period.choices)
    minimum_order = AmountField(label=_("Minimum order"))
    minimum_share_percent = AmountField(label=_("Least share in percent"))
    lead_time_days = DayCountField(label=_("Lead time, days"))
    window_start = DayField(label=_("From"))
    window_end = DayField(label=_("Until"))
    region = line(_("Region"))
    region_preference = choice(_("Where may the counterpart be?"), RegionPreference.choices)
    radius_km = AmountField(label=_("Radius, km"))
    price_kind = choice(_("Price"), PriceKind.choices)
    price_min = AmountField(label=_("Price from, CNY a unit"))
    price_max = AmountField(label=_("Price to, CNY a unit"))
    consortium_allowed = forms.BooleanField(label=_("Several suppliers together are welcome"), required=False)
    visibility = choice(_("Shown"), Visibility.choices, radio=True)
    hidden_from = area(
        _("Hidden from"), _("One firm a line: its registered name or its unified social credit code."), rows=2
    )
    contact_person = line(_("Contact person"), autocomplete="name")
    contact_phone = line(_("Telephone"), inputmode="tel", autocomplete="tel")
    contact_email = line(_("Mail address"), inputmode="email", autocomplete="email")
    contact_other = line(_("Other ways to reach you"))
    answer_within_working_days = DayCountField(label=_("Answer interests within, working days"))
    network_first_days = DayCountField(label=_("Own network first, days"))

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), prefix=None)
        self.given = data if data is not None else QueryDict()
        self.candidates: list[NodeMatch] = []
        self.apart: dict[str, str] = {}
        self.holds_contact = False
        for name, field in self.fields.items():
            hint = [f"id_{name}_helptext"] if field.help_text else []
            wrong = [f"id_{name}_error"] if self.is_bound and name in self.errors else []
            if hint or wrong:
                field.widget.attrs["aria-describedby"] = " ".join([*hint, *wrong])

    def clean(self) -> dict[str, Any]:
        """Finds the node that the words name, and reads the lists and rows that are no single fields."""
        cleaned = dict(self.cleaned_data)
        cleaned["node"] = self.node_code(cleaned)
        cleaned["certificates"] = [
            *((code, False) for code in self.many("certificates_wish")),
            *((code, True) for code in self.many("certificates_must")),
        ]
        cleaned["regions_allowed"] = self.many("regions_allowed")
        cleaned["further_nodes"] = [code_named(words) for words in self.many("further_nodes")]
        days = self.preset_days()
        if days:
            cleaned["window_start"], cleaned["window_end"] = days
            for name in {"window_start", "window_end"} & set(self.errors):
                del self.errors[name]
        cleaned["hidden_from"] = [one for one in str(cleaned.get("hidden_from") or "").splitlines() if one.strip()]
        cleaned["parameters"] = self.parameters()
        return cleaned

    @property
    def read_back(self) -> str:
        """The quantity as it is read, with a year's worth of what is counted by the month; empty where none is."""
        try:
            amount = parse_amount(str(self["quantity"].value() or ""))
        except ValueError:
            return ""
        text = READ_BACK.get(str(self["period"].value() or ""))
        if not text or amount <= 0:
            return ""
        found = reference_names().get(("unit", str(self["unit"].value() or "")))
        facts = {
            "amount": written_amount(amount),
            "unit": found.name if found else "",
            "year": written_amount(12 * amount),
        }
        return gettext(text).format(**facts)

    def node_code(self, cleaned: Mapping[str, Any]) -> str:
        """The node's code: the one chosen, else the only one that the words name outright; others become candidates."""
        words, code = str(cleaned.get("node_words") or ""), str(cleaned.get("node") or "")
        chosen = matches_named([code]) if code else []
        if not words or (chosen and words in (chosen[0].name_zh, chosen[0].name_en)):
            return code
        found = nodes_matching(words)
        exact = [one for one in found if one.is_exact]
        if len(exact) == 1:
            return exact[0].code
        self.candidates = found
        if code and chosen:
            return code
        self.add_error("node_words", refusal(Reason.REFUSAL_UNKNOWN_CODE, {"code": words[:40]}))
        return ""

    def preset_days(self) -> tuple[date | None, date | None] | None:
        """First and last day of the window chosen by its name, None where the days are typed."""
        chosen = self.given.get("window_preset", "")
        return next(((one.start, one.end) for one in window_presets(timezone.localdate()) if one.value == chosen), None)

    @property
    def presets(self) -> list["WindowPreset"]:
        """The windows that the page offers by name."""
        return window_presets(timezone.localdate())

    @property
    def chosen_preset(self) -> str:
        """The window chosen by its name, else that the days are one's own; without any days it holds at any time."""
        if self.preset_days():
            return str(self.given.get("window_preset", ""))
        return OWN_WINDOW if self["window_start"].value() or self["window_end"].value() else "always"

    @property
    def offered_nodes(self) -> list[str]:
        """The texts of the further nodes, and a few empty ones."""
        return [*self.chosen("further_nodes"), *[""] * BLANK_ROWS]

    @property
    def further_filled(self) -> bool:
        """Whether further nodes are named."""
        return bool(self.chosen("further_nodes"))

    def many(self, name: str) -> list[str]:
        """All values of a field that may stand several times."""
        return [value for value in self.given.getlist(name) if value] if self.is_bound else []

    def parameters(self) -> list[dict[str, Any]]:
        """The rows of technical parameters that name one."""
        found = []
        for row in self.rows():
            if not row["parameter"]:
                continue
            value: Decimal | str = normalise_text(row["parameter_value"])
            with suppress(ValueError):
                value = parse_amount(str(value))
            found.append(
                {
                    "parameter": row["parameter"],
                    "operator": row["parameter_operator"],
                    "value": value,
                    "is_must": row["parameter_kind"] != "wish",
                }
            )
        return found

    def rows(self) -> list[dict[str, str]]:
        """The rows of technical parameters as typed, the empty ones left out."""
        if not self.is_bound:
            return [dict(row) for row in self.initial.get("parameters", [])]
        columns = [self.given.getlist(name) for name in ROWS]
        longest = max((len(column) for column in columns), default=0)
        filled = [column + [""] * (longest - len(column)) for column in columns]
        rows = [dict(zip(ROWS, values, strict=True)) for values in zip(*filled, strict=True)]
        return [row for row in rows if row["parameter"] or row["parameter_value"]]

    @property
    def offered_rows(self) -> list[dict[str, str]]:
        """The rows that the page shows: the filled ones and a few empty."""
        return [*self.rows(), *(dict.fromkeys(ROWS, "") for _row in range(BLANK_ROWS))]

    @property
    def operators(self) -> list[tuple[str, str]]:
        """How a parameter can be compared."""
        return [(value, str(label)) for value, label in Operator.choices]

    def chosen(self, name: str) -> list[str]:
        """The values chosen in a field that may stand several times, typed now or kept before."""
        return self.many(name) if self.is_bound else [str(one) for one in self.initial.get(name, [])]

    @property
    def values(self) -> dict[str, Any]:
        """What could be read, by the names that the service takes."""
        self.is_valid()
        apart = {"node_words", *(name for name in self.errors if name != "node_words")}
        if "node_words" in self.errors:
            apart.add("node")
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @property
    def typed(self) -> dict[str, Any]:
        """Every field as typed, for keeping in a draft what could not be read."""
        told: dict[str, Any] = {name: self.given.get(name, "") for name in self.fields}
        told |= {name: self.many(name) for name in LISTS}
        days = self.preset_days()
        if days:
            told["window_start"], told["window_end"] = (day.isoformat() if day else "" for day in days)
        if "node_words" not in self.errors:
            told.pop("node_words", None)
        return told | {"parameters": self.rows(), "certificates": []}

    def told(self, place: str, reason: Reason | str, facts: Mapping[str, object] | None) -> ValidationError:
        """What stands at the field: one left empty names what to enter there."""
        if not isinstance(reason, Reason):
            return ValidationError(str(reason))
        if reason != Reason.REFUSAL_REQUIRED or place not in self.fields:
            return refusal(reason, facts)
        if place == "quantity":
            return ValidationError(gettext("Enter a quantity, e.g. 8000"))
        text = gettext("Choose: %(label)s") if place in CHOSEN else gettext("Fill in: %(label)s")
        return ValidationError(text % {"label": self.fields[place].label})

    def refuse(self, problems: Mapping[str, Reason | str], facts: Mapping[str, Mapping[str, object]]) -> None:
        """Show what a service found wrong at the field where it can be put right."""
        self.is_valid()
        for name, reason in problems.items():
            place = place_of(name)
            self.holds_contact |= reason == Reason.REFUSAL_CONTACT_IN_TEXT
            told = self.told(place, reason, facts.get(name))
            self.add_error(place if place in self.fields else None, told)
            if place not in self.fields:
                self.apart[place] = " ".join(told.messages)
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs |= {"aria-invalid": "true"}
                described = self.fields[name].widget.attrs.get("aria-describedby", "")
                self.fields[name].widget.attrs["aria-describedby"] = f"{described} id_{name}_error".strip()


def differences(form: PostingForm, theirs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each field in which what was typed differs from what somebody else saved, with both texts."""
    labels = {name: field.label for name, field in form.fields.items() if name != "node"} | LIST_LABELS
    typed = {"node_words": form.given.get("node_words", "")} | form.typed
    pairs = {name: (as_text(typed.get(name)), as_text(theirs.get(name))) for name in labels}
    return [
        {"label": labels[name], "mine": mine[:MOST_SHOWN], "theirs": other[:MOST_SHOWN]}
        for name, (mine, other) in pairs.items()
        if mine != other
    ]


def as_text(value: Any) -> str:
    """A value of a field as lines of text; a row of parameters becomes one line, no value none."""
    if isinstance(value, list):
        return "\n".join(sorted(as_text(one) for one in value))
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value or "").replace("\r\n", "\n")


@dataclass(frozen=True)
class WindowPreset:
    """A window that can be chosen by its name; without days it holds at any time."""

    value: str
    label: Any
    start: date | None
    end: date | None


def window_presets(today: date) -> list[WindowPreset]:
    """The windows that people mean most: the next thirty days, the rest of this quarter, the next one, all year."""
    first = quarter_after(today)
    last = first - timedelta(days=1)
    return [
        WindowPreset("days", _("Within 30 days"), today, today + timedelta(days=30)),
        WindowPreset("quarter", _("This quarter"), today, last),
        WindowPreset("next", _("Next quarter"), first, quarter_after(first) - timedelta(days=1)),
        WindowPreset("always", _("At any time"), None, None),
    ]


def quarter_after(day: date) -> date:
    """The first day of the quarter that follows the one of ``day``."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, (month - 1) % 12 + 1, 1)


def code_named(words: str) -> str:
    """The code of the node that ``words`` name: written behind the name, or the only one of this name.

    Words that name none, or several, come back as they are: the service says at the field that they are unknown.
    """
    behind = CODE_BEHIND.search(words)
    if behind:
        return behind[1]
    exact = [one for one in nodes_matching(words) if one.is_exact]
    return exact[0].code if len(exact) == 1 else words


def place_of(name: str) -> str:
    """The field at which a problem of ``name`` is shown: the visible one."""
    return "node_words" if name == "node" else name


def initial_of(posting: Any, certificates: Any, parameters: Any, contact: Any) -> dict[str, Any]:
    """A posting as its form shows it: numbers and days as text, kept texts where nothing could be read."""
    numbers = {
        "quantity": posting.quantity_amount,
        "minimum_order": posting.minimum_order_amount,
        "price_min": posting.price_min,
        "price_max": posting.price_max,
        "minimum_share_percent": posting.minimum_share_percent,
        "lead_time_days": posting.lead_time_days,
        "radius_km": posting.radius_km,
        "answer_within_working_days": posting.answer_within_working_days,
        "network_first_days": posting.network_first_days,
    }
    plain = ("title", "subject", "text", "period", "region_preference", "price_kind", "visibility")
    shown: dict[str, Any] = {name: getattr(posting, name) for name in plain}
    shown |= {name: plain_amount(Decimal(value)) for name, value in numbers.items() if value is not None}
    days = {name: getattr(posting, name) for name in ("window_start", "window_end")}
    shown |= {name: day.isoformat() for name, day in days.items() if day}
    shown |= {
        "node": posting.node.code if posting.node else "",
        "node_words": posting.node.name if posting.node else "",
        "unit": posting.unit.code if posting.unit else "",
        "region": posting.region.code if posting.region else "",
        "consortium_allowed": posting.consortium_allowed,
        "further_nodes": [f"{node.name} ({node.code})" for node in posting.further_nodes.all()],
        "regions_allowed": [region.code for region in posting.regions_allowed.all()],
        "hidden_from": posting.hidden_from_typed or "\n".join(firm.key for firm in posting.hidden_from.all()),
        "certificates_must": [one.certification.code for one in certificates if one.is_must],
        "certificates_wish": [one.certification.code for one in certificates if not one.is_must],
        "parameters": [parameter_row(one) for one in parameters],
    }
    if contact:
        shown |= {f"contact_{name}": getattr(contact, name) for name in ("person", "phone", "email", "other")}
    kept = dict(posting.unread_texts)
    return shown | {name: value for name, value in kept.items() if value}


def parameter_row(part: Any) -> dict[str, str]:
    """A technical parameter as a row of the form."""
    value = level_name(part.parameter.code, part.level) or ("" if part.number is None else plain_amount(part.number))
    kind = "must" if part.is_must else "wish"
    return dict(zip(ROWS, (part.parameter.code, part.operator, value, kind), strict=True))
