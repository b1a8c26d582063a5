"""The queue: taking, giving back, deciding once, appealing once, and who may."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.choices import NoticeKind, ReviewKind, ReviewOutcome
from accounts.models import Enterprise, Review
from accounts.permissions import can_review_enterprise
from accounts.queries import age_in_words, review_of
from accounts.services.enterprises import request_verification
from accounts.services.reviews import appeal_decision, close_appeal, give_back_review, take_review
from accounts.services.verification import reject_enterprise, suspend_enterprise, verify_enterprise
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseFactory,
    MembershipFactory,
    ReviewFactory,
    UserFactory,
)
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db
PAPERS = Reason.END_VERIFICATION_PAPERS_MISSING


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True)


def refused(act, **told):
    with pytest.raises(Refused) as refusal:
        act(**told)
    return refusal.value


def rejected_firm(admin):
    owner = MembershipFactory(enterprise__pending=True)
    reject_enterprise(enterprise=owner.enterprise, actor=admin, reason=PAPERS, note="请补充执照")
    return owner, review_of(ReviewKind.ENTERPRISE, owner.enterprise.key)


def test_asking_to_be_verified_opens_one_row_that_keeps_its_age(admin):
    owner = MembershipFactory(enterprise__unverified=True)

    request_verification(enterprise=owner.enterprise, actor=owner.user)
    review = Review.objects.get()

    assert (review.kind, review.thing_key, review.decided_at) == (ReviewKind.ENTERPRISE, owner.enterprise.key, None)
    assert review.region == owner.enterprise.region


def test_what_somebody_took_nobody_else_takes_or_decides_until_it_is_given_back(admin):
    review, other = ReviewFactory(), UserFactory(platform_admin=True, name="示例乙")

    take_review(review=review, actor=other)
    take_review(review=review, actor=other)

    assert refused(take_review, review=review, actor=admin).reason == Reason.REFUSAL_TAKEN
    taken = refused(verify_enterprise, enterprise=review.enterprise, actor=admin)
    assert (taken.reason, taken.facts) == (Reason.REFUSAL_TAKEN, {"name": "示例乙"})
    give_back_review(review=review, actor=other)
    verify_enterprise(enterprise=review.enterprise, actor=admin)
    review.refresh_from_db()
    assert (review.outcome, review.decided_by, review.owner) == (ReviewOutcome.PASSED, admin, None)


def test_what_nobody_took_cannot_be_given_back(admin):
    review = ReviewFactory(region=RegionFactory(code="900101"))
    coordinator = CoordinatorGrantFactory().user

    assert refused(give_back_review, review=review, actor=admin).reason == Reason.REFUSAL_NOT_YOURS
    assert refused(give_back_review, review=review, actor=coordinator).reason == Reason.REFUSAL_NOT_YOURS


def test_a_platform_administrator_gives_back_what_somebody_left_lying(admin):
    review = ReviewFactory()
    take_review(review=review, actor=UserFactory(platform_admin=True))

    assert give_back_review(review=review, actor=admin).owner is None


def test_what_is_decided_names_who_decided(admin):
    review = ReviewFactory(rejected=True)

    told = refused(take_review, review=review, actor=admin)

    assert (told.reason, told.facts["name"]) == (Reason.REFUSAL_DECIDED, str(review.decided_by))


@pytest.mark.parametrize(
    ("regions", "may"), [([], True), (["900101"], True), (["900000"], True), (["910000"], False), (["900102"], False)]
)
def test_coordinators_review_the_firms_of_their_regions(regions, may):
    for code in {"900000", "900101", "900102", "910000"}:
        RegionFactory(code=code)
    grant = CoordinatorGrantFactory()
    grant.regions.set([RegionFactory(code=code) for code in regions])
    review = ReviewFactory(enterprise=EnterpriseFactory(region=RegionFactory(code="900101")))

    assert bool(can_review_enterprise(grant.user, review.enterprise)) is may
    assert Review.objects.reviewable_by(grant.user).exists() is may


@pytest.mark.parametrize(
    "ended", [{"revoked_at": timezone.now()}, {"ends_on": timezone.localdate() - timedelta(days=2)}]
)
def test_park_administrators_review_the_firms_of_their_parks_regions_while_their_right_lasts(ended):
    grant = ParkAdministratorFactory()
    region = grant.park.regions.first()
    inside = ReviewFactory(enterprise=EnterpriseFactory(region=region))
    ReviewFactory(enterprise=EnterpriseFactory(region=RegionFactory(code="910000")))

    assert list(Review.objects.reviewable_by(grant.user)) == [inside]
    assert list(Enterprise.objects.reviewable_by(grant.user)) == [inside.enterprise]
    type(grant).objects.filter(pk=grant.pk).update(**ended)
    assert not Review.objects.reviewable_by(grant.user).exists()


def test_nobody_reviews_a_firm_of_their_own():
    owner = MembershipFactory(user__platform_admin=True, enterprise__pending=True)
    ReviewFactory(enterprise=owner.enterprise)

    assert not Review.objects.reviewable_by(owner.user).exists()
    assert refused(verify_enterprise, enterprise=owner.enterprise, actor=owner.user).reason == Reason.REFUSAL_NOT_YOURS


def test_a_rejection_tells_reason_note_and_where_to_appeal(admin):
    owner, review = rejected_firm(admin)
    notice = owner.user.notices.get()

    assert (notice.kind, notice.route, notice.thing_key) == (
        NoticeKind.ENTERPRISE_REJECTED,
        "web:moderation:decision",
        review.key,
    )
    assert (notice.facts["reason"], notice.facts["note"]) == (PAPERS.value, "请补充执照")


def test_a_decision_is_appealed_once_by_an_owner_with_a_text(admin):
    owner, review = rejected_firm(admin)
    editor = MembershipFactory(enterprise=owner.enterprise, editor=True)

    assert refused(appeal_decision, review=review, actor=editor.user, text="x").reason == Reason.REFUSAL_NOT_YOURS
    for text in ("  \u200b", "x" * 2001):
        with pytest.raises(Invalid) as problem:
            appeal_decision(review=review, actor=owner.user, text=text)
        assert list(problem.value.fields) == ["text"]
    appeal = appeal_decision(review=review, actor=owner.user, text="执照已上传")
    assert (appeal.kind, appeal.against, appeal.region) == (ReviewKind.APPEAL, review, review.region)
    again = refused(appeal_decision, review=review, actor=owner.user, text="x")
    assert again.reason == Reason.REFUSAL_ALREADY_THERE
    assert admin.notices.filter(kind=NoticeKind.APPEAL_RECEIVED).count() == 1


@pytest.mark.parametrize("outcome", [ReviewOutcome.PASSED, ReviewOutcome.WITHDRAWN, ""])
def test_only_a_decision_against_the_firm_is_appealed(outcome):
    owner = MembershipFactory()
    review = ReviewFactory(rejected=True, enterprise=owner.enterprise, outcome=outcome)

    assert refused(appeal_decision, review=review, actor=owner.user, text="x").reason == Reason.REFUSAL_WRONG_STATE


def test_an_appeal_is_for_another_moderator_where_there_is_one(admin):
    owner, review = rejected_firm(admin)
    appeal = appeal_decision(review=review, actor=owner.user, text="执照已上传")
    told = {"appeal": appeal, "granted": False, "note": "仍缺材料"}

    other = UserFactory(platform_admin=True)
    assert refused(close_appeal, actor=admin, **told).reason == Reason.REFUSAL_DECIDED_YOURSELF
    other.is_active = False
    other.save()
    assert close_appeal(actor=admin, **told).outcome == ReviewOutcome.UPHELD
    assert owner.user.notices.filter(kind=NoticeKind.APPEAL_UPHELD).get().facts["note"] == "仍缺材料"


def test_an_appeal_is_answered_with_a_text(admin):
    owner, review = rejected_firm(UserFactory(platform_admin=True))
    appeal = appeal_decision(review=review, actor=owner.user, text="执照已上传")

    with pytest.raises(Invalid):
        close_appeal(appeal=appeal, actor=admin, granted=True, note=" ")


def test_park_administrators_do_not_see_suspensions_or_appeals_against_them(admin):
    grant = ParkAdministratorFactory()
    owner = MembershipFactory(enterprise__region=grant.park.regions.first())
    suspend_enterprise(enterprise=owner.enterprise, actor=admin, reason=Reason.FLAG_JUNK, note="示例")
    decision = review_of(ReviewKind.SUSPENSION, owner.enterprise.key)

    appeal_decision(review=decision, actor=owner.user, text="不是我们发的")

    assert not Review.objects.reviewable_by(grant.user).exists()
    assert Review.objects.reviewable_by(admin).count() == 2


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=2, hours=3, minutes=59), "2 days 3 hours"),
        (timedelta(days=1), "1 day"),
    ],
)
def test_age_is_told_in_days_and_hours(age, told):
    with override("en"):
        assert age_in_words(age) == told
