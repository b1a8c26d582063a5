"""Questions at the REST door: by scope, as on the pages, through the firm of the system alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matchmaking.talks.models import LONGEST_QUESTION, Question
from matchmaking.talks.services.questions import answer_question, ask_question
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
WORDS = "示例：样件需要几周？"


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def poster(need, make_partner):
    return make_partner(need.enterprise)


@pytest.fixture
def asker(make_partner):
    return make_partner()


def ask(partner, posting, text=WORDS):
    return partner.ask("questions/", "POST", {"posting": posting.number, "text": text})


def problems(answer):
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def known(partner, query=""):
    return [row["key"] for row in partner.ask(f"questions/{query}").json()["results"]]


def test_a_question_is_read_by_its_two_firms_and_once_answered_by_all_who_see_the_posting(
    need, poster, asker, make_partner
):
    other = make_partner()
    asked = ask(asker, need)
    assert (asked.status_code, asked.json()["is_mine"], asked.json()["answer"]) == (201, True, "")
    key = asked.json()["key"]
    assert (known(asker), known(poster), known(other)) == ([key], [key], [])
    (told,) = poster.ask("questions/?is_answered=false").json()["results"]
    assert (told["is_mine"], told["is_own_posting"], told["text"]) == (False, True, WORDS)
    firm = Question.objects.get().enterprise
    assert not any(word in str(told) for word in (firm.key, firm.name, asker.owner.name))

    answered = poster.ask(f"questions/{key}/answer/", "POST", {"answer": "示例：四周。"})

    assert (answered.status_code, answered.json()["answer"]) == (200, "示例：四周。")
    (read,) = other.ask(f"questions/?posting={need.number}").json()["results"]
    assert (read["is_mine"], read["answer"]) == (False, "示例：四周。")
    assert (known(other, "?is_answered=true"), known(other, "?is_answered=false")) == ([key], [])
    again = poster.ask(f"questions/{key}/answer/", "POST", {"answer": "示例"})
    assert (again.status_code, again.json()["code"]) == (409, "refusal.already_there")


def test_nobody_else_answers(need, asker, make_partner):
    key = ask(asker, need).json()["key"]
    for partner in (asker, make_partner()):
        assert partner.ask(f"questions/{key}/answer/", "POST", {"answer": "示例"}).status_code == 404
    assert Question.objects.get().answered_at is None


def test_a_system_reads_and_answers_through_its_own_firm_alone(need, poster, asker, make_partner):
    """Its owner is a member of the posting's firm, too."""
    key = ask(asker, need).json()["key"]
    both = make_partner()
    MembershipFactory(enterprise=need.enterprise, user=both.owner)

    assert known(both) == []
    assert both.ask(f"questions/{key}/answer/", "POST", {"answer": "示例"}).status_code == 404


def test_what_cannot_be_asked_is_refused_by_name(need, poster, asker):
    hidden = PostingFactory(draft=True)
    assert problems(ask(asker, hidden)) == {"posting": "refusal.unknown_code"}
    assert ask(poster, need).json()["code"] == "refusal.own_posting"
    assert problems(ask(asker, need, "请致电 13800138000")) == {"text": "refusal.contact_in_text"}


@pytest.mark.parametrize("text", ["", " ", "\u200b", "x" * (LONGEST_QUESTION + 1), None, ["x"], {"x": 1}])
def test_what_is_no_question_is_refused_and_not_kept(text, need, asker):
    told = ask(asker, need, text)
    assert told.status_code in (400, 422)
    assert problems(told).keys() == {"text"}
    assert not Question.objects.exists()


def test_scopes_are_its_own(need, make_partner):
    scopes = ("questions:read", "questions:write", "messages:read")
    reads, writes, none = (make_partner(scopes=(scope,)) for scope in scopes)
    assert [one.ask("questions/").status_code for one in (reads, writes, none)] == [200, 403, 403]
    assert [ask(one, need).status_code for one in (reads, writes, none)] == [403, 201, 403]


def test_the_list_asks_as_often_for_many_as_for_one(need, poster):
    counts, _first = [], known(poster)
    for rows in (1, 20):
        for _row in range(rows):
            asker = MembershipFactory()
            row = ask_question(posting=need, enterprise=asker.enterprise, actor=asker.user, text=WORDS)
            answer_question(question=row, actor=poster.owner, answer="示例")
        with CaptureQueriesContext(connection) as captured:
            assert len(known(poster)) >= rows
        counts.append(len(captured))
    assert counts[0] == counts[1] <= MOST_QUERIES
