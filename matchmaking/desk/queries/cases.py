"""Cases as coordinators read them: the list, whom one can be handed to, and what came of somebody's work."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import CoordinatorGrant, Membership, User
from accounts.querysets import Actor
from matchmaking.desk.choices import CaseEnd, MeetingState
from matchmaking.desk.models import Case, HandPair
from matchmaking.desk.queries.meetings import meetings_in
from matchmaking.insights.queries.coordination import Scope
from matchmaking.partnerships.choices import CONSENTED, State
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting

PARTS = ("enterprise", "region", "node")
RELATED = (
    "owner",
    *(f"{way}__{part}" for way in ("posting", "partnership__need", "partnership__capacity") for part in PARTS),
)


@dataclass(frozen=True)
class Receiver:
    """Somebody to whom a case can be handed; ``is_across`` says that they look after the other province's side."""

    user: User
    regions: tuple[Any, ...]
    is_across: bool


@dataclass(frozen=True)
class Success:
    """What one coordinator's work has led to, each figure the length of a list; days are whole ones."""

    open_cases: int
    overdue_cases: int
    closed_cases: int
    solved_cases: int
    days_to_close: int | None
    pairs: int
    pairs_introduced: int
    pairs_completed: int
    meetings: int
    meetings_agreed: int


def cases_in(scope: Scope, user: Actor) -> QuerySet[Case]:
    """Cases about what ``user`` looks after, what they are about filled; the ones due first on top."""
    rows: QuerySet[Case] = Case.objects.all().inside(scope.postings, user).select_related(*RELATED)
    return rows.order_by("closed_on", "due_on", "pk")


def postings_of_case(case: Case) -> list[Posting]:
    """The posting that it is about, or both of its partnership."""
    if case.posting is not None:
        return [case.posting]
    assert case.partnership is not None
    return [case.partnership.need, case.partnership.capacity]


def receivers_of(case: Case, scope: Scope) -> list[Receiver]:
    """Coordinators whose scope reaches the case, but for its owner and who belongs to one of the firms.

    Those of a province across from where ``scope`` lies come first. Two queries.
    """
    postings = postings_of_case(case)
    reached = Q()
    for one in postings:
        chains = Q(chains=None) | Q(chains=one.node.chain_id if one.node else None)
        reached |= (Q(regions=None) | Q(regions__code__in=_around(one))) & chains
    grants = CoordinatorGrant.objects.in_force().filter(reached, user__is_active=True).exclude(user=case.owner_id)
    firms = Membership.objects.active().filter(enterprise__in=[one.enterprise_id for one in postings])
    outside = grants.exclude(user__in=firms.values("user")).select_related("user").distinct()
    own = {region.province for grant in scope.grants for region in grant.regions.all()}
    found: dict[int, Receiver] = {}
    for grant in outside.order_by("pk").prefetch_related("regions"):
        regions = tuple(grant.regions.all())
        is_across = bool(own) and any(region.province not in own for region in regions)
        before = found.get(grant.user_id, Receiver(grant.user, (), False))
        found[grant.user_id] = Receiver(grant.user, (*before.regions, *regions), before.is_across or is_across)
    return sorted(found.values(), key=lambda one: (not one.is_across, one.user.name, one.user.pk))


def _around(posting: Posting) -> list[str]:
    """Codes of the posting's region and of those that it lies in."""
    code = posting.region.code if posting.region else ""
    return [f"{code[:2]}0000", f"{code[:4]}00", code] if code else []


def success_of(scope: Scope, user: User) -> Success:
    """What came of ``user``'s cases, pairs and meetings, in two queries; each counts a list."""
    today = timezone.localdate()
    own = Case.objects.all().inside(scope.postings, user).filter(owner=user)
    cases = list(own.order_by().values_list("closed_on", "end", "due_on", "created_at"))
    closed = [row for row in cases if row[0] is not None]
    days = [(row[0] - timezone.localtime(row[3]).date()).days for row in closed]
    pairs = pairs_in(scope, user).filter(suggested_by=user).order_by()
    meetings = meetings_in(scope).filter(called_by=user).order_by()
    kinds = ("kind", "first", "second")
    told = pairs.annotate(
        kind=Value("pair", CharField()), first=F("is_introduced"), second=F("is_completed")
    ).values_list(*kinds)
    agreed = ExpressionWrapper(Q(state=MeetingState.AGREED), output_field=BooleanField())
    held = meetings.annotate(kind=Value("meeting", CharField()), first=agreed, second=Value(False)).values_list(*kinds)
    rows = list(told.union(held, all=True))
    return Success(
        open_cases=len(cases) - len(closed),
        overdue_cases=sum(row[0] is None and row[2] < today for row in cases),
        closed_cases=len(closed),
        solved_cases=sum(row[1] == CaseEnd.SOLVED for row in closed),
        days_to_close=int(median(days)) if days else None,
        pairs=sum(row[0] == "pair" for row in rows),
        pairs_introduced=sum(row[0] == "pair" and bool(row[1]) for row in rows),
        pairs_completed=sum(row[0] == "pair" and bool(row[2]) for row in rows),
        meetings=sum(row[0] == "meeting" for row in rows),
        meetings_agreed=sum(row[0] == "meeting" and bool(row[1]) for row in rows),
    )


def pairs_in(scope: Scope, user: Actor) -> QuerySet[Any]:
    """Pairs that were suggested by hand, of postings that ``user`` looks after, each with how far it has come."""
    same = Q(need=OuterRef("need"), capacity=OuterRef("capacity"))
    known = Partnership.objects.filter(same).exclude(state=State.SUGGESTED)
    rows: QuerySet[Any] = HandPair.objects.all().inside(scope.postings, user)
    return rows.select_related("need__enterprise", "capacity__enterprise", "suggested_by").annotate(
        is_known=Exists(known),
        is_introduced=Exists(known.filter(Q(state__in=CONSENTED) | Q(introduced_at__isnull=False))),
        is_completed=Exists(known.filter(state=State.COMPLETED)),
    )
