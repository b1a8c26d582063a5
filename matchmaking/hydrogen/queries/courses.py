"""The lines of the corridor with the stations along them, and how far it is from one running station to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from matchmaking.engine.corridor import Point, length_of, spot_on
from matchmaking.engine.geography import point_at
from matchmaking.hydrogen.choices import FacilityKind, FacilityState
from matchmaking.hydrogen.models import CorridorLine, Facility
from reference.models import Region

NEAR_KM = 30
"""A station as far from a line serves it: a region stands for its station, and regions are as wide as that."""


@dataclass(frozen=True)
class Idea:
    """A station that somebody thinks of: where, and how much it could fill a day."""

    region: Region
    kg_per_day: int


@dataclass(frozen=True)
class Along:
    """A station on a line, so many kilometres from its beginning; ``facility`` None is the one thought of."""

    facility: Facility | None
    region: Region
    km: int
    is_running: bool


@dataclass(frozen=True)
class Gap:
    """A stretch without a running station in between; an end without ``facility`` is the end of the line."""

    start: str
    end: str
    from_km: int
    to_km: int

    @property
    def km(self) -> int:
        """How long it is."""
        return self.to_km - self.from_km


@dataclass(frozen=True)
class Course:
    """A line with its stops, stations and gaps, in its order; distances as the crow flies from stop to stop."""

    line: CorridorLine
    stops: Sequence[tuple[Region, int]]
    stations: Sequence[Along]
    gaps: Sequence[Gap]
    km: int

    @property
    def longest(self) -> Gap | None:
        """The longest gap, the first of equals; None without a course."""
        return max(self.gaps, key=lambda gap: gap.km, default=None)


def point_of(region: Region) -> Point:
    """Where a region stands for, on the earth's sphere."""
    return point_at(region.lat, region.lon)


def courses(
    lines: Sequence[CorridorLine], facilities: Sequence[Facility], *, idea: Idea | None = None, day: date | None = None
) -> list[Course]:
    """The lines with the stations along them as of ``day``, today where None, and with the one thought of."""
    on = day or timezone.localdate()
    stations = [row for row in facilities if row.kind == FacilityKind.STATION and row.state != FacilityState.CLOSED]
    return [_course(line, stations, idea, on) for line in lines if line.stops.all()]


def _course(line: CorridorLine, stations: Sequence[Facility], idea: Idea | None, day: date) -> Course:
    stops = [stop.region for stop in line.stops.all()]
    points = [point_of(stop) for stop in stops]
    reached = [round(length_of(points[: number + 1])) for number in range(len(points))]
    found = [_along(points, row, row.region, row.runs_on(day)) for row in stations]
    if idea is not None:
        found.append(_along(points, None, idea.region, True))
    near = sorted((one for one in found if one is not None), key=lambda one: (one.km, one.region.code))
    total = reached[-1]
    return Course(line, list(zip(stops, reached, strict=True)), near, _gaps(stops, near, total), total)


def _along(points: Sequence[Point], row: Facility | None, region: Region, is_running: bool) -> Along | None:
    if len(points) < 2:
        return None
    spot = spot_on(points, point_of(region))
    return Along(row, region, round(spot.along_km), is_running) if spot.off_km <= NEAR_KM else None


def _gaps(stops: Sequence[Region], stations: Sequence[Along], total: int) -> list[Gap]:
    marks = [(stops[0].name, 0)]
    marks += [(one.facility.name if one.facility else one.region.name, one.km) for one in stations if one.is_running]
    marks.append((stops[-1].name, total))
    gaps = [Gap(*names, *kms) for names, kms in _pairs(marks)]
    return [gap for gap in gaps if gap.km > 0]


def _pairs(marks: Sequence[tuple[str, int]]) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    return [((one[0], other[0]), (one[1], other[1])) for one, other in zip(marks, marks[1:], strict=False)]
