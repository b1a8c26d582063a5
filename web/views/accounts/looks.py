"""What the platform's people looked at of one's own enterprise."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.queries import looks_at
from web.access import membership_required, required_enterprise

LOOKS_A_PAGE = 25


@require_safe
@membership_required
@never_cache
def looks(request: HttpRequest) -> HttpResponse:
    """Every look and every contact shown, the latest first: as what somebody looked, when, at what, and why."""
    enterprise = required_enterprise(request)
    page = Paginator(looks_at(request.user, enterprise), LOOKS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/looks.html", {"page": page, "enterprise": enterprise})
