"""Cases parted into groups with enough firms on either side; docs/decisions/0092-flows.md says why this holds."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from matchmaking.insights.choices import FlowLevel
from matchmaking.insights.queries.counts import LEAST_FIRMS


@dataclass(frozen=True)
class Case:
    """A need and a capacity at the furthest step of a kind that they reached: codes of regions as of today, the chain
    of the need, the month as ``2026-11``, the kind of cooperation where there is an agreement, and both firms.
    """

    kind: str
    need: str
    need_place: str
    supply: str
    supply_place: str
    chain: str
    month: str
    cooperation: str
    buyer: int
    supplier: int


@dataclass(frozen=True)
class Leaf:
    """A group that is told: what all of its cases share, as far as it is told, and how many they are."""

    level: int
    need: str
    supply: str
    chain: str
    month: str
    cooperation: str
    cases: int


Pair = tuple[str, str]
ToldPlaces = tuple[FlowLevel, Pair]
K = TypeVar("K", bound=Hashable)


def provinces_of(case: Case) -> tuple[str, str]:
    """Where it is needed and where it is supplied from, by province."""
    return f"{case.need[:2]}0000", f"{case.supply[:2]}0000"


def places_of(case: Case) -> tuple[str, str]:
    """The same by prefecture of Sichuan or district of Chongqing."""
    return case.need_place, case.supply_place


def regions_of(case: Case) -> tuple[str, str]:
    """The same as it was posted: a county where one was named."""
    return case.need, case.supply


PLACES: tuple[tuple[FlowLevel, Callable[[Case], Pair]], ...] = (
    (FlowLevel.PROVINCE, provinces_of),
    (FlowLevel.PLACE, places_of),
    (FlowLevel.REGION, regions_of),
)
TRAITS: tuple[tuple[str, Callable[[Case], str]], ...] = (
    ("chain", lambda case: case.chain),
    ("month", lambda case: case.month),
    ("cooperation", lambda case: case.cooperation),
)


def is_tellable(cases: Sequence[Case]) -> bool:
    """Whether the number of ``cases`` may be told: three firms and more on either side, and more cases than pairs of
    regions, lest every pair that is known to be there be known to stand for exactly one.
    """
    firms = min(len({case.buyer for case in cases}), len({case.supplier for case in cases}))
    return firms >= LEAST_FIRMS and len(cases) > len({regions_of(case) for case in cases})


def parted(cases: Sequence[Case], key: Callable[[Case], K]) -> tuple[dict[K, list[Case]], list[Case]]:
    """``cases``, tellable as a whole, by ``key``, and the rest: groups that are too small are told together alone.
    While the rest is too small itself, it takes in the smallest of the others; at worst it is everything.
    """
    groups: dict[K, list[Case]] = {}
    for case in cases:
        groups.setdefault(key(case), []).append(case)
    apart = {value: group for value, group in groups.items() if is_tellable(group)}
    rest = [case for value, group in groups.items() if value not in apart for case in group]
    while rest and apart and not is_tellable(rest):
        smallest = min(apart, key=lambda value: (len(apart[value]), repr(value)))
        rest += apart.pop(smallest)
    return apart, rest


def leaves_of(cases: Sequence[Case]) -> list[Leaf]:
    """The groups of one kind that are told; together they hold every case, or there is none."""
    return by_place(cases, 0, (FlowLevel.ANYWHERE, ("", ""))) if is_tellable(cases) else []


def by_place(cases: Sequence[Case], depth: int, told: ToldPlaces) -> list[Leaf]:
    """Parted by the next level of places, then by what else is told; of a rest no finer place is told."""
    if depth == len(PLACES):
        return by_trait(cases, 0, told, {})
    level, key = PLACES[depth]
    apart, rest = parted(cases, key)
    found: list[Leaf] = []
    for pair, group in apart.items():
        found += by_place(group, depth + 1, (level, pair))
    return found + (by_trait(rest, 0, told, {}) if rest else [])


def by_trait(cases: Sequence[Case], depth: int, told: ToldPlaces, traits: dict[str, str]) -> list[Leaf]:
    """Parted by the next trait; a rest is told without it."""
    if depth == len(TRAITS):
        level, (need, supply) = told
        return [Leaf(level=level, need=need, supply=supply, cases=len(cases), **traits)]
    name, key = TRAITS[depth]
    apart, rest = parted(cases, key)
    found: list[Leaf] = []
    for value, group in apart.items():
        found += by_trait(group, depth + 1, told, {**traits, name: value})
    return found + (by_trait(rest, depth + 1, told, {**traits, name: ""}) if rest else [])


def small_pairs(cases: Sequence[Case], leaves: Sequence[Leaf]) -> set[tuple[str, str]]:
    """Pairs of regions that are there and not told: they are shown as fewer than three."""
    told = {(leaf.need, leaf.supply) for leaf in leaves if leaf.level == FlowLevel.REGION}
    return {regions_of(case) for case in cases} - told
