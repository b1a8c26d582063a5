"""Who meets whom when on a matchmaking day: the most wishes kept, nobody in two places, exactly, by HiGHS.

Each firm marks others with a wish; a pair is worth the sum of both sides' marks and is out where one side says no. The
same marks and the same seed give the same plan; the seed decides between plans that are worth as much. A plan that is
told already is mended around the meetings that stay: none of them moves.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import highspy
import numpy as np

from matchmaking.engine.assignment import QUIET_SOLVER

MOST_NODES = 2_000
"""Branches after which the search ends with the best plan so far; counted, not timed, so that it is repeatable."""
CLOSER_THAN_ONE = 0.5
"""Worth is whole, so a plan that a better one could beat by less is the best."""
SET = 0.5
"""What of a variable that is 0 or 1 counts as 1."""


class Wish(StrEnum):
    """What a firm says of another one."""

    MUST = "must"
    MEET = "meet"
    NO = "no"


WORTH: Mapping[Wish, int] = {Wish.MUST: 3, Wish.MEET: 1, Wish.NO: 0}
"""What one side's mark is worth: a must outweighs two that would be nice."""


class Rule(StrEnum):
    """Why a pair that somebody wished for does not meet; the first that holds is told."""

    NO = "no"
    MOST = "most"
    CLASH = "clash"
    TABLES = "tables"
    SEARCH = "search"


@dataclass(frozen=True)
class Hall:
    """Where and how often can be met: ``slots`` one after the other, ``tables`` beside each other."""

    slots: int
    tables: int


@dataclass(frozen=True)
class Wished:
    """Two firms, the smaller key first, of whom one at least wishes to meet, and what that is worth."""

    first: str
    second: str
    worth: int


@dataclass(frozen=True)
class Placed:
    """A meeting: slot and table count from 1."""

    first: str
    second: str
    slot: int
    table: int
    worth: int


@dataclass(frozen=True)
class Left:
    """A pair that does not meet, and by which rule; all but those with a no are the reserve, the most wished first."""

    first: str
    second: str
    worth: int
    rule: Rule


@dataclass(frozen=True)
class DayPlan:
    """Meetings by slot and table, what is left; ``is_best`` says that no plan keeps more wishes."""

    meetings: tuple[Placed, ...]
    left: tuple[Left, ...]
    is_best: bool

    @property
    def worth(self) -> int:
        """What all meetings together are worth."""
        return sum(one.worth for one in self.meetings)

    @property
    def reserve(self) -> tuple[Left, ...]:
        """Pairs that would step in if a meeting falls out."""
        return tuple(one for one in self.left if one.rule != Rule.NO)


def planned_day(
    *,
    marks: Mapping[tuple[str, str], Wish],
    most: Mapping[str, int],
    hall: Hall,
    seed: int = 0,
    kept: Sequence[Placed] = (),
) -> DayPlan:
    """The plan for ``marks``, by (who, about whom); ``most`` is how often each firm meets at most, by its key.

    Marks of or about firms that ``most`` does not name, and about oneself, are left aside. Meetings that are ``kept``
    stay where they are, between firms that ``most`` names; the best is put around them.
    """
    wished, refused = wished_pairs(marks, most)
    met = {(one.first, one.second) for one in kept}
    open_ones = [one for one in wished if (one.first, one.second) not in met]
    has_room = bool(open_ones) and hall.slots > 0 and hall.tables > 0
    room = _Room.beside(kept, most, hall)
    chosen, is_best = _solved(open_ones, room, hall.slots, seed) if has_room else ([], True)
    meetings = tuple(sorted((*kept, *_at_tables(chosen, room)), key=lambda one: (one.slot, one.table)))
    return DayPlan(meetings, tuple(_left(wished, refused, meetings, most, hall)), is_best)


@dataclass(frozen=True)
class _Room:
    """What is free beside the meetings that stay: how often each firm can still meet, the tables that are free in each
    slot (from 0 on), and who is taken when, as (firm, slot).
    """

    most: Mapping[str, int]
    tables: Sequence[Sequence[int]]
    taken: frozenset[tuple[str, int]]

    @classmethod
    def beside(cls, kept: Sequence[Placed], most: Mapping[str, int], hall: Hall) -> "_Room":
        taken = [(firm, one.slot - 1) for one in kept for firm in (one.first, one.second)]
        met = Counter(firm for firm, _slot in taken)
        used = {(one.slot - 1, one.table) for one in kept}
        numbers = range(1, hall.tables + 1)
        tables = [[table for table in numbers if (slot, table) not in used] for slot in range(hall.slots)]
        return cls({firm: limit - met[firm] for firm, limit in most.items()}, tables, frozenset(taken))

    def is_free(self, pair: Wished, slot: int) -> bool:
        """Whether both firms and a table are."""
        return bool(self.tables[slot]) and self.taken.isdisjoint({(pair.first, slot), (pair.second, slot)})


def wished_pairs(marks: Mapping[tuple[str, str], Wish], most: Mapping[str, int]) -> tuple[list[Wished], list[Wished]]:
    """The pairs that may meet, and those that one side wishes and the other refuses; each by keys."""
    said: dict[tuple[str, str], list[Wish]] = defaultdict(list)
    for (who, whom), wish in marks.items():
        if who != whom and who in most and whom in most:
            said[min(who, whom), max(who, whom)].append(wish)
    pairs = [Wished(*pair, sum(WORTH[wish] for wish in wishes)) for pair, wishes in sorted(said.items())]
    wanted = [one for one in pairs if one.worth > 0]
    refused = [one for one in wanted if Wish.NO in said[one.first, one.second]]
    return [one for one in wanted if one not in refused], refused


def _solved(wished: Sequence[Wished], room: _Room, slots: int, seed: int) -> tuple[list[tuple[Wished, int]], bool]:
    """Pairs with their slots (from 0 on), and whether that is proven to be the best."""
    order = np.random.default_rng(seed).permutation(len(wished) * slots)
    every = [(wished[int(place) // slots], int(place) % slots) for place in order]
    places = [(pair, slot) for pair, slot in every if room.is_free(pair, slot)]
    if not places:
        return [], True
    solver = QUIET_SOLVER()
    options = {"threads": 1, "random_seed": seed % 2**31, "mip_rel_gap": 0.0, "mip_abs_gap": CLOSER_THAN_ONE}
    for name, value in {**options, "mip_max_nodes": MOST_NODES}.items():
        solver.setOptionValue(name, value)
    solver.passModel(_program(places, room))
    solver.run()
    values = np.array(solver.getSolution().col_value)
    chosen = [place for place, value in zip(places, values, strict=True) if value > SET]
    return chosen, solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _program(places: Sequence[tuple[Wished, int]], room: _Room) -> highspy.HighsLp:
    """A variable for each pair in each slot; a pair meets once, a firm once a slot and as often in all as it may."""
    limits: dict[tuple[object, ...], int] = {}
    rows: list[list[int]] = []
    number: dict[tuple[object, ...], int] = {}
    for pair, slot in places:
        asked: list[tuple[tuple[object, ...], int]] = [(("pair", pair.first, pair.second), 1)]
        asked.append((("tables", slot), len(room.tables[slot])))
        for firm in (pair.first, pair.second):
            asked += [(("slot", firm, slot), 1), (("most", firm), max(room.most[firm], 0))]
        limits |= dict(asked)
        rows.append([number.setdefault(key, len(number)) for key, _limit in asked])
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(places), len(number)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.array([float(pair.worth) for pair, _slot in places])
    program.col_lower_, program.col_upper_ = np.zeros(len(places)), np.ones(len(places))
    program.row_lower_ = np.full(len(number), -highspy.kHighsInf)
    program.row_upper_ = np.array([float(limits[key]) for key in number])
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(places)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)
    program.a_matrix_.index_ = np.array([place for row in rows for place in row], dtype=np.int32)
    program.a_matrix_.value_ = np.ones(sum(len(row) for row in rows))
    return program


def _at_tables(chosen: Sequence[tuple[Wished, int]], room: _Room) -> list[Placed]:
    """Meetings with their tables: the free ones of each slot are dealt out in the order of the keys."""
    dealt: Counter[int] = Counter()
    meetings = []
    for pair, slot in sorted(chosen, key=lambda place: (place[1], place[0].first, place[0].second)):
        meetings.append(Placed(pair.first, pair.second, slot + 1, room.tables[slot][dealt[slot]], pair.worth))
        dealt[slot] += 1
    return meetings


def _left(
    wished: Sequence[Wished],
    refused: Sequence[Wished],
    meetings: Sequence[Placed],
    most: Mapping[str, int],
    hall: Hall,
) -> list[Left]:
    """Every pair that does not meet with its rule, the most wished first."""
    busy: dict[str, set[int]] = defaultdict(set)
    taken: dict[int, int] = defaultdict(int)
    for one in meetings:
        taken[one.slot] += 1
        for firm in (one.first, one.second):
            busy[firm].add(one.slot)
    met = {(one.first, one.second) for one in meetings}

    def rule(one: Wished) -> Rule:
        if any(len(busy[firm]) >= most[firm] for firm in (one.first, one.second)):
            return Rule.MOST
        free = set(range(1, hall.slots + 1)) - busy[one.first] - busy[one.second]
        if not free:
            return Rule.CLASH
        # A plan that is the best has no free table where both are free: it would hold this pair.
        return Rule.TABLES if all(taken[slot] >= hall.tables for slot in free) else Rule.SEARCH

    left = [Left(one.first, one.second, one.worth, rule(one)) for one in wished if (one.first, one.second) not in met]
    left += [Left(one.first, one.second, one.worth, Rule.NO) for one in refused]
    return sorted(left, key=lambda one: (-one.worth, one.first, one.second))
