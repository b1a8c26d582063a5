"""Certificates: claiming, proving, checking, and the same paper at two firms."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.choices import CheckState
from accounts.models import Change, EnterpriseCertificate
from accounts.services import certificates
from accounts.services.certificates import (
    REJECTIONS,
    check_certificate,
    reject_certificate,
    remove_certificate,
)
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory, UserFactory
from tests.factories.reference import CertificationFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 100


def add_certificate(**told):
    return certificates.add_certificate(**{"issuer": "示例机构"} | told)


def edit_certificate(**told):
    return certificates.edit_certificate(**{"issuer": "示例机构"} | told)


def upload(content: bytes = PDF, name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def certification():
    return CertificationFactory(code="XC0")


def test_add_certificate_is_a_claim_and_changes_the_enterprise_for_matching(owner, certification):
    made = add_certificate(
        enterprise=owner.enterprise,
        actor=owner.user,
        certification=certification,
        number=" ａb-12 ",
        issuer="示例\u202e 机构",
        expires_on=date(2028, 1, 31),
    )

    assert (made.number, made.issuer, made.state, made.hold_reason) == ("AB-12", "示例 机构", CheckState.CLAIMED, "")
    change = Change.objects.get()
    assert (change.thing, change.thing_key, change.verb) == ("enterprise", owner.enterprise.key, "changed")
    assert change.facts == {"certificate": "XC0", "act": "added"}


@pytest.mark.parametrize(
    ("content", "ending"),
    [(PDF, "pdf"), (b"\x89PNG\r\n\x1a\n" + b"x", "png"), (b"\xff\xd8\xff\xe0x", "jpg")],
)
def test_evidence_is_known_by_its_first_bytes_and_gets_a_name_of_ours(content, ending, owner, certification):
    made = add_certificate(
        enterprise=owner.enterprise,
        actor=owner.user,
        certification=certification,
        evidence=upload(content, "../../evil.html"),
    )

    assert made.evidence.name.startswith("certificates/")
    assert made.evidence.name.endswith(f".{ending}")
    assert "evil" not in made.evidence.name
    assert made.evidence.read() == content


@pytest.mark.parametrize(
    "content", [b"<script>alert(1)</script>", b"PK\x03\x04", b"", b" %PDF-1.7", b"GIF89a", b"<svg/>"]
)
def test_evidence_of_another_kind_is_refused_whatever_its_name_says(content, owner, certification):
    with pytest.raises(Invalid) as refusal:
        add_certificate(
            enterprise=owner.enterprise, actor=owner.user, certification=certification, evidence=upload(content)
        )

    assert refusal.value.fields == {"evidence": Reason.REFUSAL_FILE_KIND}
    assert EnterpriseCertificate.objects.count() == 0


def test_evidence_over_five_megabytes_is_refused(owner, certification):
    with pytest.raises(Invalid) as refusal:
        add_certificate(
            enterprise=owner.enterprise,
            actor=owner.user,
            certification=certification,
            evidence=upload(PDF + b"x" * 5 * 1024 * 1024),
        )

    assert refusal.value.fields == {"evidence": Reason.REFUSAL_FILE_LARGE}


def test_the_same_number_at_two_firms_is_put_before_the_platform_and_not_told_to_the_firm(
    owner, certification, notices
):
    admin = UserFactory(platform_admin=True)
    EnterpriseCertificateFactory(certification=certification, number="SAME-1")

    made = add_certificate(enterprise=owner.enterprise, actor=owner.user, certification=certification, number="same-1")

    assert made.hold_reason == Reason.FLAG_CERTIFICATE_ELSEWHERE.value
    assert notices() == [(admin.pk, "certificate_flagged")]


def test_the_same_file_at_two_firms_is_put_before_the_platform(owner, certification, notices):
    other = MembershipFactory()
    add_certificate(enterprise=other.enterprise, actor=other.user, certification=certification, evidence=upload())
    admin = UserFactory(platform_admin=True)

    made = add_certificate(
        enterprise=owner.enterprise, actor=owner.user, certification=certification, evidence=upload(name="x.pdf")
    )
    assert made.hold_reason == Reason.FLAG_CERTIFICATE_ELSEWHERE.value
    assert notices() == [(admin.pk, "certificate_flagged")]

    mended = edit_certificate(certificate=made, actor=owner.user, evidence=upload(PDF + b"own"))
    assert mended.hold_reason == ""


def test_the_same_number_twice_at_one_firm_is_its_own_business(owner, certification):
    EnterpriseCertificateFactory(enterprise=owner.enterprise, certification=certification, number="SAME-1")

    made = add_certificate(enterprise=owner.enterprise, actor=owner.user, certification=certification, number="SAME-1")

    assert made.hold_reason == ""


def test_edit_certificate_that_was_checked_counts_as_claimed_again(owner):
    admin = UserFactory(platform_admin=True)
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)
    check_certificate(certificate=certificate, actor=admin)

    mended = edit_certificate(certificate=certificate, actor=owner.user, number="NEW-2", expires_on=date(2030, 1, 1))

    assert (mended.state, mended.checked_by, mended.number) == (CheckState.CLAIMED, None, "NEW-2")


def test_certificate_that_ends_before_it_begins_is_refused(owner, certification):
    with pytest.raises(Invalid) as refusal:
        add_certificate(
            enterprise=owner.enterprise,
            actor=owner.user,
            certification=certification,
            issued_on=date(2027, 1, 2),
            expires_on=date(2027, 1, 1),
        )

    assert refusal.value.fields == {"expires_on": Reason.REFUSAL_WINDOW_REVERSED}


def test_check_certificate_tells_the_owner_once(owner, notices):
    admin = UserFactory(platform_admin=True)
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)

    check_certificate(certificate=certificate, actor=admin)
    check_certificate(certificate=certificate, actor=admin)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.checked_by) == (CheckState.CHECKED, admin)
    assert notices() == [(owner.user_id, "certificate_checked")]


@pytest.mark.parametrize("reason", REJECTIONS)
def test_reject_certificate_says_why(reason, owner, notices, changes):
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)

    reject_certificate(certificate=certificate, actor=UserFactory(platform_admin=True), reason=reason, note="示例")

    assert notices() == [(owner.user_id, "certificate_rejected")]
    assert changes() == [("enterprise", "changed", reason.value)]


def test_reject_certificate_wants_a_reason_of_its_own(owner):
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)

    with pytest.raises(Invalid):
        reject_certificate(
            certificate=certificate, actor=UserFactory(platform_admin=True), reason=Reason.FLAG_JUNK, note="x"
        )


def test_nobody_checks_a_certificate_of_their_own_firm():
    owner = MembershipFactory(user__platform_admin=True)
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)

    for person in (owner.user, UserFactory(), UserFactory(staff=True)):
        with pytest.raises(Refused) as refusal:
            check_certificate(certificate=certificate, actor=person)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_only_owners_keep_certificates(owner, certification, changes):
    editor = MembershipFactory(enterprise=owner.enterprise, editor=True).user
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)

    for person in (editor, MembershipFactory().user):
        for act in (
            lambda p=person: add_certificate(enterprise=owner.enterprise, actor=p, certification=certification),
            lambda p=person: edit_certificate(certificate=certificate, actor=p),
            lambda p=person: remove_certificate(certificate=certificate, actor=p),
        ):
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert changes() == []


def test_remove_certificate_keeps_its_history(owner):
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise)

    remove_certificate(certificate=certificate, actor=owner.user)

    assert EnterpriseCertificate.objects.count() == 0
    assert EnterpriseCertificate.history.first().history_type == "-"
    assert Change.objects.get().facts["act"] == "removed"
