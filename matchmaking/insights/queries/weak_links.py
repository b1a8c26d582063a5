"""The weak links as they are shown: rows of the summary in the order asked for, told as far as everybody may know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.querysets import Actor
from matchmaking.insights.choices import Coverage, Place
from matchmaking.insights.models import WeakLink, WeakLinkRun, WeakLinkWeek
from matchmaking.insights.queries.counts import Group
from matchmaking.insights.queries.weak_scores import WEIGHTS, is_small, told_unmet
from reference.models import IndustryChain
from reference.queries.measures import units_in_use

SORTS: Mapping[str, tuple[str, ...]] = {
    "score": ("-score", "node__code"),
    "needs": ("-needs", "node__code"),
    "suppliers": ("suppliers", "-needs", "node__code"),
    "hanging": ("-hanging", "node__code"),
    "chain": ("node__position", "node__code"),
}
"""Orders of the table, the usual one first; by what is public of each node alone."""
WEEKS_SHOWN = 26


@dataclass(frozen=True)
class Line:
    """A node as it is shown; what would tell of single firms is None. ``balance`` and ``blocks`` hold what is left."""

    row: WeakLink
    needs: Group
    suppliers: Group
    unmet: int | None
    unanswered: int | None
    unanswered_days: int | None
    waiting_days: int | None
    blocks: tuple[str, ...]
    balance: tuple[dict[str, Any], ...]

    @property
    def node(self) -> Any:
        """The node, its chain filled."""
        return self.row.node

    @property
    def coverage(self) -> Coverage:
        """How far it is covered."""
        return Coverage(self.row.coverage)

    @property
    def covered_percent(self) -> int | None:
        """What is offered of what is needed over the months ahead, in the worst unit; None where nothing is told."""
        shares = [one["percent"] for one in self.balance if one["percent"] is not None]
        return min(shares, default=None)

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """Name, points and most points of each part of the score."""
        return [(name, self.row.parts.get(name, 0), most) for name, most in WEIGHTS.items()]

    @property
    def is_single_point(self) -> bool:
        """Whether one or two firms carry what needs here or down the chain hang on."""
        return self.row.coverage == Coverage.THIN and self.row.hanging > 0


@dataclass(frozen=True)
class Summary:
    """How many of the nodes are covered by three firms and more, and when they were counted."""

    nodes: int
    covered: int
    missing: int
    as_of: datetime | None


@dataclass(frozen=True)
class Week:
    """How the nodes of a chain, or of all, stood in the week that begins on ``week``."""

    week: date
    nodes: int
    covered: int
    mean_score: int


def weak_links(*, user: Actor, chain: IndustryChain | None, place: str, sort: str) -> QuerySet[WeakLink]:
    """Rows of the leaves of one chain or of all, at a place, in an order of ``SORTS``."""
    rows = WeakLink.objects.visible_to(user).filter(place=place, node__is_leaf=True, node__retired_on=None)
    rows = rows.filter(node__chain=chain) if chain else rows
    found: QuerySet[WeakLink] = rows.select_related("node__chain").order_by(*SORTS[sort])
    return found


def lines_of(rows: Iterable[WeakLink], *, reads_answers: bool) -> list[Line]:
    """Rows as they are shown; with ``reads_answers`` also what was answered. One query for the units."""
    units = {unit.dimension: unit for unit in units_in_use() if unit.is_base}
    return [_line(row, units, reads_answers) for row in rows]


def _line(row: WeakLink, units: Mapping[str, Any], reads_answers: bool) -> Line:
    unmet = told_unmet(row)
    few = is_small(row.unanswered_firms) or not reads_answers or bool(row.place)
    return Line(
        row=row,
        needs=Group(row.needs, row.need_firms),
        suppliers=Group(row.suppliers, row.suppliers),
        unmet=unmet,
        unanswered=None if few else row.unanswered,
        unanswered_days=None if few else row.unanswered_days,
        waiting_days=row.waiting_days if unmet else None,
        blocks=tuple(one["reason"] for one in row.blocks if unmet and not is_small(one["firms"])),
        balance=tuple(_balance(one, units) for one in row.balance if _is_told(one)),
    )


def _is_told(one: Mapping[str, Any]) -> bool:
    return not is_small(one["need_firms"]) and not is_small(one["suppliers"])


def _balance(one: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, Any]:
    needed, offered = sum(one["needed"]), sum(one["offered"])
    return {
        "dimension": one["dimension"],
        "unit": units.get(one["dimension"]),
        "needed": [amount / 1000 for amount in one["needed"]],
        "offered": [amount / 1000 for amount in one["offered"]],
        "percent": 100 * offered // needed if needed else None,
    }


def summary_of(rows: Iterable[WeakLink]) -> Summary:
    """The nodes of ``rows`` counted; one query for the moment."""
    coverages = [row.coverage for row in rows]
    covered = sum(one in (Coverage.ONE_SIDE, Coverage.BOTH_SIDES) for one in coverages)
    run = WeakLinkRun.objects.first()
    return Summary(len(coverages), covered, coverages.count(Coverage.MISSING), run.as_of if run else None)


def weeks_of(*, user: Actor, chain: IndustryChain | None, place: str) -> list[Week]:
    """The last weeks, the newest first; one query."""
    rows = WeakLinkWeek.objects.visible_to(user).filter(place=place, node__is_leaf=True)
    rows = rows.filter(node__chain=chain) if chain else rows
    by_week: dict[date, list[tuple[str, int]]] = {}
    for week, coverage, score in rows.order_by("-week").values_list("week", "coverage", "score"):
        if week not in by_week and len(by_week) == WEEKS_SHOWN:
            break
        by_week.setdefault(week, []).append((coverage, score))
    return [
        Week(
            week,
            len(found),
            sum(coverage in (Coverage.ONE_SIDE, Coverage.BOTH_SIDES) for coverage, _score in found),
            sum(score for _coverage, score in found) // len(found),
        )
        for week, found in by_week.items()
    ]


def places() -> list[tuple[str, Any]]:
    """The places that can be asked for, with their words."""
    return [(place.value, place.label) for place in Place]
