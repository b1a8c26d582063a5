"""Which few capacities together carry a need that none of them carries alone: exact, by programs in whole numbers.

Volumes are whole steps of one measure. A set is complete when every member carries at least its least, at most its
most, and all together the whole volume; such volumes exist exactly when the sum of the leasts is not above it and the
sum of the mosts not below, so a program only has to choose members.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import highspy
import numpy as np

from matchmaking.engine.assignment import HIGHEST_SCORE, QUIET_SOLVER

SETS = 3
"""How many sets are proposed at most."""
FEWEST, MOST = 2, 4
"""Members of a set."""
FINEST = 1e-9
"""What the solver takes for no difference."""


@dataclass(frozen=True)
class Offer:
    """A capacity that fits but for its quantity: its score, and between which volumes a share of it may lie.

    ``firm`` tells firms apart as others do; of one firm a set has one member. ``apart`` are offers that it must not
    meet in a set.
    """

    key: str
    firm: tuple[int, bool]
    score: int
    least: int
    most: int
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lot:
    """What one member carries."""

    key: str
    volume: int
    score: int


Row = tuple[float, float, Sequence[float]]
"""A limit of the program: not below, not above, and what each offer adds."""


def complete_sets(
    volume: int, offers: Iterable[Offer], *, count: int = SETS, fewest: int = FEWEST, most: int = MOST
) -> list[tuple[Lot, ...]]:
    """At most ``count`` complete sets, best first: the fewest members, then the highest sum of scores.

    What is equal in both is ordered by the sum of the members' places among all offers (by score, then key), of their
    squares, of their cubes and so on, which no two sets of one size share: equal input gives equal sets. A set that
    holds all members of an earlier one is left out.
    """
    usable = [one for one in offers if 0 < one.least <= min(one.most, volume)]
    ordered = sorted(usable, key=lambda one: (-one.score, one.key))
    if not ordered or volume <= 0 or fewest > most:
        return []
    program = Program(volume, ordered, fewest, most)
    found: list[tuple[Lot, ...]] = []
    while len(found) < count:
        members = program.best()
        if members is None:
            break
        found.append(lots_of(volume, [ordered[place] for place in members]))
        program.leave_out(members)
    return found


def lots_of(volume: int, members: Sequence[Offer]) -> tuple[Lot, ...]:
    """Shares that sum to ``volume``: each its least, the rest to those that fit best, in the order of ``members``."""
    rest = volume - sum(one.least for one in members)
    lots = []
    for one in members:
        more = min(rest, min(one.most, volume) - one.least)
        rest -= more
        lots.append(Lot(one.key, one.least + more, one.score))
    return tuple(lots)


def carries(volume: int, members: Sequence[Offer]) -> bool:
    """Whether the members together can carry exactly ``volume``, each within its own limits."""
    return sum(one.least for one in members) <= volume <= sum(one.most for one in members)


class Program:
    """The choice of members as a program in whole numbers over ``offers``, one variable of 0 or 1 each."""

    def __init__(self, volume: int, offers: Sequence[Offer], fewest: int, most: int) -> None:
        self.volume, self.offers = volume, offers
        self.rows: list[Row] = [
            (fewest, most, [1.0] * len(offers)),
            (-highspy.kHighsInf, 1.0, [one.least / volume for one in offers]),
            (1.0, highspy.kHighsInf, [min(one.most, volume) / volume for one in offers]),
        ]
        self.rows += [(0.0, 1.0, self._marks(places)) for places in self._rivals()]

    def _rivals(self) -> list[tuple[int, ...]]:
        """Places of which a set has one at most: offers of one firm, and pairs that must not meet."""
        firms: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for place, one in enumerate(self.offers):
            firms[one.firm].append(place)
        groups = [tuple(places) for places in firms.values() if len(places) > 1]
        pairs = combinations(range(len(self.offers)), 2)
        return groups + [pair for pair in pairs if self._must_not_meet(*pair)]

    def _must_not_meet(self, one: int, other: int) -> bool:
        here, there = self.offers[one], self.offers[other]
        return there.key in here.apart or here.key in there.apart

    def _marks(self, places: Iterable[int], rest: float = 0.0) -> list[float]:
        marks = [rest] * len(self.offers)
        for place in places:
            marks[place] = 1.0
        return marks

    def leave_out(self, members: Sequence[int]) -> None:
        """Allow no set any more that holds all of ``members``."""
        self.rows.append((-highspy.kHighsInf, len(members) - 1, self._marks(members)))

    def best(self) -> tuple[int, ...] | None:
        """The places of the best set's members, ascending; None where no set is complete.

        Each wish is asked for among the sets that are best by all wishes before it.
        """
        above_all = MOST * HIGHEST_SCORE + 1
        wish = [above_all - one.score for one in self.offers]
        limits: list[Row] = []
        members, power = self._least(wish, limits), 0
        while members is not None and power < len(members):
            reached = sum(wish[place] for place in members)
            limits.append((-highspy.kHighsInf, reached + 0.5, wish))
            power += 1
            wish = [(place + 1) ** power for place in range(len(self.offers))]
            members = self._least(wish, limits)
        return members

    def _least(self, wish: Sequence[int], limits: Sequence[Row]) -> tuple[int, ...] | None:
        """The members with the least sum of ``wish``. A choice that is complete only within the solver's tolerance is
        ruled out, in whole numbers, and the program asked again.
        """
        while True:
            members = self._solved(wish, limits)
            if members is None or self.is_complete(members):
                return members
            self.rows.append((-highspy.kHighsInf, len(members) - 1, self._marks(members, rest=-1.0)))

    def is_complete(self, members: tuple[int, ...]) -> bool:
        """Whether these members carry the whole, in whole numbers."""
        return carries(self.volume, [self.offers[place] for place in members])

    def _solved(self, wish: Sequence[int], limits: Sequence[Row]) -> tuple[int, ...] | None:
        solver = QUIET_SOLVER()
        for name, value in (("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)):
            solver.setOptionValue(name, value)
        solver.setOptionValue("mip_feasibility_tolerance", FINEST)
        solver.setOptionValue("primal_feasibility_tolerance", FINEST)
        solver.passModel(self._program(wish, [*self.rows, *limits]))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"no set: {solver.modelStatusToString(status)}")
        return tuple(np.flatnonzero(np.array(solver.getSolution().col_value[: len(self.offers)]) > 0.5).tolist())

    def _program(self, wish: Sequence[int], limits: Sequence[Row]) -> highspy.HighsLp:
        return lp_of(wish, [sparse(row) for row in limits], whole=len(self.offers))


SparseRow = tuple[float, float, Mapping[int, float]]
"""A limit of a program by the places of the variables that count in it."""


def sparse(row: Row) -> SparseRow:
    """The row without its zeros."""
    return row[0], row[1], {place: value for place, value in enumerate(row[2]) if value}


def lp_of(costs: Sequence[int], limits: Sequence[SparseRow], *, whole: int) -> highspy.HighsLp:
    """A program over variables from 0 to 1, the first ``whole`` of them in whole numbers."""
    size, kinds = len(costs), highspy.HighsVarType
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = size, len(limits)
    program.col_cost_ = np.array(costs, dtype=np.float64)
    program.col_lower_, program.col_upper_ = np.zeros(size), np.ones(size)
    program.integrality_ = [kinds.kInteger if place < whole else kinds.kContinuous for place in range(size)]
    program.row_lower_ = np.array([low for low, _high, _row in limits], dtype=np.float64)
    program.row_upper_ = np.array([high for _low, high, _row in limits], dtype=np.float64)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *[len(row) for _low, _high, row in limits]]).astype(np.int32)
    program.a_matrix_.index_ = np.array([place for *_ends, row in limits for place in row], dtype=np.int32)
    program.a_matrix_.value_ = np.array([one for *_ends, row in limits for one in row.values()], dtype=np.float64)
    return program
