"""The page of the hydrogen corridor, its what-if question, and its figures as files."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matchmaking.hydrogen.choices import FUEL_CELL_PURITY, HYDROGEN_CHAIN, BatchState, FacilityKind
from matchmaking.hydrogen.permissions import can_keep_corridor
from matchmaking.hydrogen.queries.balance import Balance, Entered, balance_of
from matchmaking.hydrogen.queries.courses import Course, Idea, courses
from matchmaking.hydrogen.queries.firms import firms_of_chain
from matchmaking.hydrogen.queries.records import assumption_now, batches, facilities, lines, routes, standing_of
from matchmaking.hydrogen.queries.rounds import open_rounds
from matchmaking.insights.queries.chains import StageLines, count_at, stages_of_chain
from matchmaking.insights.queries.counts import live_counts
from matchmaking.insights.queries.facts import cluster_targets, facts_of_cluster
from matchmaking.insights.queries.figures import newest_of_both
from web.access import reads_details
from web.charts.drawing import Figure
from web.forms.hydrogen import IdeaForm
from web.papers.corridor_figures import balance_figure, corridor_figure, offers_address
from web.papers.figures import FEW, KINDS, figure_file, files_of

ORGANISATIONS, PROGRAMME = "SF07", "SF08"
"""Codes of the quoted facts on organisations along the chain and on the fleet."""
ROUNDS_SHOWN = 5


@dataclass(frozen=True)
class Corridor:
    """What the page and its files are made of, read once."""

    entered: Entered
    courses: list[Course]
    balance: Balance | None


def corridor_of(request: HttpRequest, idea: Idea | None = None) -> Corridor:
    """The corridor as the reader may know it, with the station that they think of."""
    user = request.user
    entered = Entered(
        assumption_now(user=user), batches(user=user), facilities(user=user), routes(user=user)
    )  # fmt: skip
    return Corridor(
        entered,
        courses(lines(user=user), entered.facilities, idea=idea),
        balance_of(user=user, entered=entered, is_exact=reads_details(request), idea=idea),
    )


@require_safe
def hydrogen(request: HttpRequest) -> HttpResponse:
    """The corridor whole: stations, bases, fleet, balance, gaps, rounds, and the chain beside them."""
    stages = stages_of_chain(HYDROGEN_CHAIN)
    if not stages:
        raise Http404
    chain = stages[0].lines[0].node.chain
    found = corridor_of(request)
    context = {
        "chain": chain,
        "may_keep": bool(can_keep_corridor(request.user)),
        "purity": FUEL_CELL_PURITY,
        "rounds": open_rounds(user=request.user, most=ROUNDS_SHOWN),
        "few": FEW,
        **entered_context(found),
        **balance_context(found.balance),
        **idea_context(request, found),
        **chain_context(request, chain, stages),
    }
    return render(request, "hydrogen/corridor.html", context)


def entered_context(found: Corridor) -> dict[str, Any]:
    """What is entered: facilities by kind, batches, lines with their gaps."""
    entered = found.entered
    gaps = [course.longest for course in found.courses if course.longest]
    drawn = corridor_figure(found.courses, entered.facilities, entered.batches).chart
    return {
        "entered": entered,
        "fleet": fleet_of(entered),
        "stations": standing_of(entered.facilities, FacilityKind.STATION),
        "kinds": [(kind, [row for row in entered.facilities if row.kind == kind]) for kind in FacilityKind],
        "courses": found.courses,
        "longest": max(gaps, key=lambda gap: gap.km, default=None),
        "corridor_drawn": drawn.inline(scale=1.0),
        "corridor_files": files_of("web:hydrogen:corridor_file"),
    }


def balance_context(balance: Balance | None) -> dict[str, Any]:
    """The balance with its drawing and, for each place, the lists of what it counts."""
    grid = balance_figure(balance) if balance and balance.lines else None
    codes = [line.region.code for line in balance.lines] if balance else []
    return {
        "balance": balance,
        "grid": grid,
        "grid_drawn": grid.chart.inline(scale=1.0) if grid else "",
        "balance_files": files_of("web:hydrogen:balance_file"),
        "places": [
            (line, offers_address(code), offers_address(code, needs=True))
            for line, code in zip(balance.lines if balance else (), codes, strict=True)
        ],
    }


def chain_context(request: HttpRequest, chain: Any, stages: list[StageLines]) -> dict[str, Any]:
    """The chain beside the corridor: what is open in it, who is in it, what was published and announced."""
    user, today = request.user, timezone.localdate()
    facts = facts_of_cluster(user=user, cluster=chain.cluster)
    told = {fact.code: fact for fact in facts}
    targets = cluster_targets(user=user, cluster=chain.cluster)
    return {
        "organisations": told.get(ORGANISATIONS),
        "programme": told.get(PROGRAMME),
        "firms": firms_of_chain(stages),
        "stages": stages,
        "counted": count_at(chain.code),
        "facts": facts,
        "targets": [{"target": row, "state": row.state_on(today)} for row in targets],
        **newest_of_both(user=user, node_code=chain.code),
    }


def fleet_of(entered: Entered) -> dict[str, int]:
    """Vehicles entered in all, and those whose batch is in service."""
    return {
        "vehicles": sum(batch.vehicles for batch in entered.batches),
        "in_service": sum(batch.vehicles for batch in entered.batches if batch.state == BatchState.IN_SERVICE),
    }


def idea_context(request: HttpRequest, found: Corridor) -> dict[str, Any]:
    """The what-if form, and where it was asked what the station would change."""
    form = IdeaForm(request.GET if "place" in request.GET else None, regions=live_counts().tiles)
    if not (form.is_bound and form.is_valid()):
        return {"idea_form": form}
    idea = Idea(form.cleaned_data["place"], form.cleaned_data["kg"])
    then = corridor_of(request, idea)
    return {
        "idea_form": form,
        "idea": idea,
        "idea_courses": [
            (before, after)
            for before, after in zip(found.courses, then.courses, strict=True)
            if len(after.stations) > len(before.stations)
        ],
        "idea_places": changed_places(found.balance, then.balance),
    }


def changed_places(before: Balance | None, after: Balance | None) -> list[tuple[Any, int, int]]:
    """Places where the station would fill more: region, months that stations cannot fill before and after."""
    if before is None or after is None:
        return []
    known = {line.region.code: line for line in before.lines}
    return [
        (line.region, known[line.region.code].unfilled_months, line.unfilled_months)
        for line in after.lines
        if line.region.code in known
        and [c.unfilled for c in line.cells] != [c.unfilled for c in known[line.region.code].cells]
    ]


@require_safe
def corridor_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Lines, stations, bases and vehicles as a file; the CSV lists all facilities."""
    found = corridor_of(request)
    return _file(corridor_figure(found.courses, found.entered.facilities, found.entered.batches), kind, "corridor")


@require_safe
def balance_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The balance as a file; 404 before there is one."""
    balance = corridor_of(request).balance
    if balance is None:
        raise Http404
    return _file(balance_figure(balance), kind, f"hydrogen-balance-{timezone.localdate():%Y-%m-%d}")


def _file(figure: Figure, kind: str, name: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    return figure_file(figure, kind=kind, name=name)
