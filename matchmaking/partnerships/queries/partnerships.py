"""Partnerships as their two sides read them: lists, whose turn it is, names, and how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, Q, When
from django.utils import timezone

from accounts.choices import CheckState, Role
from accounts.models import Enterprise, EnterpriseCertificate, EnterpriseContact, Membership
from accounts.permissions import HELD_ROLES
from accounts.querysets import Actor
from common.reasons import Reason, reasons_of
from matchmaking.partnerships.choices import CONSENTED, MOVES, OPEN, STEPS, WAITING, Act, By, Side, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.querysets import PartnershipQuerySet
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting, PostingContact

RELATED = tuple(
    f"{side}__{name}" for side in ("need", "capacity") for name in ("enterprise", "node", "region__parent", "unit")
)
LINE_COLUMNS = (
    *("key", "state", "opened_by", "answer_by", "introduced_at", "end_reason", "changed_at"),
    *(
        f"{side}__{name}"
        for side in ("need", "capacity")
        for name in ("number", "visibility", "enterprise__name", "enterprise__alias")
    ),
)
NEWEST = 10
"""Partnerships of a firm about one posting that are looked at."""
OVER = (Status.DRAFT, Status.CLOSED, Status.EXPIRED)
"""States of a posting in which an interest at it has no future; one that is looked at again or paused may come back."""


@dataclass(frozen=True)
class Line:
    """A partnership as one side reads it: its own posting, the other one, and the other firm under its known name."""

    partnership: Partnership
    side: Side
    own: Posting
    other: Posting
    name: str
    is_our_turn: bool
    days_left: int | None


@dataclass(frozen=True)
class PartnershipCounts:
    """How an enterprise's partnerships stand, for its workbench."""

    waiting_for_us: int
    waiting_for_them: int
    introduced: int
    ended: int
    queued: int = 0


@dataclass(frozen=True)
class Contact:
    """Whom to reach; empty where nothing was given."""

    person: str = ""
    phone: str = ""
    email: str = ""
    other: str = ""

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.other)


def partnerships_visible_to(*, user: Actor) -> PartnershipQuerySet:
    """Every partnership that ``user`` may open, both postings and their firms filled, last changed first."""
    return Partnership.objects.visible_to(user).select_related(*RELATED, "outcome")


def _of(enterprise: Enterprise) -> Q:
    return Q(need__enterprise=enterprise) | Q(capacity__enterprise=enterprise)


def _opened_by(enterprise: Enterprise) -> Q:
    return Q(opened_by=Side.NEED, need__enterprise=enterprise) | Q(
        opened_by=Side.CAPACITY, capacity__enterprise=enterprise
    )


def _asked_of(enterprise: Enterprise) -> Q:
    return Q(opened_by=Side.NEED, capacity__enterprise=enterprise) | Q(
        opened_by=Side.CAPACITY, need__enterprise=enterprise
    )


def partnerships_of(enterprise: Enterprise) -> PartnershipQuerySet:
    """All partnerships of the reader's own enterprise, last changed first."""
    return Partnership.objects.filter(_of(enterprise)).select_related(*RELATED)


def listed_partnerships_of(enterprise: Enterprise) -> PartnershipQuerySet:
    """The same, mere suggestions left out, with the columns that ``line_of`` and a list of lines show."""
    rows = partnerships_of(enterprise).exclude(state=State.SUGGESTED).select_related(None)
    return rows.select_related("need__enterprise", "capacity__enterprise").only(*LINE_COLUMNS)


def open_partnerships_of(enterprise: Enterprise) -> PartnershipQuerySet:
    """Partnerships in which something is still to be done, for the workbench: interests first, by their deadline."""
    rows = partnerships_of(enterprise).open().exclude(state=State.SUGGESTED)
    rows = rows.exclude(_asked_of(enterprise), state=State.QUEUED)
    first = Case(When(state=State.INTERESTED, then=0), default=1, output_field=IntegerField())
    return rows.order_by(first, F("answer_by").asc(nulls_last=True), "-changed_at", "-pk")


def is_waiting_for(partnership: Partnership, enterprise: Enterprise) -> bool:
    """Whether ``enterprise`` is to answer an interest of the other side."""
    side = side_of(partnership, enterprise)
    return side is not None and partnership.state == State.INTERESTED and partnership.opened_by != side


def waiting_for(enterprise: Enterprise) -> PartnershipQuerySet:
    """Interests that ``enterprise`` is to answer, the earliest deadline first."""
    return partnerships_of(enterprise).filter(_asked_of(enterprise), state=State.INTERESTED).order_by("answer_by", "pk")


def waiting_for_others(enterprise: Enterprise) -> PartnershipQuerySet:
    """Interests of ``enterprise`` that others are to answer, the earliest deadline first."""
    rows = partnerships_of(enterprise).filter(_opened_by(enterprise), state__in=WAITING)
    return rows.order_by(F("answer_by").asc(nulls_last=True), "pk")


def partnership_counts(enterprise: Enterprise) -> PartnershipCounts:
    """Counts for the workbench, by one query."""
    waiting = Q(state=State.INTERESTED)
    found = Partnership.objects.filter(_of(enterprise)).aggregate(
        ours=Count("pk", filter=waiting & _asked_of(enterprise)),
        theirs=Count("pk", filter=Q(state__in=WAITING) & _opened_by(enterprise)),
        introduced=Count("pk", filter=Q(state__in=CONSENTED)),
        ended=Count("pk", filter=Q(state=State.FAILED)),
        queued=Count("pk", filter=Q(state=State.QUEUED) & _asked_of(enterprise)),
    )
    return PartnershipCounts(found["ours"], found["theirs"], found["introduced"], found["ended"], found["queued"])


def unanswered_interests(enterprise: Enterprise) -> PartnershipQuerySet:
    """Interests of ``enterprise`` that still wait, plain rows for counting."""
    return Partnership.objects.filter(_opened_by(enterprise), state__in=WAITING)


def firms_asked(enterprise: Enterprise) -> set[tuple[int, str]]:
    """The firms that ``enterprise`` ever asked, each as key and visibility: an alias is a firm of its own."""
    asked = Partnership.objects.filter(_opened_by(enterprise)).exclude(state=State.SUGGESTED)
    sides = ((Side.NEED, "capacity"), (Side.CAPACITY, "need"))
    return {
        pair
        for opener, other in sides
        for pair in asked.filter(opened_by=opener).values_list(f"{other}__enterprise", f"{other}__visibility")
    }


def open_partnership(*, need: Posting, capacity: Posting) -> Partnership | None:
    """The partnership of the pair that has not ended, with the postings as they are given."""
    rows = Partnership.objects.filter(need=need, capacity=capacity).exclude(state=State.FAILED)
    found: Partnership | None = rows.first()
    if found is not None:
        found.need, found.capacity = need, capacity
    return found


def is_declined_unchanged(*, posting: Posting, counterpart: Posting, side: Side) -> bool:
    """Whether the counterpart's side declined an interest of ``posting`` and neither posting says something else since.

    What the platform writes into a posting, such as an agreed quantity, is no other content.
    """
    need, capacity = (posting, counterpart) if posting.is_need else (counterpart, posting)
    declined = PartnershipEvent.objects.filter(
        partnership__need=need, partnership__capacity=capacity, partnership__opened_by=side, act=Act.DECLINE
    )
    newest = declined.order_by("-pk").values_list("happened_at", flat=True).first()
    written = [row.content_changed_at for row in (posting, counterpart) if row.content_changed_at is not None]
    return newest is not None and max(written, default=newest) <= newest


def partnerships_with(*, posting: Posting, counterparts: Iterable[Posting]) -> dict[int, Partnership]:
    """The newest partnership of ``posting`` with each of ``counterparts``, by the counterpart's row number."""
    own, other = ("need", "capacity") if posting.is_need else ("capacity", "need")
    rows = Partnership.objects.filter(**{own: posting, f"{other}__in": [row.pk for row in counterparts]})
    return {getattr(row, f"{other}_id"): row for row in rows.order_by("pk")}


def partnership_between(*, enterprise: Enterprise, posting: Posting) -> Partnership | None:
    """The newest partnership of ``enterprise`` about somebody else's ``posting``, an open one before one that ended.

    One query where there is none, as is nearly always so, else two: the rows of both sides are dear to ask for.
    """
    own, other = (Side.CAPACITY, Side.NEED) if posting.is_need else (Side.NEED, Side.CAPACITY)
    about = Partnership.objects.filter(**{f"{other}": posting, f"{own}__enterprise": enterprise}).order_by("-pk")
    found = list(about.values_list("pk", "state")[:NEWEST])
    if not found:
        return None
    return partnerships_of(enterprise).get(pk=next((key for key, state in found if state in OPEN), found[0][0]))


def posting_of(partnership: Partnership, side: Side | str) -> Posting:
    """The posting that stands on ``side``."""
    return partnership.need if side == Side.NEED else partnership.capacity


def other_side(side: Side | str) -> Side:
    """The side across the table."""
    return Side.CAPACITY if side == Side.NEED else Side.NEED


def side_of(partnership: Partnership, enterprise: Enterprise | None) -> Side | None:
    """The side on which ``enterprise`` stands, None for a stranger to the partnership."""
    if enterprise is None:
        return None
    if partnership.need.enterprise_id == enterprise.pk:
        return Side.NEED
    return Side.CAPACITY if partnership.capacity.enterprise_id == enterprise.pk else None


def roles_of_user(partnership: Partnership, user: Actor) -> dict[Side, Role]:
    """The role that ``user`` holds on each side where they are an active member; mostly one or none, by one query, or
    by none where the door has read them.
    """
    if user.is_anonymous:
        return {}
    held = getattr(user, HELD_ROLES, None)
    if held is not None:
        sides = ((Side.NEED, partnership.need), (Side.CAPACITY, partnership.capacity))
        return {side: held[row.enterprise_id] for side, row in sides if row.enterprise_id in held}
    firms = {partnership.need.enterprise_id: Side.NEED, partnership.capacity.enterprise_id: Side.CAPACITY}
    memberships = Membership.objects.active().filter(user=user, enterprise__in=firms)
    return {firms[firm]: Role(role) for firm, role in memberships.values_list("enterprise", "role")}


def acting_sides(partnership: Partnership, act: Act) -> list[Side]:
    """The sides that may do ``act`` in the present state; none when the act is no move from it."""
    move = MOVES.get((State(partnership.state), act))
    if move is None or move.by == By.PLATFORM:
        return []
    if move.by == By.EITHER:
        return [Side.NEED, Side.CAPACITY]
    if move.by in (By.NEED, By.CAPACITY):
        return [Side(move.by)]
    asker = Side(partnership.opened_by)
    return [asker] if move.by == By.ASKER else [other_side(asker)]


def is_introduced(partnership: Partnership) -> bool:
    """Whether the two firms know each other's names: from mutual interest on, also after an end."""
    return partnership.state in CONSENTED or partnership.introduced_at is not None


def counterpart_name(partnership: Partnership, enterprise: Enterprise | None) -> str:
    """The name of the other side as ``enterprise`` may know it: the shown name until both agreed."""
    side = side_of(partnership, enterprise)
    if side is None:
        return ""
    other = posting_of(partnership, other_side(side))
    return str(other.enterprise.name if is_introduced(partnership) else other.shown_name)


def days_of_answer(keys: Iterable[str]) -> dict[date, list[str]]:
    """Of these partnerships the keys of those that wait for an answer, by its last day."""
    rows = Partnership.objects.filter(key__in=list(keys), state=State.INTERESTED, answer_by__isnull=False)
    found: dict[date, list[str]] = {}
    for day, key in rows.order_by("pk").values_list("answer_by", "key"):
        if day is not None:
            found.setdefault(day, []).append(key)
    return found


def overdue_interests(*, on: date, keys: Iterable[str] | None = None) -> PartnershipQuerySet:
    """Interests that nobody will answer any more, the oldest first: answer due before ``on``, or a posting is over; of
    those with ``keys`` only where given.
    """
    over = Q(answer_by__lt=on)
    for side in ("need", "capacity"):
        over |= Q(**{f"{side}__status__in": OVER})
        over |= Q(**{f"{side}__window_end__lt": on}) | Q(**{f"{side}__enterprise__suspended_at__isnull": False})
    rows = Partnership.objects.filter(over, state__in=WAITING).order_by("pk")
    return rows if keys is None else rows.filter(key__in=list(keys))


def lapse_reason(partnership: Partnership, *, on: date) -> Reason | None:
    """Why an interest ends by itself: a posting is over, or nobody answered in time; None while it waits."""
    if partnership.state not in WAITING:
        return None
    for posting in (partnership.need, partnership.capacity):
        has_passed = posting.window_end is not None and posting.window_end < on
        if posting.status in OVER or has_passed or posting.enterprise.suspended_at is not None:
            return Reason.END_PARTNERSHIP_POSTING_OVER
    is_late = partnership.answer_by is not None and partnership.answer_by < on
    return Reason.END_PARTNERSHIP_NO_ANSWER if is_late else None


def versions_now(partnership: Partnership) -> tuple[int, int]:
    """Versions of the need and the capacity as they stand."""
    return partnership.need.version, partnership.capacity.version


def changed_since_interest(partnership: Partnership) -> list[Side]:
    """The sides whose posting was changed after the interest; none where the versions were not kept."""
    kept = (partnership.need_version, partnership.capacity_version)
    sides = zip((Side.NEED, Side.CAPACITY), kept, versions_now(partnership), strict=True)
    return [side for side, before, now in sides if before not in (None, now)]


def step_of(state: State | str) -> int:
    """The place of a state among the six steps that a page shows, from 0; an end has none of its own."""
    return next((place for place, states in enumerate(STEPS) if state in states), 0)


def contact_of_side(partnership: Partnership, side: Side) -> Contact:
    """Contact data of one side: what its posting keeps, else its enterprise's. The caller asked for consent."""
    return contact_of_posting(posting_of(partnership, side))


def contact_of_posting(posting: Posting) -> Contact:
    """Whom to reach about a posting: what it keeps, else its enterprise's contact. The caller asked for consent."""
    kept = PostingContact.objects.filter(posting=posting).first()
    if kept is not None and (kept.phone or kept.email or kept.other):
        return Contact(kept.person, kept.phone, kept.email, kept.other)
    firm = EnterpriseContact.objects.filter(enterprise=posting.enterprise_id).first()
    return Contact(firm.person, firm.phone, firm.email) if firm else Contact()


def declining_reasons() -> list[Reason]:
    """What an interest can be declined, and a talk ended, for."""
    by_itself = (
        Reason.END_PARTNERSHIP_NO_ANSWER,
        Reason.END_PARTNERSHIP_WITHDRAWN,
        Reason.END_PARTNERSHIP_POSTING_OVER,
        Reason.END_PARTNERSHIP_UNCONFIRMED,
        Reason.END_PARTNERSHIP_NOT_DELIVERED,
    )
    return [reason for reason in reasons_of("end.partnership") if reason not in by_itself]


def failing_reasons() -> list[Reason]:
    """What a signed agreement can end for."""
    return [*declining_reasons(), Reason.END_PARTNERSHIP_NOT_DELIVERED]


def days_left(partnership: Partnership) -> int | None:
    """Days until the answer is due, negative when it is over; None where nobody waits."""
    if partnership.state != State.INTERESTED or partnership.answer_by is None:
        return None
    return (partnership.answer_by - timezone.localdate()).days


def line_of(partnership: Partnership, enterprise: Enterprise | None) -> Line | None:
    """The partnership from where ``enterprise`` stands, None where it is no side of it."""
    side = side_of(partnership, enterprise)
    if side is None:
        return None
    other = other_side(side)
    return Line(
        partnership=partnership,
        side=side,
        own=posting_of(partnership, side),
        other=posting_of(partnership, other),
        name=counterpart_name(partnership, enterprise),
        is_our_turn=partnership.state == State.INTERESTED and partnership.opened_by == other,
        days_left=days_left(partnership),
    )


class ShownCertificate(NamedTuple):
    """What may be known of a firm's certificate, as plain values: a page of suggestions shows a hundred of them."""

    enterprise: int
    code: str
    state: str
    expires_on: date | None


def certificates_shown(*, postings: Iterable[Posting], on: date) -> dict[int, list[ShownCertificate]]:
    """What a reader may know of the certificates of the postings' firms, by firm: kind, last day, claimed or checked.

    Neither rejected ones nor those that ended before ``on``; one query.
    """
    firms = {posting.enterprise_id for posting in postings}
    rows = EnterpriseCertificate.objects.filter(enterprise__in=firms).exclude(state=CheckState.REJECTED)
    rows = rows.exclude(expires_on__lt=on).order_by("certification__code", "pk")
    found: dict[int, list[ShownCertificate]] = {}
    for values in rows.values_list("enterprise", "certification__code", "state", "expires_on"):
        row = ShownCertificate(*values)
        found.setdefault(row.enterprise, []).append(row)
    return found
