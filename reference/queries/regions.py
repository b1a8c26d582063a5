"""Regions by day, their successors, what lies in them, and counts added up under the codes of a day."""

from collections.abc import Mapping, Sequence
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


OTHER_PROVINCES = (
    "\u5317\u4eac", "\u5929\u6d25", "\u4e0a\u6d77", "\u6cb3\u5317",
    "\u5c71\u897f", "\u5185\u8499\u53e4", "\u8fbd\u5b81", "\u5409\u6797",
    "\u9ed1\u9f99\u6c5f", "\u6c5f\u82cf", "\u6d59\u6c5f", "\u5b89\u5fbd",
    "\u798f\u5efa", "\u6c5f\u897f", "\u5c71\u4e1c", "\u6cb3\u5357",
    "\u6e56\u5317", "\u6e56\u5357", "\u5e7f\u4e1c", "\u5e7f\u897f",
    "\u6d77\u5357", "\u8d35\u5dde", "\u4e91\u5357", "\u897f\u85cf",
    "\u9655\u897f", "\u7518\u8083", "\u9752\u6d77", "\u5b81\u590f",
    "\u65b0\u7586", "\u53f0\u6e7e", "\u9999\u6e2f", "\u6fb3\u95e8",
)  # fmt: skip
"""Short names of the other provinces: a place that names one lies there, whatever district of ours is named alike."""


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


def region_in(place: str, regions: Sequence[Region]) -> Region | None:
    """The one of ``regions`` that a place as people write it means, such as a code, a name or both levels in one word.

    None where it means none of them, names another province too, or means several and no level above tells them apart.
    """
    wanted = normalise_text(place).casefold()
    provinces = tuple(one.short_zh for one in regions if one.parent_id is None)
    if not wanted.startswith(provinces) and any(name in wanted for name in OTHER_PROVINCES):
        return None
    names = ("code", "name_zh", "short_zh", "name_en", "short_en")
    whole = [one for one in regions if wanted in {str(getattr(one, name)).casefold() for name in names}]
    found = whole or [one for one in regions if one.short_zh in wanted or one.name_zh in wanted]
    codes = {one.code for one in found}
    # What stands for the level above, or was only named with it, is no second meaning.
    deepest = [one for one in found if not any(other.parent_id == one.pk for other in found)]
    if len(deepest) > 1:
        deepest = [one for one in deepest if one.parent is not None and one.parent.code in codes] or deepest
    if len(deepest) == 1:
        return deepest[0]
    above = {one.parent for one in deepest}
    return above.pop() if len(above) == 1 and not whole else None


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
