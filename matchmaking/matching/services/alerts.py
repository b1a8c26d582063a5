"""News of kept searches: new postings that fit are told once, in one notice a person, to who may see them.

The same columns and words as lists and search box decide; the database is asked by person and by search, never by
posting.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from urllib.parse import parse_qs

from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.choices import NoticeKind
from accounts.models import CoordinatorGrant, User
from accounts.querysets import COORDINATES
from accounts.services.changes import unit_of_work
from accounts.services.notices import notify_user
from matchmaking.engine.listing import listed_keys
from matchmaking.engine.types.columns import Market
from matchmaking.matching.models import SearchNews
from matchmaking.matching.services.facets import early_in_scope, firms_in_standing, listed_of, sees_all
from matchmaking.matching.services.searching import found_in
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.choices import Direction
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.models import Posting, SavedSearch
from matchmaking.postings.queries.postings import listed_postings, live_postings
from matchmaking.postings.services.searches import stop_token

SEARCHES_PAGE = "web:postings:searches"
NEW_FOR = timedelta(days=14)
"""Age to which a posting is still told as new, where nights were missed."""
MOST_TOLD = 100
"""Postings told of a search in one run, the newest; a search that finds more is too wide to be read."""
KEPT_FOR = timedelta(days=180)
"""How long what was told is remembered; a posting that is shown again after that is new again."""


@dataclass(frozen=True)
class New:
    """A posting published lately."""

    pk: int
    published_at: datetime
    enterprise: int


@dataclass(frozen=True)
class Told:
    """How many postings were told, and to how many people."""

    postings: int
    people: int


def tell_searches() -> Told:
    """Tell everybody of the new postings that fit the searches that they keep and have tell. Safe to repeat."""
    now = timezone.now()
    SearchNews.objects.filter(told_at__lt=now - KEPT_FOR).delete()
    market, new = current_market(), _published_since(now - NEW_FOR)
    telling = SavedSearch.objects.filter(tells_since__isnull=False, user__is_active=True).select_related("user")
    coordinating = set(CoordinatorGrant.objects.in_force().values_list("user", flat=True))
    told = []
    for person, searches in groupby(telling.order_by("user", "pk").iterator(), key=lambda search: search.user):
        kept = list(searches)
        # As a session has it: each search asks for what its reader coordinates, most readers coordinate nothing.
        setattr(person, COORDINATES, person.pk in coordinating)
        told.append(tell_person(person=person, searches=kept, new=new, market=market, now=now))
    return Told(sum(told), sum(bool(count) for count in told))


@unit_of_work
def tell_person(
    *, person: User, searches: Sequence[SavedSearch], new: Mapping[str, New], market: Market, now: datetime
) -> int:
    """Tell one person of those of ``new`` that their searches find and that they were not told of; gives how many.

    Left out is what they may not see at this moment, and what their own firms posted.
    """
    firms = firms_in_standing(person, None)
    before = set(SearchNews.objects.filter(search__user=person).order_by().values_list("posting", flat=True))
    fitting = {
        search.pk: [key for key in _fitting(search, person, firms, new, market) if new[key].pk not in before]
        for search in searches
    }
    wanted = {key for keys in fitting.values() for key in keys if new[key].enterprise not in firms}
    seen = set(live_postings(user=person).filter(number__in=wanted).order_by().values_list("number", flat=True))
    rows = [
        SearchNews(search_id=search, posting_id=new[key].pk, told_at=now)
        for search, keys in fitting.items()
        for key in keys
        if key in seen
    ]
    if not rows:
        return 0
    SearchNews.objects.bulk_create(rows)
    told = len({row.posting_id for row in rows})
    facts = {"postings": told, "stop": stop_token(person)}
    notify_user(user=person, kind=NoticeKind.SEARCH_NEWS, key=now.isoformat(), route=SEARCHES_PAGE, facts=facts)
    return told


def _published_since(moment: datetime) -> dict[str, New]:
    rows = Posting.objects.live().filter(published_at__gte=moment).order_by()
    columns = ("number", "pk", "published_at", "enterprise")
    return {number: New(*told) for number, *told in rows.values_list(*columns).iterator(chunk_size=5000)}


def _fitting(
    search: SavedSearch, person: User, firms: Mapping[int, bool], new: Mapping[str, New], market: Market
) -> list[str]:
    """Numbers of the new postings that one search finds, the newest first, as many as are told at most."""
    since = search.tells_since or timezone.now()
    keys: Iterable[str] = [key for key, one in new.items() if one.published_at >= since]
    if not keys:
        return []
    direction = Direction(search.direction)
    filters = PostingFilter(
        MultiValueDict(parse_qs(search.filters)),
        queryset=listed_postings(user=person, direction=direction),
        reads=any(firms.values()) or sees_all(person, None),
        search=partial(found_in, market, direction=direction.value),
    )
    if not filters.is_valid():
        return []
    everything = sees_all(person, None)
    early = None if everything else early_in_scope(person, None)
    asked = listed_of(filters, firms, direction, sees_all=everything, early=early)
    wanted = set(keys) if asked.keys is None else set(keys) & set(asked.keys)
    found = listed_keys(replace(asked, keys=wanted), market)
    return sorted(found, key=lambda key: (new[key].published_at, key), reverse=True)[:MOST_TOLD]
