"""Park pages: the list as of a day, both provinces, what is open nearby, and a park's page."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from matchmaking.parks.services.loading import load_parks
from reference.models import Region
from tests.factories.parks import CooperationProjectFactory, ParkFactory, ParkIndicatorFactory, ParkPartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def listed(client, **asked):
    answer = client.get(reverse("web:parks:list"), asked)
    assert answer.status_code == 200
    return answer


def slugs(answer):
    return [line.park.slug for line in answer.context["lines"]]


@pytest.mark.parametrize(
    ("day", "announced", "not_yet_named"), [("2021-01-07", 0, 0), ("2021-06-01", 20, 2), ("2023-06-01", 35, 10)]
)
def test_the_list_as_of_a_day_counts_those_not_yet_named(client, day, announced, not_yet_named):
    load_parks()

    answer = listed(client, as_of=day)

    assert (answer.context["announced"], answer.context["not_yet_named"], len(slugs(answer))) == (
        announced,
        not_yet_named,
        announced - not_yet_named,
    )


def test_gaozhu_stands_under_both_provinces_and_counts_once(client):
    load_parks()

    found = [slugs(listed(client, province=code)) for code in ("510000", "500000", "")]

    assert [part.count("chuanyu-gaozhu") for part in found] == [1, 1, 1]


def test_a_day_that_is_none_is_said_at_the_field(client):
    answer = client.get(reverse("web:parks:list"), {"as_of": "2021-13-45"})

    assert (answer.status_code, "as_of" in answer.context["filter"].form.errors) == (422, True)


def test_open_postings_in_a_parks_regions_are_counted_and_linked(client):
    region = Region.objects.get(code="510100")
    park = ParkFactory(regions=[region])
    inside = Region.objects.filter(code__startswith="5101").exclude(code="510100").first() or region
    PostingFactory(region=inside)
    PostingFactory(capacity=True, region=region, subject="premises")
    PostingFactory(capacity=True, region=region, draft=True)
    PostingFactory(region=Region.objects.get(code="500101"))

    answer = client.get(reverse("web:parks:detail", args=[park.slug]))

    nearby = answer.context["nearby"]
    assert (nearby.needs, nearby.capacities, nearby.premises) == (1, 1, 1)
    assert f"{reverse('web:postings:needs')}?region=510100" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_park_page_tells_partners_projects_and_figures_with_sources(client, language):
    park = ParkFactory()
    pair = ParkPartnershipFactory(to_park=park, direction="from-to")
    project = CooperationProjectFactory(park=park)
    ParkIndicatorFactory(park=park, value=4321, is_locked=True)

    with translation.override(language):
        body = client.get(reverse("web:parks:detail", args=[park.slug])).content.decode()
        names = [park.name, pair.from_park.name, project.name]

    assert [name for name in [*names, "4,321", "示例来源"] if name not in body] == []


def test_a_park_that_is_none_is_not_found(client):
    assert client.get(reverse("web:parks:detail", args=["no-such-park"])).status_code == 404


@pytest.mark.parametrize("count", [2, 12])
def test_the_list_costs_the_same_queries_whatever_its_length(client, count, django_assert_max_num_queries):
    ParkFactory.create_batch(count)

    with django_assert_max_num_queries(8):
        answer = listed(client)
    assert len(slugs(answer)) >= count


def test_the_list_begins_with_no_filter_chosen_and_narrows_by_batch(client):
    load_parks()

    form = listed(client).context["filter"].form
    second = slugs(listed(client, batch="2"))

    assert {name: form[name].value() for name in form.fields} == dict.fromkeys(form.fields)
    assert all(form[name].field.choices.__iter__().__next__()[0] == "" for name in ("province", "batch", "cluster"))
    assert 0 < len(second) < len(slugs(listed(client)))


def test_a_parks_page_shows_the_pairs_of_today_or_of_the_day_that_is_asked_for(client):
    park = ParkFactory()
    ended = ParkPartnershipFactory(from_park=park, agreed_on=date(2021, 1, 8), ended_on=date(2024, 1, 1)).to_park
    later = ParkPartnershipFactory(to_park=park, agreed_on=date(2024, 1, 1)).from_park
    undated = ParkPartnershipFactory(from_park=park, agreed_on=None).to_park

    def partners(**asked):
        pairs = client.get(reverse("web:parks:detail", args=[park.slug]), asked).context["partnerships"]
        return {other for pair in pairs for other in (pair.from_park, pair.to_park)} - {park}

    assert partners() == {later, undated}
    assert partners(as_of="2022-06-01") == {ended}
    assert partners(as_of="nonsense") == {later, undated}
