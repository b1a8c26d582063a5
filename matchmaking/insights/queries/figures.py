"""The platform's live figures, each with something to compare it with, and its newest postings."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import Substr
from django.utils import timezone

from accounts.choices import Verification
from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.insights.queries.counts import Counts, kept, pair_at, read_counts
from matchmaking.parks.models import Park, ParkBatch
from matchmaking.parks.querysets import ParkQuerySet
from matchmaking.partnerships.choices import CONSENTED
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet

FIRST_BATCH = 1
MONTH = timedelta(days=30)
SHOWN = 5
"""Newest postings of each direction on a page about a chain or a node."""


@dataclass(frozen=True)
class LiveFigures:
    """Counts of what is public now; *month* is the last 30 days, *month before* the 30 before those."""

    needs: int
    needs_new: int
    capacities: int
    capacity_firms: int
    firms: int
    firms_verified: int
    introductions_month: int
    introductions_month_before: int
    introductions_all: int
    introductions_across: int
    first_batch_parks: int
    as_of: datetime

    @property
    def across_percent(self) -> int | None:
        """Share of introductions that join the two sides of the border; None before the first."""
        if not self.introductions_all:
            return None
        return round(100 * self.introductions_across / self.introductions_all)


@dataclass(frozen=True)
class Overview:
    """What the home page counts: postings by place and chain, and the figures."""

    counts: Counts
    figures: LiveFigures


def live_overview() -> Overview:
    """The overview of now, kept until something changes."""
    return kept("overview", read_overview)


def read_overview() -> Overview:
    """The overview, read from the tables."""
    counts = read_counts()
    return Overview(counts, read_figures(counts))


def read_figures(counts: Counts) -> LiveFigures:
    """The figures: those of ``counts``, and three queries for firms, introductions and parks."""
    now = timezone.now()
    total = pair_at(counts.total, "")
    postings = {
        "needs": total.needs.postings,
        "needs_new": counts.new_needs,
        "capacities": total.capacities.postings,
        "capacity_firms": total.capacities.firms,
    }
    firms = Enterprise.objects.active().aggregate(
        firms=Count("pk"), firms_verified=Count("pk", filter=Q(verification=Verification.VERIFIED))
    )
    across = ~Q(need_province=F("capacity_province"))
    introductions = (
        Partnership.objects.filter(state__in=CONSENTED, introduced_at__isnull=False)
        .annotate(
            need_province=Substr("need__region__code", 1, 2), capacity_province=Substr("capacity__region__code", 1, 2)
        )
        .aggregate(
            introductions_all=Count("pk"),
            introductions_across=Count("pk", filter=across),
            introductions_month=Count("pk", filter=Q(introduced_at__gte=now - MONTH)),
            introductions_month_before=Count(
                "pk", filter=Q(introduced_at__gte=now - 2 * MONTH, introduced_at__lt=now - MONTH)
            ),
        )
    )
    batch = ParkBatch.objects.filter(number=FIRST_BATCH).values_list("size", flat=True).first() or 0
    return LiveFigures(**postings, **firms, **introductions, first_batch_parks=batch, as_of=now)


def newest_postings(*, user: Actor, direction: Direction, node_code: str = "") -> PostingQuerySet:
    """Live postings of one direction that ``user`` may see, newest first, in a node's subtree where one is given."""
    rows = Posting.objects.visible_to(user).live().filter(direction=direction)
    if node_code:
        rows = rows.filter(Q(node__code=node_code) | Q(node__code__startswith=f"{node_code}."))
    return rows.select_related("enterprise", "node", "region", "unit").order_by("-published_at", "-pk")


def newest_of_both(*, user: Actor, node_code: str) -> dict[str, list[Posting]]:
    """The newest needs and capacities in a node's subtree, a few of each, in one query."""
    ways = [newest_postings(user=user, direction=way, node_code=node_code).values("pk")[:SHOWN] for way in Direction]
    chosen = Posting.objects.filter(Q(pk__in=ways[0]) | Q(pk__in=ways[1]))
    rows = chosen.select_related("enterprise", "node", "region", "unit").order_by("-published_at", "-pk")
    found = list(rows)
    return {
        "needs": [row for row in found if row.direction == Direction.NEED],
        "capacities": [row for row in found if row.direction == Direction.CAPACITY],
    }


def first_parks(*, user: Actor) -> ParkQuerySet:
    """The demonstration parks of the first batch whose names a source gives, by name in the language of the code."""
    return Park.objects.visible_to(user).filter(batch=FIRST_BATCH, is_sample=False).order_by("slug")
