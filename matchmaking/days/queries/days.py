"""Days, their guests and the firms that could be invited, as coordinators and firms read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Enterprise
from accounts.queries import grants_of
from accounts.querysets import Actor
from common.values import normalise_text
from matchmaking.days.choices import DayState, GuestState, Wish
from matchmaking.days.models import DayMeeting, Guest, MatchDay
from matchmaking.insights.models import Clearing
from matchmaking.insights.queries.clearings import postings_to_meet
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.postings.choices import Status, Visibility
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet
from reference.choices import RegionLevel
from reference.models import Region
from reference.queries.regions import regions_in_use

LEAST_FIRMS = 3
"""Firms that take part at least: of two, each could read the other's wish off the plan."""
MOST_FOUND = 25
"""Firms that a search shows; narrower words find the rest."""


CLEARINGS_LOOKED_AT = 50
"""Weeks of all chains together among which the latest of each is looked for."""


@dataclass(frozen=True)
class Search:
    """What firms to invite are looked for by: words of the name, a province's two digits, a chain's code, the key of a
    weekly clearing.
    """

    words: str = ""
    province: str = ""
    chain: str = ""
    clearing: str = ""


@dataclass(frozen=True)
class ScheduleLine:
    """One meeting of a firm as the firm reads it: whom it meets, when, and whether it fell out or the whole day did."""

    meeting: DayMeeting
    other: Enterprise
    begins: datetime
    is_off: bool


def days_coordinated_by(user: Actor) -> QuerySet[MatchDay]:
    """Days that ``user`` looks after, the latest first, with how many firms were invited and come."""
    standing = ~Q(guests__state=GuestState.WITHDRAWN)
    coming = Q(guests__state=GuestState.ACCEPTED, guests__enterprise__suspended_at=None)
    rows: QuerySet[MatchDay] = MatchDay.objects.coordinated_by(user).select_related("made_by")
    return rows.annotate(
        invited=Count("guests", filter=standing, distinct=True), coming=Count("guests", filter=coming, distinct=True)
    ).order_by("-day", "-pk")


def guests_of(day: MatchDay) -> list[Guest]:
    """All that were invited, firms and their regions filled, by name."""
    rows = Guest.objects.filter(day=day).select_related("enterprise__region").order_by("enterprise__name", "pk")
    return list(rows)


def firms_to_invite(user: Actor, day: MatchDay, search: Search) -> list[Enterprise]:
    """Firms that can be invited and fit ``search``, by name; nothing where nothing is asked for.

    A chain and a clearing find firms by what they show under their own name: what stands under an alias leads to no
    name.
    """
    words = normalise_text(search.words).strip()
    if not (words or search.province or search.chain or search.clearing):
        return []
    known = Guest.objects.filter(day=day).exclude(state=GuestState.WITHDRAWN).order_by().values("enterprise")
    rows = Enterprise.objects.active().exclude(pk__in=known)
    rows = rows.exclude(pk__in=Enterprise.objects.of_member(user).order_by().values("pk"))
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words))
    if search.province:
        rows = rows.filter(region__code__startswith=search.province)
    if search.chain:
        shown = Posting.objects.open_to_all().filter(
            enterprise=OuterRef("pk"),
            status=Status.PUBLISHED,
            visibility=Visibility.NAMED,
            node__chain__code=search.chain,
        )
        rows = rows.filter(Exists(shown))
    if search.clearing:
        rows = rows.filter(pk__in=_cleared(user, search.clearing).values("enterprise"))
    return list(rows.select_related("region").order_by("name", "pk")[:MOST_FOUND])


def _cleared(user: Actor, key: str) -> PostingQuerySet:
    clearing = Clearing.objects.visible_to(user).filter(key=key).first()
    return Posting.objects.none() if clearing is None else postings_to_meet(scope_of(user), clearing)


def clearings_to_invite_from(user: Actor) -> list[Clearing]:
    """The latest clearing of each chain that ``user`` may read, by chain."""
    rows = Clearing.objects.visible_to(user).select_related("chain").order_by("-week")
    latest: dict[int, Clearing] = {}
    for one in rows[:CLEARINGS_LOOKED_AT]:
        latest.setdefault(one.chain_id, one)
    return sorted(latest.values(), key=lambda one: one.chain.position)


def firms_named(keys: Sequence[str]) -> list[Enterprise]:
    """Firms by their keys, in the order of their rows."""
    return list(Enterprise.objects.filter(key__in=keys).order_by("pk"))


def invitations_of(enterprise: Enterprise) -> QuerySet[Guest]:
    """The days to which ``enterprise`` was invited, the latest first."""
    return Guest.objects.filter(enterprise=enterprise).select_related("day").order_by("-day__day", "-pk")


def invitations_to_answer(enterprise: Enterprise, *, on: date) -> QuerySet[Guest]:
    """Invitations of ``enterprise`` that wait for its answer and may still be answered, the next day first."""
    rows = invitations_of(enterprise).filter(state=GuestState.ASKED, day__state=DayState.OPEN, day__marks_until__gte=on)
    return rows.order_by("day__marks_until", "pk")


def invitations_through(enterprise: Enterprise | None) -> QuerySet[Guest]:
    """The same for a system of ``enterprise``, the newest invitation first; none for one that acts for no firm."""
    rows = Guest.objects.none() if enterprise is None else invitations_of(enterprise)
    return rows.order_by("-pk")


def others_at(guest: Guest) -> list[Guest]:
    """The firms that take part beside ``guest``, by name; nobody while it does not take part itself."""
    if guest.state != GuestState.ACCEPTED:
        return []
    rows = Guest.objects.filter(day=guest.day_id).coming().exclude(pk=guest.pk)
    return list(rows.select_related("enterprise__region").order_by("enterprise__name", "pk"))


def shown_count(day: MatchDay) -> int | None:
    """How many firms take part, for who does not; None below ``LEAST_FIRMS``, as small groups are not counted apart."""
    found = Guest.objects.filter(day=day).coming().count()
    return found if found >= LEAST_FIRMS else None


def marks_of(user: Actor, guest: Guest) -> dict[int, str]:
    """What ``user``'s own firm wishes, by the row number of the guest that it is about; nothing for anybody else."""
    marks = guest.marks.all().visible_to(user)
    return dict(marks.order_by().values_list("about", "wish"))


def schedule_of(guest: Guest) -> list[ScheduleLine]:
    """The meetings of a published plan in which ``guest`` has its place, in their order; those that fell out too."""
    if guest.day.state == DayState.OPEN:
        return []
    rows = DayMeeting.objects.filter(Q(first=guest) | Q(second=guest), plan__published_at__isnull=False)
    found = rows.select_related("first__enterprise", "second__enterprise").order_by("slot", "is_off", "pk")
    is_cancelled = guest.day.state == DayState.CANCELLED
    return [
        ScheduleLine(
            meeting=one,
            other=(one.second if one.first_id == guest.pk else one.first).enterprise,
            begins=guest.day.begins(one.slot),
            is_off=one.is_off or is_cancelled,
        )
        for one in found
    ]


def unmet_of(
    guest: Guest, others: Sequence[Guest], said: Mapping[int, str], schedule: Sequence[ScheduleLine]
) -> list[Enterprise]:
    """Firms that ``guest`` wished to meet and does not, once the schedule is out; for whatever reason, all alike."""
    if guest.day.state != DayState.PUBLISHED:
        return []
    met = {line.other.pk for line in schedule if not line.is_off}
    wished = [one.enterprise for one in others if said.get(one.pk) in (Wish.MUST, Wish.MEET)]
    return [one for one in wished if one.pk not in met]


def regions_to_name(user: Actor) -> list[Region]:
    """Regions that a day can name: both provinces and what ``user`` coordinates, by their codes."""
    own = {region.pk: region for grant in grants_of(user) for region in grant.regions.all()}
    provinces = regions_in_use(timezone.localdate()).filter(level=RegionLevel.PROVINCE)
    found = own | {region.pk: region for region in provinces}
    return sorted(found.values(), key=lambda one: one.code)
