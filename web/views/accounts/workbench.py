"""The page after signing in: what waits for the reader, their firm's postings and partnerships."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import Role, Verification
from accounts.queries import ending_certificates_of, invitations_for, join_requests_of, unread_notices_of
from accounts.services.invitations import token_of
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.queries.partnerships import (
    counterpart_name,
    is_waiting_for,
    open_partnerships_of,
    other_side,
    partnership_counts,
    posting_of,
    side_of,
    with_interests,
)
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.queries import posting_counts, postings_of_enterprise, postings_to_do
from web.access import acting_membership, own_memberships, unless_suspended
from web.templatetags.formats import written_day

MOST_PARTNERSHIPS, MOST_TODOS, MOST_NOTICES = 50, 12, 5
SHOWN_POSTINGS = 10


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the reader: what, why or since when, and the one button."""

    icon: str
    title: str
    detail: str
    address: str
    label: str
    is_late: bool = False


@require_safe
@login_required
@unless_suspended
def workbench(request: HttpRequest) -> HttpResponse:
    """What must I do today? Without a firm or without a posting: the three things to do first."""
    membership = acting_membership(request)
    notices = unread_notices_of(request.user)[:MOST_NOTICES]
    if membership is None:
        invited = [{"row": row, "token": token_of(row)} for row in invitations_for(request.user)[:MOST_TODOS]]
        return render(request, "accounts/first_run.html", {"notices": notices, "invited": invited})
    enterprise, user, today = membership.enterprise, request.user, timezone.localdate()
    partnerships = list(open_partnerships_of(enterprise)[:MOST_PARTNERSHIPS])
    postings = list(with_interests(postings_of_enterprise(enterprise=enterprise))[:SHOWN_POSTINGS])
    waiting = list(postings_to_do(enterprise=enterprise)[:MOST_TODOS])
    certificates = list(ending_certificates_of(user, enterprise)[:MOST_TODOS])
    owner = membership.role == Role.OWNER
    todos = [
        *(_interest(row, enterprise, today) for row in partnerships if _is_due(row, enterprise, today)),
        *(_request(asked) for asked in (join_requests_of(user, enterprise)[:MOST_TODOS] if owner else [])),
        *(_confirmation(posting) for posting in waiting if posting.status == Status.PUBLISHED),
        *(_certificate(certificate, today) for certificate in certificates),
        *(_draft(posting) for posting in waiting if posting.status == Status.DRAFT),
    ]
    context = {
        "membership": membership,
        "enterprise": enterprise,
        "memberships": own_memberships(request),
        "todos": sorted(todos, key=lambda todo: not todo.is_late)[:MOST_TODOS],
        "todo_count": len(todos),
        "late_count": sum(todo.is_late for todo in todos),
        "postings": postings,
        "is_first_run": not postings,
        "posting_counts": posting_counts(enterprise=enterprise),
        "counts": partnership_counts(enterprise),
        "partnerships": [
            {"row": row, "other": _other(row, enterprise), "name": counterpart_name(row, enterprise)}
            for row in partnerships[:MOST_TODOS]
        ],
        "certificates": certificates,
        "notices": notices,
        "owner": owner,
        "may_ask": owner and enterprise.verification in (Verification.UNVERIFIED, Verification.REJECTED),
        "today": today,
    }
    return render(request, "accounts/workbench.html", context)


def _other(partnership: Any, enterprise: Any) -> Any:
    """The posting of the other side."""
    side = side_of(partnership, enterprise)
    return posting_of(partnership, other_side(side)) if side else partnership.need


def _own(partnership: Any, enterprise: Any) -> Any:
    """The reader's own posting of a partnership."""
    return posting_of(partnership, side_of(partnership, enterprise) or Side.NEED)


def _is_due(partnership: Any, enterprise: Any, today: date) -> bool:
    """Whether an answer is asked for now: one that was put off waits until that day is over."""
    until = partnership.snoozed_until
    return is_waiting_for(partnership, enterprise) and (until is None or until < today)


def _interest(partnership: Any, enterprise: Any, today: date) -> Todo:
    other = _other(partnership, enterprise)
    late = bool(partnership.answer_by and partnership.answer_by < today)
    facts = {
        "name": counterpart_name(partnership, enterprise),
        "title": other.title,
        "own": _own(partnership, enterprise).title,
        "day": written_day(partnership.answer_by),
    }
    told = (
        _("For your %(own)s: %(title)s; answer was due on %(day)s")
        if late
        else _("For your %(own)s: %(title)s; answer by %(day)s")
    )
    return Todo(
        icon="handshake",
        title=_("Answer the interest of %(name)s") % facts,
        detail=told % facts,
        address=reverse("web:partnerships:detail", args=[partnership.key]),
        label=_("Answer"),
        is_late=late,
    )


def _request(membership: Any) -> Todo:
    return Todo(
        icon="user-plus",
        title=_("%(name)s asks to join") % {"name": str(membership.user)},
        detail=membership.user.email,
        address=reverse("web:accounts:members"),
        label=_("Decide"),
    )


def _confirmation(posting: Any) -> Todo:
    return Todo(
        icon="calendar-check",
        title=_("Confirm that it still holds: %(title)s") % {"title": posting.title},
        detail=_("Last confirmed on %(day)s") % {"day": written_day(posting.confirmed_on)},
        address=_address_of(posting),
        label=_("Confirm"),
    )


def _certificate(certificate: Any, today: date) -> Todo:
    over = certificate.expires_on < today
    facts = {"certificate": certificate.certification.name, "day": written_day(certificate.expires_on)}
    return Todo(
        icon="award",
        title=(_("%(certificate)s has expired") if over else _("%(certificate)s expires soon")) % facts,
        detail=_("Last valid day: %(day)s") % facts,
        address=reverse("web:accounts:edit_certificate", args=[certificate.pk]),
        label=_("Renew"),
        is_late=over,
    )


def _draft(posting: Any) -> Todo:
    return Todo(
        icon="file-pen",
        title=_("Finish your draft: %(title)s") % {"title": posting.title},
        detail=_("Last changed on %(day)s") % {"day": written_day(posting.changed_at)},
        address=_address_of(posting),
        label=_("Go on"),
    )


def _address_of(posting: Any) -> str:
    name = "need" if posting.direction == Direction.NEED else "capacity"
    return reverse(f"web:postings:{name}", args=[posting.number])
