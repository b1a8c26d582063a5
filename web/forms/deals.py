"""What is typed about a deal: quotes, samples, agreements, deliveries and outcomes, a form for each act."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reasons import Reason
from common.values import TooLarge, normalise_text, parse_amount, parse_day, plain_amount
from matchmaking.partnerships.choices import Act, Answer, FreightPayer, ValueBand
from matchmaking.partnerships.queries.deal import Deal, Plan
from matchmaking.partnerships.queries.partnerships import Line
from matchmaking.postings.choices import Period, Subject
from reference.choices import CooperationType
from reference.models import Unit
from reference.queries.measures import units_in_use
from web.forms.amounts import AmountField, DayField, refusal
from web.forms.base import CountField, ServiceForm
from web.forms.partnerships import failing_choices, reason_choices

LONGEST_NOTE = 500
TERMS_ROWS, NOTE_ROWS = 5, 2
PLAN_LINE = re.compile(r"[,;\t\uff0c\uff1b]")


def note_field(label: Any, *, required: bool = False) -> forms.CharField:
    """Some words to the other side."""
    widget = forms.Textarea(attrs={"class": "input", "rows": NOTE_ROWS})
    return forms.CharField(label=label, required=required, max_length=LONGEST_NOTE, widget=widget)


def count(label: Any) -> CountField:
    """A whole number that may be left empty."""
    return CountField(label=label, required=False, widget=forms.TextInput(attrs={"class": "input num"}))


def one_of(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """A choice from a list."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.Select(attrs={"class": "input"})
    )


def words(label: Any, length: int) -> forms.CharField:
    """A line of words that may be left empty."""
    return forms.CharField(
        label=label, required=False, max_length=length, widget=forms.TextInput(attrs={"class": "input"})
    )


def typed(value: Any) -> Any:
    """``value`` as somebody would type it."""
    if isinstance(value, Decimal):
        return plain_amount(value)
    return value.isoformat() if isinstance(value, date) else value


def planned(one: Any) -> str:
    """A delivery as a line of the plan."""
    amount = "" if one.quantity_amount is None else f", {plain_amount(one.quantity_amount)}"
    return f"{one.planned_on.isoformat()}, {one.title}{amount}"


def require_fields(form: forms.Form, names: tuple[str, ...]) -> None:
    """Have these fields filled in; told and refused at the field as everywhere."""
    for name in names:
        field = form.fields[name]
        field.required = True
        field.error_messages["required"] = _("Fill in: %(label)s") % {"label": field.label}


def field_of(form: forms.Form, name: str) -> Any:
    """A field of ``form``, of whatever kind it is."""
    return form.fields[name]


class UnitField(forms.ModelChoiceField[Unit]):
    """Units that measure the same as ``unit``."""

    def __init__(self) -> None:
        widget = forms.Select(attrs={"class": "input"})
        super().__init__(queryset=units_in_use(), to_field_name="code", label=_("Unit"), widget=widget)

    def narrow(self, unit: Unit | None) -> None:
        """Offer those that measure the same as ``unit``."""
        if unit is not None:
            self.queryset = units_in_use().filter(dimension=unit.dimension)


class DealForm(ServiceForm):
    """A form about one deal; ``act`` names it in the page, ``line`` is where its reader stands.

    ``asked`` names amounts and days that have to be given.
    """

    asked: tuple[str, ...] = ()

    def __init__(self, act: str, partnership: Any, deal: Deal, line: Line | None, data: Any = None) -> None:
        self.act, self.partnership, self.deal, self.line = act, partnership, deal, line
        super().__init__(data, auto_id=f"{act}_%s", initial=self.beginning())
        require_fields(self, self.asked)
        if "unit" in self.fields:
            field_of(self, "unit").narrow(self.measured().unit)

    def measured(self) -> Any:
        """The posting whose unit says what is measured."""
        return self.partnership.need

    def beginning(self) -> dict[str, Any]:
        """What the fields hold before anybody typed."""
        return {}

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the service takes, from what was typed."""
        return cleaned

    def carried_out(self, act: Callable[[dict[str, Any]], object]) -> bool:
        """Whether the values are sound and ``act`` took them."""
        return super().carried_out(lambda cleaned: act(self.values(cleaned)))


class PlainForm(DealForm):
    """An act that needs no words."""


class PersonAgreedForm(DealForm):
    """That the people offered agreed to be named."""

    agreed = forms.BooleanField(
        label=_("The people whom we offer have agreed that the other firm learns who they are and how to reach them."),
        error_messages={"required": _("Tick this once they have agreed; until then nobody is named.")},
    )


class OfferTerms(forms.Form):
    """What a supplier says of a quote besides how much and for what price."""

    is_tax_included = forms.BooleanField(label=_("Tax included"), required=False)
    tax_rate = AmountField(label=_("Tax rate, %"))
    lead_time_days = count(_("Lead time, days"))
    valid_until = DayField(label=_("Quote valid until"))
    freight_payer = one_of(_("Freight paid by"), [("", "—"), *FreightPayer.choices], required=False)
    delivery_place = words(_("Place of delivery"), 120)
    payment_days = count(_("Payment, days after delivery"))
    takes_bank_acceptance = forms.NullBooleanField(
        label=_("Bank acceptance bills taken"), widget=forms.NullBooleanSelect(attrs={"class": "input"})
    )
    metal_index = words(_("Metal index that the price follows"), 80)
    note = note_field(_("Note"))


class QuoteForm(OfferTerms, DealForm):
    """A supplier's quote; it begins with the need's own quantity, or with the quote that stands."""

    asked = ("quantity_amount", "unit_price", "valid_until")
    field_order = (
        "quantity_amount", "unit", "period", "unit_price", "is_tax_included", "tax_rate", "lead_time_days",
        "minimum_order_amount", "valid_until", "freight_payer", "delivery_place", "payment_days",
        "takes_bank_acceptance", "metal_index", "tooling_cost",
    )  # fmt: skip

    quantity_amount = AmountField(label=_("Quantity"))
    unit = UnitField()
    period = one_of(_("Counted"), Period.choices)
    unit_price = AmountField(label=_("Price a unit, CNY"))
    minimum_order_amount = AmountField(label=_("Minimum order"))
    tooling_cost = AmountField(label=_("Tooling cost, CNY"))

    def beginning(self) -> dict[str, Any]:
        """The standing quote, else the need's quantity and a month to decide."""
        need, quote = self.partnership.need, self.deal.quote
        if quote is not None:
            return {name: typed(getattr(quote, name)) for name in self.base_fields} | {"unit": quote.unit.code}
        return {
            "quantity_amount": typed(need.quantity_amount),
            "unit": need.unit and need.unit.code,
            "period": need.period,
            "is_tax_included": True,
            "tax_rate": 13,
            "valid_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
        }

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The terms by the quote's own names."""
        return {"terms": cleaned}


class RefuseQuoteForm(DealForm):
    """Why a quote is not taken."""

    reason = forms.ChoiceField(label=_("Reason"), choices=reason_choices, widget=forms.RadioSelect)
    note = note_field(_("Note to the other side"))


class SampleForm(DealForm):
    """A step of a sample."""

    note = note_field(_("Revision of the drawing, remarks"))

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """With the step that it is."""
        return {**cleaned, "act": Act(self.act)}


class AgreementForm(DealForm):
    """What both sides are to sign; it begins with the version in force, the quote, or the need."""

    asked = ("quantity_amount", "starts_on", "ends_on")

    cooperation_type = one_of(_("Kind of cooperation"), CooperationType.choices)
    quantity_amount = AmountField(label=_("Quantity"))
    unit = UnitField()
    period = one_of(_("Counted"), Period.choices)
    value = AmountField(label=_("Value, CNY"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    floor_area = count(_("Floor area, m²"))
    workers = count(_("Workers"))
    opens_on = DayField(label=_("Opening day"))
    people = count(_("People"))
    months = count(_("Months"))
    mode = words(_("Mode"), 80)
    plan = forms.CharField(
        label=_("Deliveries"),
        required=False,
        max_length=4000,
        help_text=_("One a line: day, what, quantity. For example: 2027-01-31, first lot, 1000"),
        widget=forms.Textarea(attrs={"class": "input", "rows": TERMS_ROWS}),
    )
    terms = forms.CharField(
        label=_("Further terms"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"class": "input", "rows": TERMS_ROWS}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = self.partnership.need.subject
        for only, names in (
            (Subject.PREMISES, ("floor_area", "workers", "opens_on")),
            (Subject.TALENT, ("people", "months", "mode")),
        ):
            if subject != only:
                for name in names:
                    del self.fields[name]

    def measured(self) -> Any:
        """What is agreed is taken off the capacity."""
        return self.partnership.capacity

    def beginning(self) -> dict[str, Any]:
        """The newest version, else the standing quote's quantity, else the need's."""
        earlier = self.deal.proposed or self.deal.in_force
        source = earlier or self.deal.quote or self.partnership.need
        need = self.partnership.need
        names = [name for name in self.base_fields if name != "plan"] if earlier else ["quantity_amount"]
        told: dict[str, Any] = {name: getattr(source, name) for name in names}
        told |= {"unit": source.unit and source.unit.code, "period": source.period}
        if earlier is None:
            told |= {"starts_on": need.window_start, "ends_on": need.window_end}
            told["cooperation_type"] = CooperationType.SUPPORTING
        told["plan"] = "\n".join(planned(one) for one in self.deal.undelivered)
        return {name: typed(value) for name, value in told.items()}

    def clean_plan(self) -> list[Plan]:
        """The deliveries that the lines name."""
        lines = [line for line in normalise_text(self.cleaned_data["plan"]).splitlines() if line.strip()]
        return [self._planned(line) for line in lines]

    def _planned(self, line: str) -> Plan:
        parts = [part.strip() for part in PLAN_LINE.split(line, maxsplit=2)]
        try:
            day = parse_day(parts[0])
        except ValueError as error:
            raise refusal(Reason.REFUSAL_NOT_A_DAY) from error
        try:
            amount = parse_amount(parts[2]) if len(parts) > 2 and parts[2] else None
        except TooLarge as error:
            raise refusal(Reason.REFUSAL_TOO_LARGE) from error
        except ValueError as error:
            raise refusal(Reason.REFUSAL_NOT_A_NUMBER) from error
        return Plan((parts[1] if len(parts) > 1 else "") or self.partnership.need.title, day, amount)

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The terms by the agreement's own names, the deliveries beside them."""
        terms = {name: value for name, value in cleaned.items() if name != "plan"}
        return {"terms": terms, "plan": cleaned["plan"]}


class SignForm(DealForm):
    """A signature: the terms that were read, and who it is that signs."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput())
    secret = forms.CharField(
        label=_("Your password, or the code of your authenticator app"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
    )

    def beginning(self) -> dict[str, Any]:
        """The digest of what the page shows."""
        return {"seen": self.deal.proposed.digest if self.deal.proposed else ""}


class MilestoneForm(DealForm):
    """Which of the planned deliveries."""

    milestone = forms.ChoiceField(label=_("Delivery"), widget=forms.RadioSelect)
    version = forms.IntegerField(required=False, min_value=1, max_value=32_767, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = self.deal.undelivered if self.act == Act.DELIVER else self.deal.unaccepted
        field_of(self, "milestone").choices = [(str(one.number), f"{one.number} · {one}") for one in waiting]
        if waiting and not self.is_bound:
            self.initial["milestone"] = str(waiting[0].number)

    def beginning(self) -> dict[str, Any]:
        """The version whose deliveries the page shows."""
        return {"version": self.deal.in_force.version if self.deal.in_force else None}

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Its number within the agreement, and the version that was read."""
        return {"milestone": int(cleaned["milestone"]), "version": cleaned["version"]}


class OutcomeForm(DealForm):
    """What came of it, in one tap and as many words as one likes."""

    answer = forms.ChoiceField(label=_("Was it delivered?"), choices=Answer.choices, widget=forms.RadioSelect)
    delivered_amount = AmountField(label=_("Delivered quantity"))
    value_band = one_of(_("Value, CNY"), [("", "—"), *ValueBand.choices], required=False)
    reason = forms.ChoiceField(
        label=_("Reason, if it failed"), required=False, widget=forms.Select(attrs={"class": "input"})
    )
    note = note_field(_("Note"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "reason").choices = [("", "—"), *failing_choices()]

    def beginning(self) -> dict[str, Any]:
        """One's own statement, and what a coordinator suggests."""
        said = self.deal.statements.get(self.line.side) if self.line else None
        told = {} if said is None else {name: getattr(said, name) for name in self.base_fields}
        outcome = self.deal.outcome
        if outcome is not None and outcome.proposed_amount is not None:
            told |= {"answer": Answer.YES, "delivered_amount": outcome.proposed_amount, "reason": ""}
        return {name: typed(value) for name, value in told.items()}


class SuggestForm(DealForm):
    """How a coordinator suggests to settle two statements that differ."""

    asked = ("amount",)

    amount = AmountField(label=_("Delivered quantity that you suggest"))
    note = note_field(_("Why"), required=True)


FORMS: Mapping[str, type[DealForm]] = {
    Act.PERSON_AGREED: PersonAgreedForm,
    Act.QUOTE: QuoteForm,
    Act.CONFIRM_QUOTE: PlainForm,
    Act.WITHDRAW_QUOTE: PlainForm,
    Act.REFUSE_QUOTE: RefuseQuoteForm,
    Act.ASK_SAMPLE: SampleForm,
    Act.SEND_SAMPLE: SampleForm,
    Act.RECEIVE_SAMPLE: SampleForm,
    Act.PASS_SAMPLE: SampleForm,
    Act.FAIL_SAMPLE: SampleForm,
    Act.PROPOSE: AgreementForm,
    Act.TAKE_BACK: PlainForm,
    Act.SIGN: SignForm,
    Act.DELIVER: MilestoneForm,
    Act.TAKE_DELIVERY: MilestoneForm,
    Act.STATE_OUTCOME: OutcomeForm,
    Act.SUGGEST_OUTCOME: SuggestForm,
}
"""The form of every act of the deal that a page offers, by the act's name."""


class RfqForm(ServiceForm):
    """Until when quotes are asked for, and whether they stay sealed till then."""

    due_on = DayField(label=_("Quotes until the end of"))
    is_sealed = forms.BooleanField(label=_("Sealed: nobody but its maker reads a quote before that"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        require_fields(self, ("due_on",))
