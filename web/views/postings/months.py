"""The calendar of a capacity that comes anew each month."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from common.errors import require
from matchmaking.postings.permissions import can_plan_months
from matchmaking.postings.queries.months import months_ahead
from matchmaking.postings.services.months import plan_months
from web.access import membership_required, show_refusals, signed_in_user
from web.forms.months import MonthsForm
from web.views.postings.acts import own


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def months(request: HttpRequest, number: str) -> HttpResponse:
    """Say what the capacity can carry in each of the months ahead."""
    posting, actor = own(request, number), signed_in_user(request)
    require(can_plan_months(actor, posting))
    form = MonthsForm(request.POST or None, months=months_ahead(posting))
    if request.method == "POST" and form.carried_out(
        lambda values: plan_months(posting=posting, plan=form.plan_of(values), actor=actor)
    ):
        messages.success(request, gettext("Kept. Suggestions count with these months from now on."))
        return redirect("web:postings:capacity", number=posting.number)
    status = 422 if request.method == "POST" else 200
    return render(request, "postings/months.html", {"posting": posting, "form": form}, status=status)
