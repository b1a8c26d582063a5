"""Live postings counted by node and by region, firms counted once, small groups not told apart."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils import timezone

from common.keeping import kept_for
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Region
from reference.queries.regions import code_on, is_in_use

WEEK = timedelta(days=7)
LEAST_FIRMS = 3
"""Groups of fewer firms are not counted apart: their number would tell on a single firm."""
KEPT_SECONDS = 60
T = TypeVar("T")


@dataclass(frozen=True)
class Group:
    """Postings of a group and the firms behind them."""

    postings: int = 0
    firms: int = 0

    @property
    def is_small(self) -> bool:
        """Whether the group is there but too small to be counted apart."""
        return 0 < self.firms < LEAST_FIRMS

    @property
    def shown(self) -> int | None:
        """The number of postings, None where the group is too small."""
        return None if self.is_small else self.postings


NOBODY = Group()
Counted = dict[str, dict[str, Group]]
"""Direction, then the code of a node or a place, to what stands there."""


@dataclass(frozen=True)
class Pair:
    """Needs and capacities of one node or place."""

    needs: Group = NOBODY
    capacities: Group = NOBODY


@dataclass(frozen=True)
class Counts:
    """What is live now: by node with its whole subtree, by tile of today's map, and by ``CHAIN 510000``.

    Only a posting's first node counts; a closed region counts for the one that took it over. ``firms_at`` are the
    keys and kinds of the firms by the very node.
    """

    by_node: Counted
    by_tile: Counted
    by_chain_and_province: Counted
    total: Counted
    new_needs: int
    tiles: tuple[Region, ...]
    firms_at: Mapping[str, frozenset[tuple[int, str]]]


def kept(name: str, read: Callable[[], T]) -> T:
    """What ``read`` gave within the last minute of the same day; whatever changes, it is not read more often."""
    return kept_for(KEPT_SECONDS, f"insights.{name}.{timezone.localdate()}", read)


def public_postings() -> PostingQuerySet:
    """Live postings as a visitor may see them."""
    return Posting.objects.visible_to(AnonymousUser()).live()


def live_counts() -> Counts:
    """The counts of now, kept for a minute; two queries when they are read anew."""
    return kept("counts", read_counts)


def read_counts() -> Counts:
    """The counts, read from the tables."""
    today = timezone.localdate()
    regions = list(Region.objects.select_related("successor"))
    shown = tuple(region for region in regions if region.tile_row is not None and is_in_use(region, today))
    tile_of = tile_of_region(regions, {region.code for region in shown}, today)
    new = Q(published_at__gte=timezone.now() - WEEK)
    rows = list(
        public_postings()
        .order_by()
        .values_list("direction", "node__code", "region__code", "enterprise", "enterprise__kind")
        .annotate(count=Count("pk"), new=Count("pk", filter=new))
    )
    firms_at: dict[str, set[tuple[int, str]]] = {}
    for _way, node, _at, firm, kind, _count, _new in rows:
        firms_at.setdefault(node, set()).add((firm, kind))
    return Counts(
        by_node=grouped(
            (way, step, firm, count) for way, node, _, firm, _, count, _ in rows for step in node_line(node)
        ),
        by_tile=grouped((way, tile_of[at], firm, count) for way, _, at, firm, _, count, _ in rows if at in tile_of),
        by_chain_and_province=grouped(
            (way, f"{node.split('.')[0]} {at[:2]}0000", firm, count) for way, node, at, firm, _, count, _ in rows
        ),
        total=grouped((way, "", firm, count) for way, _, _, firm, _, count, _ in rows),
        new_needs=sum(new for way, _, _, _, _, _, new in rows if way == Direction.NEED),
        tiles=shown,
        firms_at={node: frozenset(firms) for node, firms in firms_at.items()},
    )


def grouped(rows: Iterable[tuple[str, str, int, int]]) -> Counted:
    """Rows of (direction, key, firm, postings) added up, each firm counted once a key."""
    postings: dict[tuple[str, str], int] = {}
    firms: dict[tuple[str, str], set[int]] = {}
    for direction, key, firm, count in rows:
        place = (direction, key)
        postings[place] = postings.get(place, 0) + count
        firms.setdefault(place, set()).add(firm)
    counted: Counted = {direction: {} for direction in Direction.values}
    for (direction, key), count in postings.items():
        counted[direction][key] = Group(count, len(firms[direction, key]))
    return counted


def node_line(code: str) -> list[str]:
    """The codes from the head of the chain down to the node."""
    parts = code.split(".")
    return [".".join(parts[: depth + 1]) for depth in range(len(parts))]


def tile_of_region(regions: Iterable[Region], with_tile: set[str], on: date) -> dict[str, str]:
    """For each region code ever used, the tile that it lies in on that day: itself, its successor, or one above."""
    rows = {region.code: region for region in regions}
    changes = {
        code: (region.valid_to, region.successor.code if region.successor else None) for code, region in rows.items()
    }
    places: dict[str, str] = {}
    for code in rows:
        line = rows[code_on(code, changes, on)].path.strip("/").split("/")
        above = next((step for step in reversed(line) if step in with_tile), None)
        if above:
            places[code] = above
    return places


def pair_at(counted: Counted, code: str) -> Pair:
    """Needs and capacities counted under ``code``."""
    return Pair(counted[Direction.NEED].get(code, NOBODY), counted[Direction.CAPACITY].get(code, NOBODY))
