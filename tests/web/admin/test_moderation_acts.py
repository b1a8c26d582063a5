"""What the platform does against false firms and papers, done where it is done: by confirmed actions on lists."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import CheckState, ReviewKind, Verb
from accounts.models import Change, Enterprise, EnterpriseCertificate, Review
from accounts.services.certificates import add_certificate
from accounts.services.reviews import appeal_decision
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.partnerships.choices import State
from matchmaking.postings.models import Posting
from tests.api.conftest import Partner
from tests.factories.accounts import MembershipFactory, ReviewFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import CertificationFactory
from tests.web.admin.making import list_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def act(client, row, action, **told):
    """The answer to an action that was said yes to."""
    data = {"action": action, "_selected_action": row.pk, "confirmed": "yes", **told}
    return client.post(list_of(type(row)), data, follow=True)


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def claimed(number="SAME-1", issuer="示例认证机构", **told):
    owner = MembershipFactory()
    values = {"certification": CertificationFactory(code="XC0"), "number": number, "issuer": issuer, **told}
    return add_certificate(enterprise=owner.enterprise, actor=owner.user, **values)


def test_one_suspension_closes_sessions_tokens_postings_and_interests_and_can_be_appealed(platform, signed_in):
    owner = MembershipFactory()
    client, partner = signed_in(owner.user), Partner(owner.enterprise, owner.user)
    posting = PostingFactory(enterprise=owner.enterprise)
    interest = PartnershipFactory(need=posting, state=State.INTERESTED)
    assert (client.get("/me/").status_code, partner.ask("postings/").status_code) == (200, 200)

    asked = platform.post(list_of(Enterprise), {"action": "suspend", "_selected_action": owner.enterprise.pk})
    assert owner.enterprise.name in asked.content.decode()
    assert (client.get("/me/").status_code, Posting.objects.live().exists()) == (200, True)

    act(platform, owner.enterprise, "suspend", reason=Reason.FLAG_JUNK, note="示例说明")

    interest.refresh_from_db()
    decision = Review.objects.get()
    owner.user.refresh_from_db()
    assert client.get("/me/").url.startswith("/accounts/login/")
    assert partner.ask("postings/").status_code == 401
    assert not Posting.objects.live().filter(enterprise=owner.enterprise).exists()
    assert interest.state == State.FAILED
    assert (decision.kind, decision.reason, decision.note) == (
        ReviewKind.SUSPENSION,
        Reason.FLAG_JUNK.value,
        "示例说明",
    )
    assert Change.objects.filter(verb=Verb.SUSPENDED, thing="enterprise").count() == 1
    assert appeal_decision(review=decision, actor=owner.user, text="示例理由").against == decision


def test_a_number_that_another_firm_holds_is_told_to_the_platform_and_not_confirmed(platform):
    first, second = claimed(), claimed()
    act(platform, first, "mark_checked")

    listed = platform.get(list_of(EnterpriseCertificate)).content.decode()
    answer = act(platform, second, "mark_checked")

    first.refresh_from_db(), second.refresh_from_db()
    assert text_of(Reason.FLAG_CERTIFICATE_ELSEWHERE, "zh-hans") in listed
    assert (first.state, second.state) == (CheckState.CHECKED, CheckState.CLAIMED)
    assert len(messages_of(answer)) == 1


@pytest.mark.parametrize(
    ("number", "days", "state"),
    [
        ("", 30, CheckState.CLAIMED),
        ("SAME-1", -1, CheckState.CLAIMED),
        ("SAME-1", 0, CheckState.CHECKED),
        ("SAME-1", 30, CheckState.CHECKED),
    ],
    ids=["no number", "over", "last day", "whole"],
)
def test_a_paper_without_number_or_over_is_not_confirmed_and_the_moderator_reads_why(number, days, state, platform):
    paper = claimed(number, expires_on=timezone.localdate() + timedelta(days=days))

    answer = act(platform, paper, "mark_checked")

    paper.refresh_from_db()
    assert paper.state == state
    assert len(messages_of(answer)) == 1


def test_a_paper_needs_an_issuer_from_the_start(platform):
    paper = claimed()
    EnterpriseCertificate.objects.filter(pk=paper.pk).update(issuer="")

    act(platform, paper, "mark_checked")

    paper.refresh_from_db()
    assert paper.state == CheckState.CLAIMED


def test_a_review_shows_who_took_and_decided_it_in_its_history(platform):
    claimed()
    review = Review.objects.get()

    act(platform, review, "take")
    act(platform, review, "let_pass", note="")

    assert [(row.owner is not None, row.outcome) for row in review.history.order_by("history_id")] == [
        (False, ""),
        (True, ""),
        (True, "passed"),
    ]
    page = platform.get(f"/manage/accounts/review/{review.pk}/history/")
    assert (page.status_code, review.title in page.content.decode()) == (200, True)


@pytest.mark.parametrize(("model", "action"), [(Posting, "release"), (Review, "let_pass")])
def test_a_posting_changed_after_the_question_is_shown_and_asked_about_again(model, action, platform):
    held = PostingFactory(in_review=True)
    about = {"kind": ReviewKind.POSTING, "thing_key": held.number, "enterprise": held.enterprise}
    row = held if model is Posting else ReviewFactory(**about)
    question = platform.post(list_of(model), {"action": action, "_selected_action": row.pk})
    field = f'name="seen_{row.pk}" value="{held.version}"'
    shown = question.content.decode()
    Posting.objects.filter(pk=held.pk).update(text="XCHANGED words", version=held.version + 1)

    again = act(platform, row, action, **{f"seen_{row.pk}": held.version, "note": ""})
    held.refresh_from_db()
    page = again.content.decode()
    assert (field in shown, "XCHANGED words" in page, held.status) == (True, True, "in_review")
    assert f'name="seen_{row.pk}" value="{held.version}"' in page

    act(platform, row, action, **{f"seen_{row.pk}": held.version, "note": ""})
    held.refresh_from_db()
    assert held.status == "published"
