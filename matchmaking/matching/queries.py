"""What a reader was told of matches."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from matchmaking.matching.choices import Channel
from matchmaking.matching.models import Dismissal, RefusedPair, SearchNews, Suggestion
from matchmaking.postings.models import Posting, SavedSearch
from matchmaking.postings.queries.postings import live_postings, saved_searches


@dataclass(frozen=True)
class ToldSearch:
    """A kept search and the postings that it told of lately, newest first, as far as they may still be seen."""

    search: SavedSearch
    postings: list[Posting]


def told_searches(*, user: User) -> list[ToldSearch]:
    """The searches that ``user`` keeps, by name, with what each told of in the last days. Three queries."""
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    rows = SearchNews.objects.visible_to(user).filter(told_at__gte=since).values_list("search", "posting")[:MOST_NEWS]
    told: dict[int, list[int]] = {}
    for search, posting in rows:
        told.setdefault(search, []).append(posting)
    seen = live_postings(user=user).in_bulk({posting for postings in told.values() for posting in postings})
    return [
        ToldSearch(search, [seen[key] for key in told.get(search.pk, ()) if key in seen])
        for search in saved_searches(user=user)
    ]


NEWS_DAYS = 14
MOST_NEWS = 200


def put_aside(numbers: Iterable[str]) -> dict[str, set[str]]:
    """Numbers that are not to be suggested for the postings ``numbers``, by posting: what its owner dismissed, and what
    either side turned down as both stand. One query.
    """
    asked = list(numbers)
    refused = RefusedPair.objects.holding().order_by()
    rows = (
        Dismissal.objects.filter(posting__number__in=asked)
        .order_by()
        .values_list("posting__number", "counterpart__number")
        .union(
            refused.filter(need__number__in=asked).values_list("need__number", "capacity__number"),
            refused.filter(capacity__number__in=asked).values_list("capacity__number", "need__number"),
        )
    )
    aside: dict[str, set[str]] = defaultdict(set)
    for number, counterpart in rows:
        aside[number].add(counterpart)
    return aside


@dataclass(frozen=True)
class ToldMatches:
    """One's own posting and the suggestions that digests named for it, best first."""

    posting: Posting
    suggestions: list[Suggestion]


def told_matches(*, user: User) -> list[ToldMatches]:
    """What digests told ``user``'s firms lately and still holds, the postings with the latest news first.

    Left out is what the firm put aside since, and what is no longer live or not for ``user`` to see.
    """
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    own = Posting.objects.of_member(user).live().order_by().values("pk")
    rows = Suggestion.objects.filter(posting__in=own, channel=Channel.MAIL, first_shown_at__gte=since)
    rows = rows.select_related("posting").order_by("-first_shown_at", "-points", "pk")[:MOST_NEWS]
    found = list(rows)
    counterparts = live_postings(user=user).in_bulk([row.counterpart_id for row in found])
    aside = put_aside({row.posting.number for row in found})
    told: dict[int, ToldMatches] = {}
    for row in found:
        if (
            row.counterpart_id not in counterparts
            or counterparts[row.counterpart_id].number in aside[row.posting.number]
        ):
            continue
        row.counterpart = counterparts[row.counterpart_id]
        told.setdefault(row.posting_id, ToldMatches(row.posting, [])).suggestions.append(row)
    return list(told.values())
