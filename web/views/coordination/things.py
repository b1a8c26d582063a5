"""One posting or partnership as its coordinator sees it, and the few acts that they may take."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import ReviewKind
from accounts.queries import next_step_of, review_of
from common.errors import Stale
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.insights.queries.coordination import (
    last_reminder,
    notes_about,
    partnerships_in,
    partnerships_of_posting,
    postings_in,
    scope_of,
    told_to_both,
    waited_for,
)
from matchmaking.partnerships.choices import BOUND, TALKING
from matchmaking.partnerships.permissions import (
    can_coordinate_posting,
    can_remind_of_interest,
    can_remind_of_posting,
)
from matchmaking.partnerships.queries.deal import is_disputed
from matchmaking.partnerships.queries.events import event_page
from matchmaking.partnerships.services.coordination import (
    annotate_partnership,
    annotate_posting,
    look_at_partnership,
    look_at_posting,
    remind_of_interest,
    remind_of_posting,
    reveal_contact,
)
from matchmaking.postings.choices import PriceKind, Status
from matchmaking.postings.permissions import can_review_posting
from matchmaking.postings.queries.postings import is_confirmation_due, required_certificates, technical_parameters
from matchmaking.postings.services.moderation import reasons_for
from matchmaking.postings.services.publishing import release_posting, withhold_posting
from web.access import coordination_required, show_refusals, signed_in_user
from web.forms.coordination import GiveBackForm, NoteForm, RevealForm
from web.lists import asked_page

LONGEST_VERSION = 10
"""Digits from which on a number is no version."""


def found_posting(request: HttpRequest, number: str) -> Any:
    """The posting with this number in the reader's scope, 404 outside it."""
    return get_object_or_404(postings_in(scope_of(request.user)), number=normalise_code(number))


def found_partnership(request: HttpRequest, key: str) -> Any:
    """The partnership with this key in the reader's scope, 404 outside it."""
    return get_object_or_404(partnerships_in(scope_of(request.user)), key=normalise_code(key))


@require_safe
@coordination_required
@never_cache
def posting(request: HttpRequest, number: str) -> HttpResponse:
    """What the posting says, its partnerships in scope, and the notes; its firm reads that somebody looked."""
    scope = scope_of(request.user)
    shown = get_object_or_404(postings_in(scope), number=normalise_code(number))
    look_at_posting(posting=shown, actor=signed_in_user(request))
    context = posting_context(request, shown) | {"partnerships": partnerships_of_posting(scope, shown)}
    return render(request, "coordination/posting.html", context)


def posting_context(request: HttpRequest, shown: Any, **forms: Any) -> dict[str, Any]:
    """All that the page of a posting shows to its coordinator; sealed prices are not part of it."""
    return {
        "posting": shown,
        "place": shown.region,
        "papers": required_certificates(shown),
        "parameters": technical_parameters(shown),
        "shows_price": shown.price_kind == PriceKind.OPEN,
        "notes": notes_about(posting=shown),
        "reminded_on": last_reminder("posting", shown.number),
        "is_due": is_confirmation_due(shown),
        "may_remind": bool(can_remind_of_posting(request.user, shown)),
        "may_act": bool(can_coordinate_posting(request.user, shown)),
        "reveal_form": RevealForm(auto_id="reveal_%s"),
        "note_form": NoteForm(auto_id="note_%s"),
        "today": timezone.localdate(),
        **review_context(request, shown),
        **forms,
    }


def review_context(request: HttpRequest, shown: Any) -> dict[str, Any]:
    """For a posting that a rule flagged: who has it, what comes next, and the form to give it back."""
    if shown.status != Status.IN_REVIEW:
        return {}
    review = review_of(ReviewKind.POSTING, shown.number)
    return {
        "review": review,
        "next_step": next_step_of(review) if review else "",
        "may_review": bool(can_review_posting(request.user, shown)),
        "back_form": GiveBackForm(auto_id="back_%s", reasons=reasons_for(ReviewKind.POSTING)),
    }


@require_safe
@coordination_required
@never_cache
def partnership(request: HttpRequest, key: str) -> HttpResponse:
    """How the partnership stands, who is waited for, and the match as each side was told it; both firms read of it."""
    shown = found_partnership(request, key)
    look_at_partnership(partnership=shown, actor=signed_in_user(request))
    return render(request, "coordination/partnership.html", partnership_context(request, shown))


def partnership_context(request: HttpRequest, shown: Any, **forms: Any) -> dict[str, Any]:
    """All that the page of a partnership shows to its coordinator."""
    inside = postings_in(scope_of(request.user)).filter(pk__in=(shown.need_id, shown.capacity_id))
    return {
        "partnership": shown,
        "log": event_page(shown, asked_page(request, "log")),
        "told": told_to_both(shown),
        "asked": waited_for(shown),
        "inside": set(inside.order_by().values_list("pk", flat=True)),
        "notes": notes_about(partnership=shown),
        "reminded_on": last_reminder("partnership", shown.key),
        "may_remind": bool(can_remind_of_interest(request.user, shown)),
        "may_meet": shown.state in (*TALKING, *BOUND),
        "is_disputed": is_disputed(shown),
        "note_form": NoteForm(auto_id="note_%s"),
        **forms,
    }


@require_POST
@coordination_required
@never_cache
@show_refusals
def posting_contact(request: HttpRequest, number: str) -> HttpResponse:
    """Show the firm's contact data for a reason; the firm is told."""
    shown = found_posting(request, number)
    form, actor = RevealForm(request.POST, auto_id="reveal_%s"), signed_in_user(request)
    revealed: list[Any] = []
    is_revealed = form.carried_out(lambda values: revealed.append(reveal_contact(posting=shown, actor=actor, **values)))
    context = posting_context(request, shown, reveal_form=form)
    context |= {"contact": revealed[0] if revealed else None, "is_revealed": is_revealed, "form": form}
    return render(request, "coordination/posting.html", context, status=200 if is_revealed else 422)


@require_POST
@coordination_required
@show_refusals
def remind_posting(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the firm again whether the posting still holds."""
    remind_of_posting(posting=found_posting(request, number), actor=signed_in_user(request))
    messages.success(request, gettext("The firm is reminded."))
    return redirect("web:coordination:posting", number=number)


@require_POST
@coordination_required
@show_refusals
def remind_partnership(request: HttpRequest, key: str) -> HttpResponse:
    """Remind the firm that an interest waits for its answer."""
    remind_of_interest(partnership=found_partnership(request, key), actor=signed_in_user(request))
    messages.success(request, gettext("The firm is reminded."))
    return redirect("web:coordination:partnership", key=key)


@require_POST
@coordination_required
@show_refusals
def note_posting(request: HttpRequest, number: str) -> HttpResponse:
    """Add a note about a posting."""
    shown, form = found_posting(request, number), NoteForm(request.POST, auto_id="note_%s")
    actor = signed_in_user(request)
    if form.carried_out(lambda values: annotate_posting(posting=shown, actor=actor, **values)):
        return redirect("web:coordination:posting", number=number)
    context = posting_context(request, shown, note_form=form, form=form)
    return render(request, "coordination/posting.html", context, status=422)


@require_POST
@coordination_required
@show_refusals
def note_partnership(request: HttpRequest, key: str) -> HttpResponse:
    """Add a note about a partnership."""
    shown, form = found_partnership(request, key), NoteForm(request.POST, auto_id="note_%s")
    actor = signed_in_user(request)
    if form.carried_out(lambda values: annotate_partnership(partnership=shown, actor=actor, **values)):
        return redirect("web:coordination:partnership", key=key)
    context = partnership_context(request, shown, note_form=form, form=form)
    return render(request, "coordination/partnership.html", context, status=422)


@require_POST
@coordination_required
@show_refusals
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Let a posting that a rule flagged be seen."""
    shown = found_posting(request, number)
    try:
        release_posting(posting=shown, actor=signed_in_user(request), seen_version=seen_version(request))
    except Stale:
        return changed_meanwhile(request, number)
    messages.success(request, gettext("The posting is shown. The firm is told."))
    return redirect("web:coordination:posting", number=number)


def seen_version(request: HttpRequest) -> int:
    """The version of the posting that the page showed; 0, which none has, where the form says none."""
    told = request.POST.get("version", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < LONGEST_VERSION else 0


def changed_meanwhile(request: HttpRequest, number: str, **forms: Any) -> HttpResponse:
    """The posting as it is now, to be read before it is decided about; what was typed stays in its form."""
    shown = found_posting(request, number)
    look_at_posting(posting=shown, actor=signed_in_user(request))
    context = posting_context(request, shown, is_changed=True, **forms)
    return render(request, "coordination/posting.html", context, status=409)


@require_POST
@coordination_required
@show_refusals
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """Give a flagged posting back to its firm with a reason; it is a draft then, and out of sight."""
    shown = found_posting(request, number)
    form = GiveBackForm(request.POST, auto_id="back_%s", reasons=reasons_for(ReviewKind.POSTING))
    actor = signed_in_user(request)

    def act(values: dict[str, Any]) -> None:
        told = {"reason": Reason(values["reason"]), "note": values["note"]}
        withhold_posting(posting=shown, actor=actor, seen_version=seen_version(request), **told)

    try:
        is_done = form.carried_out(act)
    except Stale:
        return changed_meanwhile(request, number, back_form=form)
    if is_done:
        messages.success(request, gettext("The posting is given back. The firm reads the reason."))
        return redirect("web:coordination:postings")
    context = posting_context(request, shown, back_form=form, form=form)
    return render(request, "coordination/posting.html", context, status=422)
