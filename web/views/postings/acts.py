"""What the owner's side does with a posting; each act is one press, one service, one answer."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid, Refused
from common.reasons import Reason
from common.values import parse_day
from matchmaking.matching.services.suggestions import publish_and_suggest, suggestions_for
from matchmaking.postings.choices import Status
from matchmaking.postings.queries.postings import postings_of_member
from matchmaking.postings.services.busy import set_busy
from matchmaking.postings.services.consent import accept_ahead, stop_accepting_ahead
from matchmaking.postings.services.drafting import copy_posting, delete_draft
from matchmaking.postings.services.opening import open_posting
from matchmaking.postings.services.publishing import (
    close_posting,
    confirm_posting,
    confirm_posting_by_link,
    pause_posting,
    posting_of_token,
    renew_posting,
    resume_posting,
)
from web.access import membership_required, show_refusals, signed_in_user


def own(request: HttpRequest, number: str) -> Any:
    """The posting of one of the reader's enterprises, else 404."""
    return get_object_or_404(postings_of_member(user=request.user), number=number)


def done(request: HttpRequest, posting: Any, told: str) -> HttpResponse:
    """Back to the posting's page with a word on what happened; one that waits for a check says so instead."""
    if posting.status == Status.IN_REVIEW:
        told = gettext("Kept. A moderator looks at it first; this page says why and how it stands.")
    messages.success(request, told)
    return redirect("web:postings:need" if posting.is_need else "web:postings:capacity", number=posting.number)


def act(name: str, service: Callable[..., Any], told: Callable[[], str]) -> Callable[..., HttpResponseBase]:
    """A view that runs one service on one's own posting and says that it is done."""

    @require_POST
    @membership_required
    @show_refusals
    def run(request: HttpRequest, number: str) -> HttpResponse:
        return done(request, service(posting=own(request, number), actor=signed_in_user(request)), told())

    run.__name__ = name
    return run


pause = act(
    "pause", pause_posting, lambda: gettext("Paused. It is in no list and matches nothing until you resume it.")
)
resume = act("resume", resume_posting, lambda: gettext("Shown again."))
accept_all = act(
    "accept_all",
    accept_ahead,
    lambda: gettext("From now on verified firms that meet all musts are introduced to you at once."),
)
ask_me_first = act("ask_me_first", stop_accepting_ahead, lambda: gettext("From now on you answer each interest first."))
open_now = act("open_now", open_posting, lambda: gettext("Open: from now on everybody sees it."))
confirm = act("confirm", confirm_posting, lambda: gettext("Confirmed as of today."))


@require_POST
@membership_required
@show_refusals
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Publish a draft as it is kept; what is missing leads back to its form."""
    posting = own(request, number)
    try:
        shown = publish_and_suggest(posting=posting, actor=signed_in_user(request))
    except Invalid:
        messages.error(request, gettext("Something is still missing. Fill in the form and publish from there."))
        return redirect("web:postings:edit", number=number)
    except Refused as refusal:
        if refusal.reason != Reason.REFUSAL_WRONG_STATE:
            raise
        messages.info(request, gettext("This posting had been published already. Here it is."))
        return redirect("web:postings:posting", number=number)
    return done(request, shown, "" if shown.status == Status.IN_REVIEW else told_publication(request, shown))


def told_publication(request: HttpRequest, posting: Any) -> str:
    """What a publication has found so far, in one sentence."""
    firms = suggestions_for(posting=posting, viewer=signed_in_user(request), limit=1).firms
    if not firms:
        return gettext("Published. No counterpart fits yet; below is what keeps firms out.")
    told = ngettext("Published. %(count)s firm fits.", "Published. %(count)s firms fit, the best of them first.", firms)
    return told % {"count": firms}


def typed_day(request: HttpRequest, name: str) -> date | None:
    """The day in the field ``name``, None where it is empty. Raises Invalid."""
    text = request.POST.get(name, "").strip()
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise Invalid({name: Reason.REFUSAL_NOT_A_DAY}) from error


@require_POST
@membership_required
@show_refusals
def busy(request: HttpRequest, number: str) -> HttpResponse:
    """Take no new requests until a day; without a day take them again."""
    posting = set_busy(posting=own(request, number), actor=signed_in_user(request), until=typed_day(request, "until"))
    told = gettext("No new requests until then.") if posting.busy_until else gettext("Requests reach you again.")
    return done(request, posting, told)


@require_POST
@membership_required
@show_refusals
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """Give a posting a new last day, or only a fresh confirmation."""
    day = typed_day(request, "window_end")
    posting = renew_posting(posting=own(request, number), actor=signed_in_user(request), window_end=day)
    return done(request, posting, gettext("Renewed."))


@require_POST
@membership_required
@show_refusals
def close(request: HttpRequest, number: str) -> HttpResponse:
    """End a posting for the reason chosen."""
    reason = request.POST.get("reason", "")
    posting = close_posting(posting=own(request, number), actor=signed_in_user(request), reason=reason)
    return done(request, posting, gettext("Closed. It is in no list any more."))


@require_POST
@membership_required
@show_refusals
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a new draft that says the same."""
    made = copy_posting(posting=own(request, number), actor=signed_in_user(request))
    messages.success(request, gettext("Copied as a new draft. Give it a window and publish it."))
    return redirect("web:postings:edit", number=made.number)


@require_POST
@membership_required
@show_refusals
def delete(request: HttpRequest, number: str) -> HttpResponse:
    """Throw a draft away."""
    posting = own(request, number)
    is_need = posting.is_need
    delete_draft(posting=posting, actor=signed_in_user(request))
    messages.success(request, gettext("The draft is deleted."))
    return redirect("web:postings:needs" if is_need else "web:postings:capacities")


@require_http_methods(["GET", "HEAD", "POST"])
@show_refusals
def confirm_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail, without signing in: one look at what is asked, one press that confirms."""
    if request.method == "POST":
        posting = confirm_posting_by_link(token=token)
        return render(request, "postings/confirmed.html", {"posting": posting})
    posting, _reader = posting_of_token(token=token)
    return render(request, "postings/confirm.html", {"posting": posting, "token": token})
