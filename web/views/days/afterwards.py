"""From the day on: who met, and a pair of postings suggested to two firms because they did."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import require
from common.values import normalise_code
from matchmaking.days.permissions import can_follow_meeting
from matchmaking.days.queries.plans import firms_of, meeting_of, pairs_between
from matchmaking.days.services.held import follow_meeting, note_meetings
from web.access import coordination_required, show_refusals, signed_in_user
from web.forms.days import FollowForm
from web.views.days.coordinated import found

HELD, YES, NO = "held_", "yes", "no"


@require_POST
@coordination_required
@show_refusals
def held(request: HttpRequest, key: str) -> HttpResponse:
    """Say which meetings took place."""
    one = found(request, key)
    told = {name.removeprefix(HELD): value for name, value in request.POST.items() if name.startswith(HELD)}
    values = {normalise_code(name): value == YES for name, value in told.items() if value in (YES, NO)}
    note_meetings(day=one, actor=signed_in_user(request), held=values)
    messages.success(request, _("It is noted who met."))
    return redirect("web:days:coordinated", key=one.key)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def pair(request: HttpRequest, key: str, meeting: str) -> HttpResponse:
    """Suggest a need of one firm and a capacity of the other to both, after they met."""
    one, actor = found(request, key), signed_in_user(request)
    met = meeting_of(one, normalise_code(meeting))
    if met is None:
        raise Http404
    require(can_follow_meeting(actor, met))
    firms, pairs = firms_of(met), pairs_between(actor, met)
    form = FollowForm(request.POST if request.method == "POST" else None, pairs=pairs)

    def act(values: dict[str, Any]) -> None:
        need, capacity = next(two for two in pairs if f"{two[0].number}.{two[1].number}" == values["pair"])
        follow_meeting(meeting=met, actor=actor, need=need, capacity=capacity, reason=values["reason"])

    if form.is_bound and form.carried_out(act):
        messages.success(request, _("Both firms have your suggestion."))
        return redirect("web:days:coordinated", key=one.key)
    context = {
        "day": one,
        "form": form,
        "pairs": pairs,
        "heading": _("Suggest a pair"),
        "about": f"{firms[0].name} × {firms[1].name}",
    }
    return render(request, "days/pair.html", context, status=422 if form.errors else 200)
