"""One posting: what this reader may know of it, what its own side may do, and who fits."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.permissions import role_in
from accounts.queries import is_member, network_size
from common.errors import require
from matchmaking.insights.queries.agreements import helping_chain
from matchmaking.matching.permissions import can_read_suggestions
from matchmaking.matching.tasks import record_shown_suggestions
from matchmaking.partnerships.queries.interests import interest_count_shown, with_interests
from matchmaking.partnerships.queries.needs import agreed_of_need, with_signed
from matchmaking.partnerships.queries.partnerships import partnership_between
from matchmaking.partnerships.services.panels import is_news, match_panel
from matchmaking.postings.choices import Direction, PriceKind
from matchmaking.postings.permissions import acts_allowed, can_copy_posting, can_read_details
from matchmaking.postings.queries.months import capacity_left_class, is_by_month, months_ahead, with_months
from matchmaking.postings.queries.postings import (
    busy_until,
    contact_of,
    days_unconfirmed,
    is_confirmation_due,
    own_counterparts,
    postings_for_page,
    postings_visible_to,
    region_shown,
    required_certificates,
    technical_parameters,
)
from matchmaking.postings.services.publishing import closing_reasons
from web.access import acting_enterprise, membership_required, show_refusals

NOTHING = Decimal(0)
MOST_OWN = 50
"""Own postings offered when declaring interest."""


@require_safe
def need(request: HttpRequest, number: str) -> HttpResponse:
    """One need."""
    return shown_posting(request, Direction.NEED, number)


@require_safe
def capacity(request: HttpRequest, number: str) -> HttpResponse:
    """One capacity."""
    return shown_posting(request, Direction.CAPACITY, number)


@require_safe
def posting(request: HttpRequest, number: str) -> HttpResponse:
    """The address that holds for both directions; leads to the page."""
    row = get_object_or_404(postings_visible_to(user=request.user), number=number)
    return redirect("web:postings:need" if row.is_need else "web:postings:capacity", number=row.number)


def shown_posting(request: HttpRequest, direction: Direction, number: str) -> HttpResponse:
    """The page of a posting; its own side sees all of it with the suggestions, others what their role allows."""
    acting = acting_enterprise(request)
    rows = with_signed(with_interests(postings_for_page(user=request.user)))
    row = get_object_or_404(rows, number=number, direction=direction)
    is_own = role_in(request.user, row.enterprise) is not None
    context = facts(row, is_own or bool(can_read_details(request.user, row)))
    context |= {"is_own": is_own, "acting_enterprise": acting}
    if is_own:
        context |= own_side(request, row)
    else:
        context |= other_side(acting, row)
    if can_read_suggestions(request.user, row):
        fit_only = bool(request.GET.get("fit_only"))
        panel = match_panel(posting=row, viewer=request.user, fit_only=fit_only)
        context["panel"] = panel
        response = render(request, "postings/detail.html", context)
        if is_news(panel=panel, viewer=request.user):
            record_shown_suggestions.enqueue(row.number, panel.shown, request.user.pk)
        return response
    return render(request, "postings/detail.html", context)


def facts(row: Any, exact: bool) -> dict[str, Any]:
    """What stands on the page: for who may not read details no text, papers, parameters or price."""
    shows_price = exact and row.price_kind == PriceKind.OPEN
    with_months([row])
    return {
        "posting": row,
        "is_need": row.is_need,
        "exact": exact,
        "place": region_shown(row, exact),
        "papers": required_certificates(row) if exact and row.has_certificates else [],
        "parameters": technical_parameters(row) if exact and row.has_parameters else [],
        "further_nodes": list(row.further_nodes.all()) if exact and row.has_further_nodes else [],
        "listed_regions": list(row.regions_allowed.all()) if exact and row.has_listed_regions else [],
        "shows_price": shows_price,
        "left": capacity_left_class(row) if exact and not row.is_need else "",
        "months": months_ahead(row) if exact and is_by_month(row) else [],
        "days_unconfirmed": days_unconfirmed(row),
        "busy_until": busy_until(row),
        "agreements": helping_chain(row.node.code.split(".")[0]) if row.is_need and row.node else [],
    }


def own_side(request: HttpRequest, row: Any) -> dict[str, Any]:
    """What its owners see and may do beside."""
    return {
        "may": dict.fromkeys(acts_allowed(request.user, row), True),
        "contact": contact_of(user=request.user, posting=row) if row.has_contact else None,
        "is_due": is_confirmation_due(row),
        "closing": [reason.value for reason in closing_reasons(row.direction)],
        "hidden_from": row.hidden_from_typed.splitlines()
        or ([firm.key for firm in row.hidden_from.all()] if row.has_hidden_from else []),
        "interests": row.interests,
        **agreed_upon(row),
        "network_size": network_size(row.enterprise) if row.asks_network_first else 0,
    }


def agreed_upon(row: Any) -> dict[str, Any]:
    """What of one's own need is signed already, and what is still open; nothing where nothing is signed."""
    if not (row.is_signed and row.quantity_amount and row.unit):
        return {}
    agreed = agreed_of_need(row)
    return {"agreed": agreed, "still_open": max(row.quantity_amount - agreed, NOTHING)}


def other_side(acting: Any, row: Any) -> dict[str, Any]:
    """What a reader from another enterprise may do: say that they are interested, for one of their own postings."""
    if acting is None:
        return {}
    asked_first = row.asks_network_first and is_member(acting, row.enterprise)
    partnership = partnership_between(enterprise=acting, posting=row)
    own = [] if partnership else list(own_counterparts(enterprise=acting, posting=row)[:MOST_OWN])
    interested = interest_count_shown(posting=row)
    return {"partnership": partnership, "own_postings": own, "interested": interested, "asked_first": asked_first}


@require_safe
@membership_required
@show_refusals
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """How a visitor, and how a firm that signed in, sees one's own posting."""
    row = get_object_or_404(postings_for_page(user=request.user), number=number)
    require(can_copy_posting(request.user, row))
    context = {"views": [facts(row, False), facts(row, True)], "posting": row, "is_need": row.is_need}
    return render(request, "postings/preview.html", context)
