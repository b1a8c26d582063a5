"""Hydrogen wanted by the fleet against what is on offer, by place and month; see docs/decisions/0094."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.querysets import Actor
from common.values import band_floor
from matchmaking.engine.corridor import Month, Way, met_demand
from matchmaking.hydrogen.choices import HYDROGEN_MASS, PRODUCTION_NODE, FacilityKind
from matchmaking.hydrogen.models import DemandAssumption, Facility, FleetBatch, HaulageRoute
from matchmaking.hydrogen.queries.courses import Idea
from matchmaking.insights.queries.flows import Places, places
from matchmaking.insights.queries.months import first_day, month_of, monthly
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import STALE_AFTER
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Region

LEAST_MONTHS, MOST_MONTHS = 12, 24
AFTER_THE_LAST_BATCH = 3
"""Months that are shown after the one in which the last batch begins."""
COLUMNS = (
    "direction", "region__code", "quantity_amount", "unit__factor_to_base", "period", "window_start", "window_end",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One place in one month, in whole kilograms. ``offered`` is posted there, ``met`` what of the demand can be met
    with stores and haulage, ``filling`` what running stations can fill, ``asked`` what posted needs ask for: it is
    not added to the demand, since stations post needs for the same vehicles.
    """

    month: date
    demand: int
    offered: int
    asked: int
    filling: int
    plan: Month

    @property
    def met(self) -> int:
        """What of the demand can be met."""
        return self.plan.met

    @property
    def short(self) -> int:
        """What is lacking."""
        return self.demand - self.plan.met

    @property
    def unfilled(self) -> int:
        """What running stations cannot fill of the demand."""
        return max(self.demand - self.filling, 0)


@dataclass(frozen=True)
class PlaceLine:
    """A prefecture of Sichuan or a district of Chongqing, month by month."""

    region: Region
    cells: Sequence[Cell]

    @property
    def short_months(self) -> int:
        """Months in which hydrogen lacks."""
        return sum(cell.short > 0 for cell in self.cells)

    @property
    def unfilled_months(self) -> int:
        """Months in which stations cannot fill all."""
        return sum(cell.unfilled > 0 for cell in self.cells)

    @property
    def short(self) -> int:
        """Kilograms that lack in all."""
        return sum(cell.short for cell in self.cells)


@dataclass(frozen=True)
class Balance:
    """The months ahead at every place where something is wanted, offered or hauled through, with its assumption.

    ``undated`` and ``unplaced`` are vehicles that are in no figure, since it is not known when or where they come.
    """

    assumption: DemandAssumption
    months: Sequence[date]
    lines: Sequence[PlaceLine]
    undated: int
    unplaced: int
    is_exact: bool

    @property
    def short_places(self) -> list[PlaceLine]:
        """Places where hydrogen lacks in some month."""
        return [line for line in self.lines if line.short_months]

    @property
    def demand(self) -> int:
        """Kilograms wanted in all."""
        return sum(cell.demand for line in self.lines for cell in line.cells)

    @property
    def short(self) -> int:
        """Kilograms that lack in all."""
        return sum(line.short for line in self.lines)


@dataclass(frozen=True)
class Entered:
    """What the balance is made of beside postings."""

    assumption: DemandAssumption | None
    batches: Sequence[FleetBatch]
    facilities: Sequence[Facility]
    routes: Sequence[HaulageRoute]


def hydrogen_postings(user: Actor) -> PostingQuerySet:
    """Live postings of hydrogen itself that ``user`` may see: at production, in a unit of hydrogen mass; no capacity
    that nobody confirmed for so long that it is matched no longer.
    """
    named = Q(node__code=PRODUCTION_NODE) | Q(node__code__startswith=f"{PRODUCTION_NODE}.")
    fresh = Q(direction=Direction.NEED) | Q(confirmed_on__gt=timezone.localdate() - STALE_AFTER)
    return Posting.objects.visible_to(user).live().filter(named, fresh, unit__dimension=HYDROGEN_MASS)


def balance_of(*, user: Actor, entered: Entered, is_exact: bool, idea: Idea | None = None) -> Balance | None:
    """The balance as ``user`` may know it; None before anybody entered an assumption, since there is no demand then.

    Quantities of postings count as they are where ``is_exact``, else as the floor of their class, as visitors read
    them; capacities that nobody confirmed for long are left out. Only what is running today is there. Two queries.
    """
    if entered.assumption is None:
        return None
    first = month_of(timezone.localdate())
    count = _months_ahead(entered.batches, first)
    known = places()
    offered, asked = _posted(hydrogen_postings(user), known, first, count, is_exact=is_exact)
    filling, stores = _standing(entered.facilities, known, first, count, idea)
    sums = {
        "demand": _demand(entered, known, first, count),
        "offered": offered,
        "asked": asked,
        "filling": filling,
        "stores": stores,
    }
    months = [first_day(first + number) for number in range(count)]
    return Balance(
        assumption=entered.assumption,
        months=months,
        lines=_lines(sums, _ways(entered.routes, known, first, count), known, months),
        undated=sum(batch.vehicles for batch in entered.batches if batch.starts_on is None),
        unplaced=sum(batch.unplaced for batch in entered.batches if batch.starts_on is not None),
        is_exact=is_exact,
    )


def _lines(
    sums: Mapping[str, Mapping[str, list[int]]], ways: Sequence[Way], known: Places, months: Sequence[date]
) -> list[PlaceLine]:
    """The places where something is wanted, offered or hauled, by code, with the plan of how demand is met."""
    passed = {code for way in ways for code in (way.source, way.target)}
    codes = sorted(passed.union(sums["demand"], sums["offered"]))
    nothing = [0] * len(months)
    full = {name: {code: row.get(code, nothing) for code in codes} for name, row in sums.items()}
    plan = met_demand(demand=full["demand"], offered=full["offered"], stores=full["stores"], ways=ways)
    return [
        PlaceLine(
            known.regions[code],
            [
                Cell(
                    month=month,
                    plan=plan[code][number],
                    **{name: full[name][code][number] for name in ("demand", "offered", "asked", "filling")},
                )
                for number, month in enumerate(months)
            ],
        )
        for code in codes
    ]


def _months_ahead(batches: Iterable[FleetBatch], first: int) -> int:
    starts = [month_of(batch.starts_on) - first for batch in batches if batch.starts_on is not None]
    return min(max(LEAST_MONTHS, max(starts, default=0) + AFTER_THE_LAST_BATCH), MOST_MONTHS)


def _days(month: int, start: date, end: date | None) -> int:
    """Days of the month between both, both included."""
    begins, follows = first_day(month), first_day(month + 1)
    last = follows - timedelta(days=1)
    return max((min(last, end or last) - max(begins, start)).days + 1, 0)


def _demand(entered: Entered, known: Places, first: int, count: int) -> dict[str, list[int]]:
    """Kilograms that the vehicles of dated and placed batches take, by place and month, rounded up once a cell."""
    vehicle_days: dict[str, list[int]] = defaultdict(lambda: [0] * count)
    for batch in entered.batches:
        if batch.starts_on is None:
            continue
        days = [_days(first + number, batch.starts_on, batch.ends_on) for number in range(count)]
        for one in batch.places.all():
            row = vehicle_days[tile_at(known, one.region)]
            for number, length in enumerate(days):
                row[number] += one.vehicles * length
    rate = entered.assumption.kg_per_vehicle_day if entered.assumption else Decimal(0)
    return {
        code: [int((rate * number).to_integral_value(ROUND_CEILING)) for number in row]
        for code, row in vehicle_days.items()
    }


def tile_at(known: Places, region: Region) -> str:
    """The prefecture or district that a region lies in; itself where none is known."""
    return known.tile_of.get(region.code, region.code)


def _posted(
    postings: PostingQuerySet, known: Places, first: int, count: int, *, is_exact: bool
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Kilograms offered and asked for in postings, by place and month."""
    offered: dict[str, list[int]] = defaultdict(lambda: [0] * count)
    asked: dict[str, list[int]] = defaultdict(lambda: [0] * count)
    for direction, region, amount, factor, period, start, end in postings.order_by().values_list(*COLUMNS):
        kilograms = int((amount if is_exact else band_floor(amount)) * factor)
        row = (asked if direction == Direction.NEED else offered)[known.tile_of.get(region, region)]
        for number, more in enumerate(monthly(kilograms, period, start, end, first=first, months=count)):
            row[number] += more
    return dict(offered), dict(asked)


def _standing(
    facilities: Iterable[Facility], known: Places, first: int, count: int, idea: Idea | None
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """What running stations can fill and what is kept in running stores, by place and month."""
    filling: dict[str, list[int]] = defaultdict(lambda: [0] * count)
    stores: dict[str, list[int]] = defaultdict(lambda: [0] * count)
    today = timezone.localdate()
    for row in facilities:
        if not row.runs_on(today):
            continue
        code = tile_at(known, row.region)
        for number in range(count):
            if row.kind == FacilityKind.STATION:
                filling[code][number] += (row.kg_per_day or 0) * _days(first + number, date.min, None)
            stores[code][number] += row.store_kg or 0
    if idea is not None:
        code = tile_at(known, idea.region)
        for number in range(count):
            filling[code][number] += idea.kg_per_day * _days(first + number, date.min, None)
    return dict(filling), dict(stores)


def _ways(routes: Iterable[HaulageRoute], known: Places, first: int, count: int) -> list[Way]:
    """Running routes between places as ways of the plan."""
    today = timezone.localdate()
    days = [_days(first + number, date.min, None) for number in range(count)]
    ways = [
        Way(
            tile_at(known, row.from_region), tile_at(known, row.to_region), [row.kg_per_day * length for length in days]
        )
        for row in routes
        if row.runs_on(today)
    ]
    return [way for way in ways if way.source != way.target]


def balance_table(balance: Balance | None) -> tuple[list[str], list[list[Any]]]:
    """A row a place and month, each naming its assumption; the head alone where there is no balance."""
    head = [
        *(_("Region code"), _("Place"), _("Month"), _("Demand, kg"), _("Offered, kg"), _("Met, kg"), _("Short, kg")),
        *(_("Kept over the month's end, kg"), _("Hauled in, kg"), _("Hauled out, kg")),
        *(_("Stations can fill, kg"), _("Not filled, kg"), _("Asked for in postings, kg"), _("Assumption")),
    ]
    if balance is None:
        return head, []
    return head, [
        [
            *(
                line.region.code,
                line.region.name,
                f"{cell.month:%Y-%m}",
                cell.demand,
                cell.offered,
                cell.met,
                cell.short,
            ),
            *(cell.plan.kept, cell.plan.arrives, cell.plan.leaves, cell.filling, cell.unfilled, cell.asked),
            balance.assumption.key,
        ]
        for line in balance.lines
        for cell in line.cells
    ]
