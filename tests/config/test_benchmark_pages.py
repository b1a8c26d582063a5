"""The benchmark of pages: asks real pages beside the smallest ones and says which cost too much."""

import json
from functools import partial
from io import StringIO

import pytest
from django.contrib.admin import site
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from rest_framework.generics import ListAPIView

from api.v1.urls import urlpatterns
from config.benchmark.full import FULL
from config.benchmark.pages import ADMIN_LIST, API, BUYER, EMPTY, LIST, NEED, PageFigures, measure_pages
from matchmaking.postings.models import Posting
from tests.factories.postings import PostingFactory

CLOSING = "close_old_connections"
LISTS = {pattern.name: pattern.callback.view_class for pattern in urlpatterns}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def asked(demo, django_db_blocker):
    """What asks the demo's pages; its transaction outlives the requests, whose end would close the connection."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        for signal in (request_started, request_finished):
            patched.setattr(signal, "receivers", [one for one in signal.receivers if CLOSING not in str(one[1])])
            signal.sender_receivers_cache.clear()
        yield partial(measure_pages, rounds=1, requests=1)


@pytest.fixture(scope="module")
def figures(asked):
    return {one.name: one for one in asked()}


def test_every_page_is_answered_and_held_to_its_ceiling(figures):
    assert {EMPTY, LIST, API, "list of needs, member", "suggestions", "API list: postings"} <= set(figures)
    assert [one.name for one in figures.values() if one.cpu_ms <= 0 or one.size == 0] == []
    assert (figures[EMPTY].queries, figures[LIST].queries, figures[API].queries) == (2, 3, 1)
    assert figures["suggestions"].ceiling == LIST
    assert figures["suggestions"].ratio == pytest.approx(figures["suggestions"].cpu_ms / figures[LIST].cpu_ms, abs=0.1)


def test_pages_ask_few_questions(figures):
    assert {name: one.queries for name, one in figures.items() if one.queries > 12} == {}


def test_every_list_of_the_rest_door_is_measured_and_asks_at_most_eight_questions(figures):
    lists = {name: f"API list: {name}" for name, view in LISTS.items() if issubclass(view, ListAPIView)}
    assert len(lists) > 15
    assert set(lists.values()) <= set(figures)
    measured = [one for one in figures.values() if one.name.startswith("API list")]
    assert {one.name: one.queries for one in measured if one.queries > 8 or (one.ceiling, one.limit) != (API, 2)} == {}


def test_every_list_of_the_administration_is_held_to_the_smallest_and_to_eight_questions(figures):
    lists = {f"administration, {model._meta.label}" for model in site._registry}
    assert lists <= set(figures)
    assert {(figures[name].ceiling, figures[name].limit) for name in lists} == {(ADMIN_LIST, 2)}
    assert {name for name in lists if figures[name].queries > 8} == set()


def test_the_command_prints_a_table_or_json(asked):
    table, plain = StringIO(), StringIO()
    call_command("benchmark_pages", rounds=1, requests=1, stdout=table)
    call_command("benchmark_pages", rounds=1, requests=1, as_json=True, stdout=plain)
    assert "smallest 20-row list" in table.getvalue()
    told = json.loads(plain.getvalue())
    assert told["postings"] == 226
    assert {"name", "cpu_ms", "queries", "ratio", "limit", "is_over"} <= set(told["pages"][0])


def test_without_the_demo_it_says_what_to_run():
    # Also where the demo of this file's other tests is still there.
    Posting.objects.filter(external_key=NEED).update(external_key="")
    with pytest.raises(CommandError, match="seed_demo"):
        call_command("benchmark_pages")


@pytest.mark.parametrize(("ratio", "limit", "over"), [(2.01, 2, True), (2.0, 2, False), (50, 0, False)])
def test_a_page_is_over_when_it_costs_more_than_its_limit(ratio, limit, over):
    figures = PageFigures(name="", cpu_ms=1, queries=1, size=1, ceiling=LIST, ratio=ratio, limit=limit)
    assert figures.is_over == over


def test_a_full_page_of_suggestions_is_measured_where_the_market_has_one(asked):
    source = PostingFactory(text="压铸电机壳 示例")
    PostingFactory.create_batch(20, capacity=True, node=source.node, text=source.text)
    figures, again = ({one.name: one for one in asked()} for _round in range(2))
    full = figures["suggestions, full page"]
    assert (full.ceiling, full.limit, again.keys()) == (LIST, 3, figures.keys())
    assert full.queries <= 12
    assert full.size > figures["suggestions"].size
    assert Posting.objects.filter(external_key=FULL, enterprise__memberships__user__email=BUYER).count() == 1
