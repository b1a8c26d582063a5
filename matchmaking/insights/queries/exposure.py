"""How fairly the platform shows firms, and what became of what was published: from recorded events alone.

An exposure is one recorded suggestion: a firm's posting that was shown for somebody's posting, counted once a channel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Enterprise, Site
from common.keeping import kept_for
from common.values import gini
from matchmaking.insights.queries.coordination import Scope
from matchmaking.insights.queries.counts import KEPT_SECONDS, LEAST_FIRMS
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.choices import Act, Side
from matchmaking.partnerships.models import PartnershipEvent
from matchmaking.postings.choices import Direction
from matchmaking.postings.querysets import PostingQuerySet

PERIODS = (30, 90, 365)
"""Days that the page looks back, the second unless asked otherwise."""
SOON = timedelta(days=5)
NEW_FOR = timedelta(days=90)
"""A firm is new for so long after it came."""
SMALL_UNDER = 300
"""Workers, as told of its sites, under which a firm of industry is small (Ministry of Industry, notice 300 of 2011)."""
NEW, SMALL = "new", "small"
CAME_FORWARD = (Act.DECLARE_INTEREST, Act.QUEUE, Act.ACCEPT, Act.ACCEPT_AHEAD, Act.DECLINE)
"""What the side that supplies does when it answers a need."""


@dataclass(frozen=True)
class FirmShown:
    """How often a firm with live postings was shown; what groups it belongs to."""

    enterprise: int
    shown: int
    is_new: bool
    is_small: bool


@dataclass(frozen=True)
class GroupShown:
    """Firms of a group, and their shares of all firms and of all exposure in percent; few firms are not told."""

    name: str
    firms: int
    firms_percent: int
    shown_percent: int

    @property
    def is_small(self) -> bool:
        """Whether too few firms stand behind it to be told apart."""
        return 0 < self.firms < LEAST_FIRMS


@dataclass(frozen=True)
class Filled:
    """What was published of a chain in one direction, and how much of it came to an agreement."""

    chain: str
    chain_zh: str
    chain_en: str
    direction: str
    firms: int
    postings: int
    agreed: int

    @property
    def is_small(self) -> bool:
        """Whether too few firms stand behind it to be told apart."""
        return self.firms < LEAST_FIRMS

    @property
    def percent(self) -> int:
        """The fill rate."""
        return round(100 * self.agreed / max(self.postings, 1))

    @property
    def direction_name(self) -> str:
        """The direction in words."""
        return str(Direction(self.direction).label)


@dataclass(frozen=True)
class Exposure:
    """All figures of the page; ``firms`` most shown first."""

    since: datetime
    days: int
    firms: tuple[FirmShown, ...]
    groups: tuple[GroupShown, ...]
    needs_due: int
    needs_answered: int
    filled: tuple[Filled, ...]
    counted_at: datetime

    @property
    def firm_count(self) -> int:
        """Firms with live postings."""
        return len(self.firms)

    @property
    def is_few(self) -> bool:
        """Whether there are too few of them to be told apart."""
        return 0 < self.firm_count < LEAST_FIRMS

    @property
    def never_shown(self) -> int:
        """Firms with live postings that nobody was shown."""
        return sum(not firm.shown for firm in self.firms)

    @property
    def gini(self) -> float:
        """How unequally exposure is spread over these firms."""
        return gini(firm.shown for firm in self.firms)

    @property
    def answered_percent(self) -> int | None:
        """Share of needs with an answer in five days; None without needs."""
        return round(100 * self.needs_answered / self.needs_due) if self.needs_due else None


def exposure_in(scope: Scope, *, days: int, chain: str = "") -> Exposure:
    """The figures of a scope, in five queries, then kept for a minute: they read every posting in it."""
    key = f"insights.exposure.{scope.mark}.{days}.{chain}"
    return kept_for(KEPT_SECONDS, key, lambda: count_exposure(scope, days=days, chain=chain))


def count_exposure(scope: Scope, *, days: int, chain: str = "") -> Exposure:
    """The figures as they stand now; ``chain`` is a code or empty."""
    postings = scope.postings.order_by()
    postings = postings.filter(node__chain__code=chain) if chain else postings
    since = beginning(days)
    firms = _firms(postings, since, is_everything=scope.is_everywhere and not chain)
    due = five_days_over(published_within(postings, days))
    answered = due.aggregate(due=Count("pk"), answered=Count("pk", filter=Q(pk__in=_needs_answered_soon())))
    return Exposure(
        since=since,
        days=days,
        firms=firms,
        groups=tuple(_group(name, firms) for name in (NEW, SMALL)),
        needs_due=answered["due"],
        needs_answered=answered["answered"],
        filled=tuple(_filled(published_within(postings, days))),
        counted_at=timezone.now(),
    )


def in_group(firms: Iterable[FirmShown], name: str) -> list[FirmShown]:
    """The firms of the group called ``name``; all where it is empty."""
    kept = {NEW: lambda firm: firm.is_new, SMALL: lambda firm: firm.is_small}.get(name, lambda firm: True)
    return [firm for firm in firms if kept(firm)]


def firms_by_key(firms: Sequence[FirmShown]) -> dict[int, Enterprise]:
    """The enterprises of ``firms`` by row number; one query."""
    return Enterprise.objects.in_bulk([firm.enterprise for firm in firms])


def beginning(days: int) -> datetime:
    """The midnight that began the day so many days ago."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days)


def published_within(postings: PostingQuerySet, days: int) -> PostingQuerySet:
    """What was published in the last so many days, whatever became of it."""
    return postings.filter(published_at__gte=beginning(days))


def five_days_over(postings: PostingQuerySet) -> PostingQuerySet:
    """Needs that were published five days ago or earlier, so that it is known whether they were answered in time."""
    return postings.filter(direction=Direction.NEED, published_at__lte=timezone.now() - SOON)


def answered_soon(postings: PostingQuerySet) -> PostingQuerySet:
    """Needs of ``five_days_over`` that a firm which supplies answered, or came to by itself, within five days."""
    return five_days_over(postings).filter(pk__in=_needs_answered_soon())


def agreed_upon(postings: PostingQuerySet) -> PostingQuerySet:
    """Postings about which an agreement was signed by both, whatever became of it."""
    return postings.filter(_is_agreed())


def _needs_answered_soon() -> QuerySet[PartnershipEvent, int]:
    came = PartnershipEvent.objects.filter(side=Side.CAPACITY, act__in=CAME_FORWARD)
    soon = came.filter(happened_at__lte=F("partnership__need__published_at") + SOON)
    return soon.order_by().values_list("partnership__need", flat=True)


def _is_agreed() -> Q:
    agreed = PartnershipEvent.objects.filter(act=Act.AGREE).order_by()
    needs, capacities = (agreed.values(f"partnership__{side}") for side in ("need", "capacity"))
    return Q(direction=Direction.NEED, pk__in=needs) | Q(direction=Direction.CAPACITY, pk__in=capacities)


def _firms(postings: PostingQuerySet, since: datetime, *, is_everything: bool) -> tuple[FirmShown, ...]:
    rows = Suggestion.objects.filter(shown_at__gte=since).order_by()
    rows = rows if is_everything else rows.filter(counterpart__in=postings.values("pk"))
    shown = dict(rows.values_list("counterpart__enterprise").annotate(count=Count("pk")))
    sites = Site.objects.filter(workers__isnull=False).order_by().values_list("enterprise")
    workers = dict(sites.annotate(told=Sum("workers")))
    new_from = timezone.now() - NEW_FOR
    live = postings.live().values_list("enterprise", "enterprise__created_at").distinct()
    firms = [
        FirmShown(firm, shown.get(firm, 0), came >= new_from, workers.get(firm, SMALL_UNDER) < SMALL_UNDER)
        for firm, came in live
    ]
    return tuple(sorted(firms, key=lambda firm: (-firm.shown, firm.enterprise)))


def _group(name: str, firms: Sequence[FirmShown]) -> GroupShown:
    inside = in_group(firms, name)
    shown, total = sum(firm.shown for firm in inside), sum(firm.shown for firm in firms)
    return GroupShown(
        name=name,
        firms=len(inside),
        firms_percent=round(100 * len(inside) / max(len(firms), 1)),
        shown_percent=round(100 * shown / max(total, 1)),
    )


def _filled(postings: PostingQuerySet) -> Iterable[Filled]:
    chain = "node__chain"
    rows = postings.filter(node__isnull=False).values_list(
        f"{chain}__code", f"{chain}__name_zh", f"{chain}__name_en", "direction"
    )
    counted = rows.annotate(
        firms=Count("enterprise", distinct=True), postings=Count("pk"), agreed=Count("pk", filter=_is_agreed())
    )
    return (Filled(*row) for row in counted.order_by(f"{chain}__position", f"{chain}__code", "-direction"))
