"""Words that come into a posting after it was shown: the rules of publication hold for them too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Change, Review
from accounts.services.reviews import appeal_decision
from common.errors import Refused, Stale
from common.reasons import Reason
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.drafting import save_draft
from matchmaking.postings.services.moderation import answer_appeal, pass_review, refuse_review
from matchmaking.postings.services.publishing import pause_posting, publish_posting, resume_posting
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
ADDRESS = "详见 www.sample.example/x"


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True)


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def live(owner):
    return PostingFactory(enterprise=owner.enterprise, title="压铸件", text="示例")


def changed(posting, owner, **values):
    return save_draft(posting=posting, actor=owner.user, values=values)


@pytest.mark.parametrize(
    ("words", "reason", "quote"),
    [
        ({"text": ADDRESS}, Reason.FLAG_CONTACT_IN_TEXT, "www.sample.example/x"),
        ({"text": "长期代开发票"}, Reason.FLAG_JUNK, "代开发票"),
        ({"title": "压铸件好好好好好好好好好"}, Reason.FLAG_JUNK, "好好好好好好好好好"),
    ],
)
def test_flagged_words_take_a_shown_posting_out_of_sight_into_the_queue(words, reason, quote, live, owner):
    before = live.version

    saved = changed(live, owner, **words)

    review = Review.objects.get()
    assert (saved.status, saved.hold_reason, saved.version) == (Status.IN_REVIEW, reason.value, before + 2)
    assert (review.thing_key, review.flag, review.quotes) == (live.number, reason.value, [quote])
    assert not Posting.objects.live().exists()
    assert owner.user.notices.get().kind == NoticeKind.POSTING_HELD
    assert list(Change.objects.values_list("verb", flat=True)) == [Verb.CHANGED, Verb.MOVED]


def test_other_changes_and_plain_words_leave_it_shown(live, owner):
    assert changed(live, owner, text="示例，另一说明").status == Status.PUBLISHED
    assert changed(live, owner, lead_time_days=5).status == Status.PUBLISHED
    assert not Review.objects.exists()


def test_a_new_firm_over_its_quota_is_not_held_for_a_change(monkeypatch):
    monkeypatch.setattr("matchmaking.postings.services.flags.NEW_FIRM_QUOTA", 1)
    owner = MembershipFactory(enterprise=EnterpriseFactory(pending=True))
    posting = PostingFactory(enterprise=owner.enterprise, text="示例")

    assert changed(posting, owner, text="示例，另一说明").status == Status.PUBLISHED


def test_words_that_a_moderator_let_pass_are_not_asked_about_again(live, owner, admin):
    changed(live, owner, text=ADDRESS)
    pass_review(review=Review.objects.get(), actor=admin)

    assert changed(live, owner, text=f"{ADDRESS} 欢迎").status == Status.PUBLISHED
    assert changed(live, owner, text=f"{ADDRESS} www.other.example/y").status == Status.IN_REVIEW


def test_words_of_a_granted_appeal_have_passed_too(live, owner, admin):
    changed(live, owner, text=ADDRESS)
    decision = refuse_review(review=Review.objects.get(), actor=admin, reason=Reason.FLAG_JUNK, note="示例说明")
    appeal = appeal_decision(review=decision, actor=owner.user, text="示例理由")
    answer_appeal(review=appeal, actor=UserFactory(platform_admin=True), granted=True, note="示例说明")

    assert changed(live, owner, title="压铸件 二").status == Status.PUBLISHED


def test_contact_data_are_refused_unless_a_moderator_found_that_they_are_none(owner, admin):
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, text="零件 13800138000")
    posting = publish_posting(posting=draft, actor=owner.user, ask_check=True)
    with pytest.raises(Refused) as refusal:
        changed(posting, owner, title="压铸件 二")
    pass_review(review=Review.objects.get(), actor=admin)

    assert refusal.value.reason == Reason.REFUSAL_CONTACT_IN_TEXT
    assert changed(posting, owner, title="压铸件 三").status == Status.PUBLISHED


def test_a_paused_posting_waits_once_it_is_to_be_shown_again(live, owner):
    pause_posting(posting=live, actor=owner.user)

    assert changed(live, owner, text=ADDRESS).status == Status.PAUSED
    assert resume_posting(posting=live, actor=owner.user).status == Status.IN_REVIEW
    assert Review.objects.get().quotes == ["www.sample.example/x"]


def test_a_waiting_posting_keeps_its_place_and_shows_the_words_of_now(live, owner, admin):
    changed(live, owner, text=ADDRESS)
    came = Review.objects.get()

    changed(live, owner, title="压铸件 二", text="长期代开发票")

    review = Review.objects.get()
    assert (review.pk, review.created_at, review.title) == (came.pk, came.created_at, "压铸件 二")
    assert (review.flag, review.quotes) == (Reason.FLAG_JUNK.value, ["代开发票"])
    assert owner.user.notices.count() == 1


def test_what_was_seen_before_keeps_its_first_day_when_it_is_released_or_brought_back(live, owner, admin):
    first = timezone.now() - timedelta(days=40)
    Posting.objects.filter(pk=live.pk).update(published_at=first)
    changed(live, owner, text=ADDRESS)

    pass_review(review=Review.objects.get(), actor=admin)
    live.refresh_from_db()
    assert (live.status, live.published_at) == (Status.PUBLISHED, first)

    changed(live, owner, text="长期代开发票")
    decision = refuse_review(
        review=Review.objects.get(decided_at=None), actor=admin, reason=Reason.FLAG_JUNK, note="示例说明"
    )
    appeal = appeal_decision(review=decision, actor=owner.user, text="示例理由")
    answer_appeal(review=appeal, actor=UserFactory(platform_admin=True), granted=True, note="示例说明")
    live.refresh_from_db()
    assert (live.status, live.published_at) == (Status.PUBLISHED, first)


def test_a_decision_about_an_earlier_version_is_refused(live, owner, admin):
    changed(live, owner, text=ADDRESS)
    read = Posting.objects.get(pk=live.pk).version
    changed(live, owner, text=f"{ADDRESS} 二")
    review = Review.objects.get()

    with pytest.raises(Stale):
        pass_review(review=review, actor=admin, seen_version=read)
    with pytest.raises(Stale):
        refuse_review(review=review, actor=admin, reason=Reason.FLAG_JUNK, note="示例说明", seen_version=read)
    assert Review.objects.get().decided_at is None
    assert pass_review(review=review, actor=admin, seen_version=read + 1).outcome == "passed"
