"""Regions by day, their successors, what lies in them, and counts added up under the codes of a day."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q
from pypinyin import lazy_pinyin

from common.values import normalise_text
from reference.choices import RegionLevel
from reference.models import Region
from reference.querysets import RegionQuerySet

LONGEST_SUCCESSION = 8
"""Steps from a code to the one that holds today; more can only be a circle in the data."""


class RegionAnswer(NamedTuple):
    """What a code means on a day: the ``region`` in use, else the ``successor`` to choose, else neither."""

    region: Region | None
    successor: Region | None


def regions_in_use(on: date) -> RegionQuerySet:
    """Regions whose code holds on that day, by code, parents filled."""
    return Region.objects.in_use(on).select_related("parent").order_by("code")


def region_codes_matching(words: str) -> list[str]:
    """Codes of regions, closed ones too, whose Chinese or English name holds the words, whose pinyin or initials begin
    with them, or whose code does; blanks and case do not matter. Empty words find nothing.
    """
    wanted = "".join(normalise_text(words).casefold().split())
    rows = Region.objects.order_by("code").values_list("code", "name_zh", "name_en") if wanted else ()
    return [
        code
        for code, zh, en in rows
        if wanted in zh
        or wanted in "".join(en.casefold().split())
        or code.startswith(wanted)
        or any(letters.startswith(wanted) for letters in pinyin_of(zh))
    ]


@lru_cache(maxsize=1024)
def pinyin_of(name: str) -> tuple[str, str]:
    """A Chinese name in full pinyin and by initials, without blanks and tones."""
    syllables = lazy_pinyin(name)
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


def provinces(on: date) -> RegionQuerySet:
    """The provinces and municipalities in use on that day, by code."""
    return regions_in_use(on).filter(level=RegionLevel.PROVINCE)


def tiles(on: date) -> RegionQuerySet:
    """Regions in use that have a place on the tile map, row by row."""
    return regions_in_use(on).filter(tile_row__isnull=False).order_by("tile_row", "tile_col")


def region_by_code(code: str) -> Region | None:
    """The region with this code, in use or not."""
    return Region.objects.select_related("parent", "successor").filter(code=code).first()


def is_in_use(region: Region, on: date) -> bool:
    """Whether the region's code holds on that day; the day of closing itself no longer counts."""
    begun = region.valid_from is None or region.valid_from <= on
    return begun and (region.valid_to is None or on < region.valid_to)


def successor_of(region: Region, on: date) -> Region | None:
    """The region that stands for a closed one on that day, through several changes; None when there is none."""
    following = region.successor
    for _step in range(LONGEST_SUCCESSION):
        if following is None or is_in_use(following, on):
            return following
        following = following.successor
    return None


def region_at(code: str, on: date) -> Region | None:
    """The region that ``code`` means on that day: itself while it holds, its successor once it is closed.

    A code that does not hold yet on that day means nothing: None, as for an unknown code.
    """
    answer = region_or_successor(code, on)
    return answer.region or answer.successor


def region_or_successor(code: str, on: date) -> RegionAnswer:
    """For new rows: the region if its code holds on that day, else whom to choose in its place (both None: unknown)."""
    region = region_by_code(code)
    if region is None:
        return RegionAnswer(None, None)
    if is_in_use(region, on):
        return RegionAnswer(region, None)
    closed = region.valid_to is not None and region.valid_to <= on
    return RegionAnswer(None, successor_of(region, on) if closed else None)


def regions_below(region: Region) -> RegionQuerySet:
    """The region, all inside it, and closed ones that went into any of these (two changes back)."""
    stem = region.stem
    return Region.objects.filter(
        Q(code__startswith=stem) | Q(successor__code__startswith=stem) | Q(successor__successor__code__startswith=stem)
    ).order_by("code")


def codes_on(on: date) -> dict[str, str]:
    """For each code ever used, the code that stands for it on that day; itself where no successor holds yet."""
    rows = {
        code: (valid_to, successor)
        for code, valid_to, successor in Region.objects.values_list("code", "valid_to", "successor__code")
    }
    return {code: code_on(code, rows, on) for code in rows}


def code_on(code: str, rows: Mapping[str, tuple[date | None, str | None]], on: date) -> str:
    """Follows ``rows`` (code to closing day and successor) from ``code`` to the one that holds on that day."""
    for _step in range(LONGEST_SUCCESSION):
        valid_to, successor = rows[code]
        if successor is None or valid_to is None or on < valid_to:
            break
        code = successor
    return code


def counts_on(counts: Mapping[str, int], on: date) -> dict[str, int]:
    """Counts by region code added up under the codes of that day; the total stays the same."""
    current = codes_on(on)
    added: dict[str, int] = {}
    for code, count in counts.items():
        target = current.get(code, code)
        added[target] = added.get(target, 0) + count
    return added
