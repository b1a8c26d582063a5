"""Flows between regions as they are shown: every figure is a sum of kept rows, which may be public in any sum."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, Sum
from django.utils import timezone

from accounts.querysets import Actor
from common.keeping import kept_for
from matchmaking.insights.choices import FlowKind, FlowLevel
from matchmaking.insights.models import Flow, FlowRun
from matchmaking.insights.queries.counts import KEPT_SECONDS, tile_of_region
from reference.models import Region
from reference.queries.regions import is_in_use

TRAITS = ("chain", "month", "cooperation")
PAIR = ("level", "need", "supply")
MOST_MONTHS = 36


@dataclass(frozen=True)
class Asked:
    """What is asked for; blank is anything. ``by_region`` tells counties apart where they were posted."""

    kind: FlowKind = FlowKind.CONFIRMED
    chain: str = ""
    month: str = ""
    cooperation: str = ""
    by_region: bool = False

    @property
    def traits(self) -> dict[str, str]:
        """What narrows, by name; an agreement's kind only where there is an agreement."""
        named = {name: getattr(self, name) for name in TRAITS if getattr(self, name)}
        if self.kind not in FlowKind.of_agreements():
            named.pop("cooperation", None)
        return named


@dataclass(frozen=True)
class Line:
    """From where to where, both None where only the provinces are told or nothing; ``cases`` None is under three."""

    need: Region | None
    supply: Region | None
    cases: int | None

    @property
    def crosses(self) -> bool:
        """Whether it leads over the border."""
        return bool(self.need and self.supply and self.need.province != self.supply.province)


@dataclass(frozen=True)
class Flows:
    """The lines asked for, largest first, those under three last.

    ``total`` is their sum and that of ``unplaced``, of which no province is told; ``open`` is how many cases more may
    belong here, of which what was asked is not told.
    """

    asked: Asked
    lines: list[Line]
    unplaced: int
    open: int
    tiles: tuple[Region, ...]
    as_of: datetime | None
    by_tile: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Cases by place of the tile map: needed there, and supplied from there."""

    @property
    def told(self) -> list[Line]:
        """Lines with a number."""
        return [line for line in self.lines if line.cases is not None]

    @property
    def total(self) -> int:
        """All cases that are told."""
        return self.unplaced + sum(line.cases or 0 for line in self.lines)

    @property
    def placed(self) -> int:
        """Cases of which at least the provinces are told."""
        return self.total - self.unplaced

    @property
    def across(self) -> int:
        """Those that lead over the border."""
        return sum(line.cases or 0 for line in self.lines if line.crosses)

    @property
    def across_percent(self) -> int | None:
        """Share across the border of those whose provinces are told; None where there are none."""
        return round(100 * self.across / self.placed) if self.placed else None


@dataclass(frozen=True)
class Places:
    """Regions by code, the tiles of today, and the tile in which each region lies."""

    regions: Mapping[str, Region]
    tiles: tuple[Region, ...]
    tile_of: Mapping[str, str]


def places() -> Places:
    """The places of today, kept for a minute; they change once in years."""
    return kept_for(KEPT_SECONDS, f"insights.flow_places.{timezone.localdate()}", read_places)


def read_places() -> Places:
    """The places, read from the table."""
    today = timezone.localdate()
    rows = list(Region.objects.select_related("successor"))
    tiles = tuple(row for row in rows if row.tile_row is not None and is_in_use(row, today))
    return Places({row.code: row for row in rows}, tiles, tile_of_region(rows, {row.code for row in tiles}, today))


def flows_of(*, user: Actor, asked: Asked) -> Flows:
    """What is told of what was asked; four queries at most."""
    known = places()
    rows = Flow.objects.visible_to(user).filter(kind=asked.kind)
    exact = Q(**asked.traits)
    near = Q()
    for name, value in asked.traits.items():
        near &= Q(**{f"{name}__in": ["", value]})
    sums = Counter[tuple[str, str]]()
    for row in rows.filter(exact, cases__isnull=False).order_by().values(*PAIR).annotate(number=Sum("cases")):
        sums[shown_pair(row, asked, known)] += row["number"]
    near_by = rows.filter(near).aggregate(number=Sum("cases"))["number"] or 0 if asked.traits else sums.total()
    few: set[tuple[str, str]] = set()
    if exact == Q():
        untold = rows.filter(cases__isnull=True).values(*PAIR)
        few = {shown_pair(row, asked, known) for row in untold} - set(sums)
    run = FlowRun.objects.order_by("pk").first()
    return Flows(
        asked=asked,
        lines=lines_of(sums, few, known),
        unplaced=sums.get(("", ""), 0),
        open=near_by - sums.total(),
        tiles=known.tiles,
        as_of=run.as_of if run else None,
        by_tile=by_tile(sums, known),
    )


def shown_pair(row: Mapping[str, object], asked: Asked, known: Places) -> tuple[str, str]:
    """The codes under which a row is shown: those it has, or the places that these lie in."""
    need, supply = str(row["need"]), str(row["supply"])
    if row["level"] == FlowLevel.REGION and not asked.by_region:
        return known.tile_of.get(need, need), known.tile_of.get(supply, supply)
    return need, supply


def lines_of(sums: Mapping[tuple[str, str], int], few: Iterable[tuple[str, str]], known: Places) -> list[Line]:
    """Lines of both, the largest first."""
    at = known.regions
    told = sorted(((pair, count) for pair, count in sums.items() if pair[0]), key=lambda one: (-one[1], one[0]))
    lines = [Line(at.get(need), at.get(supply), count) for (need, supply), count in told]
    return lines + [Line(at.get(need), at.get(supply), None) for need, supply in sorted(few)]


def by_tile(sums: Mapping[tuple[str, str], int], known: Places) -> dict[str, tuple[int, int]]:
    """Cases needed in and supplied from each tile, of those whose places are told."""
    needed, supplied = Counter[str](), Counter[str]()
    for (need, supply), count in sums.items():
        if need in known.tile_of and supply in known.tile_of:
            needed[known.tile_of[need]] += count
            supplied[known.tile_of[supply]] += count
    return {code: (needed[code], supplied[code]) for code in needed | supplied}


def months_told(*, user: Actor) -> list[str]:
    """Months that stand in some row, newest first."""
    rows = Flow.objects.visible_to(user).exclude(month="").order_by("-month")
    return list(rows.values_list("month", flat=True).distinct()[:MOST_MONTHS])
