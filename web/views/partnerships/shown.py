"""Partnerships of the firm that one acts for: the list, and one of them with all that belongs to its deal."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.permissions import can_act_for_enterprise
from common.values import normalise_code, plain_amount
from matchmaking.consortia.queries.consortia import share_in
from matchmaking.partnerships.choices import BOUND, CONSENTED, Act, Side, State
from matchmaking.partnerships.permissions import acts_allowed, can_suggest_outcome
from matchmaking.partnerships.queries.deal import Deal, quotes_shown, standing_quote_count
from matchmaking.partnerships.queries.events import event_page
from matchmaking.partnerships.queries.interests import NOT_UNDER_WAY, about_posting
from matchmaking.partnerships.queries.partnerships import (
    Contact,
    changed_since_interest,
    line_of,
    partnership_counts,
    partnerships_of,
    partnerships_visible_to,
    posting_of,
    roles_of_user,
    waiting_for,
    waiting_for_others,
)
from matchmaking.partnerships.queries.queueing import MOST_OPEN, place_shown, place_told, places_of, queued_at
from matchmaking.partnerships.services.answering import next_match
from matchmaking.partnerships.services.coordination import look_at_partnership
from matchmaking.postings.queries.postings import postings_visible_to
from matchmaking.talks.permissions import can_write_in_thread
from matchmaking.talks.queries.threads import latest_messages
from web.access import acting_enterprise, membership_required, signed_in_user, unless_suspended
from web.forms.deals import FORMS
from web.forms.partnerships import DeclineManyForm, EndForm, SnoozeForm
from web.forms.talks import MessageForm
from web.lists import asked_page

PAGE = 25
LATEST = 5
"""Messages that the page of a partnership shows; the rest stands in the thread."""
SHOWN = (
    ("", _("All")),
    ("ours", _("Waiting for you")),
    ("theirs", _("Waiting for others")),
    ("queued", _("In your queue")),
    ("introduced", _("Introduced")),
    ("open", _("Under way")),
    ("ended", _("Ended")),
)


@require_safe
@login_required
@unless_suspended
def listed(request: HttpRequest) -> HttpResponse:
    """Partnerships of one's own firm; those in scope for people who look after others' and have no firm."""
    return render(request, "partnerships/list.html", list_context(request, request.GET.get("show", "")))


def list_context(request: HttpRequest, shown: str, decline_form: DeclineManyForm | None = None) -> dict[str, Any]:
    """What the list shows; those that wait for one's answer can be declined together by who may answer."""
    enterprise = acting_enterprise(request)
    if enterprise is None:
        rows = narrowed(partnerships_visible_to(user=request.user), shown)
    elif shown == "ours":
        rows = waiting_for(enterprise)
    elif shown == "theirs":
        rows = waiting_for_others(enterprise)
    elif shown == "queued":
        rows = queued_at(enterprise)
    else:
        rows = narrowed(partnerships_of(enterprise), shown)
    number = normalise_code(request.GET.get("posting", ""))
    rows = about_posting(rows, number) if number else rows
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    places = places_of(page.object_list)
    page.object_list = [
        {"partnership": row, "line": line_of(row, enterprise), "place": place_shown(places.get(row.pk))}
        for row in page.object_list
    ]
    answers = (
        shown == "ours"
        and enterprise is not None
        and bool(can_act_for_enterprise(signed_in_user(request), enterprise, Role.EDITOR))
        and bool(page.object_list)
    )
    return {
        "page": page,
        "enterprise": enterprise,
        "counts": partnership_counts(enterprise) if enterprise else None,
        "shown": shown,
        "shown_choices": SHOWN,
        "posting": number,
        "most_open": MOST_OPEN,
        "decline_form": decline_form or DeclineManyForm(offered=[]) if answers else None,
        "ticked": request.POST.getlist("chosen"),
    }


def narrowed(rows: Any, shown: str) -> Any:
    """The rows that a choice of the list asks for; an unknown one asks for all."""
    if shown == "introduced":
        return rows.filter(state__in=CONSENTED)
    if shown == "open":
        return rows.exclude(state__in=NOT_UNDER_WAY)
    if shown == "ended":
        return rows.filter(state=State.FAILED)
    if shown == "queued":
        return rows.filter(state=State.QUEUED)
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
    request: HttpRequest, partnership: Any, sent: Mapping[str, Any] | None = None, *, contact: Contact | None = None
) -> dict[str, Any]:
    """All that the page of a partnership shows to this reader; ``sent`` are forms with errors, by their act."""
    forms = sent or {}
    enterprise = standing_for(request, partnership)
    log = event_page(partnership, asked_page(request, "log"))
    deal = Deal(partnership, log.steps)
    allowed = acts_allowed(request.user, partnership, deal)
    if enterprise is None and can_suggest_outcome(request.user, partnership, deal):
        allowed = allowed | {Act.SUGGEST_OUTCOME}
    line, may = line_of(partnership, enterprise), {act.value for act in allowed}
    share = share_in(partnership=partnership.pk) if line and partnership.need.consortium_allowed else None
    return {
        "partnership": partnership,
        "enterprise": enterprise,
        "line": line,
        "share": share,
        "place": place_told(partnership),
        "most_open": MOST_OPEN,
        "log": log,
        "openable": openable(request, partnership),
        "contact": contact,
        "changed": changed_since_interest(partnership) if partnership.state == State.INTERESTED else [],
        "may": dict.fromkeys(may, True),
        "deal": deal,
        "quotes": quotes_shown(user=request.user, partnership=partnership) if partnership.introduced_at else [],
        "quote_count": standing_quote_count(partnership.need) if line is None else 0,
        "forms": {**unsent_forms(partnership, deal, line, may, share), **forms},
        "decline_form": forms.get("decline") or EndForm(prefix_id="decline"),
        "end_form": forms.get("end") or EndForm(prefix_id="end", is_bound_by_agreement=partnership.state in BOUND),
        "snooze_form": forms.get("snooze") or SnoozeForm(auto_id="snooze_%s"),
        "form": next(iter(forms.values()), None),
        **talk_of(request, partnership, line),
    }


def unsent_forms(partnership: Any, deal: Deal, line: Any, may: set[str], share: Any) -> dict[str, Any]:
    """A form for each act; the first quote and the first agreement on a share of a set begin with that share."""
    forms = {act: FORMS[act](act, partnership, deal, line) for act in may if act in FORMS}
    begins = (Act.QUOTE, Act.PROPOSE) if deal.quote is None else ()
    for act in begins if share and deal.proposed is None and deal.in_force is None else ():
        if act in forms:
            forms[act].initial["quantity_amount"] = plain_amount(share.amount)
    if share and share.starts_on and Act.PROPOSE in forms and deal.proposed is None and deal.in_force is None:
        days = {"starts_on": share.starts_on, "ends_on": share.ends_on}
        forms[Act.PROPOSE].initial.update({name: day.isoformat() for name, day in days.items()})
    return forms


def talk_of(request: HttpRequest, partnership: Any, line: Any) -> dict[str, Any]:
    """The newest messages for who stands on a side; nothing before the introduction and for others."""
    if line is None or partnership.introduced_at is None:
        return {}
    return {
        "latest": latest_messages(user=request.user, partnership=partnership, count=LATEST),
        "may_write": bool(can_write_in_thread(request.user, partnership)),
        "message_form": MessageForm(),
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


@require_safe
@membership_required
@never_cache
def next_firm(request: HttpRequest, key: str) -> HttpResponse:
    """The next suitable firm for the posting that asked, to be asked with one press; 404 for the other side."""
    partnership = found(request, key)
    own = posting_of(partnership, partnership.opened_by)
    if Side(partnership.opened_by) not in roles_of_user(partnership, request.user):
        raise Http404
    panel = next_match(partnership=partnership, viewer=signed_in_user(request))
    context = {"partnership": partnership, "posting": own, "panel": panel}
    return render(request, "partnerships/next.html", context)
