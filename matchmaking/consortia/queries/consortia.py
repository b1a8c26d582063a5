"""Consortia as the need's firm and the members read them: shares, what is open, whom each may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Enterprise, Membership, User
from accounts.querysets import Actor
from matchmaking.consortia.choices import UNDER_WAY, State
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.partnerships.choices import AgreementState
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Agreement
from matchmaking.partnerships.queries.partnerships import counterpart_name
from matchmaking.postings.models import Posting

DAY = timedelta(days=1)
NAMED = (State.COMPLETE, State.DELIVERED)
"""States in which the members know each other's names: every one has consented."""
RELATED = tuple(
    f"partnership__{side}__{name}" for side in ("need", "capacity") for name in ("enterprise", "unit", "region")
)


@dataclass(frozen=True)
class ShareLine:
    """One share as a reader sees it: ``name`` of the supplier's firm as the reader may know it."""

    member: ConsortiumMember
    name: str
    agreement: Agreement | None = None


def consortia_visible_to(*, user: Actor) -> QuerySet[Any]:
    """Every consortium that ``user`` may open, with its need, newest first."""
    return Consortium.objects.visible_to(user).select_related("need__enterprise", "need__unit", "need__node")


def consortia_through(enterprise: Enterprise | None) -> QuerySet[Any]:
    """Every consortium that a system of ``enterprise`` may open, each with ``supplier_count``."""
    if enterprise is None:
        return Consortium.objects.none()
    rows = Consortium.objects.visible_through(enterprise).select_related("need__enterprise", "need__unit")
    # A count over a join groups by every column, and SQLite then reads the postings before the sets.
    held = ConsortiumMember.objects.active().filter(consortium=OuterRef("pk")).order_by().values("consortium")
    return rows.annotate(supplier_count=Coalesce(Subquery(held.values(count=Count("pk"))), 0))


def consortium_of(need: Posting) -> Consortium | None:
    """The one under way for ``need``, else None."""
    found: Consortium | None = Consortium.objects.under_way().filter(need=need).first()
    return found


def active_members(consortium: Consortium) -> list[ConsortiumMember]:
    """Shares that were not given up, each with both postings and firms of its partnership; one query."""
    return list(consortium.members.active().select_related(*RELATED).order_by("pk"))


def own_share(members: Iterable[ConsortiumMember], firms: Iterable[int]) -> ConsortiumMember | None:
    """The first share held by one of ``firms``, the one acted for first."""
    held = {member.partnership.capacity.enterprise_id: member for member in members}
    return next((held[firm] for firm in firms if firm in held), None)


def has_lapsed(member: ConsortiumMember, *, on: date) -> bool:
    """Whether nobody consented to the share of a firm that was introduced, in time; a request that still waits ends by
    itself.
    """
    due = member.asked_until
    return due is not None and due < on and member.partnership.state != Stage.INTERESTED


def shares_awaiting_consent() -> QuerySet[Any]:
    """Shares of sets under way to which firms that were introduced already have not consented, with their postings."""
    rows = ConsortiumMember.objects.active().filter(consented_at=None, consortium__state__in=UNDER_WAY)
    rows = rows.exclude(partnership__state__in=(Stage.SUGGESTED, Stage.INTERESTED, Stage.FAILED))
    return rows.select_related("consortium__need", *RELATED)


def shares_to_consent(enterprise: Enterprise) -> QuerySet[Any]:
    """Those of ``enterprise``, the earliest day first."""
    rows = shares_awaiting_consent().filter(partnership__capacity__enterprise=enterprise)
    return rows.order_by("consent_by", "pk")


def consents_due(*, on: date, until: date) -> list[ConsortiumMember]:
    """Shares that wait for a consent that is due from ``on`` to ``until``, both days included."""
    rows = shares_awaiting_consent().filter(consent_by__lte=until).order_by("pk")
    return [one for one in rows if on <= (one.asked_until or date.min) <= until]


@dataclass(frozen=True)
class OpenPart:
    """What nobody carries from the first to the last of ``days``; None where it is open through the need's window."""

    amount: Decimal
    days: tuple[date, date] | None = None


def open_parts(consortium: Consortium, members: Iterable[ConsortiumMember]) -> list[OpenPart]:
    """What neither the firm itself nor any of ``members`` carries, in the need's unit and period; no query.

    Of a set by days one part for each stretch of equal amounts, earliest first, of the days that are not over; a part
    below zero is carried twice.
    """
    shares = list(members)
    wanted = consortium.total_amount - consortium.own_amount
    if consortium.starts_on is None or consortium.ends_on is None:
        rest = wanted - sum((one.amount for one in shares), Decimal(0))
        return [OpenPart(rest)] if rest else []
    first, last = max(consortium.starts_on, timezone.localdate()), consortium.ends_on
    if first > last:
        return []
    lots = [(one.starts_on or first, one.ends_on or last, one.amount) for one in shares]
    borders = {start for start, _end, _amount in lots} | {end + DAY for _start, end, _amount in lots}
    begins = sorted({first} | {day for day in borders if first < day <= last})
    parts: list[OpenPart] = []
    for start, end in zip(begins, [*(day - DAY for day in begins[1:]), last], strict=True):
        rest = wanted - sum((amount for begin, stop, amount in lots if begin <= start and stop >= end), Decimal(0))
        if parts and parts[-1].amount == rest:
            start = (parts.pop().days or (start, end))[0]
        parts.append(OpenPart(rest, (start, end)))
    return [one for one in parts if one.amount]


def open_amount(consortium: Consortium, members: Iterable[ConsortiumMember]) -> Decimal:
    """The most that nobody carries on any day, in the need's unit and period."""
    return max((one.amount for one in open_parts(consortium, members)), default=Decimal(0))


def lines_for_owner(members: list[ConsortiumMember]) -> list[ShareLine]:
    """Every share with what is agreed on it, for the need's firm; one query."""
    in_force = Agreement.objects.filter(
        partnership__in=[one.partnership_id for one in members], state=AgreementState.IN_FORCE
    )
    agreed = {one.partnership_id: one for one in in_force.select_related("unit")}
    return [
        ShareLine(
            one, counterpart_name(one.partnership, one.partnership.need.enterprise), agreed.get(one.partnership_id)
        )
        for one in members
    ]


def names_for_member(consortium: Consortium, members: list[ConsortiumMember], own: ConsortiumMember) -> list[str]:
    """Names of the other suppliers once all have consented; none before, and neither shares nor prices ever."""
    if consortium.state not in NAMED:
        return []
    return [str(one.partnership.capacity.enterprise.name) for one in members if one.pk != own.pk]


def share_in(*, partnership: int) -> ConsortiumMember | None:
    """The share that a partnership carries in a set that was not dissolved, by the partnership's row number."""
    shown = ConsortiumMember.objects.active().filter(partnership=partnership)
    rows = shown.exclude(consortium__state=State.DISSOLVED).select_related("consortium")
    found: ConsortiumMember | None = rows.order_by("-pk").first()
    return found


def firms_in(consortium: Consortium) -> set[tuple[int, str]]:
    """Firms that hold or held a share, each as row number and visibility: an alias is a firm of its own."""
    rows = consortium.members.values_list("partnership__capacity__enterprise", "partnership__capacity__visibility")
    return set(rows.order_by())


def reader_for(consortium: Consortium) -> User | None:
    """Who made the set as long as they may still act for the need's firm, else its first editor or owner."""
    able = Membership.objects.active().filter(enterprise=consortium.need.enterprise_id, user__is_active=True)
    able = able.exclude(role=Role.VIEWER).select_related("user").order_by("pk")
    found = able.filter(user=consortium.made_by_id).first() or able.first()
    return found.user if found else None


def consortia_to_settle(keys: Iterable[str] | None = None) -> QuerySet[Any]:
    """Those under way of which a member's partnership has ended or a consent is overdue, or whose members have all
    delivered; of partnerships with these ``keys`` only where given.
    """
    today = timezone.localdate()
    shares = ConsortiumMember.objects.active().filter(consortium=OuterRef("pk"))
    ended = Exists(shares.filter(partnership__state=Stage.FAILED))
    late = shares.filter(consented_at=None, consent_by__lt=today).exclude(partnership__state=Stage.INTERESTED)
    overdue = Exists(late.exclude(partnership__answer_by__gte=today))
    done = Q(state=State.COMPLETE) & ~Exists(shares.exclude(partnership__state=Stage.COMPLETED))
    rows = Consortium.objects.filter(ended | overdue | done, state__in=UNDER_WAY)
    if keys is not None:
        rows = rows.filter(members__partnership__key__in=list(keys)).distinct()
    return rows.select_related("need__enterprise").order_by("pk")


def has_shares(keys: Iterable[str]) -> bool:
    """Whether a partnership with one of these keys carries a share of a set under way."""
    rows = ConsortiumMember.objects.active().filter(partnership__key__in=list(keys))
    return bool(rows.filter(consortium__state__in=UNDER_WAY).exists())
