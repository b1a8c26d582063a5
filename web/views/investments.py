"""What an investment would change: a capacity at a node and a place that nobody has yet, asked as if it were posted."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matchmaking.insights.queries.counts import LEAST_FIRMS
from matchmaking.matching.services.investing import SHOWN, Investment, filled_by
from matchmaking.postings.queries.postings import listed_values, live_postings, reads_details
from web.forms.investments import InvestmentForm
from web.lists import rows_html

FIRST_ASKED = "amount"
"""The field without which an address only says where somebody came from."""


@require_safe
@login_required
def investment(request: HttpRequest) -> HttpResponse:
    """The form, and once it is sound which needs it would meet, almost meet, and what keeps others out."""
    given = request.GET
    form = InvestmentForm(given) if FIRST_ASKED in given else InvestmentForm(initial=given.dict())
    context: dict[str, Any] = {"form": form}
    is_sound = not form.is_bound or form.is_valid()
    if form.is_bound and is_sound:
        context |= filled(request, Investment(**form.cleaned_data))
    return render(request, "insights/investment.html", context, status=200 if is_sound else 422)


def filled(request: HttpRequest, asked: Investment) -> dict[str, Any]:
    """The needs as rows of a list, in the order in which they fit."""
    found = filled_by(asked, viewer=request.user)
    numbers = [one.posting.number for one in found.met]
    rows = live_postings(user=request.user).filter(number__in=numbers).order_by()
    listed = {one.number: one for one in listed_values(rows)}
    shown = [listed[number] for number in numbers if number in listed]
    return {
        "asked": asked,
        "found": found,
        "needs": rows_html(shown, "web:postings:need", reads_details(request.user), request.user),
        "more": max(found.firms - SHOWN, 0),
        "few": LEAST_FIRMS,
    }
