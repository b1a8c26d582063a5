"""Flagged postings: why they wait, who decides, the way back; one desk for everything in the queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import CheckState, NoticeKind, ReviewKind, ReviewOutcome, Verification
from accounts.models import Review
from accounts.queries import review_of
from accounts.services.certificates import add_certificate
from accounts.services.enterprises import request_verification
from accounts.services.reviews import appeal_decision, take_review
from accounts.services.verification import suspend_enterprise
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.life import expire_postings
from matchmaking.postings.services.moderation import answer_appeal, pass_review, reasons_for, refuse_review
from matchmaking.postings.services.publishing import close_posting, publish_posting, withhold_posting
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import CertificationFactory, RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True, name="示例甲")


@pytest.fixture
def other():
    return UserFactory(platform_admin=True, name="示例乙")


@pytest.fixture
def owner():
    return MembershipFactory()


def held(owner, **told):
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, **{"text": "详见 www.sample.example/x"} | told)
    return publish_posting(posting=draft, actor=owner.user, ask_check=True)


def refused(act, **told):
    with pytest.raises(Refused) as refusal:
        act(**told)
    return refusal.value


@pytest.mark.parametrize(
    ("words", "reason", "quote"),
    [
        ({"text": "电话 13800138000"}, Reason.FLAG_CONTACT_IN_TEXT, "13800138000"),
        ({"text": "详见 https://sample.example/a"}, Reason.FLAG_CONTACT_IN_TEXT, "https://sample.example/a"),
        ({"title": "压铸件好好好好好好好好好"}, Reason.FLAG_JUNK, "好好好好好好好好好"),
        ({"title": "12 345"}, Reason.FLAG_JUNK, "12 345"),
        ({"text": "长期代开发票"}, Reason.FLAG_JUNK, "代开发票"),
    ],
)
def test_what_a_rule_flags_waits_with_the_words_that_were_found(words, reason, quote, owner):
    posting = held(owner, **{"text": "示例"} | words)
    review = Review.objects.get()

    assert (posting.status, posting.hold_reason) == (Status.IN_REVIEW, reason.value)
    assert (review.kind, review.thing_key, review.flag) == (ReviewKind.POSTING, posting.number, reason.value)
    assert any(quote in one for one in review.quotes)
    assert (review.region, review.chain) == (posting.region, posting.node.chain)


@pytest.mark.parametrize("text", ["=====================", "零件号 13800-138 规格 100.000.000", "----------", "…………"])
def test_plain_texts_are_live_at_once(text, owner):
    assert held(owner, text=text).status == Status.PUBLISHED


def test_contact_data_are_asked_about_before_a_moderator_is(owner):
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, text="电话 13800138000")

    assert refused(publish_posting, posting=draft, actor=owner.user).reason == Reason.REFUSAL_CONTACT_IN_TEXT
    assert not Review.objects.exists()


def test_a_released_posting_is_shown_and_its_members_are_told(owner, admin):
    posting = held(owner)

    review = pass_review(review=Review.objects.get(), actor=admin)

    posting.refresh_from_db()
    assert (posting.status, posting.hold_reason) == (Status.PUBLISHED, "")
    assert (review.outcome, review.decided_by) == (ReviewOutcome.PASSED, admin)
    assert owner.user.notices.filter(kind=NoticeKind.POSTING_RELEASED).count() == 1


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        (Reason.FLAG_JUNK, "  ", "note"),
        (Reason.FLAG_JUNK, "x" * 401, "note"),
        (Reason.FLAG_CERTIFICATE_ELSEWHERE, "x", "reason"),
        (Reason.END_CERTIFICATE_NOT_FOUND, "x", "reason"),
    ],
)
def test_a_posting_is_given_back_with_a_code_of_its_kind_and_a_text(reason, note, field, owner, admin):
    posting = held(owner)

    with pytest.raises(Invalid) as problem:
        refuse_review(review=Review.objects.get(), actor=admin, reason=reason, note=note)

    assert list(problem.value.fields) == [field]
    assert Posting.objects.get().status == Status.IN_REVIEW
    assert posting.status == Status.IN_REVIEW


def test_a_posting_given_back_tells_code_note_and_the_page_to_appeal_on(owner, admin):
    posting = held(owner)

    review = refuse_review(review=Review.objects.get(), actor=admin, reason=Reason.FLAG_JUNK, note="请写明零件")

    posting.refresh_from_db()
    notice = owner.user.notices.get(kind=NoticeKind.POSTING_REJECTED)
    assert (posting.status, posting.hold_reason) == (Status.DRAFT, Reason.FLAG_JUNK.value)
    assert (notice.route, notice.thing_key) == ("web:moderation:decision", review.key)
    assert (notice.facts["reason"], notice.facts["note"]) == (Reason.FLAG_JUNK.value, "请写明零件")


def test_the_second_of_two_moderators_is_told_who_decided_and_how(owner, admin, other):
    held(owner)
    seen_by_both = Review.objects.get()
    pass_review(review=seen_by_both, actor=admin)

    told = refused(refuse_review, review=seen_by_both, actor=other, reason=Reason.FLAG_JUNK, note="x")

    assert (told.reason, told.facts["name"]) == (Reason.REFUSAL_DECIDED, "示例甲")
    assert Posting.objects.get().status == Status.PUBLISHED


def test_what_one_has_taken_the_other_cannot_decide_by_any_door(owner, admin, other):
    posting = held(owner)
    take_review(review=Review.objects.get(), actor=admin)

    assert refused(pass_review, review=Review.objects.get(), actor=other).reason == Reason.REFUSAL_TAKEN
    told = {"posting": posting, "reason": Reason.FLAG_JUNK, "note": "x"}
    assert refused(withhold_posting, actor=other, **told).reason == Reason.REFUSAL_TAKEN
    assert Posting.objects.get().status == Status.IN_REVIEW


@pytest.mark.parametrize("stem", ["900101", "910000"])
def test_coordinators_and_park_administrators_decide_in_their_regions(stem, owner):
    for code in ("900000", "900101", "910000"):
        RegionFactory(code=code)
    grant = CoordinatorGrantFactory()
    grant.regions.set([RegionFactory(code=stem)])
    runs = ParkAdministratorFactory()
    runs.park.regions.set([RegionFactory(code=stem)])
    inside = stem == "900101"

    for user in (grant.user, runs.user):
        posting = held(owner)
        review = review_of(ReviewKind.POSTING, posting.number)
        if inside:
            assert pass_review(review=review, actor=user).outcome == ReviewOutcome.PASSED
        else:
            assert refused(pass_review, review=review, actor=user).reason == Reason.REFUSAL_NOT_YOURS


def test_a_coordinator_of_another_chain_does_not_decide(owner):
    grant = CoordinatorGrantFactory()
    posting = held(owner)
    chain = type(posting.node.chain).objects.exclude(pk=posting.node.chain_id).first()
    grant.chains.set([chain])

    assert refused(pass_review, review=Review.objects.get(), actor=grant.user).reason == Reason.REFUSAL_NOT_YOURS


def test_a_published_posting_is_taken_off_by_the_platform_alone(owner, admin):
    posting = PostingFactory(enterprise=owner.enterprise)
    told = {"posting": posting, "reason": Reason.FLAG_FALSE_CLAIM, "note": "示例"}

    assert refused(withhold_posting, actor=CoordinatorGrantFactory().user, **told).reason == Reason.REFUSAL_NOT_YOURS
    assert withhold_posting(actor=admin, **told).status == Status.DRAFT


def test_a_posting_that_its_owner_closes_or_time_ends_leaves_the_queue(owner):
    closed = held(owner)
    over = held(owner, text="示例 http://sample.example/b")
    close_posting(posting=closed, actor=owner.user, reason=Reason.END_NEED_WITHDRAWN)
    yesterday = timezone.localdate() - timedelta(days=1)
    Posting.objects.filter(pk=over.pk).update(window_start=yesterday, window_end=yesterday)
    expire_postings()

    assert set(Review.objects.values_list("outcome", flat=True)) == {ReviewOutcome.WITHDRAWN}


@pytest.mark.parametrize(("granted", "status"), [(True, Status.PUBLISHED), (False, Status.DRAFT)])
def test_an_appeal_for_a_posting_is_answered_by_another_moderator(granted, status, owner, admin, other):
    posting = held(owner)
    decision = refuse_review(review=Review.objects.get(), actor=admin, reason=Reason.FLAG_JUNK, note="示例")
    appeal = appeal_decision(review=decision, actor=owner.user, text="这是真实需求")
    told = {"review": appeal, "granted": granted, "note": "已复核"}

    assert refused(answer_appeal, actor=admin, **told).reason == Reason.REFUSAL_DECIDED_YOURSELF
    answer_appeal(actor=other, **told)

    posting.refresh_from_db()
    kind = NoticeKind.APPEAL_GRANTED if granted else NoticeKind.APPEAL_UPHELD
    assert posting.status == status
    assert owner.user.notices.get(kind=kind).facts["note"] == "已复核"
    assert refused(answer_appeal, actor=other, **told).reason == Reason.REFUSAL_DECIDED


def test_a_granted_posting_that_is_over_stays_with_its_owner_free_of_the_reason(owner, admin, other):
    posting = held(owner)
    decision = refuse_review(review=Review.objects.get(), actor=admin, reason=Reason.FLAG_JUNK, note="示例")
    appeal = appeal_decision(review=decision, actor=owner.user, text="x")
    yesterday = timezone.localdate() - timedelta(days=1)
    Posting.objects.filter(pk=posting.pk).update(window_start=yesterday, window_end=yesterday)

    answer_appeal(review=appeal, actor=other, granted=True, note="已复核")

    posting.refresh_from_db()
    assert (posting.status, posting.hold_reason) == (Status.DRAFT, "")


def test_an_answer_without_a_text_changes_nothing(owner, admin, other):
    held(owner)
    decision = refuse_review(review=Review.objects.get(), actor=admin, reason=Reason.FLAG_JUNK, note="示例")
    appeal = appeal_decision(review=decision, actor=owner.user, text="x")

    with pytest.raises(Invalid):
        answer_appeal(review=appeal, actor=other, granted=True, note=" ")

    assert Posting.objects.get().status == Status.DRAFT
    assert appeal.decided_at is None


def test_appeals_about_who_an_enterprise_is_its_paper_and_a_suspension_are_carried_out(admin, other):
    owner = MembershipFactory(enterprise__unverified=True)
    firm = owner.enterprise
    request_verification(enterprise=firm, actor=owner.user)
    paper = add_certificate(
        enterprise=firm,
        actor=owner.user,
        certification=CertificationFactory(code="XC0"),
        number="A-1",
        issuer="示例机构",
    )
    for review in Review.objects.open():
        refuse_review(review=review, actor=admin, reason=reasons_for(review.kind)[0], note="示例")
    suspend_enterprise(enterprise=firm, actor=admin, reason=Reason.FLAG_FALSE_CLAIM, note="示例")

    for decision in Review.objects.filter(outcome=ReviewOutcome.REJECTED):
        appeal = appeal_decision(review=decision, actor=owner.user, text="请复核")
        answer_appeal(review=appeal, actor=other, granted=True, note="已复核")

    firm.refresh_from_db()
    paper.refresh_from_db()
    assert (firm.verification, firm.suspended_at) == (Verification.VERIFIED, None)
    assert (paper.state, paper.checked_by) == (CheckState.CHECKED, other)


def test_an_appeal_is_not_decided_as_something_else(owner, admin, other):
    held(owner)
    decision = refuse_review(review=Review.objects.get(), actor=admin, reason=Reason.FLAG_JUNK, note="示例")
    appeal = appeal_decision(review=decision, actor=owner.user, text="x")

    assert refused(pass_review, review=appeal, actor=other).reason == Reason.REFUSAL_WRONG_STATE
    assert refused(answer_appeal, review=decision, actor=other, granted=True, note="x").reason == Reason.REFUSAL_DECIDED
