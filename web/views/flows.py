"""Flows between regions: who needs where and is supplied from where, narrowed in the address, and the same as files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matchmaking.insights.choices import FlowKind
from matchmaking.insights.queries.flows import Asked, Flows, flows_of, months_told
from matchmaking.postings.filters import filter_choices
from reference.choices import CooperationType
from web.papers.figures import FEW, KINDS, figure_file, files_of
from web.papers.flow_figures import flow_maps, flows_figure

MOST_LINES = 200
"""Lines in the table of a page; the file holds all."""
REGION = "region"
"""Asks for counties as they were posted; any other word for prefectures and districts."""


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for; what it does not know counts as not asked."""
    given = request.GET
    kind, cooperation, chain = given.get("kind", ""), given.get("type", ""), given.get("chain", "")
    month = given.get("month", "")
    return Asked(
        kind=FlowKind(kind) if kind in FlowKind.values else FlowKind.CONFIRMED,
        chain=chain if chain in {code for code, _zh, _en in filter_choices()["chain"]} else "",
        month=month if month in months_told(user=request.user) else "",
        cooperation=cooperation if cooperation in CooperationType.values else "",
        by_region=given.get("by") == REGION,
    )


def title_of(asked: Asked) -> str:
    """What the chart shows."""
    return _("Flows between regions: %(kind)s") % {"kind": FlowKind(asked.kind).label}


@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    """The page: figures, a Sankey with its table, two maps, and the rule by which small groups stay untold."""
    asked = asked_of(request)
    found: Flows = flows_of(user=request.user, asked=asked)
    context: dict[str, Any] = {
        "flows": found,
        "asked": asked,
        "figure": flows_figure(found, title=title_of(asked), most=MOST_LINES),
        "left_out": max(len(found.lines) - MOST_LINES, 0),
        "files": files_of("web:insights:flows_chart", query=request.GET.urlencode()),
        "maps": flow_maps(found),
        "kinds": FlowKind.choices,
        "chains": filter_choices()["chain"],
        "months": months_told(user=request.user),
        "types": CooperationType.choices if asked.kind in FlowKind.of_agreements() else [],
        "few": FEW,
    }
    return render(request, "insights/flows.html", context)


@require_safe
def flows_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The chart as a file: SVG, PNG, or the table as CSV."""
    if kind not in KINDS:
        raise Http404
    asked = asked_of(request)
    figure = flows_figure(flows_of(user=request.user, asked=asked), title=title_of(asked))
    return figure_file(figure, kind=kind, name=f"flows-{asked.kind}")
