"""Certificates that an enterprise holds or claims to hold, and what the platform says to them."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from accounts.choices import CheckState, NoticeKind, Role, Verb
from accounts.models import Enterprise, EnterpriseCertificate, User
from accounts.permissions import can_check_certificate, can_edit_certificate, can_edit_enterprise
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.evidence import take_evidence
from accounts.services.notices import notify_members, notify_platform
from common.errors import Invalid, Refused, require
from common.reasons import Reason, reasons_of
from common.values import normalise_code, normalise_text
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
    certificate.delete()


@unit_of_work
def check_certificate(*, certificate: EnterpriseCertificate, actor: User) -> EnterpriseCertificate:
    """Say that the platform found the certificate at its issuer; done twice it changes nothing."""
    locked: EnterpriseCertificate = EnterpriseCertificate.objects.select_for_update().get(pk=certificate.pk)
    require(can_check_certificate(actor, locked))
    if locked.state == CheckState.CHECKED:
        return locked
    locked.state, locked.checked_by, locked.hold_reason = CheckState.CHECKED, actor, ""
    return _decided(locked, actor, NoticeKind.CERTIFICATE_CHECKED, "checked", None)


@unit_of_work
def reject_certificate(*, certificate: EnterpriseCertificate, actor: User, reason: Reason) -> EnterpriseCertificate:
    """Say that it could not be confirmed, and why (one of ``REJECTIONS``); the firm may correct and claim it again."""
    locked: EnterpriseCertificate = EnterpriseCertificate.objects.select_for_update().get(pk=certificate.pk)
    require(can_check_certificate(actor, locked))
    if reason not in REJECTIONS:
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)}})
    if locked.state == CheckState.REJECTED:
        return locked
    locked.state, locked.checked_by = CheckState.REJECTED, actor
    return _decided(locked, actor, NoticeKind.CERTIFICATE_REJECTED, "rejected", reason)


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
    certificate.issuer = " ".join(normalise_text(issuer).split())
    certificate.issued_on, certificate.expires_on = issued_on, expires_on
    if issued_on and expires_on and expires_on < issued_on:
        raise Invalid({"expires_on": Reason.REFUSAL_WINDOW_REVERSED})
    if evidence is not None:
        taken = take_evidence(evidence)
        certificate.evidence, certificate.evidence_hash = taken.file, taken.digest
    certificate.state, certificate.checked_by = CheckState.CLAIMED, None
    check_row(certificate)
    held = _is_held_elsewhere(certificate)
    certificate.hold_reason = Reason.FLAG_CERTIFICATE_ELSEWHERE.value if held else ""
    act = "changed" if certificate.pk else "added"
    certificate.save()
    _record(certificate, actor, act)
    if held:
        notify_platform(
            kind=NoticeKind.CERTIFICATE_FLAGGED,
            key=f"{certificate.pk}:{certificate.changed_at.timestamp():.0f}",
            route="admin:accounts_enterprisecertificate_change",
            thing_key=str(certificate.pk),
            facts={"title": certificate.enterprise.name, "reason": certificate.hold_reason},
        )
    return certificate


def _is_held_elsewhere(certificate: EnterpriseCertificate) -> bool:
    others = EnterpriseCertificate.objects.exclude(enterprise=certificate.enterprise)
    same_number = others.filter(certification=certificate.certification, number=certificate.number)
    same_file = others.filter(evidence_hash=certificate.evidence_hash)
    return bool((certificate.number and same_number.exists()) or (certificate.evidence_hash and same_file.exists()))


def _decided(
    certificate: EnterpriseCertificate, actor: User, kind: NoticeKind, act: str, reason: Reason | None
) -> EnterpriseCertificate:
    certificate.save()
    _record(certificate, actor, act, reason)
    notify_members(
        enterprise=certificate.enterprise,
        kind=kind,
        key=f"{certificate.pk}:{certificate.changed_at.timestamp():.0f}",
        route="web:accounts:certificates",
        facts={"title": certificate.number or gettext("without a number"), "reason": reason.value if reason else ""},
        roles=(Role.OWNER,),
    )
    return certificate


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
