"""Which capacities fill which needs so that the most volume is placed: a flow for what may be split, whole needs by
greedy with repair.

Volumes are whole thousandths of the base unit of one dimension, counted over the need's days. A share of volume ``x``
takes ``x · parts / whole`` of its capacity: 1/1 of a stock, less of a capacity that comes anew each month or year.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HIGHEST_SCORE = 10_000
"""So that no exchange of shares, however long, gives volume away for better scores."""
NEARLY_WHOLE = 1e-6
"""What the solver may be short of a whole number, in its unit."""
LARGEST = 2.0**28
"""The largest limit that the solver is told."""
FINEST = 1e-9
"""What the solver takes for no difference between two plans: less than a point of one score."""
ROUNDS = 4
"""So often shares that are too small are taken out and the flow is asked for again."""


@dataclass(frozen=True)
class Demand:
    """A need: its volume, whether several may share it, and the least that one of them must carry."""

    key: str
    volume: int
    may_split: bool = False
    least: int = 1


@dataclass(frozen=True)
class Supply:
    """A capacity: what is left of it, per its own period."""

    key: str
    left: int


@dataclass(frozen=True)
class Edge:
    """A pair that fits: its score, what it takes of the capacity for each volume, and the least that it accepts."""

    demand: str
    supply: str
    score: int
    parts: int = 1
    whole: int = 1
    least: int = 1


@dataclass(frozen=True)
class Share:
    """What one capacity carries of one need."""

    demand: str
    supply: str
    volume: int
    score: int


def planned(demands: Sequence[Demand], supplies: Sequence[Supply], edges: Sequence[Edge]) -> list[Share]:
    """The plan, ordered by keys: whole needs first, since they fit in fewer places, then the flow over what is left.

    No capacity carries more than is left of it, no need gets more than it asks for, a need that may not be split has
    one supplier or none. Equal input gives an equal plan.
    """
    book = Book(demands, supplies, edges)
    place_whole(book)
    fill_split(book)
    return book.shares()


class Book:
    """A plan in the making: what is placed on each edge, and what each need and capacity still has."""

    def __init__(self, demands: Iterable[Demand], supplies: Iterable[Supply], edges: Iterable[Edge]) -> None:
        self.demands = {one.key: one for one in sorted(demands, key=lambda one: one.key) if one.volume > 0}
        self.left = {one.key: one.left for one in supplies}
        self.open = {one.key: one.volume for one in self.demands.values()}
        self.placed: dict[Edge, int] = {}
        self.edges_of: dict[str, list[Edge]] = defaultdict(list)
        self.users_of: dict[str, set[Edge]] = defaultdict(set)
        for edge in sorted(edges, key=lambda one: (one.demand, -one.score, one.supply)):
            if edge.demand in self.demands and edge.supply in self.left:
                self.edges_of[edge.demand].append(edge)

    def room(self, edge: Edge) -> int:
        """The volume that the edge's capacity could still carry of this need."""
        return max(self.left[edge.supply], 0) * edge.whole // edge.parts

    def put(self, edge: Edge, volume: int) -> None:
        """Place ``volume`` on an edge that carries none."""
        self.placed[edge] = volume
        self.open[edge.demand] -= volume
        self.left[edge.supply] -= taken(edge, volume)
        self.users_of[edge.supply].add(edge)

    def take(self, edge: Edge) -> int:
        """Take away what the edge carries."""
        volume = self.placed.pop(edge)
        self.open[edge.demand] += volume
        self.left[edge.supply] += taken(edge, volume)
        self.users_of[edge.supply].discard(edge)
        return volume

    def shares(self) -> list[Share]:
        """What is placed."""
        told = sorted(self.placed.items(), key=lambda item: (item[0].demand, -item[0].score, item[0].supply))
        return [Share(edge.demand, edge.supply, volume, edge.score) for edge, volume in told]


def taken(edge: Edge, volume: int) -> int:
    """What a volume takes of the edge's capacity, rounded up."""
    return -(-volume * edge.parts // edge.whole)


def place_whole(book: Book) -> None:
    """Place needs that may not be split, the largest first, each where it scores best; then repair.

    Repair: a need that found no room moves a smaller one to another capacity, or takes its place where that one can go
    nowhere, as long as more is placed than before.
    """
    whole = [one for one in book.demands.values() if not one.may_split]
    whole.sort(key=lambda one: (-one.volume, one.key))
    waiting = [one for one in whole if not place_one(book, one.key)]
    for one in waiting:
        if not place_one(book, one.key):
            make_room(book, one)


def place_one(book: Book, key: str, shunned: str = "") -> bool:
    """Place a whole need on its best capacity with room, but not on ``shunned``."""
    volume = book.open[key]
    for edge in book.edges_of[key]:
        if edge.supply != shunned and volume >= edge.least and book.room(edge) >= volume:
            book.put(edge, volume)
            return True
    return False


def make_room(book: Book, demand: Demand) -> bool:
    """Place a need by moving another one away, or in place of a smaller one."""
    for edge in book.edges_of[demand.key]:
        if demand.volume < edge.least:
            continue
        for user in sorted(book.users_of[edge.supply], key=lambda one: (book.placed[one], one.demand)):
            volume = book.take(user)
            fits = book.room(edge) >= demand.volume
            if fits and place_one(book, user.demand, shunned=edge.supply):
                book.put(edge, demand.volume)
                return True
            if fits and volume < demand.volume:
                book.put(edge, demand.volume)
                place_one(book, user.demand)
                return True
            book.put(user, volume)
    return False


def fill_split(book: Book) -> None:
    """Fill needs that may be split: the most volume, and of all ways to place that much the one that scores best.

    Shares below the least that either side accepts are taken out and the flow is asked for again, a few times; what is
    left of them then is dropped.
    """
    edges = [
        edge
        for key, demand in book.demands.items()
        if demand.may_split
        for edge in book.edges_of[key]
        if book.room(edge) >= least_of(book, edge)
    ]
    if not edges:
        return
    program = Program(book, edges)
    for last in (False,) * (ROUNDS - 1) + (True,):
        flow = in_whole_numbers(book, edges, program.optimum())
        small = [edge for edge, volume in flow.items() if volume < least_of(book, edge)]
        if not small or last:
            for edge in flow.keys() - small:
                book.put(edge, flow[edge])
            return
        program.shut(small)


def least_of(book: Book, edge: Edge) -> int:
    """The least volume that a share on this edge may have."""
    return max(edge.least, book.demands[edge.demand].least, 1)


def in_whole_numbers(book: Book, edges: Sequence[Edge], found: Floats) -> Mapping[Edge, int]:
    """Volumes above zero by edge from those (e,) that the program found, inside every limit."""
    open_, left = dict(book.open), dict(book.left)
    flow: dict[Edge, int] = {}
    for edge, wanted in zip(edges, np.floor(found).astype(np.int64).tolist(), strict=True):
        volume = min(wanted, open_[edge.demand], max(left[edge.supply], 0) * edge.whole // edge.parts)
        if volume > 0:
            flow[edge] = volume
            open_[edge.demand] -= volume
            left[edge.supply] -= taken(edge, volume)
    return flow


def silently(solver: highspy.Highs) -> None:
    """What the solver's constructor calls before anything else that prints."""
    solver.silent()
    highspy.Highs.enableCallbacks(solver)


QUIET_SOLVER = type("QuietSolver", (highspy.Highs,), {"enableCallbacks": silently})
"""HiGHS without the banner that its constructor prints, before an option can be set from outside."""


class Program:
    """The linear program over ``edges``: as much as can be placed, then the best scores among such plans.

    Edges can be shut; the simplex method then goes on from the last solution. Limits are told in a unit that keeps them
    below LARGEST, since the solver's tolerances are absolute.
    """

    def __init__(self, book: Book, edges: Sequence[Edge]) -> None:
        self.place_of = {edge: place for place, edge in enumerate(edges)}
        self.solver = QUIET_SOLVER()
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("dual_feasibility_tolerance", FINEST)
        demands = {key: place for place, key in enumerate(dict.fromkeys(edge.demand for edge in edges))}
        supplies = {key: len(demands) + place for place, key in enumerate(dict.fromkeys(edge.supply for edge in edges))}
        limits = [book.open[key] for key in demands] + [max(book.left[key], 0) for key in supplies]
        self.unit = float(np.gcd.reduce([limit for limit in limits if limit] or [1]))
        self.unit = max(self.unit, 2.0 ** np.ceil(np.log2(max(*limits, 1) / LARGEST)))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(edges), len(limits)
        program.sense_ = highspy.ObjSense.kMaximize
        weight = 1.0 / (HIGHEST_SCORE * len(limits))
        program.col_cost_ = np.array([1.0 + edge.score * weight for edge in edges])
        most = [min(book.open[edge.demand], book.room(edge)) for edge in edges]
        program.col_lower_, program.col_upper_ = np.zeros(len(edges)), np.array(most) / self.unit
        program.row_lower_ = np.full(len(limits), -highspy.kHighsInf)
        program.row_upper_ = np.array(limits) / self.unit
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = 2 * np.arange(len(edges) + 1, dtype=np.int32)
        rows = [place for edge in edges for place in (demands[edge.demand], supplies[edge.supply])]
        program.a_matrix_.index_ = np.array(rows, dtype=np.int32)
        program.a_matrix_.value_ = np.array([value for edge in edges for value in (1.0, edge.parts / edge.whole)])
        self.solver.passModel(program)

    def shut(self, edges: Sequence[Edge]) -> None:
        """Let nothing be placed on ``edges`` from now on."""
        places, nothing = np.array([self.place_of[edge] for edge in edges], dtype=np.int32), np.zeros(len(edges))
        self.solver.changeColsBounds(len(places), places, nothing, nothing)

    def optimum(self) -> Floats:
        """The best volumes (e,), at most the solver's tolerance above what the limits allow."""
        self.solver.run()
        status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"no plan: {self.solver.modelStatusToString(status)}")
        return (np.array(self.solver.getSolution().col_value) + NEARLY_WHOLE) * self.unit
