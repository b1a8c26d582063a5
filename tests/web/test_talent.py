"""The page of talent: figures, postings narrowed in the address, papers with their rules, both languages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.keeping import process_cache
from matchmaking.postings.choices import Subject
from reference.models import ChainNode, Parameter, Region
from tests.factories.accounts import EnterpriseContactFactory
from tests.factories.postings import PostingContactFactory, PostingFactory, PostingParameterFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
"""With nothing kept: figures, list, profiles, papers and rules, chains to choose from, names."""


def expert(**traits):
    """A capacity of an expert of Deyang with a title and a card, and contact data behind it."""
    posting = PostingFactory(
        capacity=True,
        subject=Subject.TALENT,
        node=ChainNode.objects.get(code="SVC.TALENT.ENGINEER"),
        region=Region.objects.get(code="510600"),
        **traits,
    )
    told = (("title_grade", "associate_senior"), ("talent_card", "B"), ("exchange_mode", "shared_post"))
    for code, level in told:
        parameter = Parameter.objects.get(code=code)
        PostingParameterFactory(posting=posting, parameter=parameter, level=level, number=None)
    return posting


def page(address="/talent/"):
    process_cache.clear()
    answer = Client().get(address)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ("副高级", "两地互认", "待核实", "B卡", "共享岗位", "Chongqing Daily, 24 April 2020")),
        ("/en", ("associate senior", "recognised in both", "check", "card B", "Shared post")),
    ],
)
def test_the_page_tells_profiles_and_which_papers_count(prefix, words):
    posting = expert(title="示例热处理专家，每月4天")
    PostingContactFactory(posting=posting, person="示例专家甲", phone="13800000051")
    EnterpriseContactFactory(enterprise=posting.enterprise, person="示例联系人", phone="13800000052")

    status, text = page(f"{prefix}/talent/")

    assert status == 200
    assert [word for word in words if word not in text] == []
    assert [told for told in ("示例专家甲", "示例联系人", "13800000051", "13800000052") if told in text] == []


def test_the_address_narrows_the_list_and_keeps_what_was_asked():
    posting = expert(title="示例热处理专家")
    for asked in ("mode=shared_post", "paper=title_grade", "province=510000", "direction=capacity", "chain=SVC"):
        text = page(f"/talent/?{asked}")[1]
        assert (posting.number in text, f'value="{asked.split("=")[1]}" selected' in text) == (True, True), asked
    for asked in ("mode=training", "paper=skill_level", "province=500000", "direction=need", "chain=AUTO"):
        text = page(f"/talent/?{asked}")[1]
        assert (posting.number in text, "没有符合条件的人才供需" in text) == (False, True), asked


def test_an_address_that_asks_for_the_unknown_asks_for_nothing():
    posting = expert(title="示例热处理专家")

    status, text = page("/talent/?mode=x&paper=clamp_t&province=440000&direction=x&chain=X&page=x")

    assert (status, posting.number in text) == (200, True)


def test_without_any_posting_the_page_says_how_to_begin():
    status, text = page()

    assert (status, "还没有人才供需" in text, "?node=SVC.TALENT" in text) == (200, True, True)


def test_the_page_asks_the_database_the_same_for_one_and_many():
    def cost():
        process_cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert Client().get("/talent/").status_code == 200
        return len(asked)

    expert()
    few = cost()
    for _ in range(8):
        expert()

    assert cost() == few
    assert few <= MOST_QUERIES
