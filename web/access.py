"""Who is asking at the HTML door, and how a refusal looks there."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from accounts.models import Enterprise, Membership
from common.errors import Refused, Stale
from common.reasons import Reason, text_of

View = Callable[..., HttpResponse]
ACTING = "acting_enterprise"


def acting_membership(request: HttpRequest) -> Membership | None:
    """The membership that the reader acts under: the one chosen in this session, else the first."""
    if request.user.is_anonymous:
        return None
    if not hasattr(request, "_acting_membership"):
        mine = list(Membership.objects.active().filter(user=request.user).select_related("enterprise__region"))
        chosen = request.session.get(ACTING)
        request._acting_membership = next((m for m in mine if m.enterprise.key == chosen), mine[0] if mine else None)  # type: ignore[attr-defined]
    found: Membership | None = request._acting_membership  # type: ignore[attr-defined]
    return found


def acting_enterprise(request: HttpRequest) -> Enterprise | None:
    """The enterprise that the reader acts for, None for a visitor or a user without one."""
    membership = acting_membership(request)
    return membership.enterprise if membership else None


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page shows."""
    return {}
