"""What is needed before a certificate counts as checked, and one number at two firms."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import CheckState, ReviewKind, ReviewOutcome
from accounts.models import EnterpriseCertificate, Review
from accounts.services.certificates import (
    add_certificate,
    check_certificate,
    edit_certificate,
    reconsider_certificate,
    reject_certificate,
    remove_certificate,
)
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.reference import CertificationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True)


def claimed(number="SAME-1", issuer="示例认证机构", **told):
    owner = MembershipFactory()
    made = add_certificate(
        enterprise=owner.enterprise,
        actor=owner.user,
        certification=CertificationFactory(code="XC0"),
        number=number,
        issuer=issuer,
        **told,
    )
    return owner, made


def test_a_claim_stands_in_the_queue_and_a_check_says_who_and_when(admin):
    _owner, made = claimed()
    assert Review.objects.get().thing_key == str(made.pk)

    before = timezone.now()
    checked = check_certificate(certificate=made, actor=admin)

    assert (checked.state, checked.checked_by) == (CheckState.CHECKED, admin)
    assert checked.checked_at is not None
    assert checked.checked_at >= before
    assert Review.objects.get().outcome == ReviewOutcome.PASSED


def test_a_number_is_confirmed_at_one_firm_alone_and_the_second_is_flagged_to_moderators(admin):
    _first, mine = claimed()
    _second, theirs = claimed(issuer=" 示例认证机构 ")
    check_certificate(certificate=mine, actor=admin)

    with pytest.raises(Refused) as refusal:
        check_certificate(certificate=theirs, actor=admin)

    assert refusal.value.reason == Reason.REFUSAL_NUMBER_HELD
    waiting = Review.objects.open().get()
    assert (waiting.flag, waiting.quotes) == (Reason.FLAG_CERTIFICATE_ELSEWHERE.value, ["SAME-1"])
    with pytest.raises(IntegrityError), transaction.atomic():
        EnterpriseCertificate.objects.filter(pk=theirs.pk).update(state=CheckState.CHECKED)


@pytest.mark.parametrize("more", [{"number": "OTHER-2"}, {"issuer": "另一示例机构"}])
def test_another_number_or_issuer_is_another_certificate(more, admin):
    _first, mine = claimed()
    _second, theirs = claimed(**more)

    check_certificate(certificate=mine, actor=admin)

    assert check_certificate(certificate=theirs, actor=admin).state == CheckState.CHECKED


def test_a_certificate_needs_an_issuer():
    with pytest.raises(Invalid) as problem:
        claimed(issuer=" ")

    assert problem.value.fields == {"issuer": Reason.REFUSAL_REQUIRED}


def test_one_without_a_number_is_claimed_but_not_confirmed(admin):
    _owner, made = claimed(number="")

    with pytest.raises(Invalid) as problem:
        check_certificate(certificate=made, actor=admin)

    assert problem.value.fields == {"number": Reason.REFUSAL_REQUIRED}


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True)])
def test_one_that_has_expired_is_not_confirmed_and_its_last_day_still_counts(days, may, admin):
    _owner, made = claimed(expires_on=timezone.localdate() + timedelta(days=days))

    if may:
        assert check_certificate(certificate=made, actor=admin).state == CheckState.CHECKED
    else:
        with pytest.raises(Refused) as refusal:
            check_certificate(certificate=made, actor=admin)
        assert refusal.value.reason == Reason.REFUSAL_CERTIFICATE_OVER


def test_a_change_after_the_check_is_a_claim_that_waits_again(admin):
    owner, made = claimed()
    check_certificate(certificate=made, actor=admin)

    mended = edit_certificate(certificate=made, actor=owner.user, number="NEW-2", issuer="示例认证机构")

    assert (mended.state, mended.checked_by, mended.checked_at) == (CheckState.CLAIMED, None, None)
    assert Review.objects.open().get().thing_key == str(made.pk)


def test_a_removed_certificate_leaves_the_queue():
    owner, made = claimed()

    remove_certificate(certificate=made, actor=owner.user)

    assert Review.objects.get().outcome == ReviewOutcome.WITHDRAWN


def test_a_rejection_needs_a_text_and_can_be_reconsidered(admin):
    _owner, made = claimed()
    told = {"certificate": made, "actor": admin, "reason": Reason.END_CERTIFICATE_UNREADABLE}
    with pytest.raises(Invalid):
        reject_certificate(note=" ", **told)

    reject_certificate(note="扫描不清", **told)

    assert Review.objects.get(kind=ReviewKind.CERTIFICATE).note == "扫描不清"
    assert reconsider_certificate(certificate=made, actor=admin).state == CheckState.CHECKED


def test_reconsidering_what_cannot_be_confirmed_puts_it_back_into_the_queue(admin):
    _first, mine = claimed()
    _second, theirs = claimed()
    check_certificate(certificate=mine, actor=admin)
    reject_certificate(certificate=theirs, actor=admin, reason=Reason.END_CERTIFICATE_NOT_FOUND, note="示例")

    assert reconsider_certificate(certificate=theirs, actor=admin).state == CheckState.CLAIMED
    assert Review.objects.open().get().thing_key == str(theirs.pk)
