"""The map of parks: places with their counts, each a way to the list that keeps the other filters."""

import re

import pytest
from django.urls import reverse

from matchmaking.parks.services.loading import load_parks

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(client):
    """Asks for the list of all parks that are known by name."""
    load_parks()
    return lambda language="", **asked: client.get(f"{language}{reverse('web:parks:list')}", asked)


def slugs(answer):
    return {line.park.slug for line in answer.context["lines"]}


def drawn(answer):
    return {tile.name: tile for tile in answer.context["map"]["tiles"]}


def test_each_place_counts_as_many_parks_as_its_list_holds(listed):
    for tile in listed().context["map"]["rows"]:
        code = re.search(r"region=(\d{6})", tile.address)[1]
        assert len(slugs(listed(region=code))) == tile.value, tile.name


def test_a_place_keeps_the_day_and_the_other_filters_in_its_address(listed):
    answer = listed(as_of="2021-06-01", cluster="electronic-information")

    tile = drawn(answer)["潼南"]
    assert tile.address == "?as_of=2021-06-01&cluster=electronic-information&region=500152"
    assert 'href="?as_of=2021-06-01&amp;cluster=electronic-information&amp;region=500152"' in answer.content.decode()


def test_the_map_as_of_2021_has_no_park_of_the_second_batch(listed):
    assert [drawn(listed(as_of=day))["遂宁"].value for day in ("2021-06-01", "2023-06-01")] == [1, 2]


def test_a_chosen_place_narrows_the_list_and_leaves_the_others_on_the_map(listed):
    answer = listed(region="500152")

    assert slugs(answer) == {"tongnan-hi-tech"}
    assert len(answer.context["map"]["rows"]) == len(listed().context["map"]["rows"])
    assert answer.context["filter"].form["region"].value() == "500152"


def test_gaozhu_stands_in_both_places_and_once_in_the_list(listed):
    found = [slugs(listed(region=code)) for code in ("511600", "500109")]

    assert [part & {"chuanyu-gaozhu"} for part in found] == [{"chuanyu-gaozhu"}] * 2
    assert [line.park.slug for line in listed().context["lines"]].count("chuanyu-gaozhu") == 1


@pytest.mark.parametrize(("code", "status"), [("999999", 200), ("5101", 422), ("x' or 1", 422)])
def test_a_place_that_is_none_finds_nothing_and_breaks_nothing(listed, code, status):
    answer = listed(region=code)

    assert answer.status_code == status
    assert status == 422 or slugs(answer) == set()


@pytest.mark.parametrize(("language", "name"), [("", "潼南"), ("/en", "Tongnan")])
def test_places_without_a_park_are_no_stop_of_the_keyboard_and_the_table_has_the_same_numbers(listed, language, name):
    answer = listed(language)
    body = answer.content.decode()

    svg = body[body.index('<svg class="chart') : body.index("</svg>", body.index('<svg class="chart'))]
    rows = answer.context["map"]["rows"]
    assert name in {tile.name for tile in rows}
    assert (svg.count("<a "), svg.count("<g ")) == (len(rows), len(answer.context["map"]["tiles"]) - len(rows))
    assert all(body.count(f'href="{tile.address}"') == 2 for tile in rows)
