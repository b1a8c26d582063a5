"""The networks of the enterprise that one acts for: who is in its own, and in whose it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import NetworkState, SupplyRole
from accounts.permissions import can_ask_network
from accounts.queries import network_rows, network_visible_to
from accounts.services.networks import answer_network, ask_network, end_network
from common.errors import require
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.accounts.networks import INVITES, NetworkForm

PAGE = "web:accounts:network"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def network(request: HttpRequest) -> HttpResponse:
    """Members, what waits for whom, what is over, and asking another firm by posting here."""
    enterprise = required_enterprise(request)
    if request.method == "POST":
        require(can_ask_network(request.user, enterprise))
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="ask_network", user=request.user)
        if limited:
            return limited
        with form.refusals(), form.kept_when_refused("firm"):
            ask_network(
                enterprise=enterprise,
                actor=signed_in_user(request),
                firm=form.cleaned_data["firm"],
                invites=form.cleaned_data["side"] == INVITES,
                role=SupplyRole(form.cleaned_data["role"]),
            )
        if form.is_valid():
            messages.success(request, _("The firm is asked. It is a member once it accepts, and can decline or leave."))
            return redirect(PAGE)
    context = {
        "form": form,
        "enterprise": enterprise,
        "may_edit": bool(can_ask_network(request.user, enterprise)),
        **sorted_out(network_rows(request.user, enterprise), enterprise.pk),
    }
    return render(request, "accounts/network.html", context, status=422 if form.errors else 200)


@require_POST
@membership_required
@show_refusals
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes to what another firm asked."""
    return answered(request, pk, True, _("Accepted. Either firm can end this at any time."))


@require_POST
@membership_required
@show_refusals
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no to what another firm asked."""
    return answered(request, pk, False, _("Declined."))


def answered(request: HttpRequest, pk: int, accepts: bool, told: str) -> HttpResponse:
    """Answer what another firm asked, say so and go back."""
    row = get_object_or_404(network_visible_to(request.user), pk=pk)
    answer_network(membership=row, actor=signed_in_user(request), accepts=accepts)
    messages.success(request, told)
    return redirect(PAGE)


@require_POST
@membership_required
@show_refusals
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership, or take back what one's own firm asked."""
    row = get_object_or_404(network_visible_to(request.user), pk=pk)
    end_network(membership=row, actor=signed_in_user(request), by=required_enterprise(request))
    messages.success(request, _("Ended. It holds no more from this moment."))
    return redirect(PAGE)


def sorted_out(rows: Iterable[Any], own: int) -> Mapping[str, list[Any]]:
    """Memberships by what the page says of them, for the firm with key ``own``."""
    found: dict[str, list[Any]] = {name: [] for name in ("to_answer", "asked", "members", "joined", "over")}
    for row in rows:
        is_buyer = row.buyer_id == own
        part = "over"
        if row.state == NetworkState.MEMBER:
            part = "members" if is_buyer else "joined"
        elif row.state == NetworkState.ASKED:
            part = "asked" if is_buyer == row.invited else "to_answer"
        found[part].append(row)
    return found
