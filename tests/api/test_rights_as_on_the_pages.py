"""A system of a firm reads what a member of that firm reads on the page: rows, texts, amounts, prices, names."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from matchmaking.postings.choices import PriceKind, Visibility
from matchmaking.postings.filters import PostingFilter
from tests.factories.accounts import EnterpriseFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
STATES = ("draft", "in_review", "published", "paused", "closed", "expired")
MARK = "9413"
"""Digits that stand in an amount only."""
QUERIES = (
    "q=XRARE",
    "node=XN0",
    "region=510100",
    "region=510000",
    "subject=component",
    "quantity_min=5000",
    "quantity_max=5000",
    "window_from=2026-12-01",
    "window_to=2030-01-01",
    "chain=AUTO",
    "certificates=IATF16949",
    "unit=XPCS",
)


@pytest.fixture
def world(partner):
    """Postings of another firm in every state, one hidden from ours, one under alias, one of a suspended firm."""
    others = {state: PostingFactory(**({} if state == "published" else {state: True})) for state in STATES}
    hidden = PostingFactory()
    hidden.hidden_from.add(partner.enterprise)
    others |= {
        "hidden": hidden,
        "alias": PostingFactory(
            visibility=Visibility.ALIAS,
            text="XRARE words",
            quantity_amount=MARK,
            price_kind=PriceKind.OPEN,
            price_max="77.31",
        ),
        "sealed": PostingFactory(price_kind=PriceKind.SEALED, price_max="88.42", quantity_amount="20"),
        "suspended": PostingFactory(enterprise=EnterpriseFactory(suspended_at=timezone.now())),
        "own_draft": PostingFactory(enterprise=partner.enterprise, draft=True),
        "own": PostingFactory(enterprise=partner.enterprise, visibility=Visibility.ALIAS),
    }
    return others


def page_numbers(client, query=""):
    page = client.get(f"/en/needs/?{query}")
    assert page.status_code == 200, page.status_code
    return set(re.findall(r"/en/needs/(\w{10})/", page.content.decode()))


def api_numbers(partner, query=""):
    answer = partner.ask(f"postings/?direction=need&page_size=100&{query}")
    assert answer.status_code == 200, answer.content
    return {row["number"] for row in answer.json()["results"]}


def test_a_posting_opens_for_a_system_exactly_where_its_page_opens_for_a_member(partner, signed_in, world):
    member = signed_in(partner.owner)

    opened = {
        name: (
            member.get(f"/en/needs/{row.number}/").status_code,
            partner.ask(f"postings/{row.number}/").status_code,
        )
        for name, row in world.items()
    }

    assert {name: page for name, (page, _api) in opened.items()} == {name: api for name, (_page, api) in opened.items()}
    assert {name for name, (page, _api) in opened.items() if page == 200} == {
        "published",
        "alias",
        "sealed",
        "own",
        "own_draft",
    }


@pytest.mark.parametrize("query", ["", *QUERIES])
def test_a_filter_finds_the_same_rows_on_the_page_and_at_the_rest_door(partner, signed_in, world, query):
    assert page_numbers(signed_in(partner.owner), query) == api_numbers(partner, query)


def test_every_filter_of_the_pages_but_the_order_is_asked_for_above():
    asked = {query.split("=")[0] for query in QUERIES}

    assert asked | {"direction", "sort"} == set(PostingFilter.base_filters)


@pytest.mark.parametrize("name", ["alias", "sealed", "published", "own"])
def test_name_amount_text_and_price_are_told_here_and_there_or_nowhere(partner, signed_in, world, name):
    row = world[name]
    page = signed_in(partner.owner).get(f"/en/needs/{row.number}/").content.decode().replace(",", "")
    told = partner.ask(f"postings/{row.number}/").content.decode()
    marks = {"77.31", "88.42"} | ({MARK, "XRARE"} if name == "alias" else set())
    if name != "own":
        marks |= {row.enterprise.name, row.enterprise.alias}

    assert {mark for mark in marks if mark in page} == {mark for mark in marks if mark in told}
    assert "88.42" not in told


def test_a_system_of_the_platform_reads_what_a_visitor_reads(partner, world):
    partner.system.client.enterprise = None
    partner.system.client.save()
    User.objects.filter(pk=partner.owner.pk).update(is_superuser=True)
    visitor = Client()

    for query in QUERIES:
        if not query.startswith("certificates"):
            assert page_numbers(visitor, query) == api_numbers(partner, query), query
    row = world["alias"]
    page = visitor.get(f"/en/needs/{row.number}/").content.decode().replace(",", "")
    told = partner.ask(f"postings/{row.number}/").content.decode()
    marks = {MARK, "XRARE", "77.31", row.enterprise.name, row.enterprise.alias}
    assert {mark for mark in marks if mark in page} == {mark for mark in marks if mark in told}
