"""Partnerships of the firm that one acts for: the list, one of them, and each act from interest to introduction."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.values import normalise_code
from matchmaking.partnerships.choices import CONSENTED, State
from matchmaking.partnerships.permissions import acts_allowed
from matchmaking.partnerships.queries.partnerships import (
    Contact,
    changed_since_interest,
    events_of,
    line_of,
    partnership_counts,
    partnerships_of,
    partnerships_visible_to,
    posting_of,
    roles_of_user,
    waiting_for,
    waiting_for_others,
)
from matchmaking.partnerships.services.contacts import view_contact
from matchmaking.partnerships.services.coordination import look_at_partnership
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    end_partnership,
    withdraw_interest,
)
from matchmaking.postings.queries import postings_of_member, postings_visible_to
from web.access import acting_enterprise, membership_required, show_refusals, signed_in_user, unless_suspended
from web.forms.partnerships import EndForm

PAGE = 25
LONGEST_VERSION = 9
"""Digits of a version that are read; more is none of ours."""
SHOWN = (
    ("", _("All")),
    ("ours", _("Waiting for you")),
    ("theirs", _("Waiting for others")),
    ("introduced", _("Introduced")),
    ("ended", _("Ended")),
)


@require_safe
@login_required
@unless_suspended
def listed(request: HttpRequest) -> HttpResponse:
    """Partnerships of one's own firm; those in scope for people who look after others' and have no firm."""
    enterprise = acting_enterprise(request)
    shown = request.GET.get("show", "")
    if enterprise is None:
        rows = narrowed(partnerships_visible_to(user=request.user), shown)
    elif shown == "ours":
        rows = waiting_for(enterprise)
    elif shown == "theirs":
        rows = waiting_for_others(enterprise)
    else:
        rows = narrowed(partnerships_of(enterprise), shown)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = [{"partnership": row, "line": line_of(row, enterprise)} for row in page.object_list]
    context = {
        "page": page,
        "enterprise": enterprise,
        "counts": partnership_counts(enterprise) if enterprise else None,
        "shown": shown,
        "shown_choices": SHOWN,
    }
    return render(request, "partnerships/list.html", context)


def narrowed(rows: Any, shown: str) -> Any:
    """The rows that a choice of the list asks for; an unknown one asks for all."""
    if shown == "introduced":
        return rows.filter(state__in=CONSENTED)
    if shown == "ended":
        return rows.filter(state=State.FAILED)
    return rows.filter(state=State.INTERESTED) if shown in ("ours", "theirs") else rows


def found(request: HttpRequest, key: str) -> Any:
    """The partnership with this key, 404 for whoever may not see it."""
    return get_object_or_404(partnerships_visible_to(user=request.user), key=key)


def standing_for(request: HttpRequest, partnership: Any) -> Any:
    """The firm as which one reads: the acting one where it is a side, else one's own side, else none."""
    enterprise = acting_enterprise(request)
    if enterprise is not None and line_of(partnership, enterprise) is not None:
        return enterprise
    mine = list(roles_of_user(partnership, request.user))
    return posting_of(partnership, mine[0]).enterprise if mine else None


def context_of(
    request: HttpRequest,
    partnership: Any,
    *,
    contact: Contact | None = None,
    decline_form: EndForm | None = None,
    end_form: EndForm | None = None,
) -> dict[str, Any]:
    """All that the page of a partnership shows to this reader."""
    enterprise = standing_for(request, partnership)
    return {
        "partnership": partnership,
        "enterprise": enterprise,
        "line": line_of(partnership, enterprise),
        "events": list(events_of(partnership)),
        "openable": openable(request, partnership),
        "contact": contact,
        "changed": changed_since_interest(partnership) if partnership.state == State.INTERESTED else [],
        "may": {act.value: True for act in acts_allowed(request.user, partnership)},
        "decline_form": decline_form or EndForm(prefix_id="decline"),
        "end_form": end_form or EndForm(prefix_id="end"),
        "form": decline_form or end_form,
    }


def openable(request: HttpRequest, partnership: Any) -> set[int]:
    """Row numbers of the two postings whose own pages this reader may open; an interest shows less than that."""
    pair = (partnership.need_id, partnership.capacity_id)
    return set(postings_visible_to(user=request.user).filter(pk__in=pair).order_by().values_list("pk", flat=True))


@require_safe
@login_required
@unless_suspended
@never_cache
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Where a partnership stands and whose turn it is; both firms read it when somebody looks who is no side of it."""
    partnership = found(request, key)
    context = context_of(request, partnership)
    if context["enterprise"] is None:
        look_at_partnership(partnership=partnership, actor=signed_in_user(request))
    return render(request, "partnerships/detail.html", context)


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


def seen_versions(request: HttpRequest) -> tuple[int, int] | None:
    """The versions of need and capacity that the sent page showed; None where it names none."""
    sent = [normalise_code(request.POST.get(name, "")) for name in ("need_version", "capacity_version")]
    if not all(text.isascii() and text.isdecimal() and len(text) <= LONGEST_VERSION for text in sent):
        return None
    need, capacity = (int(text) for text in sent)
    return need, capacity


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
            request, "partnerships/detail.html", context_of(request, partnership, decline_form=form), status=422
        )
    messages.success(request, gettext("Declined. The other side is told the reason."))
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
    form = EndForm(request.POST, prefix_id="end")

    def act(values: dict[str, Any]) -> None:
        end_partnership(partnership=partnership, actor=actor, enterprise=enterprise, **values)

    if not form.carried_out(act):
        return render(request, "partnerships/detail.html", context_of(request, partnership, end_form=form), status=422)
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
