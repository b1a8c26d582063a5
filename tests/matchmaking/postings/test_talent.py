"""Postings of people: what they say of them, which papers count across the border, and that nobody is named."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.services.reference import write_reference_row
from common.errors import Invalid
from common.reasons import Reason
from matchmaking.postings.choices import Direction, ExchangeMode, Subject
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.talent import MODE, profiles_of, talent_postings
from matchmaking.postings.services.content import check_for_readers
from matchmaking.postings.services.drafting import save_draft
from matchmaking.postings.services.flags import flags_of_words
from reference.choices import PaperKind
from reference.models import ChainNode, Parameter, Recognition
from reference.queries.recognitions import read_recognitions, recognitions_now
from tests.factories.accounts import MembershipFactory, UserFactory
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


NAMED = [
    "王某某教授，每月四天",
    "李师傅带队焊工",
    "热处理专家王教授每月四天",
    "我厂李师傅可驻厂",
    "请联系张工程师",
    "李高工",
    "姓名：示例",
    "证件 110101199003070011 可查",
    "Full name: Example",
    "Dr Example for heat treatment",
]
PLAIN = [
    "热处理高工，每月4天",
    "焊工师傅10名",
    "车工、钳工和电工",
    "高校教授联合攻关",
    "热处理工程师派驻",
    "方案工程师2名",
    "石油工程师派驻",
    "任职工程师",
    "余热工程师派驻",
    "Product name: gearbox",
    "Hydrogen expert",
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


def test_a_mode_that_is_no_longer_known_breaks_no_page():
    told = people((MODE, "lent_out"))

    assert profiles_of([told])[told.pk].mode is None


def test_the_mode_is_another_one_or_the_same_never_more():
    member = MembershipFactory()
    values = {
        "title": "示例热处理专家",
        "subject": Subject.TALENT,
        "node": "SVC.TALENT.ENGINEER",
        "parameters": [
            {"parameter": MODE, "operator": "ge", "value": "派驻", "is_must": True},
            {"parameter": "skill_level", "operator": "ge", "value": "三级（高级工）", "is_must": True},
        ],
    }

    draft = save_draft(actor=member.user, enterprise=member.enterprise, direction=Direction.CAPACITY, values=values)

    told = draft.parameters.order_by("pk").values_list("parameter__code", "operator", "level")
    assert list(told) == [(MODE, "eq", "secondment"), ("skill_level", "ge", "3")]


@pytest.mark.parametrize("typed", ["三级", "三级(高级工)", "三级（高级工）", "3", "GRADE 3", "grade 3 (senior worker)"])
def test_a_grade_is_known_with_and_without_what_stands_in_brackets(typed):
    assert Parameter.objects.get(code="skill_level").rank_of(typed) == 2


def test_people_are_published_as_talent_alone():
    posting = PostingFactory(capacity=True, draft=True, node=ChainNode.objects.get(code="SVC.TALENT.SKILLED"))

    with pytest.raises(Invalid) as refused:
        check_for_readers(posting, timezone.localdate())

    assert refused.value.fields == {"subject": Reason.REFUSAL_PEOPLE_AS_TALENT}


def test_a_new_rule_is_read_at_once_by_who_wrote_it():
    admin = UserFactory(platform_admin=True)
    recognitions_now()
    rule = Recognition(parameter=Parameter.objects.get(code="talent_card"))

    write_reference_row(row=rule, values={"valid_from": date(2024, 1, 1), "source": "示例来源"}, actor=admin)

    assert "talent_card" in recognitions_now()
