"""Papers of a deal, for its two sides: each signed version of the agreement, and its deliveries as a calendar."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.values import normalise_code
from matchmaking.partnerships.queries.deal import milestones_of, signed_agreements_of_member
from web.access import membership_required
from web.papers.agreement import agreement_paper, milestones_calendar
from web.papers.sending import CALENDAR, PDF, handed_out


def found(request: HttpRequest, key: str, version: int) -> Any:
    """The version that both sides have signed, 404 for whoever is no side of it."""
    rows = signed_agreements_of_member(request.user)
    return get_object_or_404(rows, partnership__key=normalise_code(key), version=version)


@require_safe
@membership_required
@never_cache
def agreement(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """The paper of one signed version, in both languages."""
    signed = found(request, key, version)
    content = agreement_paper(agreement=signed, milestones=milestones_of(signed))
    return handed_out(content, media_type=PDF, name=f"agreement-{signed.partnership.key}-v{signed.version}.pdf")


@require_safe
@membership_required
@never_cache
def milestones(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """The deliveries that one signed version plans, as a calendar."""
    signed = found(request, key, version)
    page = request.build_absolute_uri(reverse("web:partnerships:detail", args=[signed.partnership.key]))
    content = milestones_calendar(agreement=signed, milestones=milestones_of(signed), address=page)
    return handed_out(content, media_type=CALENDAR, name=f"deliveries-{signed.partnership.key}-v{signed.version}.ics")
