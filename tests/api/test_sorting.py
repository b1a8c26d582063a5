"""Orders of the list of postings: those of the pages, and pages that lose and repeat nothing where rows are alike."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from matchmaking.postings.filters import SORTS
from matchmaking.postings.models import Posting
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
ORDERS = [order for order, _name in SORTS]


@pytest.fixture
def alike(db):
    """Twelve needs, four at a time alike in whatever orders them; two have no last day."""
    moment = timezone.now()
    for place in range(12):
        PostingFactory(
            quantity_amount=(5, 500, 50_000)[place // 4],
            window_end=None if place in (3, 8) else date(2030, 1, 1 + place % 3),
            published_at=moment - timedelta(days=(place * 7) % 3),
        )


def read_all(partner, path, leading="next"):
    """Numbers from page to page."""
    pages = []
    while path:
        told = partner.ask(path).json()
        pages.append([row["number"] for row in told["results"]])
        path = (told[leading] or "").removeprefix("http://testserver")
    return pages


@pytest.mark.parametrize("order", ORDERS)
def test_pages_in_an_order_are_the_whole_list_of_the_page(partner, signed_in, alike, order):
    page = signed_in(partner.owner).get(f"/en/needs/?sort={order}").content.decode()
    shown = list(dict.fromkeys(re.findall(r"/en/needs/(\w{10})/", page)))

    told = read_all(partner, f"postings/?direction=need&sort={order}&page_size=3")

    assert [number for part in told for number in part] == shown
    assert len(shown) == (10 if order == "ending" else 12)


@pytest.mark.parametrize("order", [*ORDERS, None])
def test_going_back_gives_the_same_pages(partner, alike, order):
    path = "postings/?direction=need&page_size=3" + (f"&sort={order}" if order else "")
    forth = read_all(partner, path)
    last = partner.ask(path).json()
    while last["next"]:
        last = partner.ask(last["next"].removeprefix("http://testserver")).json()

    back = read_all(partner, last["previous"].removeprefix("http://testserver"), leading="previous")

    assert back[::-1] == forth[:-1]


@pytest.mark.parametrize("order", ORDERS)
def test_rows_added_between_two_pages_do_not_move_the_rest(partner, alike, order):
    path = f"postings/?direction=need&sort={order}&page_size=4"
    before = [number for part in read_all(partner, path) for number in part]
    first = partner.ask(path).json()
    like = Posting.objects.get(number=first["results"][-1]["number"])
    new = {
        PostingFactory(
            quantity_amount=like.quantity_amount, window_end=like.window_end, published_at=like.published_at
        ).number
        for _ in range(3)
    }

    rest = read_all(partner, first["next"].removeprefix("http://testserver"))

    seen = [row["number"] for row in first["results"]] + [number for part in rest for number in part]
    assert [number for number in seen if number not in new] == before
    assert len(seen) == len(set(seen))


def test_an_order_wants_a_direction_as_a_page_has_one(partner):
    answer = partner.ask("postings/?sort=largest")

    assert (answer.status_code, [(one["field"], one["code"]) for one in answer.json()["errors"]]) == (
        400,
        [("direction", "required")],
    )
    assert partner.ask("postings/?sort=largest&mine=true").status_code == 200


def test_ones_own_are_sorted_too_and_drafts_have_no_time_of_publication(partner):
    draft = PostingFactory(enterprise=partner.enterprise, draft=True, quantity_amount=90_000)
    live = PostingFactory(enterprise=partner.enterprise, quantity_amount=5)

    assert read_all(partner, "postings/?mine=true&sort=largest") == [[draft.number, live.number]]
    assert read_all(partner, "postings/?mine=true&sort=newest") == [[live.number]]


@pytest.mark.parametrize("order", ORDERS)
def test_a_cursor_of_another_order_is_refused(partner, alike, order):
    others = [
        partner.ask(f"postings/?direction=need&page_size=3{query}").json()["next"].partition("cursor=")[2].split("&")[0]
        for query in ("", *(f"&sort={one}" for one in ORDERS if one != order))
    ]

    answers = [partner.ask(f"postings/?direction=need&sort={order}&cursor={cursor}").status_code for cursor in others]

    assert answers == [400, 400, 400]
