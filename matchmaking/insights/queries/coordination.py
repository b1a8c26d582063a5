"""What a coordinator oversees: the scope, postings and partnerships in it, what waits, and aggregates of capacity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Change, CoordinatorGrant
from accounts.queries import grants_of
from accounts.querysets import Actor, is_platform_admin
from common.keeping import kept_for
from matchmaking.insights.queries.counts import KEPT_SECONDS, LEAST_FIRMS
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.choices import CONSENTED, WAITING, Side, State
from matchmaking.partnerships.models import CoordinationNote, Partnership
from matchmaking.partnerships.queries.partnerships import RELATED, other_side, posting_of
from matchmaking.partnerships.querysets import PartnershipQuerySet
from matchmaking.postings.choices import Direction, Period, PriceKind, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import CONFIRM_AFTER, PAGE_RELATIONS
from matchmaking.postings.querysets import PostingQuerySet

ROWS_AHEAD = 10
"""Rows of each kind that the overview shows."""
MOST_EXPORTED = 10_000
SUGGESTED_WITHIN = timedelta(days=7)
SINCE = Coalesce("published_at", "created_at")
"""When a posting began to wait: since it was published, or written while it never was."""


@dataclass(frozen=True)
class Scope:
    """What one person looks after today: the rights, and the rows that they reach."""

    reader: int | None
    grants: list[CoordinatorGrant]
    is_everywhere: bool
    postings: PostingQuerySet
    partnerships: PartnershipQuerySet

    @property
    def mark(self) -> str:
        """What tells this reach from any other, also from that of the same right before it was changed."""
        reach = [
            (grant.pk, [region.code for region in grant.regions.all()], [chain.code for chain in grant.chains.all()])
            for grant in self.grants
        ]
        return sha256(repr((self.reader, self.is_everywhere, reach)).encode()).hexdigest()


@dataclass(frozen=True)
class Capacities:
    """Capacities of one chain counted in one unit, told together: no single firm can be read off them."""

    chain_zh: str
    chain_en: str
    unit_zh: str
    unit_en: str
    period: str
    firms: int
    postings: int
    offered: Decimal
    agreed: Decimal

    @property
    def period_name(self) -> str:
        """What the amounts are counted over."""
        return str(Period(self.period).label)

    @property
    def left(self) -> Decimal:
        """What is not agreed yet."""
        return self.offered - self.agreed


@dataclass(frozen=True)
class Figures:
    """How the scope stands: postings and partnerships counted, and capacities where enough firms offer some."""

    needs: int
    capacities: int
    unanswered: int
    unanswered_over_30: int
    unanswered_over_60: int
    in_review: int
    unconfirmed: int
    sealed: int
    interests: int
    overdue: int
    introduced: int
    capacity_left: list[Capacities]
    counted_at: datetime


@dataclass(frozen=True)
class Told:
    """A match as it was last shown to one side: grade, points and reason codes; empty where it never was."""

    side: Side
    suggestion: Suggestion | None


def scope_of(user: Actor) -> Scope:
    """The rights of ``user`` and the rows that they reach, read once for a whole page."""
    everywhere = is_platform_admin(user)
    grants = [] if everywhere else grants_of(user)
    postings = Posting.objects.in_scope_of(user) if everywhere else Posting.objects.all().within(grants)
    return Scope(user.pk, grants, everywhere, postings, Partnership.objects.all().touching(postings, user))


def postings_in(scope: Scope) -> PostingQuerySet:
    """The postings that are looked after, with all that a row or page shows, newest first."""
    return scope.postings.select_related(*PAGE_RELATIONS).annotate(since=SINCE).order_by("-pk")


def partnerships_in(scope: Scope) -> PartnershipQuerySet:
    """The partnerships that are looked after, both postings and their firms filled, last changed first."""
    return scope.partnerships.select_related(*RELATED).order_by("-changed_at", "-pk")


def without_answer(postings: PostingQuerySet) -> PostingQuerySet:
    """Live needs that no capacity came forward for: neither an interest from that side nor one that it accepted."""
    return postings.live().filter(~Exists(_answers()), direction=Direction.NEED)


def _answers() -> PartnershipQuerySet:
    answered = Q(state__in=CONSENTED) | Q(state__in=WAITING, opened_by=Side.CAPACITY)
    return Partnership.objects.filter(answered, need=OuterRef("pk"))


def without_suggestion(postings: PostingQuerySet) -> PostingQuerySet:
    """Live needs, published for ``SUGGESTED_WITHIN`` at least, for which no suggestion was shown or sent since."""
    since = timezone.now() - SUGGESTED_WITHIN
    shown = Suggestion.objects.filter(posting=OuterRef("pk"), shown_at__gt=since)
    return postings.live().filter(~Exists(shown), direction=Direction.NEED, published_at__lte=since)


def oldest_unanswered(scope: Scope) -> list[Posting]:
    """The open needs that wait longest for an answer."""
    return list(without_answer(postings_in(scope)).order_by("published_at", "pk")[:ROWS_AHEAD])


def interests_due(scope: Scope) -> list[Partnership]:
    """The interests whose answer is due first, overdue ones on top."""
    rows = partnerships_in(scope).filter(state=State.INTERESTED)
    return list(rows.order_by(F("answer_by").asc(nulls_last=True), "pk")[:ROWS_AHEAD])


def figures_of(scope: Scope) -> Figures:
    """How the scope stands, in two queries, then kept for a minute: they read every posting in it."""
    return kept_for(KEPT_SECONDS, f"coordination.figures.{scope.mark}", lambda: count_figures(scope))


def count_figures(scope: Scope) -> Figures:
    """How the scope stands now."""
    groups = list(_groups(scope.postings))
    today = timezone.localdate()
    found = scope.partnerships.order_by().aggregate(
        interests=Count("pk", filter=Q(state=State.INTERESTED)),
        overdue=Count("pk", filter=Q(state=State.INTERESTED, answer_by__lt=today)),
        introduced=Count("pk", filter=Q(state__in=CONSENTED)),
    )

    def total(name: str, direction: Direction | None = None) -> int:
        return sum(group[name] for group in groups if direction in (None, group["direction"]))

    return Figures(
        needs=total("published", Direction.NEED),
        capacities=total("published", Direction.CAPACITY),
        unanswered=total("unanswered"),
        unanswered_over_30=total("unanswered_30"),
        unanswered_over_60=total("unanswered_60"),
        in_review=total("in_review"),
        unconfirmed=total("unconfirmed"),
        sealed=total("sealed"),
        interests=found["interests"],
        overdue=found["overdue"],
        introduced=found["introduced"],
        capacity_left=[capacities for group in groups if (capacities := _told_together(group))],
        counted_at=timezone.now(),
    )


def _groups(postings: PostingQuerySet) -> Any:
    """Postings by direction, chain and unit, each group with all its counts."""
    now, today = timezone.now(), timezone.localdate()
    published = Q(status=Status.PUBLISHED)
    stands = published & Q(enterprise__suspended_at=None) & (Q(window_end=None) | Q(window_end__gte=today))
    waits = stands & Q(direction=Direction.NEED, is_answered=False)
    rows = postings.order_by().annotate(since=SINCE, is_answered=Exists(_answers()))
    chain, unit = "node__chain__name", "unit__name"
    grouped = rows.values("direction", f"{chain}_zh", f"{chain}_en", f"{unit}_zh", f"{unit}_en", "period")
    return grouped.annotate(
        first=Min("node__chain_id"),
        published=Count("pk", filter=published),
        firms=Count("enterprise", filter=published, distinct=True),
        offered=Sum("quantity_amount", filter=published),
        agreed=Sum("reserved_amount", filter=published),
        unanswered=Count("pk", filter=waits),
        unanswered_30=Count("pk", filter=waits & Q(since__lte=now - timedelta(days=31))),
        unanswered_60=Count("pk", filter=waits & Q(since__lte=now - timedelta(days=61))),
        in_review=Count("pk", filter=Q(status=Status.IN_REVIEW)),
        unconfirmed=Count("pk", filter=published & Q(confirmed_on__lte=today - CONFIRM_AFTER)),
        sealed=Count("pk", filter=published & Q(price_kind=PriceKind.SEALED)),
    ).order_by("first", f"{unit}_zh", "period")


def _told_together(group: dict[str, Any]) -> Capacities | None:
    if group["direction"] != Direction.CAPACITY or group["firms"] < LEAST_FIRMS:
        return None
    return Capacities(
        chain_zh=group["node__chain__name_zh"],
        chain_en=group["node__chain__name_en"],
        unit_zh=group["unit__name_zh"],
        unit_en=group["unit__name_en"],
        period=group["period"],
        firms=group["firms"],
        postings=group["published"],
        offered=group["offered"],
        agreed=group["agreed"],
    )


def waited_for(partnership: Partnership) -> Posting | None:
    """The posting whose firm is to answer; None where nobody alone is waited for."""
    if partnership.state != State.INTERESTED:
        return None
    return posting_of(partnership, other_side(partnership.opened_by))


def told_to_both(partnership: Partnership) -> list[Told]:
    """The match of the pair as each side was last shown it, the need's side first."""
    need, capacity = partnership.need_id, partnership.capacity_id
    rows = Suggestion.objects.filter(
        Q(posting=need, counterpart=capacity) | Q(posting=capacity, counterpart=need)
    ).order_by("shown_at")
    shown = {row.posting_id: row for row in rows}
    return [Told(Side.NEED, shown.get(need)), Told(Side.CAPACITY, shown.get(capacity))]


def notes_about(*, posting: Posting | None = None, partnership: Partnership | None = None) -> list[CoordinationNote]:
    """What coordinators wrote down about one thing, the latest first; the caller found the thing in the scope."""
    rows = CoordinationNote.objects.filter(posting=posting, partnership=partnership)
    return list(rows.select_related("author"))


def last_reminder(thing: str, key: str) -> date | None:
    """The day on which the firm was last reminded of the thing with this key."""
    rows = Change.objects.filter(thing=thing, thing_key=key, verb=Verb.REMINDED).order_by("-seq")
    moment = rows.values_list("happened_at", flat=True).first()
    return timezone.localtime(moment).date() if moment else None


def partnerships_of_posting(scope: Scope, posting: Posting) -> Iterable[Partnership]:
    """The partnerships of one posting that are looked after, last changed first."""
    return list(partnerships_in(scope).filter(Q(need=posting) | Q(capacity=posting))[:ROWS_AHEAD])
