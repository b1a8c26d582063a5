"""Public questions: who asks and answers, who reads, what is refused, and that nobody learns who asked."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.talks.models import LONGEST_QUESTION, Question
from matchmaking.talks.permissions import MOST_WAITING
from matchmaking.talks.queries.questions import questions_at, questions_visible_to
from matchmaking.talks.services.questions import answer_question, ask_question
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
WORDS = "壁厚公差是多少？"


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def poster(need):
    return MembershipFactory(enterprise=need.enterprise).user


@pytest.fixture
def asker():
    return MembershipFactory()


def ask(need, asker, text=WORDS):
    return ask_question(posting=need, enterprise=asker.enterprise, actor=asker.user, text=text)


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reason


def test_a_question_is_read_by_two_firms_and_with_its_answer_by_all(need, poster, asker):
    question = ask(need, asker)
    others = (MembershipFactory().user, UserFactory())

    def readers():
        people = {"poster": poster, "asker": asker.user, "other": others[0], "user": others[1]}
        people["visitor"] = AnonymousUser()
        return {who for who, user in people.items() if questions_visible_to(user).exists()}

    assert readers() == {"poster", "asker"}
    answer_question(question=question, actor=poster, answer="±0.6 mm")
    assert readers() == {"poster", "asker", "other", "user"}
    need.hidden_from.add(others[0].memberships.get().enterprise)
    assert readers() == {"poster", "asker", "user"}


def test_both_are_told_and_the_poster_learns_no_name(need, poster, asker):
    question = ask(need, asker)
    answer_question(question=question, actor=poster, answer="±0.6 mm")
    told = {notice.kind: notice for notice in Notice.objects.all()}
    assert told[NoticeKind.QUESTION_ASKED].reader == poster
    assert told[NoticeKind.QUESTION_ANSWERED].reader == asker.user
    facts = str(told[NoticeKind.QUESTION_ASKED].facts)
    assert [word for word in (asker.enterprise.name, asker.enterprise.key, WORDS) if word in facts] == []
    lines = Change.objects.filter(thing="question", enterprise=need.enterprise)
    assert {line.actor for line in lines} == {poster}
    assert [row.is_mine for row in questions_at(user=poster, posting=need, enterprise=need.enterprise)] == [False]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.REFUSAL_REQUIRED),
        ("\u200b\x00 ", Reason.REFUSAL_REQUIRED),
        ("字" * (LONGEST_QUESTION + 1), Reason.REFUSAL_TOO_LONG),
        ("请打 13800000000", Reason.REFUSAL_CONTACT_IN_TEXT),
        ("a@example.com?", Reason.REFUSAL_CONTACT_IN_TEXT),
    ],
)
def test_bad_words_are_refused_in_questions_and_answers(need, poster, asker, text, reason):
    with pytest.raises(Invalid) as refusal:
        ask(need, asker, text)
    assert refusal.value.fields == {"text": reason}
    question = ask(need, asker)
    with pytest.raises(Invalid) as refusal:
        answer_question(question=question, actor=poster, answer=text)
    assert refusal.value.fields == {"answer": reason}
    assert Question.objects.get().answered_at is None


def test_nobody_asks_at_their_own_posting_or_as_a_viewer_or_for_a_suspended_firm(need, poster):
    own = poster.memberships.get()
    viewer = MembershipFactory(viewer=True)
    suspended = MembershipFactory(enterprise=EnterpriseFactory(suspended=True))
    assert refused(lambda: ask(need, own)) == Reason.REFUSAL_OWN_POSTING
    assert refused(lambda: ask(need, viewer)) == Reason.REFUSAL_NOT_YOURS
    assert refused(lambda: ask(need, suspended)) == Reason.REFUSAL_SUSPENDED
    other = MembershipFactory()
    need.hidden_from.add(other.enterprise)
    assert refused(lambda: ask(need, other)) == Reason.REFUSAL_NOT_YOURS


@pytest.mark.parametrize("state", ["paused", "closed", "expired", "draft"])
def test_only_live_postings_are_asked_about(asker, state):
    assert refused(lambda: ask(PostingFactory(**{state: True}), asker)) in (
        Reason.REFUSAL_NOT_YOURS,
        Reason.REFUSAL_WRONG_STATE,
    )


def test_a_firm_waits_for_answers_before_it_asks_on(need, poster, asker):
    first = [ask(need, asker) for _ in range(MOST_WAITING)][0]
    assert refused(lambda: ask(need, asker)) == Reason.REFUSAL_TOO_MANY_WAITING
    answer_question(question=first, actor=poster, answer="±0.6 mm")
    ask(need, asker)


def test_only_the_poster_answers_and_once(need, poster, asker):
    question = ask(need, asker)
    viewer = MembershipFactory(enterprise=need.enterprise, viewer=True).user
    for user in (asker.user, viewer, MembershipFactory().user):
        with pytest.raises(Refused) as refusal:
            answer_question(question=question, actor=user, answer="x")
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    answer_question(question=question, actor=poster, answer="x")
    assert refused(lambda: answer_question(question=question, actor=poster, answer="y")) == Reason.REFUSAL_ALREADY_THERE
    assert Question.objects.get().answer == "x"
