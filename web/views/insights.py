"""The hydrogen page, the ledger of figures, and who needs and supplies where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.querysets import Actor
from matchmaking.insights.queries.agreements import contributions
from matchmaking.insights.queries.chains import chain_flows, chain_in_use, count_at, stages_of_chain
from matchmaking.insights.queries.facts import cluster_targets, facts_of_cluster, quoted_facts
from matchmaking.insights.queries.figures import newest_of_both

HYDROGEN_CHAIN = "H2"


@require_safe
def hydrogen(request: HttpRequest) -> HttpResponse:
    """The hydrogen chain from production to use, its open needs and capacities, and what was announced."""
    found = chain_in_use(HYDROGEN_CHAIN)
    if found is None:
        raise Http404
    context = {
        "chain": found,
        "stages": stages_of_chain(found),
        "counted": count_at(found.code),
        "facts": facts_of_cluster(user=request.user, cluster=found.cluster),
        "targets": target_lines(request.user, found.cluster),
        **newest_of_both(user=request.user, node_code=found.code),
    }
    return render(request, "insights/hydrogen.html", context)


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


def target_lines(user: Actor, cluster: str = "") -> list[dict[str, Any]]:
    """Targets with where each stands today."""
    today = timezone.localdate()
    return [{"target": row, "state": row.state_on(today)} for row in cluster_targets(user=user, cluster=cluster)]
