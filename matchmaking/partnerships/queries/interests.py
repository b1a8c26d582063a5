"""How many firms are interested in a posting: as others may know it, and as its own side reads it."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from matchmaking.partnerships.choices import OPEN, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting

COUNT_CAP = 10
"""Interests at a posting are counted up to here; beyond, a reader learns only that there are more."""
NOT_UNDER_WAY = (State.SUGGESTED, State.FAILED)
"""States in which a partnership is counted at no posting."""


def interest_count_shown(*, posting: Posting) -> str:
    """How many firms are interested in a posting, as others may know it: counted up to ten, then "10+".

    A firm's alias counts beside its name, so that the count tells nothing of who stands behind it.
    """
    others = Q(need=posting, opened_by=Side.CAPACITY) if posting.is_need else Q(capacity=posting, opened_by=Side.NEED)
    other = "capacity" if posting.is_need else "need"
    rows = Partnership.objects.filter(others, state__in=OPEN).exclude(state=State.SUGGESTED)
    count = rows.order_by().values(f"{other}__enterprise", f"{other}__visibility").distinct()[: COUNT_CAP + 1].count()
    return str(count) if count <= COUNT_CAP else f"{COUNT_CAP}+"


def with_interests(postings: QuerySet[Posting]) -> QuerySet[Any]:
    """``postings``, each with ``interests``: how many partnerships it has that did not end, introduced ones too.

    For its own side alone to be told.
    """

    def counted(side: str) -> Coalesce:
        rows = Partnership.objects.filter(**{side: OuterRef("pk")}).exclude(state__in=NOT_UNDER_WAY).order_by()
        return Coalesce(Subquery(rows.values(side).annotate(count=Count("pk")).values("count")), 0)

    return postings.annotate(interests=counted("need") + counted("capacity"))


def about_posting(partnerships: QuerySet[Any], number: str) -> QuerySet[Any]:
    """Those of ``partnerships`` in which the posting with this number is a side."""
    return partnerships.filter(Q(need__number=number) | Q(capacity__number=number))
