"""Talent for partners: profiles and marks, the filters of postings and two more, nobody named."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matchmaking.postings.choices import Subject
from reference.models import ChainNode, Parameter
from tests.factories.postings import PostingContactFactory, PostingFactory, PostingParameterFactory

pytestmark = pytest.mark.django_db


def expert(*told, **traits):
    posting = PostingFactory(capacity=True, subject=Subject.TALENT, **traits)
    for code, level in told:
        parameter = Parameter.objects.get(code=code)
        PostingParameterFactory(posting=posting, parameter=parameter, level=level, number=None)
    return posting


def test_talent_tells_mode_and_papers_with_their_rules_and_nobody(partner):
    one = expert(("exchange_mode", "secondment"), ("title_grade", "senior"), ("talent_card", "A"))
    PostingContactFactory(posting=one, person="示例专家甲", phone="13800000051")
    PostingFactory()

    answer = partner.ask("talent/")

    rows = answer.json()["results"]
    assert [(row["number"], row["mode"]) for row in rows] == [(one.number, "secondment")]
    assert [(paper["parameter"], paper["kind"], paper["level"]) for paper in rows[0]["papers"]] == [
        ("title_grade", "title", "senior"),
        ("talent_card", "card", "A"),
    ]
    assert [paper["recognition"] and paper["recognition"]["valid_from"] for paper in rows[0]["papers"]] == [
        "2020-04-21",
        None,
    ]
    text = json.dumps(answer.json(), ensure_ascii=False)
    assert [told for told in ("示例专家甲", "13800000051") if told in text] == []


def test_talent_is_narrowed_by_mode_and_paper_and_the_filters_of_postings(partner):
    one = expert(("exchange_mode", "secondment"), ("title_grade", "senior"))
    two = expert(("exchange_mode", "training"))

    def found(query):
        return {row["number"] for row in partner.ask(f"talent/?{query}").json()["results"]}

    assert found("mode=secondment") == found("paper=title_grade") == {one.number}
    assert found("direction=capacity") == {one.number, two.number}
    assert found("direction=need") == set()
    assert [partner.ask(f"talent/?{asked}").status_code for asked in ("mode=x", "paper=x", "paper=exchange_mode")] == [
        400,
        400,
        400,
    ]


def test_talent_is_for_each_chain_that_a_posting_names(partner):
    one = expert(node=ChainNode.objects.get(code="SVC.TALENT.ENGINEER"))
    one.further_nodes.add(ChainNode.objects.get(code="EQUIP.PROC.HEAT"))

    def found(query):
        return {row["number"] for row in partner.ask(f"talent/?{query}").json()["results"]}

    assert found("chain=EQUIP") == found("chain=SVC") == found("chain=AUTO&chain=EQUIP") == {one.number}
    assert found("chain=AUTO") == set()


def test_talent_costs_the_same_for_one_and_many(partner):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert partner.ask("talent/").status_code == 200
        return len(asked)

    expert(("title_grade", "senior"))
    cost()
    few = cost()
    for _ in range(6):
        expert(("title_grade", "senior"), ("exchange_mode", "training"))

    assert cost() == few
