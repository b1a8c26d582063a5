"""The moderators' queue in the administration, and the firm's side of what was decided."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import ReviewKind, ReviewOutcome, Verification
from accounts.models import Review
from accounts.queries import review_of
from accounts.services.mailing import mail_pending
from accounts.services.reviews import appeal_decision, take_review
from accounts.services.verification import reject_enterprise
from common.reasons import Reason
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.moderation import refuse_review
from matchmaking.postings.services.publishing import publish_posting
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    MembershipFactory,
    ReviewFactory,
    UserFactory,
)
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db
QUEUE = "admin:accounts_review_changelist"


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True, totp=True, name="示例甲")


@pytest.fixture
def platform(admin, signed_in):
    return signed_in(admin)


@pytest.fixture
def owner():
    return MembershipFactory()


def held(owner, **told):
    words = {"text": "详见 www.sample.example/x"} | told
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, **words)
    posting = publish_posting(posting=draft, actor=owner.user)
    return posting, review_of(ReviewKind.POSTING, posting.number)


def listed(client, **filters):
    answer = client.get(reverse(QUEUE), filters)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def read(row):
    """The version that the question showed, of a row about a posting."""
    version = Posting.objects.filter(number=row.thing_key).values_list("version", flat=True).first()
    return {f"seen_{row.pk}": version} if version else {}


def act(client, row, action, **data):
    told = {"action": action, "_selected_action": row.pk, "confirmed": "yes", **read(row), **data}
    return client.post(reverse(QUEUE), told, follow=True)


def aged(review, **age):
    Review.objects.filter(pk=review.pk).update(created_at=timezone.now() - timedelta(**age))


def test_the_queue_shows_age_owner_next_step_and_why_the_oldest_first(platform, owner, admin):
    _posting, old = held(owner)
    _posting, young = held(owner)
    aged(old, days=2, hours=3, minutes=1)
    take_review(review=old, actor=admin)

    assert listed(platform) == [old, young]
    page = platform.get("/en" + reverse(QUEUE)).content.decode()
    for text in (
        "2 days 3 hours",
        "示例甲",
        "contact data in the text",
        "www.sample.example/x",
        "A moderator takes it",
    ):
        assert text in page
    assert "The moderator releases it or gives it back" in page


def test_the_queue_is_filtered_by_owner_kind_age_and_state(platform, owner, admin):
    _posting, mine = held(owner)
    _posting, old = held(owner)
    firm, done = ReviewFactory(), ReviewFactory(rejected=True)
    take_review(review=mine, actor=admin)
    aged(old, days=1, minutes=1)

    assert listed(platform, owner="me") == [mine]
    assert set(listed(platform, owner="nobody")) == {old, firm}
    assert listed(platform, state="late") == [old]
    assert listed(platform, kind__exact="enterprise") == [firm]
    assert listed(platform, state="decided") == [done]
    assert len(listed(platform, state="all")) == 4


@pytest.mark.parametrize("who", ["platform", "park", "coordinator"])
def test_the_queue_asks_as_often_for_forty_rows_as_for_one_and_at_most_eight_times(who, signed_in, admin):
    region = RegionFactory(code="900101")
    grant = CoordinatorGrantFactory(user__staff=True) if who == "coordinator" else ParkAdministratorFactory()
    if who == "park":
        grant.park.regions.set([region])
    client = signed_in(admin if who == "platform" else grant.user)
    counts = []
    for rows in (1, 40):
        for _row in range(rows):
            ReviewFactory(owner=UserFactory(), enterprise=EnterpriseFactory(region=region))
        client.get(reverse(QUEUE))
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(reverse(QUEUE)).context["cl"]
        assert shown.result_count == (1 if rows == 1 else 41)
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert counts[0] <= 8, [query["sql"][:90] for query in captured]


def test_a_park_administrator_sees_takes_and_decides_rows_of_the_parks_regions_alone(signed_in):
    grant = ParkAdministratorFactory()
    runs = signed_in(grant.user)
    inside = ReviewFactory(enterprise=EnterpriseFactory(region=grant.park.regions.first(), pending=True))
    outside = ReviewFactory(enterprise=EnterpriseFactory(region=RegionFactory(code="910000"), pending=True))

    assert listed(runs) == [inside]
    change = "admin:accounts_review_change"
    assert runs.get(reverse(change, args=[inside.pk])).status_code == 200
    assert runs.get(reverse(change, args=[outside.pk])).status_code in (302, 403, 404)
    for row in (inside, outside):
        act(runs, row, "take")
        act(runs, row, "let_pass")
    inside.refresh_from_db()
    outside.refresh_from_db()
    assert (inside.outcome, inside.decided_by) == (ReviewOutcome.PASSED, grant.user)
    assert inside.enterprise.verification == Verification.VERIFIED
    assert (outside.outcome, outside.owner) == ("", None)


def test_a_moderator_opens_the_evidence_of_papers_in_reach_and_no_other(signed_in):
    grant = ParkAdministratorFactory()
    near = EnterpriseCertificateFactory(enterprise__region=grant.park.regions.first(), evidence="certificates/x.pdf")
    far = EnterpriseCertificateFactory(enterprise__region=RegionFactory(code="910000"), evidence="certificates/y.pdf")
    for paper in (near, far):
        paper.evidence.storage.save(paper.evidence.name, ContentFile(b"%PDF-1.7"))

    answers = [signed_in(grant.user).get(f"/me/certificates/{paper.pk}/evidence/").status_code for paper in (near, far)]

    assert answers == [200, 404]


def test_the_queue_is_closed_to_firms_and_people_who_run_nothing(signed_in, owner):
    assert signed_in(owner.user).get(reverse(QUEUE)).status_code == 403
    assert signed_in(UserFactory(staff=True, totp=True)).get(reverse(QUEUE)).status_code == 403


def test_an_action_asks_first_and_a_rejection_wants_a_text(platform, owner):
    posting, review = held(owner)

    asked = platform.post(reverse(QUEUE), {"action": "let_pass", "_selected_action": review.pk})
    act(platform, review, "refuse", reason=Reason.FLAG_JUNK, note=" ")
    posting.refresh_from_db()
    assert (asked.status_code, posting.status) == (200, Status.IN_REVIEW)

    act(platform, review, "refuse", reason=Reason.FLAG_JUNK, note="请写明零件")
    posting.refresh_from_db()
    assert (posting.status, posting.hold_reason) == (Status.DRAFT, Reason.FLAG_JUNK.value)


def test_the_second_of_two_moderators_reads_who_was_faster(platform, owner, signed_in):
    _posting, review = held(owner)
    act(platform, review, "let_pass")

    other = signed_in(UserFactory(platform_admin=True, totp=True))
    answer = act(other, review, "refuse", reason=Reason.FLAG_JUNK, note="x")

    assert Review.objects.get().outcome == ReviewOutcome.PASSED
    told = other.post(
        f"{reverse(QUEUE)}?state=all",
        {"action": "let_pass", "_selected_action": review.pk, "confirmed": "yes"},
        follow=True,
    )
    assert answer.status_code == 200
    assert "示例甲 已先行处理" in told.content.decode()


def test_an_appeal_is_read_and_answered_in_the_queue(platform, owner, signed_in):
    _posting, review = held(owner)
    decider = UserFactory(platform_admin=True)
    decision = refuse_review(review=review, actor=decider, reason=Reason.FLAG_JUNK, note="示例说明")
    appeal = appeal_decision(review=decision, actor=owner.user, text="这是真实需求")

    page = platform.get(reverse("admin:accounts_review_change", args=[appeal.pk])).content.decode()
    assert "这是真实需求" in page
    assert "示例说明" in page
    act(platform, appeal, "grant", note="已复核")

    assert review_of(ReviewKind.POSTING, decision.thing_key).appeal.outcome == ReviewOutcome.GRANTED
    assert signed_in(owner.user).get(f"/decisions/{appeal.key}/").url.endswith(f"/decisions/{decision.key}/")


def test_the_firm_sees_why_its_posting_is_held_since_when_with_whom_and_what_comes_next(owner, signed_in, admin):
    posting, review = held(owner)
    aged(review, hours=5, minutes=1)
    take_review(review=review, actor=admin)
    client = signed_in(owner.user)

    for address in (f"/en/needs/{posting.number}/", "/en/me/", f"/en/enterprises/{owner.enterprise.key}/"):
        page = client.get(address).content.decode()
        for text in ("contact data in the text", "5 hours", "示例甲", "The moderator releases it"):
            assert text in page, (address, text)
    assert "www.sample.example/x" in client.get(f"/needs/{posting.number}/").content.decode()


def test_the_firm_reads_code_note_and_appeals_once_on_the_page_that_notice_and_mail_lead_to(
    owner, signed_in, admin, settings
):
    posting, review = held(owner)
    refuse_review(review=review, actor=admin, reason=Reason.FLAG_JUNK, note="请写明零件")
    client = signed_in(owner.user)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail_pending()

    assert any("请写明零件" in sent.body and "不是真实的需求或供给" in sent.body for sent in mail.outbox)
    notice = owner.user.notices.get(kind="posting_rejected")
    address = client.get(f"/me/notices/{notice.pk}/").url
    assert address == f"/decisions/{review.key}/"
    for shown in (address, f"/needs/{posting.number}/"):
        assert "请写明零件" in client.get(shown).content.decode()
    assert client.post(f"{address}appeal/", {"text": " "}).status_code == 422
    assert client.post(f"{address}appeal/", {"text": "这是真实需求"}).url == address
    page = client.get(address).content.decode()
    assert "这是真实需求" in page
    assert "/appeal/" not in page
    assert client.post(f"{address}appeal/", {"text": "再次"}).status_code == 409


def test_a_decision_is_the_business_of_its_firm_alone(owner, signed_in):
    review = ReviewFactory(rejected=True, enterprise=owner.enterprise)
    viewer = MembershipFactory(enterprise=owner.enterprise, viewer=True)
    stranger = MembershipFactory()

    assert signed_in(viewer.user).get(f"/decisions/{review.key}/").status_code == 200
    assert signed_in(viewer.user).post(f"/decisions/{review.key}/appeal/", {"text": "x"}).status_code == 403
    for client in (signed_in(stranger.user), signed_in(UserFactory())):
        assert client.get(f"/decisions/{review.key}/").status_code == 404
        assert client.post(f"/decisions/{review.key}/appeal/", {"text": "x"}).status_code == 404
        assert client.get("/decisions/NOSUCHKEY0/").status_code == 404


def test_the_firm_never_learns_that_another_holds_its_number(owner, signed_in):
    mine = EnterpriseCertificateFactory(
        enterprise=owner.enterprise, number="SAME-1", hold_reason=Reason.FLAG_CERTIFICATE_ELSEWHERE.value
    )
    plain = EnterpriseCertificateFactory(enterprise=owner.enterprise, number="OWN-2")
    ReviewFactory(
        kind=ReviewKind.CERTIFICATE,
        enterprise=owner.enterprise,
        thing_key=str(mine.pk),
        title="XC0 SAME-1",
        flag=Reason.FLAG_CERTIFICATE_ELSEWHERE.value,
        quotes=["SAME-1"],
    )
    held(owner)

    for address in ("/en/me/certificates/", "/en/me/", f"/en/enterprises/{owner.enterprise.key}/"):
        assert "another firm" not in signed_in(owner.user).get(address).content.decode()
    assert plain.hold_reason == ""


def test_a_rejected_enterprise_reads_why_on_its_workbench(owner, signed_in, admin):
    firm = MembershipFactory(enterprise__pending=True)
    reject_enterprise(
        enterprise=firm.enterprise, actor=admin, reason=Reason.END_VERIFICATION_PAPERS_MISSING, note="请补充执照"
    )

    page = signed_in(firm.user).get("/en/me/").content.decode()

    assert "请补充执照" in page
    assert "a paper is missing that shows who you are" in page
    assert "/en/decisions/" in page


def test_who_says_that_it_is_no_contact_data_has_it_checked(owner, signed_in):
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, text="零件号 13800138000")
    client = signed_in(owner.user)
    address = f"/postings/{draft.number}/edit/"
    words = {"title": draft.title, "text": draft.text, "subject": draft.subject, "node": draft.node.code}
    words |= {"quantity": "8000", "unit": draft.unit.code, "period": "month", "region": draft.region.code}
    words |= {"region_preference": "any", "price_kind": "none", "visibility": "named"}
    words |= {"seen_version": str(draft.version), "answer_within_working_days": "2"}

    asked = client.post(address, words | {"act": "publish"})
    assert asked.status_code == 409
    assert 'value="check"' in asked.content.decode()
    draft.refresh_from_db()
    client.post(address, words | {"act": "check", "seen_version": str(draft.version)})

    draft.refresh_from_db()
    assert (draft.status, draft.hold_reason) == (Status.IN_REVIEW, Reason.FLAG_CONTACT_IN_TEXT.value)
