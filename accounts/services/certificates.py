"""Certificates that an enterprise holds or claims to hold, and what the platform says to them."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import CheckState, NoticeKind, ReviewKind, ReviewOutcome, Role, Verb
from accounts.models import Enterprise, EnterpriseCertificate, Review, User
from accounts.permissions import can_check_certificate, can_edit_certificate, can_edit_enterprise
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.evidence import take_evidence
from accounts.services.notices import notify_members, notify_platform
from accounts.services.reviews import (
    LONGEST_NOTE,
    checked_text,
    close_review,
    open_review,
    tell_decision,
    withdraw_review,
)
from common.errors import Invalid, Refused, require
from common.reasons import Reason, reasons_of
from common.values import normalise_code, one_line
from reference.models import Certification

MOST_CERTIFICATES = 100
REJECTIONS = tuple(reasons_of("end.certificate"))
"""What a certificate can be rejected for."""


@unit_of_work
def add_certificate(
    *,
    enterprise: Enterprise,
    actor: User,
    certification: Certification,
    number: str = "",
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    evidence: UploadedFile | None = None,
) -> EnterpriseCertificate:
    """A certificate as the firm claims it; ``expires_on`` is its last valid day. Its postings are matched anew.

    A number or file that another firm has registered is put before the platform; the firm is not told whose it is.
    """
    require(can_edit_enterprise(actor, enterprise))
    if EnterpriseCertificate.objects.filter(enterprise=enterprise).count() >= MOST_CERTIFICATES:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_CERTIFICATES)
    certificate = EnterpriseCertificate(enterprise=enterprise, certification=certification)
    return _keep(certificate, actor, number, issuer, issued_on, expires_on, evidence)


@unit_of_work
def edit_certificate(
    *,
    certificate: EnterpriseCertificate,
    actor: User,
    number: str = "",
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    evidence: UploadedFile | None = None,
) -> EnterpriseCertificate:
    """Correct or renew a certificate: what was checked before counts as claimed again."""
    locked: EnterpriseCertificate = (
        EnterpriseCertificate.objects.select_for_update(of=("self",))
        .select_related("enterprise", "certification")
        .get(pk=certificate.pk)
    )
    require(can_edit_certificate(actor, locked))
    return _keep(locked, actor, number, issuer, issued_on, expires_on, evidence)


@unit_of_work
def remove_certificate(*, certificate: EnterpriseCertificate, actor: User) -> None:
    """Take a certificate off the firm's list; the history keeps that it was there."""
    require(can_edit_certificate(actor, certificate))
    _record(certificate, actor, "removed")
    withdraw_review(kind=ReviewKind.CERTIFICATE, thing_key=str(certificate.pk))
    certificate.delete()


@unit_of_work
def check_certificate(*, certificate: EnterpriseCertificate, actor: User) -> EnterpriseCertificate:
    """Say that the certificate was found at its issuer; done twice it changes nothing.

    Refuses not_yours, taken, certificate_over for one that has expired, number_held where another firm's certificate
    with this number from this issuer was checked; Invalid without a number or an issuer.
    """
    locked = _locked(certificate)
    require(can_check_certificate(actor, locked))
    if locked.state == CheckState.CHECKED:
        return locked
    missing = [name for name in ("number", "issuer") if not getattr(locked, name)]
    if missing:
        raise Invalid(dict.fromkeys(missing, Reason.REFUSAL_REQUIRED))
    if locked.expires_on is not None and locked.expires_on < timezone.localdate():
        raise Refused(Reason.REFUSAL_CERTIFICATE_OVER)
    if _checked_elsewhere(locked):
        raise Refused(Reason.REFUSAL_NUMBER_HELD)
    locked.state, locked.hold_reason = CheckState.CHECKED, ""
    _decided(locked, actor, ReviewOutcome.PASSED, None, "")
    notify_members(
        enterprise=locked.enterprise,
        kind=NoticeKind.CERTIFICATE_CHECKED,
        key=f"{locked.pk}:{locked.changed_at.timestamp():.0f}",
        route="web:accounts:certificates",
        facts={"title": locked.number, "reason": ""},
        roles=(Role.OWNER,),
    )
    return locked


@unit_of_work
def reject_certificate(
    *, certificate: EnterpriseCertificate, actor: User, reason: Reason, note: str
) -> EnterpriseCertificate:
    """Say that it could not be confirmed, why (one of ``REJECTIONS``), and in ``note`` what helps.

    The firm may correct and claim it again, or appeal. Refuses not_yours, taken; Invalid without a note.
    """
    locked = _locked(certificate)
    require(can_check_certificate(actor, locked))
    if reason not in REJECTIONS:
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)}})
    plain = checked_text(note, "note", LONGEST_NOTE)
    if locked.state == CheckState.REJECTED:
        return locked
    locked.state = CheckState.REJECTED
    review = _decided(locked, actor, ReviewOutcome.REJECTED, reason, plain)
    tell_decision(review=review, kind=NoticeKind.CERTIFICATE_REJECTED, roles=(Role.OWNER,))
    return locked


@unit_of_work
def reconsider_certificate(*, certificate: EnterpriseCertificate, actor: User) -> EnterpriseCertificate:
    """Confirm a rejected certificate after an appeal; one that cannot be confirmed yet waits in the queue again.

    Refuses not_yours. One that the firm has claimed anew meanwhile stays as it is.
    """
    locked = _locked(certificate)
    require(can_check_certificate(actor, locked))
    if locked.state != CheckState.REJECTED:
        return locked
    locked.state, locked.checked_by, locked.checked_at = CheckState.CLAIMED, None, None
    locked.save()
    try:
        return check_certificate(certificate=locked, actor=actor)
    except (Invalid, Refused):
        _record(locked, actor, "claimed")
        _enqueue(locked)
        return locked


def _locked(certificate: EnterpriseCertificate) -> EnterpriseCertificate:
    rows = EnterpriseCertificate.objects.select_for_update(of=("self",))
    found: EnterpriseCertificate = rows.select_related("enterprise__region", "certification").get(pk=certificate.pk)
    return found


def _keep(
    certificate: EnterpriseCertificate,
    actor: User,
    number: str,
    issuer: str,
    issued_on: date | None,
    expires_on: date | None,
    evidence: UploadedFile | None,
) -> EnterpriseCertificate:
    certificate.number = normalise_code(number)
    certificate.issuer = one_line(issuer)
    certificate.issued_on, certificate.expires_on = issued_on, expires_on
    if not certificate.issuer:
        raise Invalid({"issuer": Reason.REFUSAL_REQUIRED})
    if issued_on and expires_on and expires_on < issued_on:
        raise Invalid({"expires_on": Reason.REFUSAL_WINDOW_REVERSED}, {"expires_on": {"start": str(issued_on)}})
    if evidence is not None:
        taken = take_evidence(evidence)
        certificate.evidence, certificate.evidence_hash = taken.file, taken.digest
    certificate.state, certificate.checked_by, certificate.checked_at = CheckState.CLAIMED, None, None
    check_row(certificate)
    held = _is_held_elsewhere(certificate)
    certificate.hold_reason = Reason.FLAG_CERTIFICATE_ELSEWHERE.value if held else ""
    act = "changed" if certificate.pk else "added"
    certificate.save()
    _record(certificate, actor, act)
    _enqueue(certificate)
    if held:
        notify_platform(
            kind=NoticeKind.CERTIFICATE_FLAGGED,
            key=f"{certificate.pk}:{certificate.changed_at.timestamp():.0f}",
            route="admin:accounts_enterprisecertificate_change",
            thing_key=str(certificate.pk),
            facts={"title": certificate.enterprise.name, "reason": certificate.hold_reason},
        )
    return certificate


def _enqueue(certificate: EnterpriseCertificate) -> None:
    open_review(
        kind=ReviewKind.CERTIFICATE,
        enterprise=certificate.enterprise,
        thing_key=str(certificate.pk),
        title=title_of(certificate),
        flag=certificate.hold_reason,
        quotes=[certificate.number] if certificate.hold_reason and certificate.number else [],
    )


def title_of(certificate: EnterpriseCertificate) -> str:
    """What the queue and the firm call it: code and number."""
    return f"{certificate.certification.code} {certificate.number}".strip()


def _is_held_elsewhere(certificate: EnterpriseCertificate) -> bool:
    others = EnterpriseCertificate.objects.exclude(enterprise=certificate.enterprise)
    same_number = others.filter(certification=certificate.certification, number=certificate.number)
    same_file = others.filter(evidence_hash=certificate.evidence_hash)
    return bool((certificate.number and same_number.exists()) or (certificate.evidence_hash and same_file.exists()))


def _checked_elsewhere(certificate: EnterpriseCertificate) -> bool:
    """Whether the number of this issuer is taken; the firm itself may not have it checked twice either."""
    same = EnterpriseCertificate.objects.filter(
        certification=certificate.certification,
        number=certificate.number,
        issuer__iexact=certificate.issuer,
        state=CheckState.CHECKED,
    )
    return bool(same.exclude(pk=certificate.pk).exists())


def _decided(
    certificate: EnterpriseCertificate, actor: User, outcome: ReviewOutcome, reason: Reason | None, note: str
) -> Review:
    certificate.checked_by, certificate.checked_at = actor, timezone.now()
    try:
        with transaction.atomic():
            certificate.save()
    except IntegrityError as error:
        # Another moderator confirmed the same number at another firm a moment ago.
        raise Refused(Reason.REFUSAL_NUMBER_HELD) from error
    review = close_review(
        kind=ReviewKind.CERTIFICATE,
        enterprise=certificate.enterprise,
        thing_key=str(certificate.pk),
        title=title_of(certificate),
        actor=actor,
        outcome=outcome,
        reason=reason.value if reason else "",
        note=note,
    )
    _record(certificate, actor, "checked" if outcome == ReviewOutcome.PASSED else "rejected", reason)
    return review


def _record(certificate: EnterpriseCertificate, actor: User, act: str, reason: Reason | None = None) -> None:
    """The enterprise is the thing that changed: matching reads its postings anew."""
    record_change(
        thing=certificate.enterprise,
        verb=Verb.CHANGED,
        actor=actor,
        enterprise=certificate.enterprise,
        reason=reason.value if reason else certificate.hold_reason,
        facts={"certificate": certificate.certification.code, "act": act},
    )
