"""What platform administrators decide about an enterprise: verified, rejected, suspended, restored."""

from django.utils import timezone

from accounts.choices import NoticeKind, Role, Verb, Verification
from accounts.models import Enterprise, User
from accounts.permissions import can_verify_enterprise
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_members
from common.errors import Invalid, Refused, require
from common.reasons import Reason, reasons_of
from common.values import normalise_text

LONGEST_NOTE = 400
REJECTIONS = tuple(reasons_of("end.verification"))
"""What an enterprise can be rejected for."""
SUSPENSIONS = (Reason.FLAG_FALSE_CLAIM, Reason.FLAG_JUNK, Reason.FLAG_CONTACT_IN_TEXT)
"""What an enterprise can be suspended for."""


@unit_of_work
def verify_enterprise(*, enterprise: Enterprise, actor: User, note: str = "") -> Enterprise:
    """Say that the platform checked who this is, and tell its members; done twice it changes nothing."""
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_verify_enterprise(actor, locked))
    if locked.verification == Verification.VERIFIED:
        return locked
    locked.verification, locked.verified_at = Verification.VERIFIED, timezone.now()
    locked.verification_note = _note(note, required=False)
    return _decided(locked, actor, Verb.VERIFIED, NoticeKind.ENTERPRISE_VERIFIED, None, note)


@unit_of_work
def reject_enterprise(*, enterprise: Enterprise, actor: User, reason: Reason, note: str) -> Enterprise:
    """Say that it could not be verified, why (one of ``REJECTIONS``), and in ``note`` what helps.

    It keeps its postings with the mark of a firm that is not checked and may ask again. Invalid without a note.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_verify_enterprise(actor, locked))
    _one_of(reason, REJECTIONS)
    if locked.verification == Verification.REJECTED and locked.verification_note == note:
        return locked
    locked.verification, locked.verified_at = Verification.REJECTED, None
    locked.verification_note = _note(note, required=True)
    return _decided(locked, actor, Verb.REJECTED, NoticeKind.ENTERPRISE_REJECTED, reason, note)


@unit_of_work
def suspend_enterprise(*, enterprise: Enterprise, actor: User, reason: Reason, note: str = "") -> Enterprise:
    """Take it and all its postings off every page at once; its members read on but cannot act.

    ``reason`` is one of ``SUSPENSIONS``; done twice it changes nothing.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_verify_enterprise(actor, locked))
    _one_of(reason, SUSPENSIONS)
    if locked.suspended_at is not None:
        return locked
    locked.suspended_at = timezone.now()
    return _decided(locked, actor, Verb.SUSPENDED, NoticeKind.ENTERPRISE_SUSPENDED, reason, note)


@unit_of_work
def restore_enterprise(*, enterprise: Enterprise, actor: User, note: str = "") -> Enterprise:
    """Let a suspended enterprise act again; refuses wrong_state for one that is not suspended."""
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_verify_enterprise(actor, locked))
    if locked.suspended_at is None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=Verification(locked.verification).label)
    locked.suspended_at = None
    return _decided(locked, actor, Verb.RESTORED, NoticeKind.ENTERPRISE_RESTORED, None, note)


def _decided(
    enterprise: Enterprise, actor: User, verb: Verb, kind: NoticeKind, reason: Reason | None, note: str
) -> Enterprise:
    enterprise.version += 1
    enterprise.save()
    code = reason.value if reason else ""
    note = _note(note, required=False)
    record_change(
        thing=enterprise,
        verb=verb,
        actor=actor,
        enterprise=enterprise,
        reason=code,
        facts={"note": note} if note else {},
    )
    notify_members(
        enterprise=enterprise,
        kind=kind,
        key=f"{enterprise.key}:{enterprise.version}",
        route="web:accounts:workbench",
        facts={"title": enterprise.name, "reason": code, "note": note},
        roles=(Role.OWNER,),
    )
    return enterprise


def _note(note: str, *, required: bool) -> str:
    plain = normalise_text(note)
    if required and not plain:
        raise Invalid({"note": Reason.REFUSAL_REQUIRED})
    if len(plain) > LONGEST_NOTE:
        raise Invalid({"note": Reason.REFUSAL_TOO_LONG}, {"note": {"limit": LONGEST_NOTE}})
    return plain


def _one_of(reason: Reason, allowed: tuple[Reason, ...]) -> None:
    if reason not in allowed:
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)}})
