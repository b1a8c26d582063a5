"""Keeping the list by hand: a firm, what it brings, who it is here, an invitation; and what of the list is released."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import SupplyRole
from accounts.permissions import can_ask_network
from accounts.queries import network_rows
from accounts.services.networks import ask_network
from common.errors import Refused, require
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.networks.permissions import can_invite_supplier, can_keep_list
from matchmaking.networks.queries.lists import called, firm_mark, is_listed, listed_firms, perhaps_here, relations_of
from matchmaking.networks.queries.sameness import Called
from matchmaking.networks.services.deciding import decide_sameness
from matchmaking.networks.services.inviting import invite_supplier
from matchmaking.networks.services.listing import (
    change_listed,
    end_supply,
    list_supplier,
    relist_supplier,
    say_who_it_is,
    unlist_supplier,
)
from matchmaking.networks.services.watching import release_counts
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.networks import FirmForm, InviteForm, NewSupplierForm, SupplyForm, WhoForm

LIST, DETAIL = "web:networks:suppliers", "web:networks:supplier"


def own_listed(request: HttpRequest, key: str) -> Any:
    """The firm of one's own list with this key; 404 for any other."""
    return get_object_or_404(listed_firms(request.user, required_enterprise(request)), key=normalise_code(key))


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def new(request: HttpRequest) -> HttpResponse:
    """Put one firm on the list."""
    buyer, actor = required_enterprise(request), signed_in_user(request)
    require(can_keep_list(actor, buyer))
    form = NewSupplierForm(request.POST or None)
    made: list[Any] = []

    def put(values: dict[str, Any]) -> None:
        with form.kept_when_refused("name"):
            if is_listed(buyer, Called(values["name"], values["external_key"], values["uscc"])):
                raise Refused(Reason.REFUSAL_ALREADY_THERE)
            made.append(list_supplier(buyer=buyer, actor=actor, values=values))

    if form.is_bound and form.carried_out(put):
        messages.success(request, _("The firm is on your list."))
        return redirect(DETAIL, key=made[0].listed.key)
    return render(request, "networks/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@membership_required
@never_cache
def supplier(request: HttpRequest, key: str) -> HttpResponse:
    """One firm of the list: what the list tells, what it brings, who it is here, and the acts."""
    return supplier_page(request, own_listed(request, key))


def supplier_page(request: HttpRequest, row: Any, **forms: Any) -> HttpResponse:
    """The page of a listed firm; ``forms`` are those that came with something wrong."""
    buyer = required_enterprise(request)
    rows = relations_of(request.user, buyer).filter(listed=row).order_by("ended_on", "node__code", "pk")
    context = {
        "listed": row,
        "buyer_is_verified": buyer.is_verified,
        "rows": rows,
        "invited": row.invitations.first(),
        "membership": membership_with(request, buyer, row),
        "may_keep": bool(can_keep_list(request.user, buyer)),
        "may_invite": bool(can_invite_supplier(request.user, row)),
        "may_ask": bool(can_ask_network(request.user, buyer)),
        "supply_form": SupplyForm(),
        "invite_form": InviteForm(),
        "who_form": WhoForm(initial={"firm": row.firm.key if row.firm else ""}),
    } | forms
    return render(request, "networks/supplier.html", context, status=422 if forms else 200)


def membership_with(request: HttpRequest, buyer: Any, row: Any) -> Any:
    """The latest course of membership between the two firms, None where there was none."""
    if row.firm is None:
        return None
    found = [one for one in network_rows(request.user, buyer) if row.firm_id in (one.supplier_id, one.buyer_id)]
    return next((one for one in found if one.buyer_id == buyer.pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Say anew what the list tells of a firm."""
    row, actor = own_listed(request, key), signed_in_user(request)
    require(can_keep_list(actor, row.buyer))
    form = FirmForm(request.POST or None, initial=FirmForm.of(row))

    def change(values: dict[str, Any]) -> None:
        with form.kept_when_refused("name"):
            change_listed(listed=row, actor=actor, values=values)

    if form.is_bound and form.carried_out(change):
        messages.success(request, _("Saved."))
        return redirect(DETAIL, key=row.key)
    return render(request, "networks/edit.html", {"form": form, "listed": row}, status=422 if form.errors else 200)


def acted(
    request: HttpRequest, key: str, name: str, form: Any, act: Callable[[Any, dict[str, Any]], object], told: str
) -> HttpResponse:
    """Let ``act`` take what one of the forms on the page of a listed firm holds; what was typed stays if it is wrong.

    ``name`` is what the page calls the form; a refusal as a whole stands at its first field.
    """
    row = own_listed(request, key)
    require(can_keep_list(request.user, row.buyer))

    def put(values: dict[str, Any]) -> None:
        with form.kept_when_refused(next(iter(form.fields))):
            act(row, values)

    if not form.carried_out(put):
        return supplier_page(request, row, **{name: form})
    messages.success(request, told)
    return redirect(DETAIL, key=row.key)


@require_POST
@membership_required
@show_refusals
def add_supply(request: HttpRequest, key: str) -> HttpResponse:
    """Say one more thing that a listed firm brings."""

    def put(row: Any, values: dict[str, Any]) -> None:
        list_supplier(buyer=row.buyer, actor=signed_in_user(request), values=values, listed=row)

    return acted(request, key, "supply_form", SupplyForm(request.POST), put, _("Saved."))


@require_POST
@membership_required
@show_refusals
def end(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A listed firm no longer brings this."""
    row = own_listed(request, key)
    relation = row.relations.select_related("buyer").filter(pk=pk).first()
    if relation is None:
        raise Http404
    end_supply(relation=relation, actor=signed_in_user(request))
    messages.success(request, _("Ended from today on; what was stays told."))
    return redirect(DETAIL, key=row.key)


@require_POST
@membership_required
@show_refusals
def unlist(request: HttpRequest, key: str) -> HttpResponse:
    """Take a firm off the list."""
    row = unlist_supplier(listed=own_listed(request, key), actor=signed_in_user(request))
    messages.success(request, _("Taken off the list. You can put it back here."))
    return redirect(DETAIL, key=row.key)


@require_POST
@membership_required
@show_refusals
def relist(request: HttpRequest, key: str) -> HttpResponse:
    """Put a firm back on the list."""
    row = relist_supplier(listed=own_listed(request, key), actor=signed_in_user(request))
    messages.success(request, _("Back on the list."))
    return redirect(DETAIL, key=row.key)


@require_POST
@membership_required
@show_refusals
def who(request: HttpRequest, key: str) -> HttpResponse:
    """Name the enterprise here that a listed firm is, or none."""

    def say(row: Any, values: dict[str, Any]) -> None:
        say_who_it_is(listed=row, actor=signed_in_user(request), firm=values["firm"])

    return acted(request, key, "who_form", WhoForm(request.POST), say, _("Saved."))


@require_POST
@membership_required
@show_refusals
def invite(request: HttpRequest, key: str) -> HttpResponse:
    """Invite a listed firm that is not here yet."""

    def send(row: Any, values: dict[str, Any]) -> None:
        invite_supplier(listed=row, actor=signed_in_user(request), email=values["email"])

    return acted(request, key, "invite_form", InviteForm(request.POST), send, _("The invitation is on its way."))


@require_POST
@membership_required
@show_refusals
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a listed firm that is here into the network that is asked first."""
    row = own_listed(request, key)
    if row.firm is None:
        raise Http404
    relation = row.relations.order_by("pk").first()
    role = SupplyRole(relation.role) if relation is not None else SupplyRole.SUPPLIER
    ask_network(enterprise=row.buyer, actor=signed_in_user(request), firm=row.firm.key, invites=True, role=role)
    messages.success(request, _("The firm is asked. It is a member once it accepts, and can decline or leave."))
    return redirect(DETAIL, key=row.key)


@require_POST
@membership_required
@show_refusals
def decide_here(request: HttpRequest, key: str) -> HttpResponse:
    """Whether a listed firm is the enterprise here that has its name; asked once."""
    buyer, actor = required_enterprise(request), signed_in_user(request)
    row = own_listed(request, key)
    require(can_keep_list(actor, buyer))
    if not buyer.is_verified:
        raise Refused(Reason.REFUSAL_NOT_VERIFIED)
    found = next((one for one in perhaps_here(buyer) if one.listed.pk == row.pk), None)
    if found is not None:
        is_same = request.POST.get("same") == "yes"
        mark = called(row).marks[0]
        decide_sameness(buyer=buyer, actor=actor, mark=mark, other=firm_mark(found.firm), is_same=is_same)
        if is_same:
            say_who_it_is(listed=row, actor=actor, firm=found.firm.key)
        messages.success(request, _("Saved; you will not be asked again."))
    return redirect(LIST)


@require_POST
@membership_required
@show_refusals
def release(request: HttpRequest) -> HttpResponse:
    """Let the public page tell how many suppliers and distributors the firm has, or no longer."""
    releases = request.POST.get("releases") == "yes"
    release_counts(buyer=required_enterprise(request), actor=signed_in_user(request), releases=releases)
    told = _("Your public page tells how many suppliers and distributors you have; never who they are.")
    messages.success(request, told if releases else _("Your public page no longer tells how many you have."))
    return redirect(LIST)
