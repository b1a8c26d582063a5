"""The pages of questions: asked and answered by their forms, read beside the posting, queries counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matchmaking.talks.models import Question
from matchmaking.talks.services.questions import answer_question, ask_question
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
WORDS = "CANARY-QUESTION"
MOST_QUERIES = 12


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def poster(need):
    return MembershipFactory(enterprise=need.enterprise).user


def page(need):
    return f"/en/postings/{need.number}/questions/"


def test_asked_and_answered_by_the_forms(signed_in, need, poster):
    asker, other = MembershipFactory(), MembershipFactory()
    assert signed_in(asker.user).post(page(need), {"text": WORDS}).status_code == 302
    question = Question.objects.get()
    assert WORDS not in signed_in(other.user).get(page(need)).content.decode()
    answer = f"/en/questions/{question.key}/answer/"
    assert signed_in(other.user).post(answer, {"answer": "x"}).status_code == 404
    assert signed_in(asker.user).post(answer, {"answer": "x"}).status_code == 403
    bad = signed_in(poster).post(answer, {"answer": "13800000000"})
    assert bad.status_code == 422
    assert f"a-{question.key}-answer" in bad.content.decode()
    assert signed_in(poster).post(answer, {"answer": "<i>±0.6</i>"}).status_code == 302
    for client in (signed_in(other.user), signed_in(poster)):
        text = client.get(page(need)).content.decode()
        assert "&lt;i&gt;±0.6&lt;/i&gt;" in text
        assert [name for name in (asker.enterprise.name, asker.user.name, "asked by your firm") if name in text] == []
    assert "asked by your firm" in signed_in(asker.user).get(page(need)).content.decode()


@pytest.mark.parametrize("text", ["", "x" * 1001, "a@example.com"])
def test_what_cannot_be_asked_stands_at_its_field(signed_in, need, text):
    answer = signed_in(MembershipFactory().user).post(page(need), {"text": text})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    assert not Question.objects.exists()


def test_the_posting_leads_to_them_for_who_reads_its_text(signed_in, client, need):
    posting = f"/en/needs/{need.number}/"
    assert page(need) in signed_in(MembershipFactory().user).get(posting).content.decode()
    assert page(need) not in client.get(posting).content.decode()
    assert client.get(page(need)).status_code == 302
    assert signed_in(UserFactory()).get(page(need)).status_code == 409
    assert signed_in(CoordinatorGrantFactory().user).get(page(need)).status_code == 200


def test_many_questions_cost_no_more_queries_than_few_and_htmx_gets_the_list(signed_in, need, poster):
    reader = signed_in(MembershipFactory().user)

    def fill(count):
        for _ in range(count):
            asker = MembershipFactory()
            question = ask_question(posting=need, enterprise=asker.enterprise, actor=asker.user, text=WORDS)
            answer_question(question=question, actor=poster, answer="x")

    def counted():
        with CaptureQueriesContext(connection) as queries:
            text = reader.get(page(need), headers={"HX-Request": "true"}).content.decode()
        return len(queries), text

    fill(1)
    counted()
    few, fragment = counted()
    fill(10)
    assert counted()[0] == few <= MOST_QUERIES
    assert WORDS in fragment
    assert "<html" not in fragment
