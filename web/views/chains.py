"""Chains: the list, the front page of each with its map, and the page of a node."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matchmaking.insights.queries.chain_maps import (
    FIRMS_SHOWN,
    Around,
    around,
    certificates_asked,
    firms_at,
    nodes_with_weak_links,
    states_of_chain,
    weeks_at,
)
from matchmaking.insights.queries.chains import (
    chain_in_use,
    chain_lines,
    count_at,
    count_of_chain,
    node_in_chain,
)
from matchmaking.insights.queries.counts import Pair, live_counts
from matchmaking.insights.queries.facts import facts_of_cluster
from matchmaking.insights.queries.figures import newest_of_both
from matchmaking.insights.queries.weak_links import lines_of, places, weeks_of
from matchmaking.postings.choices import Direction
from web.charts.drawing import Figure
from web.papers.figures import (
    FEW,
    KINDS,
    chain_figure,
    chains_figure,
    figure_file,
    files_of,
    map_figure,
    scores_figure,
    weeks_figure,
)

WEAKEST = 5
LISTS = {Direction.NEED: "web:postings:needs", Direction.CAPACITY: "web:postings:capacities"}
DIRECTIONS = [
    ("", gettext_lazy("Needs and capacities")),
    (Direction.NEED.value, gettext_lazy("Needs")),
    (Direction.CAPACITY.value, gettext_lazy("Capacities")),
]
ZOOMS = {"fit": None, "100": 1.0, "150": 1.5}
"""How large a map is drawn: as wide as its place, or so many times its own size."""
USUAL_ZOOM = "100"
LEAST_WEEKS = 2
"""A line needs two points."""


def asked_of(request: HttpRequest) -> dict[str, str]:
    """What the address asks of a map; whatever it does not know counts as not asked."""
    given = {name: request.GET.get(name, "") for name in ("region", "direction", "zoom")}
    return {
        "region": given["region"] if given["region"] in dict(places()) else "",
        "direction": given["direction"] if given["direction"] in dict(DIRECTIONS) else "",
        "zoom": given["zoom"] if given["zoom"] in ZOOMS else USUAL_ZOOM,
    }


def query_of(asked: dict[str, str], *names: str) -> str:
    """The query string that asks for the same again."""
    return urlencode({name: asked[name] for name in names if asked[name]})


def list_place(asked: dict[str, str]) -> str:
    """What narrows the address of a list to the region."""
    return f"&region={asked['region']}" if asked["region"] else ""


@require_safe
def chains(request: HttpRequest) -> HttpResponse:
    """All chains with what is needed and supplied in each."""
    lines = chain_lines(live_counts())
    figure = chains_figure(lines, addresses={way: reverse(route) for way, route in LISTS.items()})
    context = {"lines": lines, "figure": figure, "files": files_of("web:insights:chains_chart")}
    return render(request, "insights/chains.html", context)


@require_safe
def chains_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The chart of all chains as a file."""
    if kind not in KINDS:
        raise Http404
    return figure_file(chains_figure(chain_lines(live_counts()), addresses={}), kind=kind, name="chains")


@require_safe
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """The front page of a chain: figures, map, weak links, the newest postings, and all nodes by stage."""
    found, asked = chain_or_404(code), asked_of(request)
    states = states_of_chain(chain=found, place=asked["region"])
    weeks = weeks_of(user=request.user, chain=found, place=asked["region"])
    figure = map_of(states, found, asked) if states.leaves else None
    context = {
        "chain": found,
        "states": states,
        "coverages": [(state, states.counted[state]) for state in states.counted],
        "asked": asked,
        "map": figure.chart.inline(scale=ZOOMS[asked["zoom"]]) if figure else "",
        "map_files": files_of(
            "web:insights:chain_map", found.code, query=query_of(asked, "region", "direction")
        ),
        "weakest": states.weakest[:WEAKEST],
        "trend": weeks_figure(weeks, title=_("Nodes covered, week by week")) if len(weeks) >= LEAST_WEEKS else None,
        "trend_files": files_of("web:insights:weak_link_weeks", query=f"chain={found.code}&region={asked['region']}"),
        "counted": count_of_chain(found, asked["region"]),
        "list_place": list_place(asked),
        "facts": facts_of_cluster(user=request.user, cluster=found.cluster),
        "places": places(),
        "directions": DIRECTIONS,
        "few": FEW,
        **newest_of_both(user=request.user, node_code=found.code),
    }  # fmt: skip
    return render(request, "insights/chain.html", context)


def chain_or_404(code: str) -> Any:
    """The chain with this code or slug."""
    found = chain_in_use(code)
    if found is None:
        raise Http404
    return found


def map_of(states: Any, found: Any, asked: dict[str, str]) -> Figure:
    """The map as the address asks for it; its links keep the region."""
    query = query_of(asked, "region")
    return chain_figure(states, name=found.name, direction=asked["direction"], query=query)


@require_safe
def map_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The map of a chain as a file."""
    found, asked = chain_or_404(code), asked_of(request)
    states = states_of_chain(chain=found, place=asked["region"])
    if kind not in KINDS or not states.leaves:
        raise Http404
    return figure_file(map_of(states, found, asked), kind=kind, name=f"chain-{found.slug}")


@require_safe
def weak_links(request: HttpRequest, code: str) -> HttpResponse:
    """The weak links of one chain, at the address that its front page would suggest."""
    found = chain_or_404(code)
    return redirect(f"{reverse('web:insights:weak_links')}?chain={found.code}")


@require_safe
def node(request: HttpRequest, code: str, node: str) -> HttpResponse:
    """One node: its state, firms, unmet needs, certificates, trend, neighbours along the chain, newest postings."""
    found = node_in_chain(code, node)
    if found is None:
        raise Http404
    asked, user = asked_of(request), request.user
    near = around(found)
    nodes = [found, *near.suppliers, *near.consumers, *near.below]
    states, row = nodes_with_weak_links(user=user, nodes=nodes, place=asked["region"])
    first_consumer, first_below = 1 + len(near.suppliers), len(nodes) - len(near.below)
    firms = firms_at(user=user, node=found)
    weeks = weeks_at(user=user, node=found)
    context = {
        "node": found,
        "chain": found.chain,
        "here": states[0],
        "counted": Pair(states[0].needs, states[0].capacities) if states[0].coverage else count_at(found.code),
        "line": next(iter(lines_of([row], reads_answers=user.is_authenticated)), None) if row else None,
        "firms": firms[:FIRMS_SHOWN],
        "has_more_firms": len(firms) > FIRMS_SHOWN,
        "certificates": certificates_asked(node=found),
        "trend": scores_figure(weeks, title=_("Weak-link score, week by week")) if len(weeks) >= LEAST_WEEKS else None,
        "trend_files": files_of("web:insights:node_scores", found.chain.code, found.code),
        "list_place": list_place(asked),
        "map": neighbour_map(found, states, near),
        "suppliers": states[1:first_consumer],
        "consumers": states[first_consumer:first_below],
        "below": states[first_below:],
        "asked": asked,
        "few": FEW,
        **newest_of_both(user=user, node_code=found.code),
    }
    return render(request, "insights/node.html", context)


def neighbour_map(found: Any, states: Any, near: Around) -> Any:
    """The node between those that supply it and those that it supplies; nothing where there is none of them."""
    suppliers, consumers = near.suppliers, near.consumers
    drawn = states[: 1 + len(suppliers) + len(consumers)]
    if len(drawn) == 1 or drawn[0].coverage is None:
        return ""
    links = [(one.code, found.code) for one in suppliers] + [(found.code, one.code) for one in consumers]
    title = _("%(node)s: what supplies it, what it supplies") % {"node": found.name}
    return map_figure(drawn, links, title=title, here=found.code).chart.inline(scale=1.0)


@require_safe
def scores_file(request: HttpRequest, code: str, node: str, kind: str) -> HttpResponse:
    """The trend of a node as a file."""
    found = node_in_chain(code, node)
    weeks = weeks_at(user=request.user, node=found) if found else []
    if found is None or kind not in KINDS or not weeks:
        raise Http404
    figure = scores_figure(weeks, title=_("%(node)s: weak-link score, week by week") % {"node": found.name})
    return figure_file(figure, kind=kind, name=f"scores-{found.code.lower().replace('.', '-')}")
