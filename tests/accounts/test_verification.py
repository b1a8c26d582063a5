"""Verifying, rejecting, suspending and restoring."""

import pytest

from accounts.choices import Verification
from accounts.models import Enterprise
from accounts.services.enterprises import request_verification
from accounts.services.verification import (
    REJECTIONS,
    SUSPENSIONS,
    reject_enterprise,
    restore_enterprise,
    suspend_enterprise,
    verify_enterprise,
)
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.postings.queries.postings import live_postings
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True)


def test_verify_enterprise_marks_it_and_tells_its_owners_once(admin, changes, notices):
    owner = MembershipFactory(enterprise__pending=True)
    MembershipFactory(enterprise=owner.enterprise, editor=True)

    verify_enterprise(enterprise=owner.enterprise, actor=admin)
    verify_enterprise(enterprise=owner.enterprise, actor=admin)

    fresh = Enterprise.objects.get(pk=owner.enterprise.pk)
    assert (fresh.verification, fresh.verified_at is not None) == (Verification.VERIFIED, True)
    assert changes() == [("enterprise", "verified", "")]
    assert notices() == [(owner.user_id, "enterprise_verified")]


@pytest.mark.parametrize("reason", REJECTIONS)
def test_reject_enterprise_keeps_reason_and_note_and_the_firm_may_ask_again(reason, admin, changes, notices):
    owner = MembershipFactory(enterprise__pending=True)

    reject_enterprise(enterprise=owner.enterprise, actor=admin, reason=reason, note="请上传营业执照")

    fresh = Enterprise.objects.get(pk=owner.enterprise.pk)
    assert (fresh.verification, fresh.verification_note) == (Verification.REJECTED, "请上传营业执照")
    assert changes() == [("enterprise", "rejected", reason.value)]
    assert notices() == [(owner.user_id, "enterprise_rejected")]
    assert request_verification(enterprise=fresh, actor=owner.user).verification == Verification.PENDING


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        (Reason.END_VERIFICATION_PAPERS_MISSING, "  ", "note"),
        (Reason.END_VERIFICATION_PAPERS_MISSING, "x" * 401, "note"),
        (Reason.GAP_BUSY, "note", "reason"),
    ],
)
def test_reject_enterprise_wants_a_code_of_its_own_and_a_text(reason, note, field, admin):
    owner = MembershipFactory(enterprise__pending=True)

    with pytest.raises(Invalid) as refusal:
        reject_enterprise(enterprise=owner.enterprise, actor=admin, reason=reason, note=note)

    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("reason", SUSPENSIONS)
def test_suspend_enterprise_takes_its_postings_off_at_once_and_restore_brings_them_back(reason, admin):
    owner = MembershipFactory()
    posting = PostingFactory(enterprise=owner.enterprise)
    stranger = UserFactory()

    suspend_enterprise(enterprise=owner.enterprise, actor=admin, reason=reason, note="示例")
    assert list(live_postings(user=stranger)) == []
    assert not Enterprise.objects.visible_to(stranger).filter(pk=owner.enterprise.pk).exists()

    restore_enterprise(enterprise=owner.enterprise, actor=admin)
    assert list(live_postings(user=stranger)) == [posting]


def test_restore_enterprise_refuses_one_that_is_not_suspended(admin):
    with pytest.raises(Refused) as refusal:
        restore_enterprise(enterprise=MembershipFactory().enterprise, actor=admin)

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


@pytest.mark.parametrize(
    "act",
    [
        lambda firm, actor: verify_enterprise(enterprise=firm, actor=actor),
        lambda firm, actor: reject_enterprise(
            enterprise=firm, actor=actor, reason=Reason.END_VERIFICATION_CODE_MISMATCH, note="x"
        ),
        lambda firm, actor: suspend_enterprise(enterprise=firm, actor=actor, reason=Reason.FLAG_JUNK, note="x"),
        lambda firm, actor: restore_enterprise(enterprise=firm, actor=actor),
    ],
)
def test_only_platform_administrators_decide_about_an_enterprise(act, changes):
    owner = MembershipFactory(enterprise__pending=True)

    for person in (owner.user, UserFactory(staff=True), UserFactory()):
        with pytest.raises(Refused) as refusal:
            act(owner.enterprise, person)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert changes() == []
