"""What is open in a park's regions and in those of its partner parks, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Q, Value, When, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.choices import EnterpriseKind
from accounts.models import Enterprise, Site
from common.keeping import kept_for
from matchmaking.consortia.queries.overflows import confirmed_cases
from matchmaking.parks.choices import PairState
from matchmaking.parks.models import Park, ParkPartnership
from matchmaking.parks.queries.parks import REGIONS, Reader
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Direction, Subject, Visibility
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import live_postings, region_known
from reference.models import Region
from reference.queries.regions import codes_on, tiles

KEPT_SECONDS = 60
LEAST_FIRMS = 3
"""Introductions of fewer firms are not counted: their number would tell on a single one."""
STANDING = (PairState.ANNOUNCED, PairState.CONFIRMED)
"""States in which both parks stand behind a partnership."""


@dataclass(frozen=True)
class OpenNearby:
    """Live postings in a park's regions."""

    needs: int = 0
    capacities: int = 0
    premises: int = 0


class OpenThere(NamedTuple):
    """What is open in a region: its code, the code that stands for it today, and the counts."""

    code: str
    current: str
    open: OpenNearby


class Found(NamedTuple):
    """A posting, and whether a park operator offers it under its own name."""

    number: str
    direction: str
    subject: str
    region: str
    is_operator: bool

    def is_premises(self) -> bool:
        """Whether it offers premises."""
        return self.direction == Direction.CAPACITY and self.subject == Subject.PREMISES


@dataclass(frozen=True)
class Introductions:
    """Pairs of firms that agreed to be introduced, one of them at least in a park's regions."""

    count: int
    firms: int

    @property
    def is_small(self) -> bool:
        """Whether some firms stand behind it, but too few to be counted."""
        return 0 < self.firms < LEAST_FIRMS


class FirmThere(NamedTuple):
    """A firm that posts under its name in a park's places, and how much of it is open there."""

    key: str
    name: str
    needs: int
    capacities: int


@dataclass(frozen=True)
class SatellitePlants(Introductions):
    """Satellite plants in a park's regions, and the firms whose plants they are."""


@dataclass(frozen=True)
class OverflowCases(Introductions):
    """Overflows that led to an outcome which both sides confirmed, one side of it at least in a park's regions."""


def places_of(park: Park, *, is_exact: bool) -> list[Region]:
    """The regions of ``park`` as far as the reader tells regions apart: who reads no details counts by prefecture."""
    places = {region.pk: region for region in (region_known(one, is_exact) for one in park.regions.all())}
    return sorted(places.values(), key=lambda region: region.code)


def map_places() -> list[Region]:
    """The places of the map, row by row; a minute old at most."""
    today = timezone.localdate()
    return kept_for(KEPT_SECONDS, f"parks.tiles.{today}", lambda: list(tiles(today)))


def current_codes() -> dict[str, str]:
    """For each code ever used the one that stands for it today; a minute old at most."""
    today = timezone.localdate()
    return kept_for(KEPT_SECONDS, f"parks.codes.{today}", lambda: codes_on(today))


def open_nearby(*, parks: Iterable[Park], is_exact: bool) -> dict[int, OpenNearby]:
    """Live postings that everybody may see in each park's places, by the park's row number; a minute old at most."""
    rows = kept_for(KEPT_SECONDS, f"parks.open.{timezone.localdate()}", open_by_region)
    nearby = {}
    for park in parks:
        stems = tuple(region.stem for region in places_of(park, is_exact=is_exact))
        inside = [row.open for row in rows if row.code.startswith(stems) or row.current.startswith(stems)]
        nearby[park.pk] = OpenNearby(
            sum(one.needs for one in inside),
            sum(one.capacities for one in inside),
            sum(one.premises for one in inside),
        )
    return nearby


def open_by_region() -> list[OpenThere]:
    """What is open in each region; two queries."""
    is_premises = Q(direction=Direction.CAPACITY, subject=Subject.PREMISES)
    rows = (
        Posting.objects.visible_to(AnonymousUser())
        .live()
        .filter(region__isnull=False)
        .order_by()
        .values_list("region__code")
        .annotate(
            needs=Count("pk", filter=Q(direction=Direction.NEED)),
            capacities=Count("pk", filter=Q(direction=Direction.CAPACITY)),
            premises=Count("pk", filter=is_premises),
        )
    )
    current = current_codes()
    return [OpenThere(code, current[code], OpenNearby(*counts)) for code, *counts in rows]


def codes_in(places: Iterable[Region]) -> list[str]:
    """Codes of all regions in ``places``, and of closed ones that went into these."""
    stems = tuple(region.stem for region in places)
    return [
        code for code, stands_for in current_codes().items() if code.startswith(stems) or stands_for.startswith(stems)
    ]


def newest_there(*, user: Reader, own: Iterable[Region], partners: Iterable[Region], each: int) -> list[Found]:
    """Live postings that ``user`` may see, newest first, in a park's ``own`` places and in those of its partners.

    At most ``each`` of one direction in a region, premises and those of park operators counted apart; one query however
    many places.
    """
    wanted = Q(region__code__in=[*codes_in(own), *codes_in(partners)])
    # An alias does not tell what a firm is, so an operator's posting under one is like any other firm's.
    named = Q(enterprise__kind=EnterpriseKind.PARK_OPERATOR, visibility=Visibility.NAMED)
    premises = Q(direction=Direction.CAPACITY, subject=Subject.PREMISES)
    apart = ("region", "direction", "is_premises", "is_operator")
    rows = (
        live_postings(user=user)
        .filter(wanted)
        .annotate(
            is_operator=Case(When(named, then=Value(True)), default=Value(False)),
            is_premises=Case(When(premises, then=Value(True)), default=Value(False)),
        )
        .annotate(place_rank=Window(RowNumber(), partition_by=apart, order_by=("-published_at", "-id")))
        .filter(place_rank__lte=each)
    )
    return [Found(*row) for row in rows.values_list("number", "direction", "subject", "region__code", "is_operator")]


def partners_in(pairs: Iterable[ParkPartnership], park: Park) -> list[Park]:
    """The other parks of those partnerships that both parks stand behind, each once."""
    others = {}
    for pair in pairs:
        if pair.state in STANDING:
            other = pair.to_park if pair.from_park_id == park.pk else pair.from_park
            others[other.pk] = other
    found = list(others.values())
    prefetch_related_objects(found, REGIONS)
    return found


def firms_there(*, user: Reader, places: Iterable[Region], most: int) -> list[FirmThere]:
    """Firms with a live posting under their own name in ``places``, those with most first; one query.

    Who posts under an alias is not among them, whatever else it posts: a directory of a place would give aliases away.
    """
    rows = Posting.objects.visible_to(user).live().filter(region__code__in=codes_in(places))
    counted = (
        rows.filter(visibility=Visibility.NAMED)
        .order_by()
        .values("enterprise__key", "enterprise__name")
        .annotate(
            needs=Count("pk", filter=Q(direction=Direction.NEED)),
            capacities=Count("pk", filter=Q(direction=Direction.CAPACITY)),
            all=Count("pk"),
        )
        .order_by("-all", "enterprise__name")[:most]
    )
    return [
        FirmThere(*row) for row in counted.values_list("enterprise__key", "enterprise__name", "needs", "capacities")
    ]


def satellites_of(park: Park) -> SatellitePlants:
    """Satellite plants in the park's regions; a minute old at most. Which ones these are is their firms' business."""
    return kept_for(KEPT_SECONDS, f"parks.satellites.{park.pk}", lambda: count_satellites(park))


def count_satellites(park: Park) -> SatellitePlants:
    """Satellite plants of active firms in the park's regions, and these firms."""
    there = Site.objects.filter(
        is_satellite=True,
        region__code__in=codes_in(park.regions.all()),
        enterprise__in=Enterprise.objects.active().values("pk"),
    )
    found = list(there.values_list("pk", "enterprise"))
    return SatellitePlants(len(found), len({firm for _key, firm in found}))


def introductions_of(park: Park) -> Introductions:
    """Introductions to this day with a firm in the park's regions on a side; a minute old at most."""
    return kept_for(KEPT_SECONDS, f"parks.introductions.{park.pk}", lambda: count_introductions(park))


def count_introductions(park: Park) -> Introductions:
    """Introductions with a firm in the park's regions on a side, and these firms."""
    codes = codes_in(park.regions.all())
    rows = Partnership.objects.consented().order_by()
    sides = [
        rows.filter(**{f"{side}__region__code__in": codes}).values_list("pk", f"{side}__enterprise")
        for side in ("need", "capacity")
    ]
    found = list(sides[0].union(sides[1]))
    return Introductions(len({key for key, _firm in found}), len({firm for _key, firm in found}))


def overflow_cases_of(park: Park) -> OverflowCases:
    """Confirmed overflow cases to this day with a side in the park's regions; a minute old at most."""
    return kept_for(
        KEPT_SECONDS,
        f"parks.overflows.{park.pk}",
        lambda: OverflowCases(*confirmed_cases(codes_in(park.regions.all()))),
    )
