"""Cases: the list with what came of one's work, one of them with its steps, and each act."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.values import normalise_code
from matchmaking.desk.choices import CaseEnd
from matchmaking.desk.filters import CASE_STATES, MINE, CaseFilter
from matchmaking.desk.queries.cases import cases_in, receivers_of, success_of
from matchmaking.desk.services.cases import change_case, close_case, hand_over_case, open_case
from matchmaking.insights.queries.coordination import Scope, partnerships_in, postings_in, scope_of
from web.access import coordination_required, show_refusals, signed_in_user
from web.forms.desk import CaseForm, CloseForm, HandOverForm
from web.lists import filtered_list


@require_safe
@coordination_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Cases in scope under the filters of the address, and one's own success figures."""
    scope = scope_of(request.user)
    filters = CaseFilter(request.GET, queryset=cases_in(scope, request.user), request=request)
    context = {
        "success": success_of(scope, signed_in_user(request)),
        "selects": [
            ("state", _("State"), CASE_STATES),
            ("end", _("Closed because"), CaseEnd.choices),
            ("by", _("Whose"), MINE),
        ],
    }
    return filtered_list(request, "desk/cases.html", filters, context)


def found(request: HttpRequest, key: str) -> tuple[Scope, Any]:
    """The reader's scope and the case with this key in it, 404 outside it."""
    scope = scope_of(request.user)
    return scope, get_object_or_404(cases_in(scope, request.user), key=normalise_code(key))


@require_safe
@coordination_required
@never_cache
def case(request: HttpRequest, key: str) -> HttpResponse:
    """What is stuck, where it lies, each step, and what can be done."""
    return shown(request, *found(request, key))


def shown(request: HttpRequest, scope: Scope, one: Any, **forms: Any) -> HttpResponse:
    """The page of a case; ``forms`` are those with errors."""
    may_work = one.closed_on is None
    receivers = receivers_of(one, scope) if may_work else []
    context = {
        "case": one,
        "events": one.events.select_related("actor", "handed_to"),
        "may_work": may_work,
        "receivers": receivers,
        "change_form": CaseForm.of(one),
        "hand_form": HandOverForm(auto_id="hand_%s", receivers=receivers),
        "close_form": CloseForm(auto_id="close_%s"),
        "today": timezone.localdate(),
        "form": next(iter(forms.values()), None),
        **forms,
    }
    return render(request, "desk/case.html", context, status=422 if forms else 200)


@require_POST
@coordination_required
@show_refusals
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Another department, day or wording."""
    (scope, one), form = found(request, key), CaseForm(request.POST, auto_id="change_%s")
    actor = signed_in_user(request)
    if not form.carried_out(lambda values: change_case(case=one, actor=actor, **values)):
        return shown(request, scope, one, change_form=form)
    messages.success(request, _("The case is changed."))
    return redirect("web:desk:case", key=one.key)


@require_POST
@coordination_required
@show_refusals
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """Give the case to another coordinator whose scope reaches it."""
    (scope, one), actor = found(request, key), signed_in_user(request)
    receivers = receivers_of(one, scope)
    form = HandOverForm(request.POST, auto_id="hand_%s", receivers=receivers)

    def act(values: dict[str, Any]) -> None:
        receiver = next(each.user for each in receivers if str(each.user.pk) == values["receiver"])
        hand_over_case(case=one, actor=actor, receiver=receiver, note=values["note"])

    if not form.carried_out(act):
        return shown(request, scope, one, hand_form=form)
    messages.success(request, _("The case is handed over. Its new coordinator is told."))
    return redirect("web:desk:case", key=one.key)


@require_POST
@coordination_required
@show_refusals
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Close the case for a reason."""
    (scope, one), form = found(request, key), CloseForm(request.POST, auto_id="close_%s")
    actor = signed_in_user(request)
    if not form.carried_out(lambda values: close_case(case=one, actor=actor, **values)):
        return shown(request, scope, one, close_form=form)
    messages.success(request, _("The case is closed."))
    return redirect("web:desk:case", key=one.key)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def of_posting(request: HttpRequest, number: str) -> HttpResponse:
    """Take up what is stuck with a posting."""
    thing = get_object_or_404(postings_in(scope_of(request.user)), number=normalise_code(number))
    return taken_up(request, thing, thing.title)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def of_partnership(request: HttpRequest, key: str) -> HttpResponse:
    """Take up what is stuck in a partnership."""
    thing = get_object_or_404(partnerships_in(scope_of(request.user)), key=normalise_code(key))
    return taken_up(request, thing, f"{thing.need.title} × {thing.capacity.title}")


def taken_up(request: HttpRequest, thing: Any, title: str) -> HttpResponse:
    """The form of a new case; the one that is open already is shown instead."""
    known = thing.cases.filter(closed_on=None).first()
    if known is not None:
        messages.info(request, _("A case about this is open already."))
        return redirect("web:desk:case", key=known.key)
    form, actor = CaseForm(request.POST) if request.method == "POST" else CaseForm(), signed_in_user(request)
    made: list[Any] = []
    if form.is_bound and form.carried_out(lambda values: made.append(open_case(thing=thing, actor=actor, **values))):
        messages.success(request, _("The case is open, and with you."))
        return redirect("web:desk:case", key=made[0].key)
    context = {"form": form, "heading": _("Open a case"), "about": title, "button": _("Open the case")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)
