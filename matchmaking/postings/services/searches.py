"""Searches that people keep for themselves."""

from django.core import signing
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import one_line
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import SavedSearch
from matchmaking.postings.permissions import can_delete_search, can_save_search
from matchmaking.postings.queries.postings import user_by_key

MOST_SEARCHES = 50
STOP_SALT = "searches.stop"
LONGEST_NAME, LONGEST_FILTERS = 80, 1000


@unit_of_work
def save_search(*, actor: User, direction: Direction, name: str, filters: str, tells: bool = False) -> SavedSearch:
    """Keep the filters of a list (the query string of its address) under a name; the same name is written over.

    With ``tells`` its owner is told of postings that are published from now on and fit.

    Raises Invalid for an empty or long name or address, Refused (not_yours, limit_reached).
    """
    require(can_save_search(actor, direction))
    name = one_line(name)
    if not name:
        raise Invalid({"name": Reason.REFUSAL_REQUIRED})
    for field, text, limit in (("name", name, LONGEST_NAME), ("filters", filters, LONGEST_FILTERS)):
        if len(text) > limit:
            raise Invalid({field: Reason.REFUSAL_TOO_LONG}, {field: {"limit": limit}})
    mine = SavedSearch.objects.filter(user=actor)
    search = mine.filter(direction=direction, name=name).first() or SavedSearch(
        user=actor, direction=direction, name=name
    )
    if search.pk is None and mine.count() >= MOST_SEARCHES:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_SEARCHES)
    verb = Verb.CHANGED if search.pk else Verb.CREATED
    search.filters = filters
    search.tells_since = timezone.now() if tells else None
    search.full_clean()
    search.save()
    record_change(thing=search, verb=verb, actor=actor)
    return search


@unit_of_work
def switch_search(*, search: SavedSearch, actor: User, tells: bool) -> SavedSearch:
    """Have a kept search tell of postings published from now on, or of none. Refuses not_yours."""
    require(can_delete_search(actor, search))
    search.tells_since = (search.tells_since or timezone.now()) if tells else None
    search.save(update_fields=["tells_since", "changed_at"])
    record_change(thing=search, verb=Verb.CHANGED, actor=actor)
    return search


def stop_token(user: User) -> str:
    """What a link carries that stops the news of all searches of ``user``, and nothing else; it does not expire."""
    return signing.Signer(salt=STOP_SALT).sign(str(user.pk))


def user_of_stop_token(token: str) -> User:
    """Who a link to stop news was sent to. Refuses link_over for one that is not ours."""
    try:
        key = signing.Signer(salt=STOP_SALT).unsign(token)
    except signing.BadSignature as error:
        raise Refused(Reason.REFUSAL_LINK_OVER) from error
    user = user_by_key(int(key))
    if user is None:
        raise Refused(Reason.REFUSAL_LINK_OVER)
    return user


@unit_of_work
def stop_news_by_link(*, token: str) -> int:
    """Have no kept search of the person whom the link was sent to tell of anything; gives how many did. Safe twice."""
    user = user_of_stop_token(token)
    telling = list(SavedSearch.objects.filter(user=user, tells_since__isnull=False).order_by("pk"))
    for search in telling:
        switch_search(search=search, actor=user, tells=False)
    return len(telling)


@unit_of_work
def delete_search(*, search: SavedSearch, actor: User) -> None:
    """Forget a kept search. Refuses not_yours."""
    require(can_delete_search(actor, search))
    record_change(thing=search, verb=Verb.DELETED, actor=actor)
    search.delete()
