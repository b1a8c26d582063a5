"""A corridor as arithmetic: how far along a line something stands, and how much of a demand by place and month is met
from what is offered, kept and hauled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import dist

import highspy
import numpy as np

from matchmaking.engine.assignment import QUIET_SOLVER, Floats
from matchmaking.engine.geography import STEPS_PER_KM

Point = tuple[int, int, int]
NEARLY_WHOLE = 1e-6
LATER_COSTS = 1e-3
"""What a kilogram is worth less a month later, so that a shortage is never moved forward."""
HAULING_COSTS, KEEPING_COSTS = 1e-5, 1e-6
"""So that nothing is hauled or kept without need; far less than any month's difference."""
MOST_MONTHS = 36
"""So that the differences of months stay below the worth of a kilogram."""


@dataclass(frozen=True)
class Spot:
    """Where something stands on a line: kilometres from its beginning, and from the line."""

    along_km: float
    off_km: float


def spot_on(line: Sequence[Point], at: Point) -> Spot:
    """The place on a line of straight pieces that is nearest to ``at``; points in steps of ten metres, two at least.

    As the crow flies: chords, which inside the two provinces are the arcs within 0.2 %.
    """
    best, begun = None, 0.0
    for start, end in zip(line, line[1:], strict=False):
        piece = tuple(b - a for a, b in zip(start, end, strict=True))
        length = dist(start, end)
        share = 0.0
        if length:
            towards = sum(step * (c - a) for step, a, c in zip(piece, start, at, strict=True))
            share = min(max(towards / length**2, 0.0), 1.0)
        foot = tuple(a + share * step for a, step in zip(start, piece, strict=True))
        found = Spot((begun + share * length) / STEPS_PER_KM, dist(foot, at) / STEPS_PER_KM)
        if best is None or found.off_km < best.off_km:
            best = found
        begun += length
    if best is None:
        raise ValueError("a line has two points at least")
    return best


def length_of(line: Sequence[Point]) -> float:
    """Kilometres from the first point to the last."""
    return sum(dist(start, end) for start, end in zip(line, line[1:], strict=False)) / STEPS_PER_KM


@dataclass(frozen=True)
class Way:
    """From place to place, at most ``most`` in each month."""

    source: str
    target: str
    most: Sequence[int]


@dataclass(frozen=True)
class Month:
    """What a month brings at one place, in whole kilograms: ``met`` of the demand is met.

    ``kept`` is what is left over its end, ``arrives`` and ``leaves`` what is hauled.
    """

    met: int = 0
    kept: int = 0
    arrives: int = 0
    leaves: int = 0


def met_demand(
    *,
    demand: Mapping[str, Sequence[int]],
    offered: Mapping[str, Sequence[int]],
    stores: Mapping[str, Sequence[int]],
    ways: Sequence[Way],
) -> dict[str, list[Month]]:
    """How much of the demand of each place can be met, month by month; all mappings have the same keys and lengths.

    As much as can be in all, an earlier month before a later one. ``stores`` is what can be kept over the end of each
    month; it begins empty. What is neither met with, nor kept, nor hauled is lost. Amounts are whole kilograms, and so
    is the plan: it is a flow through places and months.
    """
    places = list(demand)
    months = len(next(iter(demand.values()), ()))
    if months > MOST_MONTHS:
        raise ValueError(f"more than {MOST_MONTHS} months")
    if not places or not months:
        return {place: [] for place in places}
    program = _Program(places, months, ways)
    taken = program.solved(demand, offered, stores)
    return {place: [program.month_of(taken, place, month) for month in range(months)] for place in places}


class _Program:
    """The linear program: columns met and kept of each place and month, then hauled of each way and month."""

    def __init__(self, places: Sequence[str], months: int, ways: Sequence[Way]) -> None:
        self.row = {place: number for number, place in enumerate(places)}
        self.months = months
        self.ways = [way for way in ways if way.source in self.row and way.target in self.row]
        self.cells = len(places) * months
        self.size = 2 * self.cells + len(self.ways) * months

    def cell(self, place: str, month: int) -> int:
        return self.row[place] * self.months + month

    def hauled(self, way: int, month: int) -> int:
        return 2 * self.cells + way * self.months + month

    def solved(
        self,
        demand: Mapping[str, Sequence[int]],
        offered: Mapping[str, Sequence[int]],
        stores: Mapping[str, Sequence[int]],
    ) -> list[int]:
        """The best plan, a whole number a column."""
        cost, most = np.zeros(self.size), np.zeros(self.size)
        room = np.zeros(self.cells)
        uses: list[list[tuple[int, float]]] = [[] for _cell in range(self.cells)]
        for place in self.row:
            for month in range(self.months):
                cell = self.cell(place, month)
                met, kept = cell, self.cells + cell
                cost[met], most[met] = 1.0 - LATER_COSTS * month, demand[place][month]
                cost[kept], most[kept] = -KEEPING_COSTS, stores[place][month]
                room[cell] = offered[place][month]
                uses[cell] += [(met, 1.0), (kept, 1.0)]
                if month + 1 < self.months:
                    uses[cell + 1].append((kept, -1.0))
        for number, way in enumerate(self.ways):
            for month in range(self.months):
                column = self.hauled(number, month)
                cost[column], most[column] = -HAULING_COSTS, way.most[month]
                uses[self.cell(way.source, month)].append((column, 1.0))
                uses[self.cell(way.target, month)].append((column, -1.0))
        return self._run(cost, most, room, uses)

    def _run(self, cost: Floats, most: Floats, room: Floats, uses: list[list[tuple[int, float]]]) -> list[int]:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.size, self.cells
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(self.size), most
        program.row_lower_, program.row_upper_ = np.full(self.cells, -highspy.kHighsInf), room
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *map(len, uses)]).astype(np.int32)
        program.a_matrix_.index_ = np.array([column for row in uses for column, _value in row], dtype=np.int32)
        program.a_matrix_.value_ = np.array([value for row in uses for _column, value in row])
        solver = QUIET_SOLVER()
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("dual_feasibility_tolerance", KEEPING_COSTS / 10)
        solver.passModel(program)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"no balance: {solver.modelStatusToString(status)}")
        return [int(value + NEARLY_WHOLE) for value in solver.getSolution().col_value]

    def month_of(self, taken: Sequence[int], place: str, month: int) -> Month:
        """What the plan says of one place and month."""
        cell = self.cell(place, month)
        told = [(way, taken[self.hauled(number, month)]) for number, way in enumerate(self.ways)]
        return Month(
            met=taken[cell],
            kept=taken[self.cells + cell],
            arrives=sum(amount for way, amount in told if way.target == place),
            leaves=sum(amount for way, amount in told if way.source == place),
        )
