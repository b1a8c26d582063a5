"""What time does to postings: windows end, confirmations fall due, the busy mark is refreshed once a day."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from accounts.choices import NoticeKind, ReviewKind, Verb
from accounts.models import Membership, Notice, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_user
from accounts.services.reviews import withdraw_review
from matchmaking.postings.choices import BusyLevel, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import CONFIRM_AFTER, STALE_AFTER
from matchmaking.postings.services.moving import open_to_everybody
from matchmaking.postings.services.publishing import PAGE, confirmation_token

AT_ONCE = 500
"""Rows of one transaction: short enough that writers beside it wait less than a second."""
BUSY_FROM, SOME_FROM = 10, 3
"""Open requests from which a posting counts as busy, or as having some (ADR 0050)."""
WAITING = (Status.PUBLISHED, Status.PAUSED, Status.IN_REVIEW)


@dataclass(frozen=True)
class LifeFigures:
    """What one night did: postings over, owners asked, busy marks changed, postings opened to everybody."""

    expired: int
    asked: int
    remarked: int
    opened: int = 0


def expire_postings() -> LifeFigures:
    """The nightly round: ends what is over, tells what has opened, asks for confirmations, refreshes busy marks.

    Repeating changes nothing.
    """
    expired = 0
    while batch := _expire_some():
        expired += batch
    opened = 0
    while batch := _tell_opened():
        opened += batch
    return LifeFigures(expired=expired, asked=ask_for_confirmations(), remarked=refresh_busy_levels(), opened=opened)


@unit_of_work
def _expire_some() -> int:
    over = Posting.objects.filter(status__in=WAITING, window_end__lt=timezone.localdate()).order_by("pk")
    rows = list(over.select_related("enterprise").select_for_update(of=("self",))[:AT_ONCE])
    for row in rows:
        came_from = row.status
        row.status, row.hold_reason = Status.EXPIRED, ""
        row.version += 1
        row.save(update_fields=["status", "hold_reason", "version", "changed_at"])
        if came_from == Status.IN_REVIEW:
            withdraw_review(kind=ReviewKind.POSTING, thing_key=row.number)
        record_change(thing=row, verb=Verb.EXPIRED, actor=None, enterprise=row.enterprise, facts={"from": came_from})
    return len(rows)


@unit_of_work
def _tell_opened() -> int:
    """Publish anew what asked its network first until now: for all others, and for what tells them of new postings, it
    begins today.
    """
    today = timezone.localdate()
    due = Posting.objects.open_to_all().filter(status=Status.PUBLISHED, opens_on__gt=F("published_at__date"))
    rows = list(due.select_related("enterprise").order_by("pk").select_for_update(of=("self",))[:AT_ONCE])
    for row in rows:
        open_to_everybody(row=row, on=row.opens_on or today, actor=None)
    return len(rows)


@unit_of_work
def ask_for_confirmations() -> int:
    """Ask editors and owners, once a posting and round, whether what is 30 to 60 days old still holds.

    Each notice carries a link that confirms without signing in. Returns how many postings were asked about now.
    """
    today = timezone.localdate()
    due = Posting.objects.live().filter(
        confirmed_on__lte=today - CONFIRM_AFTER, confirmed_on__gt=today - STALE_AFTER - CONFIRM_AFTER
    )
    asked = set(Notice.objects.filter(kind=NoticeKind.CONFIRMATION_DUE).values_list("key", flat=True))
    rows = [row for row in due.select_related("enterprise").order_by("pk") if round_of(row) not in asked]
    readers: dict[int, list[User]] = {}
    memberships = Membership.objects.active().filter(enterprise__in={row.enterprise_id for row in rows})
    for membership in memberships.exclude(role="viewer").select_related("user").order_by("pk"):
        readers.setdefault(membership.enterprise_id, []).append(membership.user)
    for row in rows:
        for reader in readers.get(row.enterprise_id, []):
            notify_user(
                user=reader,
                kind=NoticeKind.CONFIRMATION_DUE,
                key=round_of(row),
                route=PAGE,
                thing_key=row.number,
                facts={"title": row.title, "token": confirmation_token(posting=row, user=reader)},
            )
    return len(rows)


def round_of(posting: Posting) -> str:
    """Key of the question whether ``posting`` still holds: one for each time that it was confirmed."""
    return f"{posting.number}:{posting.confirmed_on}"


def level_of(open_requests: int) -> BusyLevel:
    """The busy mark that so many open requests make."""
    if open_requests >= BUSY_FROM:
        return BusyLevel.BUSY
    return BusyLevel.SOME if open_requests >= SOME_FROM else BusyLevel.FREE


@unit_of_work
def refresh_busy_levels() -> int:
    """Set the busy mark of each posting from its open requests and what its firm said, once a day so that nobody reads
    single requests off it.

    Returns how many marks changed.
    """
    changed = 0
    said = Q(busy_until__gte=timezone.localdate())
    some = Q(open_interest_count__gte=SOME_FROM, open_interest_count__lt=BUSY_FROM)
    marks = {
        BusyLevel.FREE: Q(open_interest_count__lt=SOME_FROM) & ~said,
        BusyLevel.SOME: some & ~said,
        BusyLevel.BUSY: Q(open_interest_count__gte=BUSY_FROM) | said,
    }
    for level, holds in marks.items():
        rows = Posting.objects.filter(holds).exclude(busy_level=level)
        for row in rows.select_related("enterprise").order_by("pk"):
            Posting.objects.filter(pk=row.pk).update(busy_level=level)
            record_change(thing=row, verb=Verb.CHANGED, actor=None, enterprise=row.enterprise, facts={"busy": level})
            changed += 1
    return changed
