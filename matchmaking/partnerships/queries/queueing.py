"""The queue before a firm that has as many requests open as it can be asked to answer, in the order of asking.

A firm is asked under its name or its alias, and each has a queue of its own, so that no queue joins the two.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Enterprise
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import RELATED, other_side, posting_of
from matchmaking.partnerships.querysets import PartnershipQuerySet
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import busy_until

MOST_OPEN = 15
"""Requests that a firm has to answer at a time; whoever asks beyond waits in the queue."""
SHOWN_PLACES = 10
"""Places are told up to here; beyond, a reader learns only that it is further back."""
ORDER = ("queued_at", "pk")


class AskedFirm(NamedTuple):
    """A firm as it is asked: its row number, and whether under its name or its alias."""

    enterprise: int
    visibility: str

    @property
    def rows(self) -> Q:
        """Requests at it."""
        capacity = Q(capacity__enterprise=self.enterprise, capacity__visibility=self.visibility)
        need = Q(need__enterprise=self.enterprise, need__visibility=self.visibility)
        return Q(capacity, opened_by=Side.NEED) | Q(need, opened_by=Side.CAPACITY)


def firm_of(posting: Posting) -> AskedFirm:
    """The firm that is asked by a request at ``posting``."""
    return AskedFirm(posting.enterprise_id, posting.visibility)


def asked_firm(partnership: Partnership) -> AskedFirm:
    """The firm that ``partnership``'s request is at."""
    return firm_of(posting_of(partnership, other_side(partnership.opened_by)))


def open_requests(firm: AskedFirm) -> PartnershipQuerySet:
    """Requests that the firm is to answer now."""
    return Partnership.objects.filter(firm.rows, state=State.INTERESTED)


def queue_before(firm: AskedFirm) -> PartnershipQuerySet:
    """Requests that wait before the firm, who asked first first."""
    return Partnership.objects.filter(firm.rows, state=State.QUEUED).select_related(*RELATED).order_by(*ORDER)


def has_room(firm: AskedFirm) -> bool:
    """Whether the firm can be asked to answer one more."""
    return open_requests(firm).count() < MOST_OPEN


def must_queue(posting: Posting) -> bool:
    """Whether a request at ``posting`` made now has to wait; its firm's row is locked."""
    firm = firm_of(posting)
    return not has_room(firm) or queue_before(firm).exists()


def queued_at(enterprise: Enterprise) -> PartnershipQuerySet:
    """Requests that wait before ``enterprise``, under its name and its alias, who asked first first."""
    mine = Q(opened_by=Side.NEED, capacity__enterprise=enterprise) | Q(
        opened_by=Side.CAPACITY, need__enterprise=enterprise
    )
    return Partnership.objects.filter(mine, state=State.QUEUED).select_related(*RELATED).order_by(*ORDER)


def places_of(partnerships: Iterable[Partnership]) -> dict[int, int]:
    """The place of each that waits in a queue, from 1, by row number; one query at most."""
    firms = {asked_firm(one) for one in partnerships if one.state == State.QUEUED}
    places: dict[int, int] = {}
    if not firms:
        return places
    rows = Partnership.objects.filter(state=State.QUEUED).order_by(*ORDER)
    asked = Q(pk=None)
    for firm in firms:
        asked |= firm.rows
    counts: dict[AskedFirm, int] = defaultdict(int)
    columns = ("opened_by", "need__enterprise", "need__visibility", "capacity__enterprise", "capacity__visibility")
    for key, opened_by, *told in rows.filter(asked).values_list("pk", *columns):
        firm = AskedFirm(*(told[2:] if opened_by == Side.NEED else told[:2]))
        counts[firm] += 1
        places[key] = counts[firm]
    return places


def place_told(partnership: Partnership) -> str:
    """The place of a request in its queue as a reader may know it, empty where it waits in none."""
    return place_shown(places_of([partnership]).get(partnership.pk))


def place_shown(place: int | None) -> str:
    """A place as a reader may know it, empty for none."""
    if place is None:
        return ""
    return str(place) if place <= SHOWN_PLACES else f"{SHOWN_PLACES}+"


def waits_at(numbers: Iterable[str]) -> dict[date | None, list[str]]:
    """Keys of requests that wait at postings with these numbers, by the last day on which a posting takes none, None
    where it takes some today.
    """
    asked = Q(opened_by=Side.NEED, capacity__number__in=list(numbers))
    asked |= Q(opened_by=Side.CAPACITY, need__number__in=list(numbers))
    rows = Partnership.objects.filter(asked, state=State.QUEUED).select_related("need", "capacity").order_by(*ORDER)
    found: dict[date | None, list[str]] = defaultdict(list)
    for one in rows:
        found[busy_until(posting_of(one, other_side(one.opened_by)))].append(one.key)
    return dict(found)


def firms_with_queue(keys: Iterable[str] | None = None) -> list[AskedFirm]:
    """Firms before which somebody waits; of those asked in partnerships with these ``keys`` only where given."""
    rows = Partnership.objects.all() if keys is None else Partnership.objects.filter(key__in=list(keys))
    rows = rows if keys is not None else rows.filter(state=State.QUEUED)
    columns = ("opened_by", "need__enterprise", "need__visibility", "capacity__enterprise", "capacity__visibility")
    found = {
        AskedFirm(*(told[2:] if opened_by == Side.NEED else told[:2]))
        for opened_by, *told in rows.order_by().values_list(*columns)
    }
    return sorted(firm for firm in found if keys is None or queue_before(firm).exists())
