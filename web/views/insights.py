"""Chains with their nodes, the hydrogen page, the ledger of figures, and who needs and supplies where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.querysets import Actor
from matchmaking.insights.queries.chains import (
    chain_flows,
    chain_in_use,
    chain_lines,
    count_at,
    lines_of,
    neighbours_of,
    node_in_chain,
    nodes_below,
    stages_of_chain,
)
from matchmaking.insights.queries.counts import live_counts
from matchmaking.insights.queries.facts import cluster_targets, facts_of_cluster, quoted_facts
from matchmaking.insights.queries.figures import newest_postings
from matchmaking.postings.choices import Direction

HYDROGEN_CHAIN = "H2"
SHOWN = 5
"""Newest postings of each direction on a page about a chain or a node."""


def newest(user: Actor, node_code: str) -> dict[str, Any]:
    """The newest needs and capacities in a node's subtree."""
    return {
        "needs": newest_postings(user=user, direction=Direction.NEED, node_code=node_code)[:SHOWN],
        "capacities": newest_postings(user=user, direction=Direction.CAPACITY, node_code=node_code)[:SHOWN],
    }


@require_safe
def chains(request: HttpRequest) -> HttpResponse:
    """All chains with what is needed and supplied in each."""
    return render(request, "insights/chains.html", {"lines": chain_lines(live_counts())})


@require_safe
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """One chain: its nodes by stage with their needs and capacities, and what was published about it."""
    found = chain_in_use(code)
    if found is None:
        raise Http404
    context = {
        "chain": found,
        "stages": stages_of_chain(found),
        "counted": count_at(found.code),
        "facts": facts_of_cluster(user=request.user, cluster=found.cluster),
    }
    return render(request, "insights/chain.html", context)


@require_safe
def node(request: HttpRequest, code: str, node: str) -> HttpResponse:
    """One node: its place, its neighbours along the chain, and its newest needs and capacities."""
    found = node_in_chain(code, node)
    if found is None:
        raise Http404
    neighbours = neighbours_of(found)
    context = {
        "node": found,
        "chain": found.chain,
        "counted": count_at(found.code),
        "below": lines_of(nodes_below(found)),
        "suppliers": lines_of(neighbours.suppliers),
        "consumers": lines_of(neighbours.consumers),
        **newest(request.user, found.code),
    }
    return render(request, "insights/node.html", context)


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
        **newest(request.user, found.code),
    }
    return render(request, "insights/hydrogen.html", context)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The ledger: what was published and announced, word for word with its source, and nothing computed from it."""
    context = {"facts": quoted_facts(user=request.user), "targets": target_lines(request.user)}
    return render(request, "insights/figures.html", context)


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """Live needs and capacities by chain on either side of the border."""
    return render(request, "insights/insights.html", {"flows": chain_flows(), "as_of": timezone.now()})


def target_lines(user: Actor, cluster: str = "") -> list[dict[str, Any]]:
    """Targets with where each stands today."""
    today = timezone.localdate()
    return [{"target": row, "state": row.state_on(today)} for row in cluster_targets(user=user, cluster=cluster)]
