"""Weekly clearings as coordinators read them: needs of their own scope, whoever's capacity would fill them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.models import CoordinatorGrant, User
from accounts.querysets import Actor
from matchmaking.insights.clearings import rounded
from matchmaking.insights.models import Clearing, ClearingLine
from matchmaking.insights.queries.coordination import Scope
from matchmaking.partnerships.choices import CONSENTED
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Visibility
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Unit

WEEKS_SHOWN = 8
TENTH = Decimal("0.1")
OPEN, MINE, NOBODY, SHARES = "open", "mine", "nobody", "shares"
PARTS = (OPEN, MINE, NOBODY, SHARES)
"""Parts of a clearing: what stays open, of it what is one's own and what is nobody's, and who supplies whom."""


@dataclass(frozen=True)
class Cleared:
    """Totals of one dimension in its base unit, and needs counted."""

    unit: Unit | None
    asked: Decimal
    placed: Decimal
    needs: int
    filled: int
    partly: int
    open: int

    @property
    def percent(self) -> Decimal:
        """Share of the volume that is placed, to a tenth."""
        return (100 * self.placed / self.asked).quantize(TENTH) if self.asked else Decimal(0)


def clearings_of(user: Actor) -> QuerySet[Clearing]:
    """Those that ``user`` may read, newest first."""
    return Clearing.objects.visible_to(user).select_related("chain").order_by("-week", "chain__position", "pk")


def lines_in(scope: Scope, clearing: Clearing) -> QuerySet[ClearingLine]:
    """The lines of the needs that lie in the scope."""
    return ClearingLine.objects.filter(clearing=clearing, need__in=scope.postings.order_by().values("pk"))


def nobodys() -> Q:
    """The condition that no coordinator of today has a line."""
    return Q(owner=None) | ~Q(owner__in=CoordinatorGrant.objects.in_force().order_by().values("user"))


def lines_of_part(scope: Scope, clearing: Clearing, part: str, reader: User) -> QuerySet[ClearingLine]:
    """One part of a clearing for ``reader``, all that a row shows at hand.

    ``other`` is the capacity that fills or comes nearest where the reader may open it: ``is_inside`` in the scope,
    ``is_public`` as everybody sees it. ``is_met`` tells that the need found a partner since.
    """
    rows = lines_in(scope, clearing).filter(capacity__isnull=part != SHARES)
    rows = rows.filter(owner=reader) if part == MINE else rows.filter(nobodys()) if part == NOBODY else rows
    other = "capacity" if part == SHARES else "nearest"
    inside = scope.postings.order_by().filter(pk=OuterRef(other))
    public = Posting.objects.visible_to(reader).order_by().filter(pk=OuterRef(other))
    since = Partnership.objects.filter(need=OuterRef("need"), state__in=CONSENTED, introduced_at__gt=clearing.as_of)
    related = (
        "need__enterprise",
        "need__unit",
        "need__node",
        "need__region",
        f"{other}__enterprise",
        f"{other}__region",
        "owner",
    )
    told = rows.annotate(is_inside=Exists(inside), is_public=Exists(public), is_met=Exists(since.order_by()))
    return told.select_related(*related).order_by("pk")


def figures_of_clearing(scope: Scope, clearing: Clearing) -> list[Cleared]:
    """What lies in the scope, by dimension, in one query and one for the units."""
    volume = F("amount") * F("need__unit__factor_to_base")
    grouped = lines_in(scope, clearing).order_by().values("need__unit__dimension")
    found = grouped.annotate(
        asked_volume=Sum(volume),
        placed_volume=Sum(volume, filter=Q(capacity__isnull=False)),
        needs=Count("need", distinct=True),
        served=Count("need", filter=Q(capacity__isnull=False), distinct=True),
        unfilled=Count("need", filter=Q(capacity=None), distinct=True),
    )
    bases = {unit.dimension: unit for unit in Unit.objects.filter(base=None).order_by("-position", "-code")}
    return [
        Cleared(
            unit=bases.get(row["need__unit__dimension"]),
            asked=rounded(row["asked_volume"] or Decimal(0)),
            placed=rounded(row["placed_volume"] or Decimal(0)),
            needs=row["needs"],
            filled=row["needs"] - row["unfilled"],
            partly=row["served"] + row["unfilled"] - row["needs"],
            open=row["needs"] - row["served"],
        )
        for row in found.order_by("need__unit__dimension")
    ]


def counted_in(scope: Scope, clearings: Sequence[Clearing], reader: User) -> dict[int, dict[str, Any]]:
    """Needs of the scope in each of ``clearings``: all, those that stay open, the reader's and nobody's. One query."""
    inside = ClearingLine.objects.filter(clearing__in=clearings, need__in=scope.postings.order_by().values("pk"))
    is_open = Q(capacity=None)
    rows = (
        inside.order_by()
        .values("clearing")
        .annotate(
            needs=Count("need", distinct=True),
            open=Count("pk", filter=is_open),
            mine=Count("pk", filter=is_open & Q(owner=reader)),
            nobody=Count("pk", filter=is_open & nobodys()),
        )
    )
    return {row["clearing"]: {**row} for row in rows}


def coordinators_of(clearing: Clearing) -> list[User]:
    """Whom an open need can be given to: who coordinates in the chain today, by name."""
    rights = CoordinatorGrant.objects.in_force().filter(Q(chains=None) | Q(chains=clearing.chain)).order_by()
    return list(User.objects.filter(is_active=True, pk__in=rights.values("user")).order_by("name", "pk"))


def postings_to_meet(scope: Scope, clearing: Clearing) -> PostingQuerySet:
    """Postings of the scope, under their firms' own names, that a meeting could bring further: the needs that stay
    open, the capacities that come nearest to them, and both sides of each share.
    """
    lines = lines_in(scope, clearing).order_by()
    inside = Q(pk__in=lines.values("need")) | Q(pk__in=lines.values("capacity")) | Q(pk__in=lines.values("nearest"))
    return scope.postings.order_by().filter(inside, visibility=Visibility.NAMED)
