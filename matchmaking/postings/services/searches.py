"""Searches that people keep for themselves."""

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import SavedSearch
from matchmaking.postings.permissions import can_delete_search, can_save_search

MOST_SEARCHES = 50
LONGEST_NAME, LONGEST_FILTERS = 80, 1000


@unit_of_work
def save_search(*, actor: User, direction: Direction, name: str, filters: str) -> SavedSearch:
    """Keep the filters of a list (the query string of its address) under a name; the same name is written over.

    Raises Invalid for an empty or long name or address, Refused (not_yours, limit_reached).
    """
    require(can_save_search(actor, direction))
    name = " ".join(normalise_text(name).split())
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
    search.full_clean()
    search.save()
    record_change(thing=search, verb=verb, actor=actor)
    return search


@unit_of_work
def delete_search(*, search: SavedSearch, actor: User) -> None:
    """Forget a kept search. Refuses not_yours."""
    require(can_delete_search(actor, search))
    record_change(thing=search, verb=Verb.DELETED, actor=actor)
    search.delete()
