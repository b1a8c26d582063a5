"""Parks beside each other: by what is counted and by what they reported, never by a figure that is not there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.models import CooperationProject, Park, ParkIndicator, ParkPartnership
from matchmaking.parks.queries.figures import Quarter
from matchmaking.parks.queries.nearby import STANDING, OpenNearby
from matchmaking.parks.queries.parks import Reader, partnerships_listed

MOST_COMPARED = 4
COUNTED = ("needs", "capacities", "premises")
"""What is counted in a park's regions, as ``OpenNearby`` names it."""


@dataclass(frozen=True)
class Compared:
    """A park with what is put beside that of others; a kind that it did not report is not in ``reported``."""

    park: Park
    nearby: OpenNearby
    partners: tuple[Park, ...]
    projects: Mapping[str, int]
    reported: Mapping[str, ParkIndicator]


@dataclass(frozen=True)
class Ranked:
    """A park's place by a figure: equal figures share a place; ``place`` is None where there is no figure."""

    park: Park
    place: int | None
    value: Decimal | int | None


@dataclass(frozen=True)
class Ranking:
    """Parks by one figure, the largest first, those without one last; ``quarter`` is that of a reported figure."""

    figure: str
    rows: tuple[Ranked, ...]
    quarter: Quarter | None = None

    @property
    def without(self) -> int:
        """Parks that have no place."""
        return sum(row.place is None for row in self.rows)


def figures_ranked() -> list[str]:
    """What parks can be ranked by."""
    return [*COUNTED, *(kind.value for kind in IndicatorKind.of_numbers())]


def compare(*, user: Reader, parks: Sequence[Park], nearby: Mapping[int, OpenNearby], day: date) -> list[Compared]:
    """The parks in their order, each with partners of today, projects by kind and the newest reported figures.

    Three queries however many parks.
    """
    keys = [park.pk for park in parks]
    partners = partners_by_park(partnerships_listed(user=user).filter(state__in=STANDING), keys)
    projects: dict[int, Counter[str]] = {key: Counter() for key in keys}
    for row in (
        CooperationProject.objects.visible_to(user).filter(park__in=keys).values_list("park", "cooperation_type")
    ):
        projects[row[0]][row[1]] += 1
    reported: dict[int, dict[str, ParkIndicator]] = {key: {} for key in keys}
    for figure in submitted_of(parks, day).order_by("period_start"):
        reported[figure.park_id][figure.kind] = figure
    return [Compared(one, nearby[one.pk], partners[one.pk], projects[one.pk], reported[one.pk]) for one in parks]


def partners_by_park(pairs: Iterable[ParkPartnership], keys: Sequence[int]) -> dict[int, tuple[Park, ...]]:
    """The partners of each of these parks, each once."""
    found: dict[int, dict[int, Park]] = {key: {} for key in keys}
    for pair in pairs:
        for own, other in ((pair.from_park, pair.to_park), (pair.to_park, pair.from_park)):
            if own.pk in found:
                found[own.pk][other.pk] = other
    return {key: tuple(others.values()) for key, others in found.items()}


def submitted_of(parks: Iterable[Park], day: date) -> Any:
    """Submitted figures of these parks for quarters that had begun on ``day``; drafts compare with nothing."""
    return ParkIndicator.objects.submitted().filter(park__in=[park.pk for park in parks], period_start__lte=day)


def ranking(*, parks: Sequence[Park], figure: str, nearby: Mapping[int, OpenNearby], day: date) -> Ranking:
    """The parks by one of ``figures_ranked()``; a reported one by the newest quarter of which any of them told it."""
    if figure in COUNTED:
        return Ranking(figure, placed(parks, {park.pk: getattr(nearby[park.pk], figure) for park in parks}))
    rows = list(submitted_of(parks, day).filter(kind=figure).order_by("-period_start"))
    newest = rows[0].period_start if rows else None
    values = {row.park_id: row.value for row in rows if row.period_start == newest}
    return Ranking(figure, placed(parks, values), Quarter(newest) if newest else None)


def placed(parks: Sequence[Park], values: Mapping[int, Decimal | int]) -> tuple[Ranked, ...]:
    """The parks with their places, equal values sharing one, those without a value last in their own order."""
    known = sorted((park for park in parks if park.pk in values), key=lambda park: -values[park.pk])
    ordered = [values[park.pk] for park in known]
    told = [Ranked(park, ordered.index(values[park.pk]) + 1, values[park.pk]) for park in known]
    return (*told, *(Ranked(park, None, None) for park in parks if park.pk not in values))
