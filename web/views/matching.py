"""Suggestions of a posting: the ranked list, and what its owner puts aside."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import firms_of
from common.errors import Invalid, Refused
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.matching.permissions import can_dismiss_suggestion
from matchmaking.matching.queries import NEWS_DAYS, told_matches
from matchmaking.matching.services.dismissals import dismiss_suggestion, restore_suggestion
from matchmaking.matching.services.suggestions import loosenings_for
from matchmaking.matching.tasks import record_shown_suggestions
from matchmaking.partnerships.services.coordination import look_at_posting
from matchmaking.partnerships.services.panels import MatchPanel, is_news, match_panel
from matchmaking.postings.queries.postings import postings_of_member, postings_to_match, postings_visible_to
from web.access import acting_membership, membership_required, safe_address, show_refusals, signed_in_user

LONGEST_OFFSET = 4
"""Digits of an offset that are read; more is no place of ours."""


@require_safe
@login_required
@never_cache
def news(request: HttpRequest) -> HttpResponse:
    """Good matches that digests told of lately, by the reader's own postings."""
    context = {"told": told_matches(user=signed_in_user(request)), "days": NEWS_DAYS}
    return render(request, "matching/news.html", context)


@require_safe
@login_required
@show_refusals
def matches(request: HttpRequest, number: str) -> HttpResponse:
    """The best counterparts of one's own posting; with an offset and htmx only the next cards.

    404 for whoever may not read them, so that an address tells nothing.
    """
    posting = get_object_or_404(postings_to_match(user=request.user), number=number)
    address = matches_address(posting.is_need, number)
    panel = panel_of(request, posting, offset=asked_offset(request))
    if request.path != address:
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{address}{'?' if query else ''}{query}")
    keep_look(request, posting)
    if is_news(panel=panel, viewer=request.user):
        record_shown_suggestions.enqueue(posting.number, panel.shown, signed_in_user(request).pk)
    context = {"panel": panel, "posting": posting, "dismissed": dismissed_one(request, panel)}
    is_fragment = bool(getattr(request, "htmx", False)) and "offset" in request.GET
    return render(request, "matching/_cards.html" if is_fragment else "matching/matches.html", context)


@require_safe
@login_required
@show_refusals
def others(request: HttpRequest, number: str) -> HttpResponse:
    """Near misses and neighbours of one's own posting, where many match; with htmx only the list.

    404 for whoever may not read the suggestions.
    """
    posting = get_object_or_404(postings_to_match(user=request.user), number=number)
    panel = panel_of(request, posting, only_others=True)
    keep_look(request, posting)
    context = {"panel": panel, "posting": posting}
    is_fragment = bool(getattr(request, "htmx", False))
    return render(request, "matching/_others.html" if is_fragment else "matching/others.html", context)


@require_safe
@login_required
@show_refusals
def loosen(request: HttpRequest, number: str) -> HttpResponse:
    """What loosening one's own posting would gain, each change tried out; with htmx only the list.

    404 for whoever may not read the suggestions.
    """
    posting = get_object_or_404(postings_visible_to(user=request.user), number=number)
    try:
        found = loosenings_for(posting=posting, viewer=request.user)
    except Refused as refusal:
        if refusal.reason == Reason.REFUSAL_NOT_YOURS:
            raise Http404 from refusal
        raise
    keep_look(request, posting)
    may_act = bool(can_dismiss_suggestion(request.user, posting))
    context = {"posting": posting, "loosenings": found, "may_act": may_act}
    is_fragment = bool(getattr(request, "htmx", False))
    return render(request, "matching/_loosen.html" if is_fragment else "matching/loosen.html", context)


def panel_of(request: HttpRequest, posting: Any, *, offset: int = 0, only_others: bool = False) -> MatchPanel:
    """The panel that the address asks for; 404 for whoever may not read it."""
    try:
        return match_panel(
            posting=posting,
            viewer=request.user,
            fit_only=request.GET.get("fit_only") == "1",
            offset=offset,
            only_others=only_others,
            membership=acting_membership(request),
        )
    except Refused as refusal:
        if refusal.reason == Reason.REFUSAL_NOT_YOURS:
            raise Http404 from refusal
        raise


def keep_look(request: HttpRequest, posting: Any) -> None:
    """Keep that somebody else than the firm looked at its suggestions."""
    if posting.enterprise_id not in firms_of(request.user):
        look_at_posting(posting=posting, actor=signed_in_user(request), part="suggestions")


def matches_address(is_need: bool, number: str) -> str:
    """Where the suggestions of a posting stand, by its direction."""
    return reverse("web:matching:matches" if is_need else "web:matching:capacity_matches", args=[number])


def asked_offset(request: HttpRequest) -> int:
    """The place to begin at; anything that is no small number is the first."""
    text = normalise_code(request.GET.get("offset", ""))[: LONGEST_OFFSET + 1]
    with suppress(ValueError):
        return int(text) if len(text) <= LONGEST_OFFSET else 0
    return 0


def dismissed_one(request: HttpRequest, panel: MatchPanel) -> object:
    """The counterpart that was just put aside, for the way back; None where the address names none."""
    number = normalise_code(request.GET.get("dismissed", ""))
    if not number or not panel.may_act:
        return None
    return postings_visible_to(user=request.user).filter(number=number).first()


@require_POST
@membership_required
@show_refusals
def dismiss(request: HttpRequest, number: str, counterpart: str) -> HttpResponse:
    """Put a counterpart aside for a reason; the answer offers the way back."""
    posting = get_object_or_404(postings_of_member(user=request.user), number=number)
    other = get_object_or_404(postings_visible_to(user=request.user), number=counterpart)
    try:
        reason = Reason(request.POST.get("reason", ""))
    except ValueError as error:
        raise Invalid(
            {"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": request.POST.get("reason", "")[:60]}}
        ) from error
    dismiss_suggestion(posting=posting, counterpart=other, actor=signed_in_user(request), reason=reason)
    if getattr(request, "htmx", False):
        context: dict[str, object] = {"posting": posting, "counterpart": other}
        with suppress(Refused):
            panel = match_panel(posting=posting, viewer=request.user, membership=acting_membership(request))
            context["firms"] = panel.suggestions.firms
        return render(request, "matching/_aside.html", context)
    return redirect(f"{matches_address(posting.is_need, number)}?dismissed={other.number}")


@require_POST
@membership_required
@show_refusals
def undo_dismiss(request: HttpRequest, number: str, counterpart: str) -> HttpResponse:
    """Take a dismissal back and return to the page it was said on, else to the list."""
    posting = get_object_or_404(postings_of_member(user=request.user), number=number)
    other = get_object_or_404(postings_visible_to(user=request.user), number=counterpart)
    restore_suggestion(posting=posting, counterpart=other, actor=signed_in_user(request))
    messages.success(request, gettext("It is suggested again."))
    came_from = safe_address(request, request.META.get("HTTP_REFERER", ""))
    is_told_again = "dismissed=" in came_from
    return redirect(matches_address(posting.is_need, number) if is_told_again or not came_from else came_from)
