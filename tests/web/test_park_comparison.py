"""Parks beside each other and ranked: the choice stands in the address, and what is unknown or too many is said."""

from datetime import date

import pytest

from tests.factories.parks import ParkFactory, ParkIndicatorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parks():
    return ParkFactory.create_batch(5)


def chosen(client, slugs, language=""):
    answer = client.get(f"{language}/parks/compare/", {"park": slugs})
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("picked", "shown", "left_out"),
    [([], [], 0), ([0, 1], [0, 1], 0), ([1, 0, 1], [1, 0], 0), ([0, 1, 2, 3, 4], [0, 1, 2, 3], 1)],
)
def test_up_to_four_parks_stand_in_the_order_of_the_address(client, parks, picked, shown, left_out):
    context = chosen(client, [parks[number].slug for number in picked]).context

    assert [one.park for one, _query in context["columns"]] == [parks[number] for number in shown]
    assert context["left_out"] == left_out


@pytest.mark.parametrize(("language", "words"), [("", "1 个未显示"), ("/en", "is not shown")])
def test_a_park_that_is_none_is_left_out_and_said(client, parks, language, words):
    answer = chosen(client, [parks[0].slug, "no-such-park"], language)

    assert words in answer.content.decode()


def test_a_comparison_costs_as_many_queries_for_four_parks_as_for_one(client, parks, django_assert_max_num_queries):
    slugs = [park.slug for park in parks[:4]]
    chosen(client, slugs)

    with django_assert_max_num_queries(12) as one:
        chosen(client, slugs[:1])
    with django_assert_max_num_queries(12) as four:
        chosen(client, slugs)

    assert len(one) == len(four)


def test_a_figure_that_was_not_reported_is_empty_and_not_nought(client, parks):
    ParkIndicatorFactory(park=parks[0], value=4321, period_start=date(2026, 7, 1), is_locked=True)

    body = chosen(client, [park.slug for park in parks[:2]], "/en").content.decode()

    assert ("4,321" in body, body.count("Not reported yet")) == (True, 7)


def test_the_list_ranks_by_what_is_asked_for_and_by_nothing_that_it_does_not_know(client, parks):
    ParkIndicatorFactory(park=parks[2], kind="jobs", value=9, period_start=date(2026, 7, 1), is_locked=True)

    ranked = client.get("/en/parks/", {"sort": "jobs"})
    others = [client.get("/parks/", {"sort": name}).context["ranking"] for name in ("", "problems", "nothing")]

    assert (ranked.context["ranking"].rows[0].park, ranked.context["ranking"].without) == (parks[2], 4)
    assert "4 parks without this figure have no place" in ranked.content.decode()
    assert others == [None, None, None]
