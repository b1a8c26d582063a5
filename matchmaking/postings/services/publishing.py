"""A posting's life as its owner steers it: published, paused, confirmed, renewed, closed."""

from datetime import date, timedelta

from django.core import signing
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_members
from common.errors import Invalid, Refused, require
from common.reasons import Reason, reasons_of
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import (
    OPEN,
    can_close_posting,
    can_confirm_posting,
    can_pause_posting,
    can_publish_posting,
    can_renew_posting,
    can_resume_posting,
    can_review_posting,
    can_withhold_posting,
)
from matchmaking.postings.queries import user_by_key
from matchmaking.postings.services.contacts import has_contact
from matchmaking.postings.services.content import check_for_readers
from matchmaking.postings.services.drafting import locked

NEW_FIRM_QUOTA = 20
"""Open postings of an enterprise that is not verified, from which the next one waits for a check (ADR 0050)."""
LINK_VALID = timedelta(days=14)
LINK_SALT = "postings.confirm"
PAGE = "web:postings:posting"


@unit_of_work
def publish_posting(*, posting: Posting, actor: User) -> Posting:
    """Show a draft to its readers; an enterprise over the quota of new firms has it checked first (``in_review``).

    Raises Invalid for what is missing or over, Refused (not_yours, suspended, wrong_state, contact_in_text).
    """
    row = locked(posting)
    require(can_publish_posting(actor, row))
    check_for_readers(row, timezone.localdate())
    if has_contact(row.title, row.text):
        raise Refused(Reason.REFUSAL_CONTACT_IN_TEXT)
    if is_over_quota(row):
        _move(row, Status.IN_REVIEW, Verb.MOVED, actor, hold_reason=Reason.FLAG_NEW_FIRM_QUOTA.value)
        notify_members(
            enterprise=row.enterprise,
            kind=NoticeKind.POSTING_HELD,
            key=f"{row.number}:{row.version}",
            route=PAGE,
            thing_key=row.number,
            facts={"title": row.title, "reason": row.hold_reason},
        )
        return row
    return _show(row, actor)


def is_over_quota(posting: Posting) -> bool:
    """Whether an enterprise that is not verified has as many open postings as a new firm may."""
    if posting.enterprise.is_verified:
        return False
    return Posting.objects.filter(enterprise=posting.enterprise_id, status__in=OPEN).count() >= NEW_FIRM_QUOTA


def _show(row: Posting, actor: User) -> Posting:
    row.published_at = timezone.now()
    row.confirmed_on = timezone.localdate()
    return _move(row, Status.PUBLISHED, Verb.PUBLISHED, actor, hold_reason="")


def _move(
    row: Posting, status: Status, verb: Verb, actor: User | None, *, hold_reason: str = "", end_reason: str = ""
) -> Posting:
    came_from = row.status
    row.status, row.hold_reason, row.end_reason = status, hold_reason, end_reason
    row.version += 1
    row.full_clean(exclude=["title", "subject"])
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


@unit_of_work
def pause_posting(*, posting: Posting, actor: User) -> Posting:
    """Take a published posting out of lists and matching for a while. Refuses not_yours, wrong_state."""
    row = locked(posting)
    require(can_pause_posting(actor, row))
    return _move(row, Status.PAUSED, Verb.PAUSED, actor)


@unit_of_work
def resume_posting(*, posting: Posting, actor: User) -> Posting:
    """Show a paused posting again, confirmed today. Refuses not_yours, wrong_state; Invalid when its window is over."""
    row = locked(posting)
    require(can_resume_posting(actor, row))
    check_for_readers(row, timezone.localdate())
    row.confirmed_on = timezone.localdate()
    return _move(row, Status.PUBLISHED, Verb.PUBLISHED, actor)


@unit_of_work
def confirm_posting(*, posting: Posting, actor: User) -> Posting:
    """Say that a posting still holds; twice on one day counts once. Refuses not_yours, wrong_state."""
    row = locked(posting)
    require(can_confirm_posting(actor, row))
    today = timezone.localdate()
    if row.confirmed_on != today:
        row.confirmed_on = today
        row.save(update_fields=["confirmed_on", "changed_at"])
        record_change(thing=row, verb=Verb.CONFIRMED, actor=actor, enterprise=row.enterprise)
    return row


def confirmation_token(*, posting: Posting, user: User) -> str:
    """What a link carries that confirms this posting for ``user`` without signing in, once and for fourteen days."""
    told = f"{posting.number}:{user.pk}:{posting.confirmed_on or ''}"
    return signing.TimestampSigner(salt=LINK_SALT).sign(told)


def posting_of_token(*, token: str) -> tuple[Posting, User]:
    """The posting and the user that a link names. Refuses link_over when it is too old, used, or not ours."""
    try:
        number, key, confirmed = signing.TimestampSigner(salt=LINK_SALT).unsign(token, max_age=LINK_VALID).split(":")
    except (signing.BadSignature, ValueError) as error:
        raise Refused(Reason.REFUSAL_LINK_OVER) from error
    user = user_by_key(int(key)) if key.isascii() and key.isdecimal() else None
    posting = Posting.objects.select_related("enterprise", "node", "region", "unit").filter(number=number).first()
    if user is None or posting is None or str(posting.confirmed_on or "") != confirmed:
        raise Refused(Reason.REFUSAL_LINK_OVER)
    return posting, user


@unit_of_work
def confirm_posting_by_link(*, token: str) -> Posting:
    """Confirm the posting that a mailed link names, as the person it was sent to. Refuses link_over too."""
    posting, user = posting_of_token(token=token)
    return confirm_posting(posting=posting, actor=user)


@unit_of_work
def renew_posting(*, posting: Posting, actor: User, window_end: date | None = None) -> Posting:
    """Give a posting a new last day and a fresh confirmation; one that had expired is shown again.

    Without ``window_end`` the window stays as it is. Raises Invalid when it lies in the past or before the first day.
    """
    row = locked(posting)
    require(can_renew_posting(actor, row))
    today = timezone.localdate()
    if window_end:
        if row.window_start and window_end < row.window_start:
            raise Invalid({"window_end": Reason.REFUSAL_WINDOW_REVERSED})
        row.window_end = window_end
    check_for_readers(row, today)
    row.confirmed_on = today
    status = Status.PAUSED if row.status == Status.PAUSED else Status.PUBLISHED
    return _move(row, status, Verb.CONFIRMED if row.status == status else Verb.PUBLISHED, actor)


@unit_of_work
def close_posting(*, posting: Posting, actor: User, reason: Reason | str) -> Posting:
    """End a posting for one of the reasons of its direction (``end.need.*`` or ``end.capacity.*``).

    Raises Invalid for any other reason, Refused (not_yours, wrong_state).
    """
    row = locked(posting)
    require(can_close_posting(actor, row))
    if not reason:
        raise Invalid({"reason": Reason.REFUSAL_REQUIRED})
    if reason not in closing_reasons(row.direction):
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)[:60]}})
    return _move(row, Status.CLOSED, Verb.CLOSED, actor, end_reason=str(Reason(reason).value))


def closing_reasons(direction: str) -> list[Reason]:
    """The reasons that a posting of this direction can be closed for, in register order."""
    return reasons_of(f"end.{direction}")


@unit_of_work
def release_posting(*, posting: Posting, actor: User) -> Posting:
    """Let a posting that waited for a check be seen. Refuses not_yours, wrong_state."""
    row = locked(posting)
    require(can_review_posting(actor, row))
    return _show(row, actor)


@unit_of_work
def withhold_posting(*, posting: Posting, actor: User, reason: Reason) -> Posting:
    """Give a posting back to its owner as a draft for a reason of kind ``flag``, and tell its members.

    Refuses not_yours, wrong_state; Invalid for a reason of another kind.
    """
    row = locked(posting)
    require(can_withhold_posting(actor, row))
    if reason.kind != "flag":
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": reason.value}})
    _move(row, Status.DRAFT, Verb.REJECTED, actor, hold_reason=reason.value)
    notify_members(
        enterprise=row.enterprise,
        kind=NoticeKind.POSTING_HELD,
        key=f"{row.number}:{row.version}",
        route=PAGE,
        thing_key=row.number,
        facts={"title": row.title, "reason": reason.value},
    )
    return row
