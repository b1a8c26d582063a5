"""The page after signing in: what waits for the reader, their firm's postings and partnerships."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import Role, Verification
from accounts.queries import ending_certificates_of, invitations_for, join_requests_of, unread_notices_of
from accounts.services.invitations import token_of
from common.keeping import kept_for
from matchmaking.consortia.queries.consortia import shares_to_consent
from matchmaking.days.queries.days import invitations_to_answer
from matchmaking.partnerships.queries.interests import with_interests
from matchmaking.partnerships.queries.partnerships import (
    counterpart_name,
    open_partnerships_of,
    partnership_counts,
)
from matchmaking.partnerships.queries.rates import public_rates
from matchmaking.partnerships.queries.waiting import posting_counts, with_next_steps, with_own_counts
from matchmaking.postings.queries.postings import postings_of_enterprise, postings_to_do
from web.access import acting_membership, own_memberships, unless_suspended
from web.views.accounts import todos

MOST_PARTNERSHIPS, MOST_TODOS, MOST_NOTICES = 50, 12, 5
SHOWN_POSTINGS = 10
RATES_KEPT_SECONDS = 300
"""Figures of a year, which one answer hardly moves."""


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
    partnerships = list(with_next_steps(open_partnerships_of(enterprise), enterprise)[:MOST_PARTNERSHIPS])
    postings = list(with_own_counts(with_interests(postings_of_enterprise(enterprise=enterprise)))[:SHOWN_POSTINGS])
    waiting = list(postings_to_do(enterprise=enterprise)[:MOST_TODOS])
    certificates = list(ending_certificates_of(user, enterprise)[:MOST_TODOS])
    owner = membership.role == Role.OWNER
    waits = [
        *(todos.of_interest(row, enterprise, today) for row in partnerships if todos.is_due(row, enterprise, today)),
        *(todos.of_deal(row, enterprise, today) for row in partnerships if row.next_step),
        *(todos.of_share(share, today) for share in shares_to_consent(enterprise)[:MOST_TODOS]),
        *(todos.of_day(guest, today) for guest in invitations_to_answer(enterprise, on=today)[:MOST_TODOS]),
        *(todos.of_request(asked) for asked in (join_requests_of(user, enterprise)[:MOST_TODOS] if owner else [])),
        *todos.of_postings(waiting),
        *(todos.of_certificate(certificate, today) for certificate in certificates),
    ]
    shows_all = request.GET.get("waiting") == "all"
    context = {
        "membership": membership,
        "enterprise": enterprise,
        "memberships": own_memberships(request),
        "todos": sorted(waits, key=lambda todo: not todo.is_late)[: None if shows_all else MOST_TODOS],
        "todo_count": len(waits),
        "late_count": sum(todo.is_late for todo in waits),
        "postings": postings,
        "is_first_run": not postings,
        "posting_counts": posting_counts(postings),
        "counts": partnership_counts(enterprise),
        "rates": kept_for(RATES_KEPT_SECONDS, f"workbench.rates.{enterprise.pk}", partial(public_rates, enterprise)),
        "partnerships": [
            {"row": row, "other": todos.other_of(row, enterprise), "name": counterpart_name(row, enterprise)}
            for row in partnerships[:MOST_TODOS]
        ],
        "certificates": certificates,
        "notices": notices,
        "owner": owner,
        "may_ask": owner and enterprise.verification in (Verification.UNVERIFIED, Verification.REJECTED),
        "today": today,
    }
    return render(request, "accounts/workbench.html", context)
