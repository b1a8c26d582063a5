"""What is entered about the corridor, by who keeps it: facilities, routes, batches, the assumption of demand."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import require
from common.values import normalise_code
from matchmaking.hydrogen.choices import FacilityKind
from matchmaking.hydrogen.permissions import can_keep_corridor
from matchmaking.hydrogen.queries.records import assumptions, batches, facilities, routes, versions_of
from matchmaking.hydrogen.services.keeping import assume_demand, keep_batch, keep_facility, keep_route
from web.access import coordination_required, show_refusals, signed_in_user
from web.forms.hydrogen import AssumptionForm, BatchForm, FacilityForm, RouteForm


def named(rows: list[Any], key: str) -> Any:
    """The row with this key, 404 else."""
    wanted = normalise_code(key)
    found = next((row for row in rows if row.key == wanted), None)
    if found is None:
        raise Http404
    return found


def kept(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], object],
    *,
    heading: str,
    anchor: str,
    row: Any = None,
) -> HttpResponse:
    """A form that keeps something: back to the corridor once it did, with earlier versions of a row below."""
    require(can_keep_corridor(signed_in_user(request)))
    if form.is_bound and form.carried_out(act):
        messages.success(request, _("It is kept."))
        return redirect(f"{reverse('web:insights:hydrogen')}{anchor}")
    context = {"form": form, "heading": heading, "row": row, "versions": versions_of(row) if row else []}
    return render(request, "hydrogen/keep.html", context, status=422 if form.errors else 200)


def data_of(request: HttpRequest) -> Any:
    """What was sent, None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def seen(values: dict[str, Any]) -> int:
    """The version that the form showed."""
    return int(values.get("version") or 0)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def new_facility(request: HttpRequest) -> HttpResponse:
    """Enter a station, a base or a store."""
    kind = request.GET.get("kind", "")
    form = FacilityForm(data_of(request), initial={"kind": kind if kind in FacilityKind.values else ""})

    def act(values: dict[str, Any]) -> None:
        keep_facility(facility=None, actor=signed_in_user(request), values=form.values)

    return kept(request, form, act, heading=_("Enter a facility"), anchor="#h-facilities")


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def facility(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is known of a facility now."""
    row = named(facilities(user=request.user), key)
    form = FacilityForm(data_of(request), initial=FacilityForm.of(row))

    def act(values: dict[str, Any]) -> None:
        keep_facility(facility=row, actor=signed_in_user(request), values=form.values, version=seen(values))

    return kept(request, form, act, heading=row.name, anchor=f"#f-{row.key}", row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def new_route(request: HttpRequest) -> HttpResponse:
    """Enter a haulage route."""
    form = RouteForm(data_of(request))

    def act(values: dict[str, Any]) -> None:
        keep_route(route=None, actor=signed_in_user(request), values=form.values)

    return kept(request, form, act, heading=_("Enter a haulage route"), anchor="#h-routes")


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def route(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is known of a haulage route now."""
    row = named(routes(user=request.user), key)
    form = RouteForm(data_of(request), initial=RouteForm.of(row))

    def act(values: dict[str, Any]) -> None:
        keep_route(route=row, actor=signed_in_user(request), values=form.values, version=seen(values))

    heading = f"{row.from_region.name} → {row.to_region.name}"
    return kept(request, form, act, heading=heading, anchor="#h-routes", row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def new_batch(request: HttpRequest) -> HttpResponse:
    """Enter a fleet batch."""
    following = max((row.number for row in batches(user=request.user)), default=0) + 1
    form = BatchForm(data_of(request), initial={"number": following})

    def act(values: dict[str, Any]) -> None:
        keep_batch(batch=None, actor=signed_in_user(request), values=form.values, places=form.places)

    return kept(request, form, act, heading=_("Enter a fleet batch"), anchor="#h-fleet")


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def batch(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is known of a fleet batch now."""
    row = named(batches(user=request.user), key)
    form = BatchForm(data_of(request), initial=BatchForm.of(row), rows=BatchForm.rows_of(row))

    def act(values: dict[str, Any]) -> None:
        actor = signed_in_user(request)
        keep_batch(batch=row, actor=actor, values=form.values, places=form.places, version=seen(values))

    heading = _("Batch %(number)s") % {"number": row.number}
    return kept(request, form, act, heading=heading, anchor="#h-fleet", row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def assumption(request: HttpRequest) -> HttpResponse:
    """Enter how much hydrogen a vehicle takes a day; what was assumed before stands below."""
    form = AssumptionForm(data_of(request))
    actor = signed_in_user(request)
    require(can_keep_corridor(actor))
    if form.is_bound and form.carried_out(lambda values: assume_demand(actor=actor, **values)):
        messages.success(request, _("It is kept. The balance is computed with it from now on."))
        return redirect(f"{reverse('web:insights:hydrogen')}#h-balance")
    context = {
        "form": form,
        "heading": _("Hydrogen per vehicle and day"),
        "earlier": assumptions(user=request.user),
    }
    return render(request, "hydrogen/keep.html", context, status=422 if form.errors else 200)
