"""The ledger of figures, and who needs and supplies where."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.querysets import Actor
from matchmaking.insights.queries.agreements import contributions
from matchmaking.insights.queries.chains import chain_flows
from matchmaking.insights.queries.facts import cluster_targets, quoted_facts


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The ledger: what was published and announced, word for word with its source, and nothing computed from it."""
    lines = target_lines(request.user)
    here = contributions(targets=[line["target"] for line in lines], user=request.user)
    for line in lines:
        line["here"] = here[line["target"].pk]
    context = {"facts": quoted_facts(user=request.user), "targets": lines}
    return render(request, "insights/figures.html", context)


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """Live needs and capacities by chain on either side of the border."""
    return render(request, "insights/insights.html", {"flows": chain_flows(), "as_of": timezone.now()})


def target_lines(user: Actor) -> list[dict[str, Any]]:
    """Targets with where each stands today."""
    today = timezone.localdate()
    return [{"target": row, "state": row.state_on(today)} for row in cluster_targets(user=user)]
