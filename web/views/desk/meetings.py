"""Meetings that coordinators call: proposed times, each side's answer, the calendar file once a time is agreed."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from common.values import normalise_code
from matchmaking.desk.choices import MeetingState
from matchmaking.desk.filters import MINE, MeetingFilter
from matchmaking.desk.permissions import answering_sides, can_answer_meeting, can_call_meeting
from matchmaking.desk.queries.meetings import has_answered, meetings_in, meetings_of, meetings_visible_to
from matchmaking.desk.services.meetings import answer_meeting, call_meeting, call_off_meeting
from matchmaking.insights.queries.coordination import partnerships_in, scope_of
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.queries.partnerships import line_of, roles_of_user
from web.access import (
    acting_enterprise,
    coordination_required,
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
    unless_suspended,
)
from web.forms.desk import AnswerForm, MeetingForm
from web.lists import filtered_list
from web.papers.calendars import Entry, calendar_of
from web.papers.sending import CALENDAR, handed_out

ROWS_A_PAGE = 25


@require_safe
@coordination_required
@never_cache
def in_scope(request: HttpRequest) -> HttpResponse:
    """Meetings of partnerships that one looks after, under the filters of the address."""
    filters = MeetingFilter(request.GET, queryset=meetings_in(scope_of(request.user)), request=request)
    context = {
        "selects": [("state", _("State"), MeetingState.choices), ("by", _("Whose"), MINE)],
    }
    return filtered_list(request, "desk/meetings.html", filters, context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def call(request: HttpRequest, key: str) -> HttpResponse:
    """Propose times for a meeting to both firms of a partnership."""
    partnership = get_object_or_404(partnerships_in(scope_of(request.user)), key=normalise_code(key))
    form, actor = MeetingForm(request.POST) if request.method == "POST" else MeetingForm(), signed_in_user(request)
    require(can_call_meeting(actor, partnership))
    made: list[Any] = []

    def act(values: dict[str, Any]) -> None:
        made.append(call_meeting(partnership=partnership, actor=actor, **values))

    if form.is_bound and form.carried_out(act):
        messages.success(request, _("Both firms are asked which times suit."))
        return redirect("web:desk:meeting", key=made[0].key)
    context = {
        "form": form,
        "heading": _("Call a meeting"),
        "about": f"{partnership.need.enterprise.name} × {partnership.capacity.enterprise.name}",
        "button": _("Ask both firms"),
    }
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@require_safe
@membership_required
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """Meetings to which one's firm is asked."""
    enterprise = required_enterprise(request)
    page = Paginator(meetings_of(enterprise), ROWS_A_PAGE).get_page(request.GET.get("page"))
    lines = [{"meeting": one, "line": line_of(one.partnership, enterprise)} for one in page.object_list]
    return render(request, "desk/own_meetings.html", {"page": page, "lines": lines})


def found(request: HttpRequest, key: str) -> Any:
    """The meeting with this key that the reader takes part in or looks after, 404 else."""
    return get_object_or_404(meetings_visible_to(request.user), key=normalise_code(key))


def own_side(request: HttpRequest, one: Any) -> Side | None:
    """The side for which the reader may answer: that of the firm they act for where it is one."""
    sides = answering_sides(request.user, one)
    enterprise = acting_enterprise(request)
    line = line_of(one.partnership, enterprise) if enterprise is not None else None
    if line is not None and line.side in sides:
        return line.side
    return sides[0] if sides else None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@never_cache
@show_refusals
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """The proposed times and who can when; by POST one's side says which suit."""
    one, user = found(request, key), signed_in_user(request)
    side = own_side(request, one)
    shown_side = side or Side.NEED
    is_side = bool(roles_of_user(one.partnership, user))  # whoever is none and finds it, looks after it
    form = AnswerForm(request.POST if request.method == "POST" else None, meeting=one, side=shown_side)

    def act(values: dict[str, Any]) -> None:
        answer_meeting(meeting=one, actor=user, suiting=[int(value) for value in values["suiting"]], side=side)

    if form.is_bound and form.carried_out(act):
        messages.success(request, _("Your answer is noted."))
        return redirect("web:desk:meeting", key=one.key)
    context = {
        "meeting": one,
        "partnership": one.partnership,
        "side": side,
        "has_answered": side is not None and has_answered(one, side),
        "may_answer": bool(can_answer_meeting(user, one)),
        "may_call_off": not is_side and one.state != MeetingState.CALLED_OFF,
        "form": form,
    }
    return render(request, "desk/meeting.html", context, status=422 if form.errors else 200)


@require_POST
@coordination_required
@show_refusals
def call_off(request: HttpRequest, key: str) -> HttpResponse:
    """Call a meeting off."""
    one = call_off_meeting(meeting=found(request, key), actor=signed_in_user(request))
    messages.success(request, _("The meeting is called off. Both firms are told."))
    return redirect("web:desk:meeting", key=one.key)


@require_safe
@login_required
@unless_suspended
@never_cache
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The agreed time as a calendar file; 404 while there is none."""
    one = found(request, key)
    if one.state != MeetingState.AGREED:
        raise Http404
    partnership = one.partnership
    entry = Entry(
        uid=f"{one.key}@chuanyu-match",
        title=f"{partnership.need.enterprise.name} × {partnership.capacity.enterprise.name}",
        begins=one.agreed_for,
        ends=one.agreed_for + timedelta(minutes=one.minutes),
        stamped_at=one.settled_at.replace(microsecond=0),
        text=one.topic,
        place=one.place,
        address=request.build_absolute_uri(reverse("web:desk:meeting", args=[one.key])),
        sequence=one.version,
    )
    return handed_out(calendar_of(one.topic, [entry]), media_type=CALENDAR, name=f"meeting-{one.key}.ics")
