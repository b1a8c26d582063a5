"""The list as it is read: by its firm, and by who looks after the region that the firm lies in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.choices import Evidence, SupplyRole
from accounts.imports.writing import KINDS as FILE_KINDS
from accounts.imports.writing import as_file
from common.values import normalise_code
from matchmaking.matching.services.sourcing import Wanted, second_sources
from matchmaking.networks.imports.export import export_head, export_rows
from matchmaking.networks.permissions import can_keep_list
from matchmaking.networks.queries.lists import (
    PLACES,
    Network,
    buyers_visible_to,
    count_firms,
    filtered,
    is_code,
    listed_firms,
    network_of_buyer,
    perhaps_here,
    relations_of,
)
from matchmaking.networks.queries.papers import papers_of
from matchmaking.networks.services.watching import look_at_network
from reference.queries.measures import units_for_node
from reference.queries.nodes import node_by_code
from web.access import (
    coordination_required,
    hold_scopes,
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
)
from web.forms.networks import SourceForm
from web.papers.figures import KINDS, figure_file, files_of
from web.papers.network_figures import network_figure, place_name, region_map
from web.papers.sending import handed_out

ROWS_A_PAGE = 50
ROWS_AT_NODE = 10
"""Suppliers that the page of a node shows; the list has all."""
FILTERS = ("q", "role", "tier", "node", "place", "evidence", "here", "former")


def asked_of(request: HttpRequest) -> dict[str, str]:
    """What the address asks for."""
    return {name: request.GET.get(name, "") for name in FILTERS}


def list_context(request: HttpRequest, buyer: Any) -> dict[str, Any]:
    """The figures of the list and the rows that the address asks for."""
    asked = asked_of(request)
    network = network_of_buyer(request.user, buyer)
    rows = filtered(relations_of(request.user, buyer), asked)
    places = [*PLACES, *([asked["place"]] if is_code(asked["place"]) and asked["place"] not in PLACES else [])]
    return {
        "buyer": buyer,
        "network": network,
        "places": [(place_name(code), code, suppliers, others) for code, suppliers, others in network.by_place],
        "firms": count_firms(rows),
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "roles": SupplyRole.choices,
        "evidences": Evidence.choices,
        "place_choices": [(code, place_name(code)) for code in places],
        "nodes": sorted((one.node for one in network.nodes), key=lambda node: node.code),
        "papers": papers_of(buyer, listed_firms(request.user, buyer), timezone.localdate()),
    }


@require_safe
@membership_required
@never_cache
def suppliers(request: HttpRequest) -> HttpResponse:
    """One's own list: what it adds up to, who may be here already, and its rows."""
    buyer = required_enterprise(request)
    may_keep = bool(can_keep_list(request.user, buyer))
    context = list_context(request, buyer)
    context |= {
        "may_keep": may_keep,
        "had_rows": bool(context["network"].rows) or listed_firms(request.user, buyer).exists(),
        "perhaps": perhaps_here(buyer) if may_keep and buyer.is_verified else [],
    }
    return render(request, "networks/suppliers.html", context)


def map_context(buyer: Any, network: Network, *, is_own: bool) -> dict[str, Any]:
    """The graph of nodes, the map of places, and the nodes as a table, single sources first."""
    figure = network_figure(network, buyer_name=buyer.name, is_own=is_own)
    return {
        "buyer": buyer,
        "network": network,
        "figure": figure,
        "drawing": figure.chart.inline(scale=1),
        "map": region_map(network, is_own=is_own),
    }


@require_safe
@membership_required
@never_cache
def supplier_map(request: HttpRequest) -> HttpResponse:
    """What hangs on whom, node by node, and where they are."""
    buyer = required_enterprise(request)
    context = map_context(buyer, network_of_buyer(request.user, buyer), is_own=True)
    return render(request, "networks/map.html", context | {"files": files_of("web:networks:map_file")})


@require_safe
@membership_required
@never_cache
def map_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The graph as a file."""
    if kind not in KINDS:
        raise Http404
    buyer = required_enterprise(request)
    figure = network_figure(network_of_buyer(request.user, buyer), buyer_name=buyer.name, is_own=True)
    return figure_file(figure, kind=kind, name="supply-network")


@require_safe
@membership_required
@never_cache
def papers(request: HttpRequest) -> HttpResponse:
    """Certificates in the list that ended lately or end soon."""
    buyer = required_enterprise(request)
    rows = papers_of(buyer, listed_firms(request.user, buyer), timezone.localdate())
    return render(request, "networks/papers.html", {"buyer": buyer, "papers": rows, "today": timezone.localdate()})


@require_safe
@membership_required
@never_cache
def node(request: HttpRequest, code: str) -> HttpResponse:
    """Who supplies the firm at a node, and second sources that the matcher finds for what it would buy."""
    buyer, found = required_enterprise(request), node_by_code(normalise_code(code))
    if found is None:
        raise Http404
    network = network_of_buyer(request.user, buyer)
    rows = filtered(relations_of(request.user, buyer), {"node": found.code, "role": SupplyRole.SUPPLIER})
    usual = units_for_node(found)[0]
    form = SourceForm({"amount": "1", "unit": usual.code, "period": "month"} | request.GET.dict())
    context: dict[str, Any] = {"buyer": buyer, "node": found, "rows": rows[:ROWS_AT_NODE], "form": form}
    context["supply"] = next((one for one in network.nodes if one.node.pk == found.pk), None)
    if form.is_valid():
        context["sources"] = second_sources(
            wanted_of(buyer, found, form.cleaned_data),
            viewer=request.user,
            suppliers={row.firm for row in network.rows if row.firm is not None},
        )
    return render(request, "networks/node.html", context, status=200 if form.is_valid() else 422)


def wanted_of(buyer: Any, found: Any, values: Mapping[str, Any]) -> Wanted:
    """What the form asks for; one of the unit where no amount is said."""
    amount = values["amount"] or Decimal(1)
    return Wanted(buyer=buyer, node=found, unit=values["unit"], amount=amount, period=values["period"])


@require_safe
@membership_required
@never_cache
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The whole list with what is over, as a file that can be brought in again."""
    if kind not in FILE_KINDS:
        raise Http404
    buyer = required_enterprise(request)
    content = as_file(kind, export_head(), list(export_rows(signed_in_user(request), buyer)))
    return handed_out(content, media_type=FILE_KINDS[kind], name=f"suppliers-{timezone.localdate()}.{kind}")


@require_safe
@coordination_required
@never_cache
def coordinated(request: HttpRequest) -> HttpResponse:
    """Firms in the reader's scope that keep a list."""
    page = Paginator(buyers_visible_to(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "networks/coordinated.html", {"page": page})


@require_safe
@coordination_required
@never_cache
@show_refusals
def coordinated_network(request: HttpRequest, key: str) -> HttpResponse:
    """One firm's list as far as the reader's scope goes; the firm reads that somebody looked."""
    hold_scopes(request)
    buyer = get_object_or_404(buyers_visible_to(request.user), key=normalise_code(key))
    look_at_network(buyer=buyer, actor=signed_in_user(request))
    context = list_context(request, buyer)
    context |= map_context(buyer, context["network"], is_own=False)
    return render(request, "networks/coordinated_network.html", context)
