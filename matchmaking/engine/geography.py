"""Where two postings stand to each other: kilometres, provinces, and whether a region rule lets a pair pass."""

from functools import lru_cache
from math import cos, isqrt, radians, sin

import numpy as np

from matchmaking.engine.types.columns import Flags, Ints
from matchmaking.engine.types.rows import Taxonomy

EARTH_STEPS = 637_100
"""Mean radius of the earth (6,371 km) in steps of ten metres; points are whole steps, so distances are exact."""
STEPS_PER_KM = 100

RULES = {"any": 0, "other_province": 1, "radius": 2, "list": 3}
OTHER_PROVINCE, RADIUS, LIST = RULES["other_province"], RULES["radius"], RULES["list"]

NEAR_KM, FAR_KM = 50, 600
"""Up to the first a distance costs nothing, from the second on it costs everything; in between it falls evenly."""
WIDEST_KM = 1_000_000
"""A radius is computed with up to this, which is wider than the earth."""
BORDER_SHARE = 7_000
"""What the other side of the provincial border gives where it is preferred; nearness gives the rest of 10,000."""


def point_of(region: str, taxonomy: Taxonomy) -> tuple[int, int, int]:
    """Point of a region on the earth's sphere in steps of ten metres; the middle of the earth when it is unknown."""
    known = taxonomy.region_of.get(region)
    return (0, 0, 0) if known is None else point_at(known.latitude, known.longitude)


@lru_cache(maxsize=4096)
def point_at(north: float, east: float) -> tuple[int, int, int]:
    """The point at so many degrees of latitude and longitude."""
    latitude, longitude = radians(north), radians(east)
    return (
        round(EARTH_STEPS * cos(latitude) * cos(longitude)),
        round(EARTH_STEPS * cos(latitude) * sin(longitude)),
        round(EARTH_STEPS * sin(latitude)),
    )


def km_between(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """Whole kilometres as the crow flies (the chord, which inside the two provinces is the arc within 0.2 %)."""
    return isqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True))) // STEPS_PER_KM


def kms_between(one: Ints, other: Ints) -> Ints:
    """``km_between`` for points (m, 3) and (m, 3) → (m,)."""
    squares = ((one - other) ** 2).sum(axis=1)
    steps = np.sqrt(squares.astype(np.float64)).astype(np.int64)
    steps -= (steps * steps > squares).astype(np.int64)
    return steps // STEPS_PER_KM


def span_of(stem: str, taxonomy: Taxonomy) -> list[tuple[int, int]]:
    """Half-open spans of six-digit codes that ``stem`` (2, 4 or 6 digits, or 510000) allows, successors included."""
    if not stem.isascii() or not stem.isdigit() or len(stem) > 6:
        return []
    short = stem.removesuffix("0000") if len(stem) == 6 and stem.endswith("0000") else stem
    short = short.removesuffix("00") if len(short) == 6 and short.endswith("00") else short
    wide = 10 ** (6 - len(short))
    spans = [(int(short) * wide, int(short) * wide + wide)]
    later = taxonomy.current_region(stem)
    return spans if later == stem else [*spans, (int(later), int(later) + 1)]


def nearness(kms: Ints) -> Ints:
    """10,000 up to NEAR_KM, falling evenly to 0 at FAR_KM; shape kept."""
    return np.clip((FAR_KM - kms) * 10_000 // (FAR_KM - NEAR_KM), 0, 10_000)


def region_fit(rule: Ints, kms: Ints, crosses: Flags) -> Ints:
    """How well a pair meets one side's region rule, 0 to 10,000; all (m,). The border counts where it is preferred."""
    near = nearness(kms)
    preferred = np.where(crosses, BORDER_SHARE, 0) + near * (10_000 - BORDER_SHARE) // 10_000
    return np.where(rule == OTHER_PROVINCE, preferred, near)
