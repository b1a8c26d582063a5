"""Each act on a partnership, from interest to introduction, quote, agreement and outcome."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import Refused, require
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.partnerships.choices import BOUND, Act, State
from matchmaking.partnerships.permissions import can_act
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS, Deal
from matchmaking.partnerships.queries.partnerships import line_of, partnerships_of
from matchmaking.partnerships.services.agreeing import propose_agreement, sign_agreement, take_back_agreement
from matchmaking.partnerships.services.answering import snooze_interest
from matchmaking.partnerships.services.contacts import view_contact
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.partnerships.services.interest import (
    Declined,
    accept_interest,
    declare_interest,
    decline_interest,
    decline_interests,
    end_partnership,
    withdraw_interest,
)
from matchmaking.partnerships.services.outcomes import state_outcome, suggest_outcome
from matchmaking.partnerships.services.people import record_person_agreed
from matchmaking.partnerships.services.quoting import confirm_quote, make_quote, refuse_quote, withdraw_quote
from matchmaking.partnerships.services.sampling import move_sample
from matchmaking.postings.queries.postings import postings_of_member, postings_visible_to
from web.access import (
    acting_enterprise,
    membership_required,
    proven,
    seen_versions,
    show_refusals,
    signed_in_user,
    unless_suspended,
)
from web.forms.base import told
from web.forms.deals import FORMS
from web.forms.partnerships import DeclineManyForm, EndForm, SnoozeForm
from web.views.partnerships.shown import PAGE, context_of, found, list_context, standing_for


@require_POST
@membership_required
@show_refusals
def interest(request: HttpRequest) -> HttpResponse:
    """Express interest in a posting from one's own; meeting the other side's interest introduces both."""
    own_number, other_number = (normalise_code(request.POST.get(name, "")) for name in ("posting", "counterpart"))
    posting = get_object_or_404(postings_of_member(user=request.user), number=own_number)
    other = get_object_or_404(postings_visible_to(user=request.user), number=other_number)
    partnership = declare_interest(
        posting=posting, counterpart=other, actor=signed_in_user(request), note=request.POST.get("note", "")
    )
    if getattr(request, "htmx", False):
        return render(request, "partnerships/_stage.html", {"partnership": partnership})
    tell_moved(request, partnership)
    return redirect("web:partnerships:detail", key=partnership.key)


def tell_moved(request: HttpRequest, partnership: Any) -> None:
    """Say what the act has led to."""
    if partnership.state == State.INTRODUCED:
        messages.success(request, gettext("You are introduced to each other."))
    else:
        messages.success(request, gettext("The other side has your interest and is asked for an answer."))


@require_POST
@membership_required
@show_refusals
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Accept an interest; both sides are introduced, unless a posting is no longer as the page showed it."""
    partnership = accept_interest(
        partnership=found(request, key), actor=signed_in_user(request), seen=seen_versions(request)
    )
    tell_moved(request, partnership)
    return redirect("web:partnerships:detail", key=key)


@require_POST
@membership_required
@show_refusals
def decline(request: HttpRequest, key: str) -> HttpResponse:
    """Turn an interest down for a reason."""
    partnership = found(request, key)
    form = EndForm(request.POST, prefix_id="decline")
    actor = signed_in_user(request)

    if not form.carried_out(lambda values: decline_interest(partnership=partnership, actor=actor, **values)):
        return render(
            request, "partnerships/detail.html", context_of(request, partnership, {"decline": form}), status=422
        )
    messages.success(request, gettext("Declined. The other side is told the reason."))
    return redirect("web:partnerships:detail", key=key)


@require_POST
@membership_required
@show_refusals
def decline_many(request: HttpRequest) -> HttpResponse:
    """Turn the ticked interests down for one reason; those that were answered meanwhile are told apart."""
    enterprise = acting_enterprise(request)
    keys = request.POST.getlist("chosen")[:PAGE]
    rows = {row.key: row for row in partnerships_of(enterprise).filter(key__in=keys)} if enterprise else {}
    form, actor = DeclineManyForm(request.POST, offered=rows), signed_in_user(request)
    came: list[Declined] = []

    def act(values: dict[str, Any]) -> None:
        chosen = [rows[key] for key in values.pop("chosen")]
        came.append(decline_interests(partnerships=chosen, actor=actor, **values))

    if not form.carried_out(act):
        return render(request, "partnerships/list.html", list_context(request, "ours", form), status=422)
    for declined in came:
        tell_declined(request, declined)
    return redirect(f"{reverse('web:partnerships:list')}?show=ours")


def tell_declined(request: HttpRequest, declined: Declined) -> None:
    """Say how many were turned down, and why others were not."""
    if declined.done:
        text = ngettext(
            "{count} request declined. The firm is told the reason.",
            "{count} requests declined. Each firm is told the reason.",
            declined.done,
        )
        messages.success(request, text.format(count=declined.done))
    for refusal in declined.refused.values():
        messages.warning(request, gettext("Not declined: {reason}").format(reason=told(refusal.reason, refusal.facts)))


@require_POST
@membership_required
@show_refusals
def snooze(request: HttpRequest, key: str) -> HttpResponse:
    """Put the answer to an interest off until a day."""
    partnership = found(request, key)
    form, actor = SnoozeForm(request.POST, auto_id="snooze_%s"), signed_in_user(request)

    if not form.carried_out(lambda values: snooze_interest(partnership=partnership, actor=actor, **values)):
        context = context_of(request, partnership, {"snooze": form})
        return render(request, "partnerships/detail.html", context, status=422)
    messages.success(request, gettext("The other side is told that you answer later."))
    return redirect("web:partnerships:detail", key=key)


@require_POST
@membership_required
@show_refusals
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's interest back while it waits."""
    withdraw_interest(partnership=found(request, key), actor=signed_in_user(request))
    messages.success(request, gettext("The interest is withdrawn."))
    return redirect("web:partnerships:detail", key=key)


@require_POST
@membership_required
@show_refusals
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End the talks for a reason once both sides were introduced."""
    partnership = found(request, key)
    actor, enterprise = signed_in_user(request), standing_for(request, partnership)
    form = EndForm(request.POST, prefix_id="end", is_bound_by_agreement=partnership.state in BOUND)

    def act(values: dict[str, Any]) -> None:
        end_partnership(partnership=partnership, actor=actor, enterprise=enterprise, **values)

    if not form.carried_out(act):
        return render(request, "partnerships/detail.html", context_of(request, partnership, {"end": form}), status=422)
    messages.success(request, gettext("The partnership has ended. The other side is told the reason."))
    return redirect("web:partnerships:detail", key=key)


@require_POST
@membership_required
@never_cache
@show_refusals
def contact(request: HttpRequest, key: str) -> HttpResponse:
    """Show the other side's contact data; the look is recorded."""
    partnership = found(request, key)
    seen = view_contact(
        partnership=partnership, actor=signed_in_user(request), enterprise=standing_for(request, partnership)
    )
    context = context_of(request, partnership, contact=seen)
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "partnerships/_contact_seen.html" if fragment else "partnerships/detail.html", context)


class Doing(NamedTuple):
    """The service of an act of the deal, and what its actor reads then."""

    service: Callable[..., object]
    said: Any


DOINGS: Mapping[str, Doing] = {
    Act.PERSON_AGREED: Doing(record_person_agreed, _("Recorded with today's date. The other side is told.")),
    Act.QUOTE: Doing(make_quote, _("Your quote is with the other side.")),
    Act.CONFIRM_QUOTE: Doing(confirm_quote, _("Your quote holds again.")),
    Act.WITHDRAW_QUOTE: Doing(withdraw_quote, _("Your quote is withdrawn.")),
    Act.REFUSE_QUOTE: Doing(refuse_quote, _("Refused. The other side is told the reason.")),
    **{act: Doing(move_sample, _("Noted. The other side is told.")) for act in SAMPLE_ACTS},
    Act.PROPOSE: Doing(propose_agreement, _("The agreement waits for both signatures.")),
    Act.TAKE_BACK: Doing(take_back_agreement, _("The proposal is taken back.")),
    Act.SIGN: Doing(sign_agreement, _("Signed.")),
    Act.DELIVER: Doing(deliver, _("Noted. The other side is asked to accept it.")),
    Act.TAKE_DELIVERY: Doing(accept_delivery, _("Accepted.")),
    Act.STATE_OUTCOME: Doing(state_outcome, _("Recorded. It counts once both sides agree.")),
    Act.SUGGEST_OUTCOME: Doing(suggest_outcome, _("Both sides have your suggestion.")),
}
"""Every act of the deal, by its name in the address."""


@require_POST
@login_required
@unless_suspended
@never_cache
@show_refusals
def deal(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """One act on the deal by its form: quote, sample, agreement, delivery, outcome; 404 for an act that has none."""
    if act not in DOINGS:
        raise Http404
    doing, partnership = DOINGS[act], found(request, key)
    actor, enterprise = signed_in_user(request), standing_for(request, partnership)
    if enterprise is None and act != Act.SUGGEST_OUTCOME:
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    form = FORMS[act](act, partnership, Deal(partnership), line_of(partnership, enterprise), request.POST)
    if "secret" in form.fields and form.is_valid():
        require(can_act(actor, partnership, Act(act)))
        proven(request, form.cleaned_data.pop("secret"))
    # A coordinator acts for no firm.
    acting_for = {} if act == Act.SUGGEST_OUTCOME else {"enterprise": enterprise}

    def carry_out(values: dict[str, Any]) -> None:
        doing.service(partnership=partnership, actor=actor, **acting_for, **values)

    if not form.carried_out(carry_out):
        return render(request, "partnerships/detail.html", context_of(request, partnership, {act: form}), status=422)
    messages.success(request, doing.said)
    return redirect("web:partnerships:detail", key=key)
