"""The firm's side of moderation: what was decided and why, and one appeal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import ReviewKind
from accounts.permissions import can_appeal
from accounts.queries import appeal_against, decisions_visible_to, review_of
from accounts.services.reviews import appeal_decision
from web.access import acting_membership, show_refusals, signed_in_user
from web.forms.moderation import AppealForm


@require_safe
@login_required
def decision(request: HttpRequest, key: str) -> HttpResponse:
    """What was decided about something of one's own firm, suspended or not; an appeal stands with its decision."""
    row = get_object_or_404(decisions_visible_to(request.user), key=key)
    if row.against is not None:
        return redirect("web:moderation:decision", row.against.key)
    return shown(request, row, AppealForm())


@require_POST
@login_required
@show_refusals
def appeal(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for another look, once for each decision."""
    row = get_object_or_404(decisions_visible_to(request.user), key=key)
    form = AppealForm(request.POST)
    actor = signed_in_user(request)
    if form.carried_out(lambda values: appeal_decision(review=row, actor=actor, **values)):
        messages.success(request, _("We have your appeal. You get a notice when somebody has looked again."))
        return redirect("web:moderation:decision", row.key)
    return shown(request, row, form, status=422)


@require_safe
@login_required
def suspended(request: HttpRequest) -> HttpResponse:
    """Why the only firm that one acts for is suspended; its other pages are closed meanwhile."""
    membership = acting_membership(request)
    if membership is None or membership.enterprise.suspended_at is None:
        return redirect("web:accounts:workbench")
    row = review_of(ReviewKind.SUSPENSION, membership.enterprise.key)
    if row is None:
        return render(request, "moderation/suspended.html", {"enterprise": membership.enterprise})
    return shown(request, row, AppealForm())


def shown(request: HttpRequest, row: Any, form: AppealForm, status: int = 200) -> HttpResponse:
    """The page of a decision with its appeal: the answer, how long it waits, or the form."""
    context = {
        "review": row,
        "enterprise": row.enterprise,
        "appeal": appeal_against(row),
        "form": form if can_appeal(request.user, row) else None,
        "is_suspended": row.enterprise.suspended_at is not None,
    }
    return render(request, "moderation/decision.html", context, status=status)
