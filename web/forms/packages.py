"""What is typed about a package: what its lines share, the lines themselves, prices for them, and awards."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.values import plain_amount
from matchmaking.partnerships.queries.packages import OfferedLine, PackageLine
from reference.queries.measures import certifications_in_use
from web.forms.amounts import AmountField, DayField
from web.forms.base import ServiceForm
from web.forms.deals import OfferTerms, count, field_of, require_fields, typed, words
from web.templatetags.chuanyu import own_words

LAST_MINUTE = time(23, 59, 59)
TEXT_ROWS = 6
LONGEST_PASTE = 250_000
LINE_FIELDS = {"amount": "amount", "quantity_amount": "amount"}
"""What a service calls a part of a line's quote, and how its field's name begins; all else stands at the price."""


class PackageForm(ServiceForm):
    """What a package says of itself and of all its lines."""

    title = words(_("Title"), 120)
    due_on = DayField(label=_("Quotes until the end of"))
    is_sealed = forms.BooleanField(label=_("Sealed: nobody but its maker reads a quote before that"), required=False)
    window_start = DayField(label=_("First day, for all lines"))
    window_end = DayField(label=_("Last day, for all lines"))
    answer_within_working_days = count(_("Answer interests within, working days"))
    certificates = forms.MultipleChoiceField(
        label=_("Certificates that every line requires"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, rfq: Any = None) -> None:
        super().__init__(data, initial=self.beginning(rfq))
        require_fields(self, ("title", "due_on"))
        field_of(self, "certificates").choices = [(paper.code, str(paper)) for paper in certifications_in_use()]

    def beginning(self, rfq: Any) -> dict[str, Any]:
        """What the package says now."""
        if rfq is None:
            return {}
        plain = ("title", "is_sealed", "window_start", "window_end", "answer_within_working_days")
        told = {name: typed(getattr(rfq, name)) for name in plain}
        told["certificates"] = list(rfq.certificates.values_list("code", flat=True))
        return told | {"due_on": timezone.localtime(rfq.due_at).date().isoformat()}

    def place_of(self, name: str) -> str:
        """The day stands for the moment."""
        return "due_on" if name == "due_at" else name

    def values(self) -> dict[str, Any]:
        """What a service takes."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "due_on"}
        return told | {"due_at": timezone.make_aware(datetime.combine(self.cleaned_data["due_on"], LAST_MINUTE))}


class NeedsForm(ServiceForm):
    """Which of one's own needs become lines."""

    needs = forms.MultipleChoiceField(
        label=_("Your needs"), required=True, widget=forms.CheckboxSelectMultiple, help_text=_("Drafts and live ones.")
    )

    def __init__(self, needs: Iterable[Any], data: Any = None) -> None:
        super().__init__(data)
        field_of(self, "needs").choices = [
            (need.number, format_html("{} · {}", own_words(need.title), need.number)) for need in needs
        ]


class LinesForm(ServiceForm):
    """Lines from a spreadsheet: a file, or what was copied from it."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("An .xlsx workbook, or a CSV file in UTF-8 or GB18030."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".xlsx,.csv,.txt"}),
    )
    lines = forms.CharField(
        label=_("Or paste lines copied from a spreadsheet"),
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        help_text=_("With the head of the columns, or in their order below."),
        widget=forms.Textarea(attrs={"class": "input", "rows": TEXT_ROWS}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = dict(self.cleaned_data)
        if not self.errors and not cleaned.get("file") and not (cleaned.get("lines") or "").strip():
            self.add_error("file", _("Bring a file, or paste lines."))
        return cleaned

    def place_of(self, name: str) -> str:
        """What is wrong with pasted lines stands at them."""
        return "lines" if name == "file" and not self.cleaned_data.get("file") else name


class PackageQuoteForm(OfferTerms, ServiceForm):
    """A supplier's terms once, and a price for each line that it quotes; ``rows`` are the lines that it may see."""

    capacity = forms.ChoiceField(
        label=_("Supplied from"),
        required=False,
        help_text=_("For lines that you are not in talks about yet."),
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, rows: Sequence[OfferedLine], capacities: Iterable[Any], data: Any = None) -> None:
        self.rows = {str(row.line.pk): row for row in rows}
        super().__init__(data, initial=self.beginning())
        require_fields(self, ("valid_until",))
        field_of(self, "capacity").choices = [(one.number, f"{one.title} · {one.number}") for one in capacities]
        for key, row in self.rows.items():
            unit = row.need.unit.name if row.need.unit else ""
            of_line = {"number": row.number, "unit": unit}
            self.fields[f"price_{key}"] = AmountField(label=_("Line %(number)s: price, CNY / %(unit)s") % of_line)
            self.fields[f"amount_{key}"] = AmountField(label=_("Line %(number)s: quantity, %(unit)s") % of_line)

    def beginning(self) -> dict[str, Any]:
        """The terms of the newest quote that stands, else a month to decide; of each line its price and quantity."""
        told: dict[str, Any] = {
            "is_tax_included": True,
            "tax_rate": "13",
            "valid_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
        }
        quotes = [row.quote for row in self.rows.values() if row.quote is not None]
        if quotes:
            newest = max(quotes, key=lambda quote: quote.pk)
            told = {name: typed(getattr(newest, name)) for name in OfferTerms.base_fields}
        for key, row in self.rows.items():
            told[f"price_{key}"] = "" if row.price is None else plain_amount(row.price)
            told[f"amount_{key}"] = typed(row.need.quantity_amount if row.amount is None else row.amount)
        return told

    def place_of(self, name: str) -> str:
        """A line's field for ``<row number>.<what>``."""
        key, dot, part = name.partition(".")
        return f"{LINE_FIELDS.get(part, 'price')}_{key}" if dot else name

    def terms(self) -> dict[str, Any]:
        """What is said of every line."""
        return {name: self.cleaned_data[name] for name in OfferTerms.base_fields}

    def prices(self) -> dict[int, tuple[Decimal, Decimal | None]]:
        """Price and quantity of the lines that are quoted, by row number."""
        pairs = {int(key): (self.cleaned_data[f"price_{key}"], self.cleaned_data[f"amount_{key}"]) for key in self.rows}
        return {key: pair for key, pair in pairs.items() if pair[0] is not None}

    def line_fields(self) -> list[tuple[OfferedLine, Any, Any]]:
        """Each line with its two fields."""
        return [(row, self[f"price_{key}"], self[f"amount_{key}"]) for key, row in self.rows.items()]

    def term_fields(self) -> list[Any]:
        """The fields of what is said once."""
        return [self[name] for name in ("capacity", *OfferTerms.base_fields)]


class AwardForm(ServiceForm):
    """How much of each quote is taken; ``lines`` are those that the page shows."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))

    def __init__(self, rfq: Any, lines: Sequence[PackageLine], data: Any = None) -> None:
        self.lines = lines
        super().__init__(data, initial=self.beginning(rfq))
        require_fields(self, ("starts_on", "ends_on"))
        for line in lines:
            for offer in line.offers:
                label = _("Award of line %(line)s to %(name)s") % {
                    "line": line.line.position,
                    "name": offer.supplier.name,
                }
                self.fields[f"award_{offer.quote.key}"] = AmountField(label=label)

    def beginning(self, rfq: Any) -> dict[str, Any]:
        """The package's days, else those of its lines, from today on."""
        today = timezone.localdate()
        starts = [line.need.window_start for line in self.lines if line.need.window_start]
        ends = [line.need.window_end for line in self.lines if line.need.window_end]
        first: date = rfq.window_start or min(starts, default=today)
        last: date | None = rfq.window_end or max(ends, default=None)
        return {"starts_on": max(first, today).isoformat(), "ends_on": last.isoformat() if last else ""}

    def place_of(self, name: str) -> str:
        """The field of the quote with this key."""
        return f"award_{name}" if f"award_{name}" in self.fields else name

    def awards(self) -> dict[str, Decimal]:
        """Amounts in the need's unit, by the quote's key."""
        given = {
            name.removeprefix("award_"): amount
            for name, amount in self.cleaned_data.items()
            if name.startswith("award_") and amount is not None
        }
        return given

    def award_field(self, key: str) -> Any:
        """The field of one quote."""
        return self[f"award_{key}"]
