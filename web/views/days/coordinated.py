"""Matchmaking days as who looks after them works on them: the list, opening, one of them, firms invited."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from common.values import normalise_code, normalise_text
from matchmaking.days.choices import WAITING, DayState, GuestState, PlanState
from matchmaking.days.filters import MINE, WHEN, DayFilter
from matchmaking.days.permissions import (
    can_look_after_day,
    can_open_day,
    when_invited,
    when_looked_after,
    when_noted,
    when_planned,
)
from matchmaking.days.queries.days import (
    Search,
    clearings_to_invite_from,
    days_coordinated_by,
    firms_named,
    firms_to_invite,
    guests_of,
    regions_to_name,
)
from matchmaking.days.queries.plans import (
    GUESTS,
    PARTS,
    figures_now,
    guests_in_part,
    hall_of,
    in_part,
    latest_plan,
    meetings_of_plan,
    settled_terms,
    unkept_of,
)
from matchmaking.days.services.days import Terms, cancel_day, change_day, invite_firms, open_day, withdraw_guest
from matchmaking.days.tasks import mend_day
from matchmaking.postings.filters import filter_choices
from reference.queries.nodes import chains_in_use
from web.access import coordination_required, show_refusals, signed_in_user
from web.forms.days import DayForm
from web.lists import filtered_list

PROVINCES = ("51", "50")
TERMS = tuple(Terms.__dataclass_fields__)
SEARCH_TERMS, LONGEST_WORDS = ("q", "province", "chain", "clearing"), 60


@require_safe
@coordination_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Days that one looks after, under the filters of the address."""
    filters = DayFilter(request.GET, queryset=days_coordinated_by(request.user), request=request)
    context = {
        "selects": [
            ("state", _("State"), DayState.choices),
            ("when", _("When"), WHEN),
            ("by", _("Whose"), MINE),
        ],
    }
    return filtered_list(request, "days/coordinated_list.html", filters, context)


def found(request: HttpRequest, key: str) -> Any:
    """The day with this key that the reader looks after, 404 else."""
    return get_object_or_404(days_coordinated_by(request.user), key=normalise_code(key))


def asked_form(request: HttpRequest, **told: Any) -> DayForm:
    """The form of a day, filled where it was sent."""
    data = request.POST if request.method == "POST" else None
    return DayForm(data, regions=regions_to_name(request.user), chains=list(chains_in_use()), **told)


def split(values: dict[str, Any]) -> dict[str, Any]:
    """What a form says, as the services take it."""
    told: dict[str, Any] = {name: values.get(name) for name in TERMS}
    terms = Terms(**told)
    return {"terms": terms, "regions": values["regions"], "chains": values["chains"]}


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def new(request: HttpRequest) -> HttpResponse:
    """Open a day."""
    actor, form = signed_in_user(request), asked_form(request)
    require(can_open_day(actor))
    made: list[Any] = []
    if form.is_bound and form.carried_out(lambda values: made.append(open_day(actor=actor, **split(values)))):
        messages.success(request, _("The day is open. Invite firms now."))
        return redirect("web:days:coordinated", key=made[0].key)
    context = {
        "form": form,
        "heading": _("Open a matchmaking day"),
        "about": _("Firms say whom they wish to meet; the plan keeps the most of it."),
        "button": _("Open the day"),
    }
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is said of a day."""
    actor, one = signed_in_user(request), found(request, key)
    require(can_look_after_day(actor, one))
    form = asked_form(request, initial=DayForm.initial_of(one), settled=settled_terms(one))

    def act(values: dict[str, Any]) -> None:
        change_day(day=one, actor=actor, **split(values))

    if form.is_bound and form.carried_out(act):
        messages.success(request, _("The day is changed. Firms are told where place or time is another."))
        return redirect("web:days:coordinated", key=one.key)
    context = {"form": form, "heading": _("Change the day"), "about": one.title, "button": _("Keep the change")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@require_safe
@coordination_required
@never_cache
def day(request: HttpRequest, key: str) -> HttpResponse:
    """One day: who is invited, firms to invite, the plan and its figures, what came of it."""
    one = found(request, key)
    guests = guests_of(one)
    coming = [guest for guest in guests if guest.state == GuestState.ACCEPTED and not guest.enterprise.suspended_at]
    asked, may_invite = search_in(request), bool(when_invited(one))
    context = {
        "day": one,
        "is_published": one.state == DayState.PUBLISHED,
        "may_change": bool(when_looked_after(one)),
        "may_invite": may_invite,
        "planning": when_planned(one, len(coming)),
        "may_note": bool(when_noted(one)),
        "asked": asked,
        "is_searched": asked != Search(),
        "found": firms_to_invite(request.user, one, asked) if may_invite else [],
        "chains": filter_choices()["chain"] if may_invite else [],
        "clearings": clearings_to_invite_from(request.user) if may_invite else [],
        **planned(request, one, guests, coming),
    }
    return render(request, "days/coordinated.html", context)


def planned(request: HttpRequest, one: Any, guests: list[Any], coming: list[Any]) -> dict[str, Any]:
    """The plan with what it counts, and the meetings and firms that a figure in the address asks for."""
    plan = latest_plan(one)
    meetings = list(meetings_of_plan(plan)) if plan is not None and plan.state == PlanState.READY else []
    unkept = unkept_of(plan, coming) if plan is not None else []
    part, group = request.GET.get("meetings", ""), request.GET.get("firms", "")
    rows = in_part(meetings, part) if part in PARTS else meetings
    return {
        "plan": plan,
        "is_waiting": plan is not None and plan.state in WAITING,
        "hall": hall_of(one, rows) if meetings else [],
        "rows": rows,
        "unkept": unkept,
        "figures": figures_now(one, meetings, coming, len(unkept)),
        "guests": guests_in_part(coming, meetings, group) if group in GUESTS else guests,
        "is_part": part in PARTS,
        "is_group": group in GUESTS,
    }


def search_in(request: HttpRequest) -> Search:
    """What firms are looked for in the address."""
    words, province, chain, clearing = (request.GET.get(name, "")[:LONGEST_WORDS] for name in SEARCH_TERMS)
    known = normalise_code(province)
    return Search(normalise_text(words), known if known in PROVINCES else "", *map(normalise_code, (chain, clearing)))


@require_POST
@coordination_required
@show_refusals
def invite(request: HttpRequest, key: str) -> HttpResponse:
    """Invite the firms that were ticked."""
    one = found(request, key)
    keys = [normalise_code(text) for text in request.POST.getlist("firm")]
    made = invite_firms(day=one, actor=signed_in_user(request), enterprises=firms_named(keys))
    if made:
        messages.success(request, _("Invited: %(count)d. The firms are told.") % {"count": len(made)})
    else:
        messages.info(request, _("No firm was ticked."))
    return redirect("web:days:coordinated", key=one.key)


@require_POST
@coordination_required
@show_refusals
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take the invitation of one firm back."""
    one, firm = found(request, key), normalise_code(request.POST.get("firm", ""))
    guest: Any = get_object_or_404(one.guests.select_related("day", "enterprise"), enterprise__key=firm)
    withdraw_guest(guest=guest, actor=signed_in_user(request))
    if one.state == DayState.PUBLISHED:
        mend_day.enqueue(one.key)
    messages.success(request, _("The invitation is taken back. The firm is told."))
    return redirect("web:days:coordinated", key=one.key)


@require_POST
@coordination_required
@show_refusals
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel the day."""
    one = cancel_day(day=found(request, key), actor=signed_in_user(request))
    messages.success(request, _("The day is cancelled. The firms are told."))
    return redirect("web:days:coordinated", key=one.key)
