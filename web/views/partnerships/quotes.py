"""The quotes for one of one's own needs side by side, and asking for them."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from matchmaking.partnerships.permissions import can_ask_for_quotes
from matchmaking.partnerships.queries.deal import open_rfq_of, quotes_for_need, standing_quote_count
from matchmaking.partnerships.services.quoting import ask_for_quotes
from matchmaking.postings.choices import Direction, Period
from matchmaking.postings.queries.postings import postings_of_member
from web.access import membership_required, show_refusals, signed_in_user
from web.forms.deals import RfqForm
from web.templatetags.formats import written_amount
from web.templatetags.partnerships import all_terms

LAST_MINUTE = time(23, 59, 59)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def quotes(request: HttpRequest, number: str) -> HttpResponse:
    """Every quote that can be read, a column each, in the need's own unit; by POST a request for quotation is made."""
    need = get_object_or_404(postings_of_member(user=request.user), number=number, direction=Direction.NEED)
    form = RfqForm(request.POST) if request.method == "POST" else RfqForm()
    actor = signed_in_user(request)

    def ask(values: dict[str, Any]) -> None:
        due_at = timezone.make_aware(datetime.combine(values["due_on"], LAST_MINUTE))
        ask_for_quotes(needs=[need], actor=actor, due_at=due_at, is_sealed=values["is_sealed"])

    if form.is_bound and form.carried_out(ask):
        messages.success(request, _("Asked. Suppliers in talks with you are told."))
        return redirect("web:partnerships:quotes", number=number)
    found, rfq = quotes_for_need(user=request.user, need=need), open_rfq_of(need)
    context = {
        "need": need,
        "form": form,
        "rfq": rfq,
        "quote_count": standing_quote_count(need),
        "may_ask": (rfq is None or not rfq.takes_quotes) and bool(can_ask_for_quotes(actor, need)),
        "columns": [column(quote) for quote in found],
        "lines": lines(need, found),
    }
    return render(request, "partnerships/quotes.html", context, status=422 if form.errors else 200)


def column(quote: Any) -> dict[str, Any]:
    """The head of a column."""
    name = quote.partnership.capacity.enterprise.name
    key = quote.partnership.key
    return {"key": key, "name": name, "state": quote.state, "state_name": quote.get_state_display()}


def lines(need: Any, found: list[Any]) -> list[tuple[str, list[str]]]:
    """The rows of the table: what every quote says of one term, prices and amounts in the need's own unit."""
    if not found:
        return []
    factors = [quote.unit.factor_to_base / need.unit.factor_to_base for quote in found]
    pairs = list(zip(found, factors, strict=True))
    prices = [f"{written_amount((q.unit_price / f).quantize(q.unit_price))} {q.currency}" for q, f in pairs]
    told = [
        (_("Price, {unit}").format(unit=need.unit.name), prices),
        (_("Quantity"), [f"{written_amount(q.quantity_amount * f)} · {q.get_period_display()}" for q, f in pairs]),
        (_("In all"), [in_all(quote) for quote in found]),
        (_("Tax"), [tax(q) for q in found]),
    ]
    terms = [all_terms(quote) for quote in found]
    return told + [(row[0][0], [text for _label, text in row]) for row in zip(*terms, strict=True)]


def in_all(quote: Any) -> str:
    """The sum of a quote, and over what it is counted."""
    told = f"{written_amount(quote.total)} {quote.currency}"
    return told if quote.period == Period.ONCE else f"{told} · {quote.get_period_display()}"


def tax(quote: Any) -> str:
    """Whether tax is in the price, and at which rate."""
    rate = "" if quote.tax_rate is None else f" {written_amount(quote.tax_rate)}%"
    return (_("included") if quote.is_tax_included else _("not included")) + rate
