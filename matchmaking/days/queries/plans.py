"""Plans of a day as who looks after it reads them: the hall by slot and table, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, When

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.days.choices import DayState, Unkept
from matchmaking.days.models import DayMeeting, DayPlan, Guest, MatchDay
from matchmaking.partnerships.choices import CONSENTED, State
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Visibility
from matchmaking.postings.models import Posting

MOST_PAIRS = 40
FIRMS = ("first__enterprise", "second__enterprise", "hand_pair")


@dataclass(frozen=True)
class Slot:
    """One slot of the hall: when it begins, and its meetings by table."""

    number: int
    begins: Any
    meetings: tuple[DayMeeting, ...]


@dataclass(frozen=True)
class UnkeptPair:
    """Two firms that do not meet though one of them wished it, and why."""

    first: str
    second: str
    rule: Unkept


PARTS: Mapping[str, Callable[[Any], bool]] = {
    "standing": lambda one: True,
    "held": lambda one: one.is_held is True,
    "missed": lambda one: one.is_held is False,
    "suggested": lambda one: one.hand_pair_id is not None,
    "introduced": lambda one: bool(one.is_introduced),
    "completed": lambda one: bool(one.is_completed),
}
"""Which meetings a figure counts, of those that did not fall out; the same rule filters their list."""
GUESTS: Mapping[str, Callable[[Guest, Set[int]], bool]] = {
    "coming": lambda one, placed: True,
    "told": lambda one, placed: one.marked_at is not None,
    "without": lambda one, placed: one.pk not in placed,
}
"""Which firms a figure counts, of those that take part; ``placed`` are the row numbers of guests with a meeting."""


PLANNED = ("slot_minutes", "slots", "tables", "marks_until")
"""What stays as it is once a plan is published that was made from it."""


def settled_terms(day: MatchDay) -> tuple[str, ...]:
    """What of a day can be changed no more. Once a plan was made, wishes are not taken anew: two plans with one answer
    between them would tell what it was.
    """
    if day.state == DayState.PUBLISHED:
        return PLANNED
    return ("marks_until",) if DayPlan.objects.filter(day=day).exists() else ()


def latest_plan(day: MatchDay) -> DayPlan | None:
    """The plan that is shown: the published one, else the one asked for last."""
    published = DayPlan.objects.filter(day=day, published_at__isnull=False).first()
    return published or DayPlan.objects.filter(day=day).first()


def published_plan(day: MatchDay) -> DayPlan | None:
    """The plan that firms read."""
    return DayPlan.objects.filter(day=day, published_at__isnull=False).first()


def meetings_of_plan(plan: DayPlan) -> QuerySet[DayMeeting]:
    """The meetings of a plan, firms filled, each with how far the two postings have come that were suggested."""
    known = Partnership.objects.filter(need=OuterRef("hand_pair__need"), capacity=OuterRef("hand_pair__capacity"))
    return (
        DayMeeting.objects.filter(plan=plan)
        .select_related(*FIRMS)
        .annotate(
            is_introduced=Exists(known.filter(state__in=CONSENTED)),
            is_completed=Exists(known.filter(state=State.COMPLETED)),
        )
        .order_by("slot", "table", "is_off", "pk")
    )


def hall_of(day: MatchDay, meetings: list[DayMeeting]) -> list[Slot]:
    """``meetings`` by slot, every slot of the day there."""
    found: dict[int, list[DayMeeting]] = defaultdict(list)
    for one in meetings:
        found[one.slot].append(one)
    return [Slot(number, day.begins(number), tuple(found[number])) for number in range(1, day.slots + 1)]


def in_part(meetings: list[Any], part: str) -> list[Any]:
    """Those of ``meetings``, as ``meetings_of_plan`` gives them, that a figure counts."""
    return [one for one in meetings if not one.is_off and PARTS[part](one)]


def guests_in_part(coming: list[Guest], meetings: list[Any], part: str) -> list[Guest]:
    """Those of the firms that take part that a figure counts."""
    placed = {pk for one in in_part(meetings, "standing") for pk in (one.first_id, one.second_id)}
    return [one for one in coming if GUESTS[part](one, placed)]


def figures_now(day: MatchDay, meetings: list[Any], coming: list[Guest], unkept: int) -> dict[str, int]:
    """What a day's page counts, by the names of ``PARTS`` and ``GUESTS``, and how the hall is used."""
    counts = {part: len(in_part(meetings, part)) for part in PARTS}
    counts |= {part: len(guests_in_part(coming, meetings, part)) for part in GUESTS}
    by_slot = Counter(one.slot for one in in_part(meetings, "standing"))
    tables = max(by_slot.values(), default=0)
    return {**counts, "pairs": counts["standing"] + unkept, "places": day.slots * day.tables, "tables": tables}


def unkept_of(plan: DayPlan, guests: list[Guest]) -> list[UnkeptPair]:
    """The pairs that a plan leaves out, by name; who has left since is not among them."""
    names = {one.enterprise.key: one.enterprise.name for one in guests}
    known = [(one["first"], one["second"], one["rule"]) for one in plan.left]
    pairs = [UnkeptPair(names[a], names[b], Unkept(rule)) for a, b, rule in known if a in names and b in names]
    return sorted(pairs, key=lambda one: (one.first, one.second))


def meeting_of(day: MatchDay, key: str) -> DayMeeting | None:
    """The published meeting of ``day`` with this key, firms filled."""
    rows = DayMeeting.objects.filter(plan__day=day, plan__published_at__isnull=False).select_related(*FIRMS)
    return rows.filter(key=key).first()


def firms_of(meeting: DayMeeting) -> tuple[Enterprise, Enterprise]:
    """The two firms of a meeting."""
    return meeting.first.enterprise, meeting.second.enterprise


def pairs_between(user: Actor, meeting: DayMeeting) -> list[tuple[Posting, Posting]]:
    """Needs and capacities of the two firms, one of each, that ``user`` could suggest to both; two queries.

    One of the two lies in the scope, and both stand under their firms' names: the firms know with whom they sat, so an
    alias would be one no more. At most ``MOST_PAIRS``.
    """
    first, second = firms_of(meeting)
    scope = Posting.objects.in_scope_of(user).order_by().values("pk")
    rows = Posting.objects.live().open_to_all().filter(enterprise__in=(first, second), visibility=Visibility.NAMED)
    live = list(
        rows.select_related("enterprise")
        .annotate(is_inside=Case(When(pk__in=scope, then=True), default=False))
        .order_by("title", "pk")
    )
    return [
        (need, capacity)
        for need in live
        for capacity in live
        if need.is_need
        and not capacity.is_need
        and need.enterprise_id != capacity.enterprise_id
        and (need.is_inside or capacity.is_inside)
    ][:MOST_PAIRS]
