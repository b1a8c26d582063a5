"""A posting's life as its owner steers it: published, paused, confirmed, renewed, closed."""

from datetime import date, timedelta

from django.core import signing
from django.utils import timezone

from accounts.choices import NoticeKind, ReviewKind, ReviewOutcome, Role, Verb
from accounts.models import Review, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_members
from accounts.services.reviews import (
    LONGEST_NOTE,
    checked_text,
    close_review,
    tell_decision,
)
from common.errors import Invalid, Refused, Stale, require
from common.reasons import Reason, reasons_of
from common.values import normalise_text
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import (
    can_close_posting,
    can_confirm_posting,
    can_pause_posting,
    can_publish_posting,
    can_renew_posting,
    can_restore_posting,
    can_resume_posting,
    can_review_posting,
    can_withhold_posting,
)
from matchmaking.postings.queries.postings import user_by_key
from matchmaking.postings.services.content import check_for_readers
from matchmaking.postings.services.drafting import locked
from matchmaking.postings.services.flags import contact_flag, flags_not_passed, flags_of
from matchmaking.postings.services.moving import PAGE, hold, move, show

REJECTIONS = tuple(reason for reason in reasons_of("flag") if reason != Reason.FLAG_CERTIFICATE_ELSEWHERE)
"""What a posting can be given back for."""
LINK_VALID = timedelta(days=14)
LINK_SALT = "postings.confirm"


@unit_of_work
def publish_posting(*, posting: Posting, actor: User, ask_check: bool = False, tells: bool = True) -> Posting:
    """Show a draft to its readers; one that a rule flags waits for a moderator first (``in_review``), and its members
    get a notice of that unless not ``tells``.

    Contact data in the text stops it, unless ``ask_check`` says that it is none: then a moderator looks.
    Raises Invalid for what is missing or over, Refused (not_yours, suspended, wrong_state, contact_in_text).
    """
    row = locked(posting)
    require(can_publish_posting(actor, row))
    check_for_readers(row, timezone.localdate())
    contact = contact_flag(row.title, row.text)
    if contact and not ask_check:
        raise Refused(Reason.REFUSAL_CONTACT_IN_TEXT)
    flags = [contact, *flags_of(row)] if contact else flags_of(row)
    return hold(row=row, flags=flags, actor=actor, tells=tells) if flags else show(row=row, actor=actor)


@unit_of_work
def pause_posting(*, posting: Posting, actor: User) -> Posting:
    """Take a published posting out of lists and matching for a while. Refuses not_yours, wrong_state."""
    row = locked(posting)
    require(can_pause_posting(actor, row))
    return move(row=row, status=Status.PAUSED, verb=Verb.PAUSED, actor=actor)


@unit_of_work
def resume_posting(*, posting: Posting, actor: User) -> Posting:
    """Show a paused posting again, confirmed today; one whose words a rule flags meanwhile waits for a moderator first.

    Refuses not_yours, wrong_state; Invalid when its window is over.
    """
    row = locked(posting)
    require(can_resume_posting(actor, row))
    check_for_readers(row, timezone.localdate())
    flags = flags_not_passed(row)
    if flags:
        return hold(row=row, flags=flags, actor=actor)
    row.confirmed_on = timezone.localdate()
    return move(row=row, status=Status.PUBLISHED, verb=Verb.PUBLISHED, actor=actor)


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
    return move(row=row, status=status, verb=Verb.CONFIRMED if row.status == status else Verb.PUBLISHED, actor=actor)


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
    return move(row=row, status=Status.CLOSED, verb=Verb.CLOSED, actor=actor, end_reason=str(Reason(reason).value))


def closing_reasons(direction: str) -> list[Reason]:
    """The reasons that a posting of this direction can be closed for, in register order."""
    return reasons_of(f"end.{direction}")


@unit_of_work
def release_posting(*, posting: Posting, actor: User, note: str = "", seen_version: int | None = None) -> Posting:
    """Let a posting that waited for a check be seen, and tell its members; one seen before keeps its first day.

    Refuses not_yours, wrong_state, and taken where another moderator has it. Stale where it is no longer the version
    that was read.
    """
    row = locked(posting)
    require(can_review_posting(actor, row))
    _require_read(row, seen_version)
    plain = checked_text(note, "note", LONGEST_NOTE) if normalise_text(note) else ""
    _keep_decision(row, actor, ReviewOutcome.PASSED, "", plain)
    show(row=row, actor=actor, keeps_day=True)
    notify_members(
        enterprise=row.enterprise,
        kind=NoticeKind.POSTING_RELEASED,
        key=f"{row.number}:{row.version}",
        route=PAGE,
        thing_key=row.number,
        facts={"title": row.title, "reason": "", "note": plain, "told": True},
    )
    return row


@unit_of_work
def withhold_posting(
    *, posting: Posting, actor: User, reason: Reason, note: str, seen_version: int | None = None
) -> Posting:
    """Give a posting back to its owner as a draft for one of ``REJECTIONS``, with what helps in ``note``; its members
    are told and may appeal.

    Refuses not_yours, wrong_state, taken; Invalid for a reason of another kind or without a note; Stale where it is no
    longer the version that was read.
    """
    row = locked(posting)
    require(can_withhold_posting(actor, row))
    _require_read(row, seen_version)
    if reason not in REJECTIONS:
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": reason.value}})
    plain = checked_text(note, "note", LONGEST_NOTE)
    review = _keep_decision(row, actor, ReviewOutcome.REJECTED, reason.value, plain)
    move(row=row, status=Status.DRAFT, verb=Verb.REJECTED, actor=actor, hold_reason=reason.value)
    tell_decision(review=review, kind=NoticeKind.POSTING_REJECTED, roles=(Role.OWNER, Role.EDITOR))
    return row


@unit_of_work
def restore_posting(*, posting: Posting, actor: User) -> Posting:
    """Show a posting again that was given back, since an appeal was granted.

    One that was changed meanwhile so that it cannot be shown stays with its owner, free of the reason that held it.
    Refuses not_yours.
    """
    row = locked(posting)
    require(can_restore_posting(actor, row))
    if row.status != Status.DRAFT:
        return row
    try:
        check_for_readers(row, timezone.localdate())
    except Invalid:
        return move(row=row, status=Status.DRAFT, verb=Verb.RESTORED, actor=actor)
    return show(row=row, actor=actor, keeps_day=True)


def _require_read(row: Posting, seen_version: int | None) -> None:
    if seen_version is not None and row.version != seen_version:
        raise Stale(seen=seen_version, current=row.version)


def _keep_decision(row: Posting, actor: User, outcome: ReviewOutcome, reason: str, note: str) -> Review:
    return close_review(
        kind=ReviewKind.POSTING,
        enterprise=row.enterprise,
        thing_key=row.number,
        title=row.title,
        actor=actor,
        outcome=outcome,
        reason=reason,
        note=note,
        region=row.region,
        chain=row.node.chain if row.node else None,
    )
