"""Steps that several acts of a posting's life share: moved to another state, shown, held for a moderator."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from accounts.choices import NoticeKind, ReviewKind, Verb
from accounts.models import User
from accounts.queries import network_of
from accounts.services.changes import record_change
from accounts.services.checks import check_values
from accounts.services.notices import notify_firms, notify_members
from accounts.services.reviews import open_review, withdraw_review
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.flags import Flag

PAGE = "web:postings:posting"


def hold(*, row: Posting, flags: Sequence[Flag], actor: User, tells: bool = True) -> Posting:
    """Take ``row`` out of sight until a moderator looked at what ``flags`` found, and tell its members.

    Who holds many at once tells of them together: not ``tells``.
    """
    move(row=row, status=Status.IN_REVIEW, verb=Verb.MOVED, actor=actor, hold_reason=flags[0].reason.value)
    enqueue(row, flags)
    if not tells:
        return row
    notify_members(
        enterprise=row.enterprise,
        kind=NoticeKind.POSTING_HELD,
        key=f"{row.number}:{row.version}",
        route=PAGE,
        thing_key=row.number,
        facts={"title": row.title, "reason": row.hold_reason, "told": True},
    )
    return row


def enqueue(row: Posting, flags: Sequence[Flag]) -> None:
    """Put ``row`` into the queue with the words that were found; what waits already gets the words of now."""
    open_review(
        kind=ReviewKind.POSTING,
        enterprise=row.enterprise,
        thing_key=row.number,
        title=row.title,
        flag=flags[0].reason.value,
        quotes=[quote for flag in flags for quote in flag.quotes],
        region=row.region,
        chain=row.node.chain if row.node else None,
    )


def show(*, row: Posting, actor: User, keeps_day: bool = False) -> Posting:
    """Let readers see ``row``, confirmed today: as of now, or since the day on which it was seen first.

    What asks a network first opens so many days after it was seen first, whatever becomes of it between.
    """
    asks_first = row.published_at is None and bool(row.network_first_days)
    if asks_first:
        row.opens_on = timezone.localdate() + timedelta(days=row.network_first_days or 0)
    row.published_at = (row.published_at if keeps_day else None) or timezone.now()
    row.confirmed_on = timezone.localdate()
    move(row=row, status=Status.PUBLISHED, verb=Verb.PUBLISHED, actor=actor, hold_reason="")
    if asks_first:
        # No title: a notice stays with its reader, also when the firm has left the network.
        asked = network_of(row.enterprise).exclude(pk__in=row.hidden_from.values("pk"))
        kind = NoticeKind.NETWORK_ASKS_FIRST
        notify_firms(enterprises=asked, kind=kind, key=row.number, route=PAGE, thing_key=row.number)
    return row


def open_to_everybody(*, row: Posting, on: date, actor: User | None) -> Posting:
    """Publish ``row`` anew, which its firm's network alone could see until then."""
    row.opens_on, row.published_at = on, timezone.now()
    row.version += 1
    row.save(update_fields=["opens_on", "published_at", "version", "changed_at"])
    record_change(thing=row, verb=Verb.PUBLISHED, actor=actor, enterprise=row.enterprise, facts={"opens_on": str(on)})
    return row


def move(
    *, row: Posting, status: Status, verb: Verb, actor: User | None, hold_reason: str = "", end_reason: str = ""
) -> Posting:
    """Put ``row`` into ``status`` and record it; one that is closed waits for no moderator any more."""
    came_from = row.status
    row.status, row.hold_reason, row.end_reason = status, hold_reason, end_reason
    row.version += 1
    if came_from == Status.IN_REVIEW and status == Status.CLOSED:
        withdraw_review(kind=ReviewKind.POSTING, thing_key=row.number)
    check_values(row, exclude=["title", "subject"])
    row.save()
    record_change(
        thing=row,
        verb=verb,
        actor=actor,
        enterprise=row.enterprise,
        reason=hold_reason or end_reason,
        facts={"from": came_from, "to": str(status)},
    )
    return row
