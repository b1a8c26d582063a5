"""All postings of the firm that one acts for, in every state: what the figures of the workbench count."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from matchmaking.partnerships.queries.interests import with_interests
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.queries.postings import postings_of_enterprise
from web.access import membership_required, required_enterprise

PAGE = 25
DIRECTIONS = (("", _("All")), (Direction.NEED, _("Needs")), (Direction.CAPACITY, _("Capacities")))


@require_safe
@membership_required
def own_postings(request: HttpRequest) -> HttpResponse:
    """Own postings, last changed first, narrowed by direction and state; what is neither narrows nothing."""
    direction, status = request.GET.get("direction", ""), request.GET.get("status", "")
    enterprise = required_enterprise(request)
    rows = postings_of_enterprise(
        enterprise=enterprise, direction=Direction(direction) if direction in Direction.values else None
    )
    shown = with_interests(rows.filter(status=status) if status in Status.values else rows)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "postings": page.object_list,
        "direction": direction,
        "status": status,
        "directions": DIRECTIONS,
        "statuses": [("", _("Every state")), *Status.choices],
    }
    return render(request, "accounts/postings.html", context)
