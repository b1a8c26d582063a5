"""Rounds of hydrogen offers: called by who keeps the corridor, offered into and asked about by firms, published."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import require
from common.values import normalise_code
from matchmaking.hydrogen.choices import RoundState
from matchmaking.hydrogen.permissions import can_keep_corridor
from matchmaking.hydrogen.queries.balance import Entered, balance_of
from matchmaking.hydrogen.queries.records import assumption_now, batches, facilities, routes
from matchmaking.hydrogen.queries.rounds import (
    answers_of,
    offer_named,
    offers_of,
    own_capacities,
    own_interests,
    own_needs,
    round_named,
)
from matchmaking.hydrogen.services.rounds import (
    Call,
    call_round,
    offer_capacity,
    publish_round,
    take_offer_back,
    tell_interest,
)
from matchmaking.insights.queries.flows import places as known_places
from web.access import coordination_required, membership_required, reads_details, show_refusals, signed_in_user
from web.forms.hydrogen import PostingChoiceForm, RoundForm


def found(request: HttpRequest, key: str) -> Any:
    """The round with this key, 404 else."""
    one = round_named(user=request.user, key=normalise_code(key))
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def new(request: HttpRequest) -> HttpResponse:
    """Call a round; places and months where hydrogen lacks are filled in."""
    actor = signed_in_user(request)
    require(can_keep_corridor(actor))
    form = RoundForm(
        request.POST if request.method == "POST" else None, regions=known_places().tiles, initial=short_now(request)
    )
    made: list[Any] = []

    def act(values: dict[str, Any]) -> None:
        terms = Call(**{name: values[name] for name in Call.__dataclass_fields__})
        made.append(call_round(actor=actor, call=terms, places=values["places"]))

    if form.is_bound and form.carried_out(act):
        messages.success(request, _("The round is called. Firms can offer now."))
        return redirect("web:hydrogen:round", key=made[0].key)
    return render(request, "hydrogen/call.html", {"form": form}, status=422 if form.errors else 200)


def short_now(request: HttpRequest) -> dict[str, Any]:
    """The months and places in which hydrogen lacks by the balance."""
    user = request.user
    entered = Entered(assumption_now(user=user), batches(user=user), facilities(user=user), routes(user=user))
    balance = balance_of(user=user, entered=entered, is_exact=reads_details(request))
    if balance is None or not balance.short_places:
        return {}
    months = [cell.month for line in balance.short_places for cell in line.cells if cell.short]
    return {
        "places": [line.region.code for line in balance.short_places],
        "first_month": min(months),
        "last_month": max(months),
    }


@require_safe
def one_round(request: HttpRequest, key: str) -> HttpResponse:
    """A round as the reader may see it: the call, offers by letter, what one can do now, the result."""
    one = found(request, key)
    return render(request, "hydrogen/round.html", round_context(request, one))


def round_context(request: HttpRequest, one: Any) -> dict[str, Any]:
    """What the page of a round shows."""
    user, state = request.user, one.state_on(timezone.localdate())
    may_keep = bool(can_keep_corridor(user))
    own = own_interests(user=user, one=one)
    context: dict[str, Any] = {
        "round": one,
        "state": state,
        "offers": offers_of(user=user, one=one),
        "interests": own,
        "asked": {interest.offer_id for interest in own},
        "may_keep": may_keep,
        "answers": answers_of(one=one) if may_keep or state != RoundState.OFFERS else None,
        "is_open": state == RoundState.OFFERS,
        "takes_interest": state == RoundState.INTEREST,
        "is_closed": state == RoundState.CLOSED,
        "is_published": state == RoundState.PUBLISHED,
        "today": timezone.localdate(),
    }
    if user.is_authenticated and state == RoundState.OFFERS:
        context["offer_form"] = offer_form(request)
    if user.is_authenticated and state == RoundState.INTEREST:
        context["has_needs"] = own_needs(user).exists()
    return context


def offer_form(request: HttpRequest) -> PostingChoiceForm:
    """Which of one's own capacities to offer."""
    data = request.POST if request.method == "POST" else None
    return PostingChoiceForm(data, postings=own_capacities(request.user), label=_("Capacity to offer"))


@require_POST
@membership_required
@show_refusals
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a capacity into the round."""
    one, form = found(request, key), offer_form(request)

    def act(values: dict[str, Any]) -> None:
        offer_capacity(one=one, actor=signed_in_user(request), capacity=values["posting"])

    if form.carried_out(act):
        messages.success(request, _("Your capacity is offered. Others read a letter instead of your name."))
        return redirect("web:hydrogen:round", key=one.key)
    return render(request, "hydrogen/round.html", {**round_context(request, one), "offer_form": form}, status=422)


@require_POST
@membership_required
@show_refusals
def take_back(request: HttpRequest, key: str, offer: str) -> HttpResponse:
    """Take one's own offer back."""
    one = found(request, key)
    row = offer_named(user=request.user, one=one, key=normalise_code(offer))
    if row is None:
        raise Http404
    take_offer_back(offer=row, actor=signed_in_user(request))
    messages.success(request, _("Your offer is taken back."))
    return redirect("web:hydrogen:round", key=one.key)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def interest(request: HttpRequest, key: str, offer: str) -> HttpResponse:
    """Tell interest in an offer for one of one's own needs."""
    one = found(request, key)
    row = offer_named(user=request.user, one=one, key=normalise_code(offer))
    if row is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PostingChoiceForm(data, postings=own_needs(request.user), label=_("Need that it is for"))

    def act(values: dict[str, Any]) -> None:
        tell_interest(offer=row, actor=signed_in_user(request), need=values["posting"])

    if form.is_bound and form.carried_out(act):
        messages.success(request, _("Your interest is noted. Nobody reads it before the result is published."))
        return redirect("web:hydrogen:round", key=one.key)
    context = {"form": form, "round": one, "offer": row}
    return render(request, "hydrogen/interest.html", context, status=422 if form.errors else 200)


@require_POST
@coordination_required
@show_refusals
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish the result."""
    one = publish_round(one=found(request, key), actor=signed_in_user(request))
    messages.success(request, _("The result is published. Interests are passed on as requests."))
    return redirect("web:hydrogen:round", key=one.key)
