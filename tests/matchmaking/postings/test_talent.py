"""Postings of people: what they say of them, which papers count across the border, and that nobody is named."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from common.reasons import Reason
from matchmaking.postings.choices import ExchangeMode, Subject
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.talent import MODE, profiles_of, talent_postings
from matchmaking.postings.services.flags import flags_of_words
from reference.choices import PaperKind
from reference.models import ChainNode, Parameter, Recognition
from reference.queries.recognitions import read_recognitions
from tests.factories.postings import PostingFactory, PostingParameterFactory

pytestmark = pytest.mark.django_db


def people(*told, **traits):
    """A capacity of people with these levels by the code of their parameter."""
    posting = PostingFactory(capacity=True, subject=Subject.TALENT, **traits)
    for code, level in told:
        PostingParameterFactory(posting=posting, parameter=Parameter.objects.get(code=code), level=level, number=None)
    return posting


def test_the_modes_are_the_levels_of_their_parameter():
    assert Parameter.objects.get(code=MODE).levels == ExchangeMode.values


def test_a_profile_tells_mode_and_papers_each_with_the_rule_by_which_it_counts():
    told = people((MODE, "shared_post"), ("title_grade", "associate_senior"), ("talent_card", "B"))

    profile = profiles_of([told])[told.pk]

    assert profile.mode == ExchangeMode.SHARED_POST
    assert [(paper.parameter.code, paper.level) for paper in profile.papers] == [
        ("title_grade", "associate_senior"),
        ("talent_card", "B"),
    ]
    recognised, unknown = (paper.recognition for paper in profile.papers)
    assert (recognised.valid_from, unknown) == (date(2020, 4, 21), None)


def test_profiles_of_many_cost_what_those_of_one_cost(django_assert_num_queries):
    few = [people((MODE, "training"))]
    profiles_of(few)
    many = few + [people(("skill_level", "2")) for _ in range(5)]

    with django_assert_num_queries(1):
        found = profiles_of(many)

    assert [len(found[one.pk].papers) for one in many] == [0, 1, 1, 1, 1, 1]


def test_what_is_not_about_people_has_no_profile():
    assert profiles_of([PostingFactory()]) == {}


@pytest.mark.parametrize(
    ("on", "code", "counts"),
    [
        (date(2020, 4, 20), "title_grade", False),
        (date(2020, 4, 21), "title_grade", True),
        (date(2026, 1, 1), "talent_card", False),
        (date(2026, 1, 1), "skill_level", False),
    ],
)
def test_a_paper_counts_from_the_day_of_its_rule_and_one_without_a_rule_never(on, code, counts):
    assert (code in read_recognitions(on)) == counts


def test_a_rule_that_has_ended_or_was_retired_counts_no_more():
    card = Parameter.objects.get(code="talent_card")
    Recognition.objects.create(
        parameter=card, valid_from=date(2021, 1, 1), valid_to=date(2022, 1, 1), source="示例来源"
    )
    Recognition.objects.create(
        parameter=card, valid_from=date(2023, 1, 1), retired_on=date(2024, 1, 1), source="示例来源"
    )

    found = [
        on for on in (date(2021, 6, 1), date(2022, 1, 1), date(2023, 6, 1)) if "talent_card" in read_recognitions(on)
    ]

    assert found == [date(2021, 6, 1)]


def test_every_paper_of_a_person_names_its_levels_in_both_languages():
    papers = Parameter.objects.exclude(paper_kind="")

    assert {paper.paper_kind for paper in papers} == set(PaperKind.values)
    assert [
        paper.code
        for paper in papers
        if not len(paper.levels) == len(paper.level_names_zh) == len(paper.level_names_en)
    ] == []


@pytest.mark.parametrize("typed", ["associate_senior", "副高级", "associate senior", " Associate Senior "])
def test_a_level_is_known_by_its_code_and_by_both_names(typed):
    assert Parameter.objects.get(code="title_grade").rank_of(typed) == 2


def test_talent_is_narrowed_by_mode_paper_and_chain():
    heat = ChainNode.objects.get(code="EQUIP.PROC.HEAT")
    one = people(
        (MODE, "shared_post"), ("title_grade", "senior"), node=ChainNode.objects.get(code="SVC.TALENT.ENGINEER")
    )
    one.further_nodes.add(heat)
    two = people((MODE, "training"), node=ChainNode.objects.get(code="SVC.TALENT.TRAIN"))
    PostingFactory(node=heat)

    def found(**asked):
        return set(talent_postings(Posting.objects.visible_to(AnonymousUser()), **asked))

    assert found() == {one, two}
    assert found(mode="shared_post") == found(paper="title_grade") == found(chain="EQUIP") == {one}
    assert found(chain="SVC") == {one, two}
    assert found(mode="training", chain="EQUIP") == set()


NAMED = ["王某某教授，每月四天", "李师傅带队焊工", "姓名：示例", "证件 110101199003070011 可查", "Name: Example"]
PLAIN = [
    "热处理高工，每月4天",
    "焊工师傅10名",
    "车工、钳工和电工",
    "高校教授联合攻关",
    "热处理工程师派驻",
    "电气总工，副高级职称",
]


@pytest.mark.parametrize("title", NAMED)
def test_a_person_told_by_name_or_number_waits_for_a_check(title):
    flags = list(flags_of_words(people(title=title)))

    assert [flag.reason for flag in flags] == [Reason.FLAG_PERSON_NAMED]
    assert list(flags_of_words(PostingFactory(title=title))) == []


@pytest.mark.parametrize("title", PLAIN)
def test_a_kind_of_person_is_no_name(title):
    assert list(flags_of_words(people(title=title))) == []
