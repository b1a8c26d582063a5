"""A park's page: what is open in its partner parks, its premises, the firms of its projects, and its quarters."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import EnterpriseKind
from common.keeping import process_cache
from matchmaking.postings.choices import Visibility
from reference.models import Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, SiteFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    MilestoneFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Jiangjin and Hejiang."""
    parks = [ParkFactory(regions=[Region.objects.get(code=code)]) for code in ("500116", "510522")]
    return ParkPartnershipFactory(from_park=parks[0], to_park=parks[1])


def shown(client, park, language="", **asked):
    answer = client.get(f"{language}/parks/{park.slug}/", asked)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("direction", ["need", "capacity"])
def test_a_posting_stands_on_the_page_of_the_partner_park_with_its_list(client, pair, direction):
    posting = PostingFactory(region=pair.from_park.regions.first(), capacity=direction == "capacity")
    PostingFactory(region=Region.objects.get(code="500101"), title="示例别处")

    answer = shown(client, pair.to_park)

    one = answer.context["partners"][0]
    body = answer.content.decode()
    assert (one.park, getattr(one.nearby, {"need": "needs", "capacity": "capacities"}[direction])) == (
        pair.from_park,
        1,
    )
    assert posting.title in str(one.needs) + str(one.capacities)
    assert "示例别处" not in body
    address = reverse("web:postings:needs" if direction == "need" else "web:postings:capacities")
    assert f'{address}?region=500116"' in body


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_every_counted_figure_is_the_number_of_rows_behind_its_link(client, signed_in, pair, who):
    reader = client if who == "visitor" else signed_in(MembershipFactory().user)
    for code in ("510522", "510521", "510522"):
        PostingFactory(region=Region.objects.get(code=code))
        PostingFactory(region=Region.objects.get(code=code), capacity=True, subject="premises")
        PostingFactory(region=Region.objects.get(code=code), capacity=True)

    body = shown(reader, pair.to_park).content.decode()

    figures = re.findall(r'<dd class="v">(\d+)</dd><dd class="d"><a href="(/(?:needs|capacities)/[^"]+)"', body)
    assert len(figures) == 3
    for number, address in figures:
        assert reader.get(address.replace("&amp;", "&")).context["page"].paginator.count == int(number), address


@pytest.mark.parametrize("state", ["proposed", "declined"])
def test_a_park_that_has_not_confirmed_is_no_partner_park_yet(client, pair, state):
    type(pair).objects.filter(pk=pair.pk).update(state=state)
    PostingFactory(region=pair.from_park.regions.first())

    assert shown(client, pair.to_park).context["partners"] == []


def test_a_page_as_of_a_past_day_shows_no_postings_of_today(client, pair):
    PostingFactory(region=pair.from_park.regions.first())

    assert shown(client, pair.to_park, as_of="2022-01-01").context["partners"] == []


def test_visitors_are_told_that_counties_stand_under_their_prefecture_and_members_see_the_county(
    client, signed_in, pair
):
    PostingFactory(region=Region.objects.get(code="510521"), title="示例泸县")
    member = MembershipFactory().user

    visitors, members = shown(client, pair.from_park), shown(signed_in(member), pair.from_park)

    assert ["示例泸县" in str(answer.context["partners"][0].needs) for answer in (visitors, members)] == [True, False]
    assert ["region=510500" in answer.content.decode() for answer in (visitors, members)] == [True, False]


def test_a_draft_in_the_partner_park_is_on_no_page(client, pair):
    PostingFactory(region=pair.from_park.regions.first(), draft=True, title="示例草稿")

    assert "示例草稿" not in shown(client, pair.to_park).content.decode()


def test_premises_of_the_parks_operator_come_first(client, pair):
    place = {"capacity": True, "subject": "premises", "region": pair.from_park.regions.first()}
    PostingFactory(**place, title="示例乙厂房")
    operator = EnterpriseFactory(kind=EnterpriseKind.PARK_OPERATOR)
    PostingFactory(**place, title="示例甲厂房", enterprise=operator)

    premises = shown(client, pair.from_park).context["premises"]

    assert ("示例甲厂房" in premises["operator"], "示例乙厂房" in premises["others"]) == (True, True)


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_project_names_the_firms_that_a_reader_may_see(client, pair, language):
    shown_firm, hidden = EnterpriseFactory(name="示例参与企业"), EnterpriseFactory(name="示例停用企业", suspended=True)
    project = CooperationProjectFactory(park=pair.from_park, partner_park=pair.to_park)
    project.enterprises.set([shown_firm.pk, hidden.pk])

    bodies = [shown(client, park, language).content.decode() for park in (pair.from_park, pair.to_park)]

    assert all(reverse("web:accounts:enterprise", args=[shown_firm.key]) in body for body in bodies)
    assert [hidden.name in body for body in bodies] == [False, False]


@pytest.mark.parametrize(("language", "words"), [("", "2026"), ("/en", "Not reported yet")])
def test_quarters_that_are_due_and_missing_are_said(client, pair, language, words):
    park = pair.from_park

    answer = shown(client, park, language, as_of="2026-11-24")

    assert [one.is_missing for one in answer.context["quarters"]] == [True] * 4
    assert words in answer.content.decode()


def test_a_figure_before_its_quarter_is_submitted_is_on_the_page_for_its_own_park_only(client, signed_in, pair):
    ParkIndicatorFactory(park=pair.from_park, value=4321, period_start=date(2026, 7, 1))
    own = ParkAdministratorFactory(park=pair.from_park).user
    foreign = ParkAdministratorFactory(park=pair.to_park).user

    bodies = [shown(reader, pair.from_park).content.decode() for reader in (client, signed_in(foreign), signed_in(own))]

    assert ["4,321" in body for body in bodies] == [False, False, True]


def test_a_page_costs_the_same_few_queries_however_much_stands_on_it(client, pair):
    park = pair.from_park
    counts = []
    for more in (1, 3):
        for _one in range(more):
            other = ParkPartnershipFactory(from_park=park).to_park
            PostingFactory(region=other.regions.first())
            project = CooperationProjectFactory(park=park)
            project.enterprises.set([EnterpriseFactory().pk])
            MilestoneFactory.create_batch(2, project=project)
            PostingFactory(region=park.regions.first(), enterprise=EnterpriseFactory())
        process_cache.clear()
        shown(client, park)
        with CaptureQueriesContext(connection) as asked:
            shown(client, park)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_what_is_open_here_and_who_posts_it_by_name_is_shown_and_an_alias_is_not_listed(client, pair):
    place = pair.from_park.regions.first()
    need = PostingFactory(region=place, title="示例本地需求")
    hidden = PostingFactory(region=place, capacity=True, title="示例本地供给", visibility=Visibility.ALIAS)
    PostingFactory(region=Region.objects.get(code="500101"), title="示例别处")

    context = shown(client, pair.from_park).context

    assert ("示例本地需求" in context["needs"], "示例本地供给" in context["capacities"]) == (True, True)
    assert [(one.key, one.needs, one.capacities) for one in context["firms"]] == [(need.enterprise.key, 1, 0)]
    assert hidden.enterprise.name not in shown(client, pair.from_park).content.decode()
    assert shown(client, pair.from_park, as_of="2022-01-01").context["firms"] == []


@pytest.mark.parametrize(("firms", "told"), [(0, "0"), (1, "&lt;3"), (2, "&lt;3"), (3, "3")])
def test_satellite_plants_are_counted_from_three_firms_on(client, pair, firms, told):
    place = pair.from_park.regions.first()
    for _number in range(firms):
        SiteFactory(region=place, is_satellite=True)
    SiteFactory(region=place, is_satellite=False)

    body = shown(client, pair.from_park).content.decode()

    assert re.search(r'卫星工厂</dt><dd class="v">([^<]+|&lt;3)</dd>', body)[1] == told


@pytest.mark.parametrize(
    ("language", "late", "reached"), [("", "逾期", "已于 2026-06-01 完成"), ("/en", "late", "reached on")]
)
def test_a_project_tells_its_milestones_and_which_is_late(client, pair, language, late, reached):
    project = CooperationProjectFactory(park=pair.from_park)
    MilestoneFactory(project=project, due_on=date(2026, 6, 1), reached_on=date(2026, 6, 1))
    MilestoneFactory(project=project, due_on=date(2026, 7, 1))

    body = shown(client, pair.from_park, language).content.decode()

    assert '<progress max="2" value="1"' in body
    assert (late in body, reached in body) == (True, True)


def test_two_reported_quarters_are_drawn_with_the_numbers_of_the_table_and_had_as_a_file(client, pair):
    park = pair.from_park
    for start, value in ((date(2026, 4, 1), 120), (date(2026, 7, 1), 150)):
        ParkIndicatorFactory(park=park, period_start=start, value=value, is_locked=True)
    ParkIndicatorFactory(park=park, kind="jobs", period_start=date(2026, 7, 1), value=9, is_locked=True)

    answer = shown(client, park)
    ((figure, files),) = answer.context["figures"]
    taken = client.get(files["CSV"]).content.decode("utf-8-sig")

    assert re.findall(r'data-value="(\d+)"', str(figure.chart.inline)) == ["120", "150"]
    assert [line.split(",")[:2] for line in taken.splitlines()[1:]] == [["2026Q3", "150.00"], ["2026Q2", "120.00"]]
    for address in (files["CSV"].replace("investment", "jobs"), files["CSV"].replace("csv", "exe")):
        assert client.get(address).status_code == 404


def test_what_is_told_in_words_stands_on_the_page_once_submitted(client, pair):
    told = {"park": pair.from_park, "kind": "problems", "value": None, "period_start": date(2026, 7, 1)}
    row = ParkIndicatorFactory(**told, words="示例：缺熟练焊工")

    before = shown(client, pair.from_park).content.decode()
    type(row).objects.filter(pk=row.pk).update(is_locked=True)
    after = shown(client, pair.from_park).content.decode()

    assert ("缺熟练焊工" in before, "缺熟练焊工" in after) == (False, True)
