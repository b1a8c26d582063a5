"""What moderators decide about an enterprise: verified, rejected, suspended, restored."""

from allauth.idp.oidc.models import Client
from django.utils import timezone

from accounts.choices import NoticeKind, ReviewKind, ReviewOutcome, Role, Verb, Verification
from accounts.models import ApiClient, Enterprise, Membership, Review, User
from accounts.permissions import can_review_enterprise, can_suspend_enterprise
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_members
from accounts.services.reviews import LONGEST_NOTE, checked_text, close_review, tell_decision
from common.errors import Invalid, Refused, require
from common.models import random_key
from common.reasons import Reason, reasons_of
from common.values import normalise_text

REJECTIONS = tuple(reasons_of("end.verification"))
"""What an enterprise can be rejected for."""
SUSPENSIONS = (Reason.FLAG_FALSE_CLAIM, Reason.FLAG_JUNK, Reason.FLAG_CONTACT_IN_TEXT)
"""What an enterprise can be suspended for."""


@unit_of_work
def verify_enterprise(*, enterprise: Enterprise, actor: User, note: str = "") -> Enterprise:
    """Say that it was checked who this is, and tell its owners; done twice it changes nothing.

    Refuses not_yours, and taken where another moderator has it.
    """
    locked = _locked(enterprise)
    require(can_review_enterprise(actor, locked))
    if locked.verification == Verification.VERIFIED:
        return locked
    plain = _note(note)
    locked.verification, locked.verified_at = Verification.VERIFIED, timezone.now()
    locked.verification_note = plain
    _keep_decision(locked, actor, ReviewKind.ENTERPRISE, ReviewOutcome.PASSED, None, plain)
    _decided(locked, actor, Verb.VERIFIED, None, plain)
    _tell(locked, NoticeKind.ENTERPRISE_VERIFIED, plain)
    return locked


@unit_of_work
def reject_enterprise(*, enterprise: Enterprise, actor: User, reason: Reason, note: str) -> Enterprise:
    """Say that it could not be verified, why (one of ``REJECTIONS``), and in ``note`` what helps; owners may appeal.

    It keeps its postings with the mark of a firm that is not checked and may ask again. Refuses not_yours, taken;
    Invalid without a note.
    """
    locked = _locked(enterprise)
    require(can_review_enterprise(actor, locked))
    _one_of(reason, REJECTIONS)
    plain = checked_text(note, "note", LONGEST_NOTE)
    if locked.verification == Verification.REJECTED and locked.verification_note == plain:
        return locked
    locked.verification, locked.verified_at = Verification.REJECTED, None
    locked.verification_note = plain
    review = _keep_decision(locked, actor, ReviewKind.ENTERPRISE, ReviewOutcome.REJECTED, reason, plain)
    _decided(locked, actor, Verb.REJECTED, reason, plain)
    tell_decision(review=review, kind=NoticeKind.ENTERPRISE_REJECTED, roles=(Role.OWNER,))
    return locked


@unit_of_work
def suspend_enterprise(*, enterprise: Enterprise, actor: User, reason: Reason, note: str) -> Enterprise:
    """Close every door of an enterprise at once: its postings go out of sight, the sessions of people who act for it
    alone and the tokens of its partner systems end. Its owners may still sign in, read why, and appeal.

    ``reason`` is one of ``SUSPENSIONS`` and ``note`` says what happened; done twice it changes nothing. Interests that
    wait are ended by ``suspend_firm`` of partnerships, which calls this. Refuses not_yours; Invalid without a note.
    """
    locked = _locked(enterprise)
    require(can_suspend_enterprise(actor, locked))
    _one_of(reason, SUSPENSIONS)
    plain = checked_text(note, "note", LONGEST_NOTE)
    if locked.suspended_at is not None:
        return locked
    locked.suspended_at = timezone.now()
    review = _keep_decision(locked, actor, ReviewKind.SUSPENSION, ReviewOutcome.REJECTED, reason, plain)
    closed = {"sessions": _end_sessions(locked), "clients": _end_clients(locked)}
    _decided(locked, actor, Verb.SUSPENDED, reason, plain, closed)
    tell_decision(review=review, kind=NoticeKind.ENTERPRISE_SUSPENDED, roles=(Role.OWNER,))
    return locked


@unit_of_work
def restore_enterprise(*, enterprise: Enterprise, actor: User, note: str = "") -> Enterprise:
    """Let a suspended enterprise act again: its postings are back as they were, its partner systems are not.

    Refuses not_yours, wrong_state for one that is not suspended.
    """
    locked = _locked(enterprise)
    require(can_suspend_enterprise(actor, locked))
    if locked.suspended_at is None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=Verification(locked.verification).label)
    plain = _note(note)
    locked.suspended_at = None
    _decided(locked, actor, Verb.RESTORED, None, plain)
    _tell(locked, NoticeKind.ENTERPRISE_RESTORED, plain)
    return locked


def _end_sessions(enterprise: Enterprise) -> int:
    """Close the sessions of members who act for no other enterprise. Of others the acting firm falls away by itself,
    since nobody acts for a suspended one.
    """
    members = Membership.objects.active().filter(enterprise=enterprise).values("user")
    elsewhere = Membership.objects.active().filter(user__in=members, enterprise__suspended_at=None)
    busy = elsewhere.exclude(enterprise=enterprise).values("user")
    ended = 0
    for person in User.objects.filter(pk__in=members).exclude(pk__in=busy).order_by("pk"):
        person.session_seed = random_key()
        person.save(update_fields=["session_seed"])
        ended += 1
    return ended


def _end_clients(enterprise: Enterprise) -> int:
    """End its partner systems for good: with their identity go their tokens."""
    clients = ApiClient.objects.filter(enterprise=enterprise, revoked_at=None)
    known = list(clients.values_list("client_id", flat=True))
    now = timezone.now()
    clients.update(revoked_at=now, changed_at=now)
    Client.objects.filter(pk__in=known).delete()
    return len(known)


def _locked(enterprise: Enterprise) -> Enterprise:
    found: Enterprise = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    return found


def _keep_decision(
    enterprise: Enterprise, actor: User, kind: ReviewKind, outcome: ReviewOutcome, reason: Reason | None, note: str
) -> Review:
    return close_review(
        kind=kind,
        enterprise=enterprise,
        thing_key=enterprise.key,
        title=enterprise.name,
        actor=actor,
        outcome=outcome,
        reason=reason.value if reason else "",
        note=note,
    )


def _decided(
    enterprise: Enterprise,
    actor: User,
    verb: Verb,
    reason: Reason | None,
    note: str,
    more: dict[str, int] | None = None,
) -> None:
    enterprise.version += 1
    enterprise.save()
    facts: dict[str, object] = {"note": note} if note else {}
    record_change(
        thing=enterprise,
        verb=verb,
        actor=actor,
        enterprise=enterprise,
        reason=reason.value if reason else "",
        facts=facts | (more or {}),
    )


def _tell(enterprise: Enterprise, kind: NoticeKind, note: str) -> None:
    notify_members(
        enterprise=enterprise,
        kind=kind,
        key=f"{enterprise.key}:{enterprise.version}",
        route="web:accounts:workbench",
        facts={"title": enterprise.name, "reason": "", "note": note, "told": True},
        roles=(Role.OWNER,),
    )


def _note(note: str) -> str:
    return checked_text(note, "note", LONGEST_NOTE) if normalise_text(note) else ""


def _one_of(reason: Reason, allowed: tuple[Reason, ...]) -> None:
    if reason not in allowed:
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)}})
