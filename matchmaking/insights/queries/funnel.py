"""How far postings come, from publication to an outcome that both sides confirm; each posting counts once a step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr, TruncMonth
from django.utils import timezone

from accounts.queries import coordinates
from accounts.querysets import Actor
from common.values import RegionCode
from matchmaking.insights.choices import FunnelPart, FunnelStep
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.insights.queries.counts import LEAST_FIRMS
from matchmaking.insights.queries.exposure import CAME_FORWARD
from matchmaking.parks.models import Park
from matchmaking.parks.querysets import inside, stems_run_by
from matchmaking.partnerships.choices import Act, Answer, OutcomeState, Side
from matchmaking.partnerships.models import OutcomeStatement, Partnership, PartnershipEvent
from matchmaking.partnerships.queries.partnerships import other_side
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet

APART = (FunnelStep.ONE_SIDED, FunnelStep.DISPUTED)
"""Steps that are told beside the funnel."""
SIDE_OF = {Direction.NEED: Side.NEED, Direction.CAPACITY: Side.CAPACITY}
Counted = Mapping[FunnelStep, int | None]
"""Postings by the step that they came to; None where too few firms stand behind a figure."""


@dataclass(frozen=True)
class Reach:
    """What one reader may count: postings, whether they may see the rows, and a mark of its own for this reach."""

    postings: PostingQuerySet
    sees_rows: bool
    mark: str


@dataclass(frozen=True)
class Line:
    """One part: a code of a chain, a park or a month, or of two provinces, with what was counted in it."""

    code: str
    counted: Counted
    other: str = ""


@dataclass(frozen=True)
class Funnel:
    """The whole and its parts."""

    whole: Counted
    lines: tuple[Line, ...]
    counted_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether nothing was published."""
        return self.whole[FunnelStep.POSTED] == 0


def reach_of(user: Actor) -> Reach | None:
    """What ``user`` looks after, or what lies in the regions of all the parks that they run; None where neither.

    Who runs parks reads one set of postings, whole: no filter, so no difference of two figures tells on a firm.
    """
    if coordinates(user):
        scope = scope_of(user)
        return Reach(scope.postings, sees_rows=True, mark=scope.mark)
    stems = stems_run_by(user)
    if not stems:
        return None
    postings = Posting.objects.exclude(status=Status.DRAFT).filter(inside(stems))
    return Reach(postings, sees_rows=False, mark=" ".join(stems))


def at_step(step: str, *, other: str = "") -> Q:
    """The condition that a posting came to ``step`` with somebody, or with a posting in the province ``other``."""
    found = Q(pk__in=[])
    if step == FunnelStep.POSTED:
        return Q(published_at__isnull=False)
    for direction, side in SIDE_OF.items():
        rows = Partnership.objects.filter(came_to(step, side)).order_by()
        if other:
            rows = rows.filter(**{f"{other_side(side)}__region__code__startswith": RegionCode(other).stem})
        found |= Q(direction=direction, pk__in=rows.values(side.value))
    return found & ~at_step(FunnelStep.CONFIRMED) if step in APART else found


def came_to(step: str, side: Side) -> Q:
    """The condition that a partnership came to ``step``, as the posting on ``side`` counts it; ended ones included."""
    introduced = Q(introduced_at__isnull=False)
    told_once = OutcomeStatement.objects.filter(answer=Answer.YES).order_by().values("partnership")
    differs = Q(outcome__state=OutcomeState.DISPUTED)
    return {
        FunnelStep.ANSWERED: introduced | Q(pk__in=_with(act__in=CAME_FORWARD, side=other_side(side))),
        FunnelStep.INTRODUCED: introduced,
        FunnelStep.SAMPLED: Q(pk__in=_with(act=Act.SEND_SAMPLE)),
        FunnelStep.AGREED: Q(pk__in=_with(act=Act.AGREE)),
        FunnelStep.CONFIRMED: Q(outcome__state=OutcomeState.CONFIRMED),
        FunnelStep.ONE_SIDED: Q(pk__in=told_once.annotate(told=Count("pk")).filter(told=1).values("partnership"))
        & ~differs,
        FunnelStep.DISPUTED: differs,
    }[FunnelStep(step)]


def _with(**event: Any) -> QuerySet[PartnershipEvent, Any]:
    return PartnershipEvent.objects.filter(**event).order_by().values("partnership")


def published_in(postings: PostingQuerySet, month: date) -> PostingQuerySet:
    """Those published in the month that begins on this day."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first, after = (timezone.make_aware(datetime.combine(day, time.min)) for day in (month, following))
    return postings.filter(published_at__gte=first, published_at__lt=after)


def funnel_of(postings: PostingQuerySet, *, part: FunnelPart, provinces: Sequence[str], other: str = "") -> Funnel:
    """``postings`` of one direction counted by step, in two queries, and two more for parks.

    ``other``, one of the codes of ``provinces``, narrows every step but the first to partners there.
    """
    rows = postings.filter(at_step(FunnelStep.POSTED)).order_by()
    steps = counts_of(other)
    whole = rows.aggregate(**steps)
    if part == FunnelPart.DIRECTION:
        lines = _by_direction(rows, [code for code in provinces if other in ("", code)])
    elif part == FunnelPart.PARK:
        lines = _by_park(rows, steps)
    else:
        lines = _by_month(rows, steps) if part == FunnelPart.MONTH else _by_chain(rows, steps)
    return Funnel(_counted(whole), tuple(lines), timezone.now())


def counts_of(other: str = "", prefix: str = "") -> dict[str, Count]:
    """One count for each step, by the name of the step."""
    return {f"{prefix}{step.value}": Count("pk", filter=at_step(step, other=other)) for step in FunnelStep}


def _counted(row: Mapping[str, Any], prefix: str = "") -> dict[FunnelStep, int | None]:
    return {step: row[f"{prefix}{step.value}"] for step in FunnelStep}


def _by_chain(rows: PostingQuerySet, steps: Mapping[str, Count]) -> list[Line]:
    found = rows.filter(node__isnull=False).values("node__chain__code").annotate(**steps)
    ordered = found.order_by("node__chain__position", "node__chain__code")
    return [Line(row["node__chain__code"], _counted(row)) for row in ordered]


def _by_month(rows: PostingQuerySet, steps: Mapping[str, Count]) -> list[Line]:
    found = rows.annotate(month=TruncMonth("published_at")).values("month").annotate(**steps).order_by("-month")
    return [Line(f"{row['month']:%Y-%m}", _counted(row)) for row in found]


def _by_park(rows: PostingQuerySet, steps: Mapping[str, Count]) -> list[Line]:
    """Parks share regions, so a posting may count in two of them."""
    regions = list(rows.filter(region__isnull=False).values("region__code").annotate(**steps).order_by())
    lines = []
    for park in Park.objects.prefetch_related("regions"):
        sums = Counter[str]()
        for row in regions:
            if any(row["region__code"].startswith(region.stem) for region in park.regions.all()):
                sums.update({step.value: row[step.value] for step in FunnelStep})
        if sums[FunnelStep.POSTED.value]:
            lines.append(Line(park.slug, _counted(sums)))
    return lines


def _by_direction(rows: PostingQuerySet, others: Sequence[str]) -> list[Line]:
    """From the province of the posting to that of its partner; what was published counts whole on every line."""
    counts: dict[str, Count] = {}
    for other in others:
        counts |= counts_of(other, prefix=f"in_{other}_")
    found = rows.filter(region__isnull=False).annotate(own=Substr("region__code", 1, 2)).values("own")
    grouped = found.annotate(**counts).order_by("-own")
    return [Line(f"{row['own']}0000", _counted(row, f"in_{other}_"), other) for row in grouped for other in others]


def funnel_told_together(postings: PostingQuerySet, direction: Direction) -> Funnel:
    """``postings`` of one direction counted by step, for who may not see the rows, in two queries.

    A step is told only where three firms and more stand on either side of it; where none came to it, that is told.
    """
    side = SIDE_OF[direction]
    rows = postings.filter(at_step(FunnelStep.POSTED), direction=direction).order_by()
    steps = counts_of()
    firms = {f"firms_{name}": Count("enterprise", filter=count.filter, distinct=True) for name, count in steps.items()}
    found = rows.aggregate(**steps, **firms)
    pairs = Partnership.objects.filter(**{f"{side}__in": rows.values("pk")}).order_by()
    confirmed = Q(**{f"{side}__in": rows.filter(at_step(FunnelStep.CONFIRMED)).values("pk")})

    def behind(step: FunnelStep) -> Count:
        told = came_to(step, side) & ~confirmed if step in APART else came_to(step, side)
        return Count(f"{other_side(side)}__enterprise", filter=told, distinct=True)

    others = pairs.aggregate(**{step.value: behind(step) for step in FunnelStep if step != FunnelStep.POSTED})
    whole: dict[FunnelStep, int | None] = {}
    for step in FunnelStep:
        least = min(found[f"firms_{step.value}"], others.get(step.value, LEAST_FIRMS))
        whole[step] = None if found[step.value] and least < LEAST_FIRMS else found[step.value]
    return Funnel(whole, (), timezone.now())
