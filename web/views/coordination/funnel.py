"""The funnel: how far postings come, narrowed in the address; the same as files and as a brief to be written on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.imports.writing import KINDS, as_file
from common.keeping import kept_for
from common.values import RegionCode
from matchmaking.insights.choices import FunnelPart, FunnelStep
from matchmaking.insights.filters import CoordinatedPostingFilter
from matchmaking.insights.queries.counts import KEPT_SECONDS
from matchmaking.insights.queries.funnel import Funnel, Line, Reach, funnel_of, funnel_told_together, reach_of
from matchmaking.partnerships.services.coordination import record_export
from matchmaking.postings.choices import Direction
from matchmaking.postings.filters import filter_choices
from web.access import signed_in_user
from web.charts.drawing import Figure
from web.lists import chips_of, options, problems_of
from web.papers.figures import FEW, figure_file, files_of
from web.papers.figures import KINDS as FIGURE_KINDS
from web.papers.funnel_brief import DOCX, funnel_brief
from web.papers.funnel_figures import DEFINITIONS, TITLES, file_rows, funnel_figure, line_name
from web.papers.sending import handed_out
from web.views.coordination.lists import LONGEST_ADDRESS, park_names

NARROWING = ("chain", "region", "other", "park", "month")
"""Filters of the list of postings that narrow a funnel too."""
BRIEF = "docx"


class Cell(NamedTuple):
    """One figure with its list."""

    step: FunnelStep
    postings: int | None
    address: str


@dataclass(frozen=True)
class Asked:
    """What one request asks for: whose postings, told apart by what, and the filters as they were read."""

    reach: Reach
    direction: Direction
    part: FunnelPart
    filters: CoordinatedPostingFilter
    given: QueryDict

    @property
    def title(self) -> str:
        """What the chart shows."""
        return str(TITLES[self.direction])

    def counted(self) -> Funnel:
        """The figures, kept for a minute: they read every posting."""
        told = f"{self.direction.value}.{self.part.value}.{self.given.urlencode()}"
        return kept_for(KEPT_SECONDS, f"insights.funnel.{self.reach.mark}.{told}", self._count)

    def _count(self) -> Funnel:
        if not self.reach.sees_rows:
            return funnel_told_together(self.reach.postings, self.direction)
        postings = self.filters.qs.filter(direction=self.direction)
        provinces = [code for code, _zh, _en in filter_choices()["province"]]
        other = self.filters.form.cleaned_data.get("other") or ""
        found, park = funnel_of(postings, part=self.part, provinces=provinces, other=other), self.given.get("park")
        if self.part == FunnelPart.PARK and park:
            # Parks share regions: the line of another one would count what lies in both, and lead to all of its own.
            return replace(found, lines=tuple(line for line in found.lines if line.code == park))
        return found

    def address(self, step: FunnelStep, line: Line | None = None) -> str:
        """The list that a figure counts; where it is defined for who may not see the rows."""
        if not self.reach.sees_rows:
            return f"#def-{step.value}"
        query = self.given.copy()
        query["direction"], query["step"] = self.direction.value, step.value
        if line is not None and self.part == FunnelPart.DIRECTION:
            chosen = [region.code for region in self.filters.form.cleaned_data.get("region") or ()]
            inside = [code for code in chosen if RegionCode(line.code).covers(RegionCode(code))]
            query.setlist("region", inside or [line.code])
            query["other"] = line.other
        elif line is not None:
            query[self.part.value] = line.code
        if step == FunnelStep.POSTED:
            query.pop("other", None)
        return f"{reverse('web:coordination:postings')}?{query.urlencode()}"

    def table(self, funnel: Funnel, parks: Mapping[str, str]) -> list[tuple[str, list[Cell]]]:
        """The whole and its parts, each by name with its figures."""
        rows = [(gettext("All"), [Cell(step, count, self.address(step)) for step, count in funnel.whole.items()])]
        for line in funnel.lines:
            cells = [Cell(step, count, self.address(step, line)) for step, count in line.counted.items()]
            rows.append((line_name(line, self.part, parks, self.direction), cells))
        return rows

    def figure(self, funnel: Funnel) -> Figure:
        """The whole as a chart."""
        addresses = {step: self.address(step) for step in FunnelStep}
        return funnel_figure(funnel, title=self.title, addresses=addresses)


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for; 403 for who neither coordinates nor runs a park, who may not narrow either."""
    reach = reach_of(request.user)
    if reach is None:
        raise PermissionDenied
    narrowing = request.GET.copy()
    for name in list(narrowing):
        if name not in NARROWING or not reach.sees_rows:
            del narrowing[name]
    direction, part = request.GET.get("direction", ""), request.GET.get("by", "")
    filters = CoordinatedPostingFilter(narrowing, queryset=reach.postings.order_by(), request=request)
    return Asked(
        reach=reach,
        direction=Direction(direction) if direction in Direction.values else Direction.NEED,
        part=FunnelPart(part) if part in FunnelPart.values else FunnelPart.CHAIN,
        filters=filters,
        given=narrowing,
    )


@require_safe
@login_required
@never_cache
def funnel(request: HttpRequest) -> HttpResponse:
    """The figures: a chart with its table, the parts, and what each step means."""
    asked = asked_of(request)
    problems, parks, found = problems_of(asked.filters), park_names(request), asked.counted()
    context: dict[str, Any] = {
        "asked": asked,
        "funnel": found,
        "figure": asked.figure(found),
        "table": asked.table(found, parks),
        "definitions": DEFINITIONS.items(),
        "problems": problems,
        "given": request.GET,
        "directions": Direction.choices,
        "parts": FunnelPart.choices,
        "parks": parks.items(),
        "chains": filter_choices()["chain"],
        "provinces": filter_choices()["province"],
        "region_options": options("region", request.GET.getlist("region")),
        "files": files_of("web:coordination:funnel_chart", query=request.GET.urlencode()),
        "kinds": [(kind, kind.upper()) for kind in (*KINDS, BRIEF)],
        "few": FEW,
    }
    return render(request, "coordination/funnel.html", context, status=400 if problems else 200)


@require_safe
@login_required
@never_cache
def funnel_chart(request: HttpRequest, kind: str) -> HttpResponse:
    """The chart as a file: SVG, PNG, or its table as CSV; 400 for filters that cannot be read."""
    if kind not in FIGURE_KINDS:
        raise Http404
    asked = asked_of(request)
    if problems_of(asked.filters):
        return HttpResponse(status=400)
    return figure_file(asked.figure(asked.counted()), kind=kind, name=f"funnel-{asked.direction}")


@require_safe
@login_required
@never_cache
def export_funnel(request: HttpRequest, kind: str) -> HttpResponse:
    """All figures as a table, or as a brief; that they were taken is recorded. 400 for filters that cannot be read."""
    if kind not in (*KINDS, BRIEF):
        raise Http404
    asked = asked_of(request)
    if problems_of(asked.filters):
        return HttpResponse(status=400)
    found = asked.counted()
    head, rows = file_rows(found, asked.part, park_names(request), asked.direction)
    query = request.GET.urlencode()[:LONGEST_ADDRESS]
    record_export(actor=signed_in_user(request), part="funnel", rows=len(rows), query=query)
    name = f"funnel-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind != BRIEF:
        return handed_out(as_file(kind, head, rows), media_type=KINDS[kind], name=name)
    told = [f"{chip.label}: {chip.value}" for chip in chips_of(asked.filters, request.GET)]
    brief = funnel_brief(found, asked.figure(found), told=told, head=head, rows=rows)
    return handed_out(brief, media_type=DOCX, name=name)
