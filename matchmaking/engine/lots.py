"""Which few capacities together carry a need at a rate, each through a part of its days: exact, as ``consortium`` is.

The days are cut into segments that follow each other. A run is one capacity through neighbouring segments, between two
rates; in a complete set the runs of the members, one each, sum to the need's rate in every segment. Such rates are a
flow from the first day to the last with the runs as its arcs, so a set has whole rates exactly where it has any.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import highspy

from matchmaking.engine.consortium import FEWEST, MOST, SETS, Offer, Program, Row, SparseRow, lp_of, sparse


@dataclass(frozen=True)
class Run:
    """A capacity through the segments from ``first`` to ``last``, between two rates in whole steps."""

    first: int
    last: int
    least: int
    most: int


@dataclass(frozen=True)
class Carrier:
    """A capacity with all its runs; firm, score and whom it must not meet as for ``Offer``."""

    key: str
    firm: tuple[int, bool]
    score: int
    runs: tuple[Run, ...]
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WindowLot:
    """What one member carries in each of the segments from ``first`` to ``last``."""

    key: str
    volume: int
    first: int
    last: int


def sets_by_window(
    volume: int,
    lengths: Sequence[int],
    carriers: Iterable[Carrier],
    *,
    count: int = SETS,
    fewest: int = FEWEST,
    most: int = MOST,
) -> list[tuple[WindowLot, ...]]:
    """At most ``count`` complete sets for ``volume`` in every segment, in the order of ``complete_sets``, with lots as
    ``lots_by_window`` gives them; ``lengths`` are the days of the segments.
    """
    ordered = sorted((one for one in carriers if one.runs), key=lambda one: (-one.score, one.key))
    if not ordered or volume <= 0 or fewest > most:
        return []
    program = WindowProgram(volume, lengths, ordered, fewest, most)
    found: list[tuple[WindowLot, ...]] = []
    while len(found) < count:
        members = program.best()
        if members is None:
            break
        found.append(program.lots_of(members))
        program.leave_out(members)
    return found


def lots_by_window(volume: int, lengths: Sequence[int], members: Sequence[Carrier]) -> tuple[WindowLot, ...]:
    """How ``members`` share the days: with the fewest days of change, then with the longest lots for the first of
    them, for the second and so on, then the earliest; and then as much as can be for the first, the second and so on.

    Empty where they cannot carry exactly ``volume`` in every segment, each in one run.
    """
    for changes in range(len(members)):
        able = list(_carrying(volume, lengths, members, changes))
        if able:
            return _with_rates(volume, members, min(able, key=lambda runs: _rank(runs, lengths)))
    return ()


def _carrying(
    volume: int, lengths: Sequence[int], members: Sequence[Carrier], changes: int
) -> Iterator[tuple[Run, ...]]:
    """Every choice of runs with so many days of change that carries the whole."""
    for borders in combinations(range(1, len(lengths)), changes):
        for runs in _choices((0, *borders, len(lengths)), members):
            if _is_flow(volume, [(one.first, one.last + 1, one.least, one.most) for one in runs]):
                yield runs


def _choices(points: Sequence[int], members: Sequence[Carrier]) -> Iterator[tuple[Run, ...]]:
    """Choices of one run for each member between ``points``, with somebody who ends and who begins at each border."""
    places = {point: place for place, point in enumerate(points)}
    is_chain = len(points) == len(members) + 1
    able = [
        [
            one
            for one in member.runs
            if one.first in places
            and one.last + 1 in places
            and (not is_chain or places[one.last + 1] == places[one.first] + 1)
        ]
        for member in members
    ]
    inner = set(points[1:-1])
    for runs in product(*able):
        if inner <= {one.first for one in runs} and inner <= {one.last + 1 for one in runs}:
            yield runs


def _rank(runs: Sequence[Run], lengths: Sequence[int]) -> tuple[list[int], list[int]]:
    return [-sum(lengths[one.first : one.last + 1]) for one in runs], [one.first for one in runs]


def _with_rates(volume: int, members: Sequence[Carrier], runs: Sequence[Run]) -> tuple[WindowLot, ...]:
    arcs = [(one.first, one.last + 1, one.least, one.most) for one in runs]
    for place, (start, end, least, most) in enumerate(arcs):
        low, high = least, most
        while low < high:
            middle = (low + high + 1) // 2
            is_there = _is_flow(volume, [*arcs[:place], (start, end, middle, most), *arcs[place + 1 :]])
            low, high = (middle, high) if is_there else (low, middle - 1)
        arcs[place] = (start, end, low, low)
    told = zip(members, runs, arcs, strict=True)
    return tuple(WindowLot(member.key, rate, run.first, run.last) for member, run, (_s, _e, rate, _m) in told)


def _is_flow(volume: int, arcs: Sequence[tuple[int, int, int, int]]) -> bool:
    """Whether exactly ``volume`` flows from the first point of ``arcs`` (start, end, least, most) to the last, in whole
    numbers. Source: A. J. Hoffman, 1960: it does where no set of points must take in more than may leave it.
    """
    points = sorted({0} | {arc[0] for arc in arcs} | {arc[1] for arc in arcs})
    back = (points[-1], 0, volume, volume)
    if any(least > most for _start, _end, least, most in arcs):
        return False
    for marks in range(1, 2 ** len(points) - 1):
        inside = {point for place, point in enumerate(points) if marks >> place & 1}
        taken = sum(least for start, end, least, _most in (*arcs, back) if end in inside and start not in inside)
        leaving = sum(most for start, end, _least, most in (*arcs, back) if start in inside and end not in inside)
        if taken > leaving:
            return False
    return True


class WindowProgram(Program):
    """The choice of members by ``carriers``: after a mark for each member come one for each run and its rate, as a
    part of the volume.
    """

    def __init__(
        self, volume: int, lengths: Sequence[int], carriers: Sequence[Carrier], fewest: int, most: int
    ) -> None:
        self.volume, self.lengths, self.carriers = volume, lengths, carriers
        self.offers = [Offer(one.key, one.firm, one.score, 1, 1, one.apart) for one in carriers]
        self.shared: dict[tuple[int, ...], tuple[WindowLot, ...]] = {}
        self.rows: list[Row] = [(fewest, most, [1.0] * len(carriers))]
        self.rows += [(0.0, 1.0, self._marks(places)) for places in self._rivals()]
        self.runs = [(place, run) for place, one in enumerate(carriers) for run in one.runs]
        self.ties = self._ties()

    def lots_of(self, members: tuple[int, ...]) -> tuple[WindowLot, ...]:
        """How the members at these places share the days, empty where they cannot."""
        if members not in self.shared:
            chosen = [self.carriers[place] for place in members]
            self.shared[members] = lots_by_window(self.volume, self.lengths, chosen)
        return self.shared[members]

    def is_complete(self, members: tuple[int, ...]) -> bool:
        """Whether these members carry the whole, in whole numbers."""
        return bool(self.lots_of(members))

    def _ties(self) -> list[SparseRow]:
        """What binds runs to members, rates to runs, and all rates to the whole in each segment."""
        size, count, open_end = len(self.offers), len(self.runs), highspy.kHighsInf
        of_member: list[dict[int, float]] = [{place: -1.0} for place in range(size)]
        of_segment: list[dict[int, float]] = [{} for _length in self.lengths]
        of_rates: list[SparseRow] = []
        for number, (owner, run) in enumerate(self.runs):
            mark, rate = size + number, size + count + number
            of_member[owner][mark] = 1.0
            for limit, low, high in ((run.most, -open_end, 0.0), (run.least, 0.0, open_end)):
                of_rates.append((low, high, {mark: -min(limit, self.volume) / self.volume, rate: 1.0}))
            for segment in range(run.first, run.last + 1):
                of_segment[segment][rate] = 1.0
        bound = [(0.0, 0.0, row) for row in of_member]
        return [*bound, *of_rates, *[(1.0, 1.0, row) for row in of_segment]]

    def _program(self, wish: Sequence[int], limits: Sequence[Row]) -> highspy.HighsLp:
        rest = [0] * (2 * len(self.runs))
        rows = [*map(sparse, limits), *self.ties]
        return lp_of([*wish, *rest], rows, whole=len(self.offers) + len(self.runs))
