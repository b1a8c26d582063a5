"""Framework agreements: the list with the timeline, and one with its parties, tasks, documents and steps."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matchmaking.insights.queries.agreements import (
    agreement_by_code,
    agreements_listed,
    documents_of,
    live_counts_of,
    timeline,
)


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """All agreements, and what was signed, announced and done, day by day."""
    rows, today = list(agreements_listed(user=request.user)), timezone.localdate()
    context = {
        "lines": [(row, row.is_over_on(today)) for row in rows],
        "happenings": timeline(user=request.user, others=True, agreements=rows),
    }
    return render(request, "insights/agreements.html", context)


@require_safe
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """One agreement."""
    found = agreement_by_code(user=request.user, code=code)
    if found is None:
        raise Http404
    context = {
        "agreement": found,
        "is_over": found.is_over_on(timezone.localdate()),
        "parties": found.parties.all(),
        "tasks": task_lines(request, found),
        "documents": documents_of(found),
        "happenings": timeline(user=request.user, agreements=[found]),
    }
    return render(request, "insights/agreement.html", context)


def task_lines(request: HttpRequest, found: Any) -> list[tuple[Any, Any]]:
    """Each task with what is counted for it here."""
    return [
        (task, live_counts_of(measure=task.measure, cluster=found.cluster, user=request.user))
        for task in found.commitments.all()
    ]
