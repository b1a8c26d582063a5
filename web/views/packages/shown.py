"""Packages as they are read: the list, one's own with quotes side by side, another firm's with a price a line."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import require
from common.values import normalise_text
from matchmaking.partnerships.choices import LineState, RfqState
from matchmaking.partnerships.permissions import can_change_rfq, can_decide_package, can_quote_package
from matchmaking.partnerships.queries.packages import (
    PackageLine,
    is_offered_to,
    offered_lines,
    package_lines,
    package_with_key,
    packages_of,
    packages_offered_to,
    supplier_totals,
    supplies_from,
)
from matchmaking.partnerships.services.lines import LinePrice, award_lines, quote_lines
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.packages import AwardForm, PackageQuoteForm
from web.views.packages.finding import offered_package, own_package
from web.views.packages.making import draft_page

PAGE = 25
"""Packages of a page of the list, and lines of a page of one's own: each line shows up to ten quotes."""


@require_safe
@membership_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """One's own packages, narrowed by state, and those of others that one may quote for."""
    enterprise, state = required_enterprise(request), request.GET.get("state", "")
    rows = packages_of(enterprise=enterprise)
    page = Paginator(rows.filter(state=state) if state in RfqState.values else rows, PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "offered": packages_offered_to(enterprise=enterprise)[:PAGE],
        "state": state,
        "states": [("", _("All")), *RfqState.choices],
    }
    return render(request, "packages/list.html", context)


@require_safe
@membership_required
@never_cache
@show_refusals
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """The package as its owner, or as a supplier in talks about one of its lines, reads it; 404 for all others."""
    enterprise = required_enterprise(request)
    rfq = package_with_key(user=request.user, key=key)
    if rfq is None:
        raise Http404
    if rfq.enterprise_id == enterprise.pk:
        return draft_page(request, rfq) if rfq.state == RfqState.DRAFT else owner_page(request, rfq)
    if not is_offered_to(rfq=rfq, enterprise=enterprise):
        raise Http404
    return supplier_page(request, rfq)


def narrowed(request: HttpRequest, lines: Sequence[PackageLine]) -> list[PackageLine]:
    """The lines that the address asks for, by state, supplier and words; an unknown value narrows nothing."""
    state, supplier = request.GET.get("state", ""), request.GET.get("supplier", "")
    words = normalise_text(request.GET.get("q", "")).casefold()
    found = list(lines)
    if state in LineState.values:
        found = [line for line in found if line.state == state]
    if supplier:
        found = [line for line in found if any(offer.supplier.key == supplier for offer in line.offers)]
    if words:
        found = [line for line in found if words in f"{line.need.title} {line.need.external_key}".casefold()]
    return found


def owner_page(request: HttpRequest, rfq: Any, *, sent: Any = None) -> HttpResponse:
    """All lines with their quotes, what each supplier asks for, and what is awarded; ``sent`` is a form that came."""
    lines = package_lines(user=request.user, rfq=rfq)
    page = Paginator(narrowed(request, lines), PAGE).get_page(request.GET.get("page"))
    may_change = bool(can_change_rfq(request.user, rfq))
    form = None
    shown = list(page.object_list)
    if may_change and not rfq.hides_quotes and any(line.offers for line in shown):
        form = AwardForm(rfq, shown, sent)
    if form is not None and sent is not None and form.carried_out(lambda _values: awarded(request, rfq, form)):
        return redirect(f"{request.path.removesuffix('award/')}?{request.GET.urlencode()}")
    counts = {state: sum(line.state == state for line in lines) for state in LineState}
    context = {
        "rfq": rfq,
        "page": page,
        "form": form,
        "may_close": may_change and rfq.state == RfqState.OPEN and rfq.takes_quotes and not rfq.is_sealed,
        "totals": supplier_totals(lines),
        "best_total": best_total(lines),
        "line_count": len(lines),
        "states": [(state, state.label, count) for state, count in counts.items() if count],
        "state": request.GET.get("state", ""),
        "supplier": request.GET.get("supplier", ""),
        "words": request.GET.get("q", ""),
        "papers": list(rfq.certificates.all()),
    }
    return render(request, "packages/detail.html", context, status=422 if form is not None and form.errors else 200)


def best_total(lines: Sequence[PackageLine]) -> tuple[int, Decimal] | None:
    """How many lines have a cheapest comparable quote, and what these ask for together; None where they are in several
    currencies, and where there is none.
    """
    best = [next((offer for offer in line.offers if offer.is_best), None) for line in lines]
    quotes = [offer.quote for offer in best if offer is not None]
    if len({quote.currency for quote in quotes}) != 1:
        return None
    return len(quotes), sum((quote.total for quote in quotes), Decimal(0))


def awarded(request: HttpRequest, rfq: Any, form: AwardForm) -> None:
    """Propose what the form awards, and say so."""
    values = form.cleaned_data
    made = award_lines(
        rfq=rfq,
        actor=signed_in_user(request),
        awards=form.awards(),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
    )
    told = ngettext(
        "{count} agreement is proposed. It holds once both sides have signed it.",
        "{count} agreements are proposed. Each holds once both sides have signed it.",
        len(made),
    )
    messages.success(request, told.format(count=len(made)))


@require_POST
@membership_required
@never_cache
@show_refusals
def award(request: HttpRequest, key: str) -> HttpResponse:
    """Award lines, in whole or split; what was typed stays where something does not fit."""
    rfq = own_package(request, key)
    require(can_decide_package(request.user, rfq))
    return owner_page(request, rfq, sent=request.POST)


def supplier_page(request: HttpRequest, rfq: Any, *, sent: Any = None) -> HttpResponse:
    """The lines that the reader's firm may see, with its own quotes; ``sent`` is a form that came."""
    enterprise, actor = required_enterprise(request), signed_in_user(request)
    rows = offered_lines(user=actor, rfq=rfq, enterprise=enterprise)
    capacities = supplies_from(lines=rows, enterprise=enterprise)
    form = PackageQuoteForm(rows, capacities, sent)

    def quote(_values: dict[str, Any]) -> None:
        prices = {key: LinePrice(*price) for key, price in form.prices().items()}
        wanted = form.cleaned_data["capacity"]
        made = quote_lines(
            rfq=rfq,
            actor=actor,
            enterprise=enterprise,
            prices=prices,
            terms=form.terms(),
            capacity=next((one for one in capacities if one.number == wanted), None),
        )
        told = ngettext("{count} line is quoted.", "{count} lines are quoted.", len(made))
        unchanged = _("Nothing has changed: your quotes stand as they are.")
        messages.success(request, told.format(count=len(made)) if made else unchanged)

    if sent is not None and form.carried_out(quote):
        return redirect("web:packages:detail", key=rfq.key)
    context = {
        "rfq": rfq,
        "rows": rows,
        "form": form,
        "may_quote": bool(can_quote_package(actor, rfq, enterprise)),
        "quoted": sum(row.quote is not None for row in rows),
        "papers": list(rfq.certificates.all()),
    }
    return render(request, "packages/offer.html", context, status=422 if form.errors else 200)


@require_POST
@membership_required
@never_cache
@show_refusals
def quote(request: HttpRequest, key: str) -> HttpResponse:
    """Quote for several lines at once; what was typed stays where something does not fit."""
    return supplier_page(request, offered_package(request, key), sent=request.POST)
