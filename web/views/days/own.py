"""Matchmaking days as an invited firm reads them: answer, wishes, its own schedule, its calendar file."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.values import normalise_code
from matchmaking.days.choices import DayState, GuestState
from matchmaking.days.permissions import can_answer_invitation, can_give_up_place, can_mark
from matchmaking.days.queries.days import invitations_of, marks_of, others_at, schedule_of, shown_count, unmet_of
from matchmaking.days.services.answers import MOST_MUSTS, answer_invitation, give_up_place, mark_firms
from matchmaking.days.tasks import mend_day
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.days import PlaceForm, WishesForm
from web.papers.calendars import Entry, calendar_of
from web.papers.sending import CALENDAR, handed_out

ROWS_A_PAGE = 25


@require_safe
@membership_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Days to which one's firm was invited."""
    rows = invitations_of(required_enterprise(request))
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "days/own.html", {"page": page})


def found(request: HttpRequest, key: str) -> Any:
    """The invitation of the firm that the reader acts for to the day with this key, 404 without one."""
    enterprise = required_enterprise(request)
    guest: Any = get_object_or_404(invitations_of(enterprise), day__key=normalise_code(key))
    guest.enterprise = enterprise
    return guest


@require_safe
@membership_required
@never_cache
def day(request: HttpRequest, key: str) -> HttpResponse:
    """The day as one's firm reads it."""
    return shown(request, found(request, key))


def shown(request: HttpRequest, guest: Any, **forms: Any) -> HttpResponse:
    """The page of a day for the firm of ``guest``; ``forms`` are those with errors."""
    user = signed_in_user(request)
    others, said = others_at(guest), marks_of(user, guest)
    may_wish = bool(can_mark(user, guest))
    schedule = schedule_of(guest)
    context = {
        "day": guest.day,
        "guest": guest,
        "others": others,
        "count": shown_count(guest.day) if guest.state != GuestState.ACCEPTED else None,
        "schedule": schedule,
        "unmet": unmet_of(guest, others, said, schedule),
        "said": [(one, said[one.pk]) for one in others if one.pk in said],
        "may_answer": bool(can_answer_invitation(user, guest)),
        "may_wish": may_wish,
        "may_give_up": bool(can_give_up_place(user, guest)),
        "most_musts": MOST_MUSTS,
        "place_form": PlaceForm(initial={"most": guest.most}),
        "wishes_form": WishesForm(others=others, said=said) if may_wish else None,
        "form": next(iter(forms.values()), None),
        **forms,
    }
    return render(request, "days/day.html", context, status=422 if forms else 200)


@require_POST
@membership_required
@show_refusals
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Take part or not."""
    guest, actor = found(request, key), signed_in_user(request)
    accepts = request.POST.get("answer") == "yes"
    form = PlaceForm(request.POST)

    def act(values: dict[str, Any]) -> None:
        answer_invitation(guest=guest, actor=actor, accepts=accepts, most=values["most"] if accepts else None)

    if not form.carried_out(act):
        return shown(request, guest, place_form=form)
    told = (
        _("You take part. Say whom you wish to meet.") if accepts else _("You do not take part. Thank you for telling.")
    )
    messages.success(request, told)
    return redirect("web:days:day", key=guest.day.key)


@require_POST
@membership_required
@show_refusals
def wishes(request: HttpRequest, key: str) -> HttpResponse:
    """Say whom one's firm wishes to meet."""
    guest, actor = found(request, key), signed_in_user(request)
    others = others_at(guest)
    form = WishesForm(request.POST, others=others, said={})
    if not form.carried_out(lambda values: mark_firms(guest=guest, actor=actor, wishes=form.wishes)):
        return shown(request, guest, wishes_form=form)
    messages.success(request, _("Your wishes are kept. Nobody else reads them."))
    return redirect("web:days:day", key=guest.day.key)


@require_POST
@membership_required
@show_refusals
def give_up(request: HttpRequest, key: str) -> HttpResponse:
    """Give the place up."""
    guest = give_up_place(guest=found(request, key), actor=signed_in_user(request))
    if guest.day.state == DayState.PUBLISHED:
        mend_day.enqueue(guest.day.key)
    messages.success(request, _("Your place is given up. Who was to meet you is told."))
    return redirect("web:days:day", key=guest.day.key)


@require_safe
@membership_required
@never_cache
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """One's own meetings as a calendar file; 404 while there is no schedule. What fell out takes itself out."""
    guest = found(request, key)
    one, lines = guest.day, schedule_of(guest)
    if one.state == DayState.OPEN or not lines:
        raise Http404
    address = request.build_absolute_uri(reverse("web:days:day", args=[one.key]))
    entries = [
        Entry(
            uid=f"{line.meeting.key}@chuanyu-match",
            title=f"{one.title}: {line.other.name}",
            begins=line.begins,
            ends=line.begins + timedelta(minutes=one.slot_minutes),
            stamped_at=one.changed_at.replace(microsecond=0),
            place=_("%(place)s, table %(table)d") % {"place": one.place, "table": line.meeting.table},
            address=address,
            sequence=one.version,
            is_off=line.is_off,
        )
        for line in lines
    ]
    return handed_out(calendar_of(one.title, entries), media_type=CALENDAR, name=f"day-{one.key}.ics")
