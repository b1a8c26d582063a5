"""Parks, figures, chains, places and papers: the page of each role and the REST door beside it show the same rows."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils import timezone
from django.utils.html import escape

from matchmaking.insights.services.facts import load_facts
from matchmaking.parks.choices import PairState
from matchmaking.parks.filters import ParkFilter, PartnershipFilter
from matchmaking.parks.models import Park
from matchmaking.parks.services.loading import load_parks
from reference.choices import CooperationType
from reference.models import ChainNode, IndustryChain
from tests.architecture.access_world import make_world
from tests.architecture.doors import OF_FIRM, OF_NOBODY, OF_PARKS, Doors, doors_of
from tests.factories.accounts import EnterpriseFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)

pytestmark = pytest.mark.django_db
ROLES = (*OF_NOBODY, *OF_FIRM, *OF_PARKS, "coordinator")
LISTS = (
    "",
    "as_of=2021-01-07",
    "as_of=2021-06-01",
    "as_of=2023-06-01",
    "province=500000",
    "region=511500",
    "batch=2",
    "cluster=hydrogen",
    "batch=1&province=510000&as_of=2023-06-01",
)
DAYS = ("", "as_of=2024-01-01", "as_of=2026-05-01")
CODE = r"[A-Z0-9_.]+"


@pytest.fixture
def world():
    """The access world, whose first park has one of each thing that somebody may see or not."""
    made = make_world()
    park = Park.objects.get(slug=made.arguments["slug"])
    suspended = EnterpriseFactory(suspended=True)
    CooperationProjectFactory(park=park, name_en="XPROJECT").enterprises.set([EnterpriseFactory().pk, suspended.pk])
    for start, value, is_locked in (
        (date(2025, 10, 1), 111_222, True),
        (date(2026, 1, 1), 333_444, False),
        (date(2026, 7, 1), 555_666, True),
        (date(2026, 4, 1), 777_888, False),
    ):
        ParkIndicatorFactory(park=park, kind="jobs", period_start=start, value=value, is_locked=is_locked)
    kinds = iter(CooperationType)
    for source, more in {
        "XSTANDS": {},
        "XWAITS": {"state": PairState.PROPOSED, "proposed_by": park},
        "XDECLINED": {"state": PairState.DECLINED, "proposed_by": park},
        "XENDED": {"ended_on": date(2025, 1, 1)},
        "XUNDATED": {"agreed_on": None},
    }.items():
        ParkPartnershipFactory(from_park=park, source=source, cooperation_type=next(kinds), **more)
    made.park, made.suspended = park, suspended
    return made


@pytest.fixture
def every_door(world) -> Callable[[], Iterator[Doors]]:
    """Both doors of each role, one role after the other."""
    return lambda: (doors_of(world, role) for role in ROLES)


def listed_on(page, pattern: str) -> set[str]:
    """What the main part of a page links to or offers."""
    assert page.status_code == 200, page.status_code
    return set(re.findall(pattern, main_of(page)))


def main_of(page) -> str:
    """The page without its head and navigation."""
    return page.content.decode().split("<main", 1)[1]


def test_the_list_of_parks_is_the_same_by_every_filter_and_as_of_every_day(every_door):
    load_parks()
    found = {}

    for doors in every_door():
        for query in LISTS:
            found[query] = listed_on(doors.page(f"parks/?{query}"), r'scope="row"><a href="/en/parks/([\w-]+)/')
            told = {row["slug"] for row in doors.rows(f"parks/?page_size=100&{query}")}
            assert found[query] == told, (doors.role, query)

    assert len(found[""]) >= len(found["as_of=2023-06-01"]) > len(found["as_of=2021-06-01"]) > 0
    assert all(found[query] for query in LISTS if query != "as_of=2021-01-07")
    asked = {part.split("=")[0] for query in LISTS for part in query.split("&") if part}
    assert asked == set(ParkFilter.base_filters)


@pytest.mark.parametrize("day", DAYS)
def test_a_parks_page_shows_the_same_pairs_projects_firms_and_figures(world, every_door, day):
    marks = {"XPROJECT", "XSTANDS", "XWAITS", "XDECLINED", "XENDED", "XUNDATED", world.suspended.name}
    values = {"111222", "333444", "555666", "777888"}
    seen = {}

    for doors in every_door():
        address = f"parks/{world.park.slug}/?{day}"
        page, door = doors.page(address), doors.door(address)
        assert (page.status_code, door.status_code) == (200, 200)
        shown, told = main_of(page).replace(",", ""), door.content.decode()
        seen[doors.role] = {mark for mark in marks | values if mark in shown}
        assert seen[doors.role] == {mark for mark in marks | values if mark in told}, doors.role
        missing = shown.count("Not reported yet</span>")
        assert missing == len(door.json()["quarters_missing"]), doors.role
        assert [doors.page("parks/no-such/").status_code, doors.door("parks/no-such/").status_code] == [404, 404]

    public = seen.pop("visitor")
    assert {"XPROJECT", "XSTANDS", "XWAITS"} <= public
    assert not public & {"XDECLINED", "333444", "777888", world.suspended.name}
    drafts = seen.pop("park_admin") - public
    assert drafts == (set() if day == "as_of=2024-01-01" else {"333444", "777888"})
    assert all(same == public for same in seen.values())


def test_partnerships_of_parks_stand_on_the_pages_of_both_as_in_their_list(world, every_door):
    queries = ("", "state=proposed", "cooperation_type=enclave-economy", "cluster=hydrogen")

    for doors in every_door():
        for day in DAYS:
            rows = doors.rows(f"park-partnerships/?park={world.park.slug}&{day}")
            page = main_of(doors.page(f"parks/{world.park.slug}/?{day}"))
            partners = {row["from_park"] for row in rows} | {row["to_park"] for row in rows}
            pairs = page.split('id="h-partners"', 1)[1].split("</section>", 1)[0]
            shown = re.findall(r'scope="row"><a href="/en/parks/([\w-]+)/', pairs)
            assert sorted(shown) == sorted([row["to_park"] for row in rows]), (doors.role, day)
            assert not shown or partners == {world.park.slug, *shown}
        all_rows = doors.rows("park-partnerships/?")
        for query in queries:
            assert all(row in all_rows for row in doors.rows(f"park-partnerships/?{query}"))

    assert {query.split("=")[0] for query in queries if query} | {"park", "as_of"} == set(
        PartnershipFilter.base_filters
    )


@pytest.mark.parametrize("day", ["", "2021-06-01", "2023-06-01"])
def test_batches_count_the_same_parks(every_door, day):
    load_parks()

    for doors in every_door():
        query = f"?as_of={day}" if day else ""
        page = doors.page(f"parks/{query}")
        told = {(row["number"], row["size"], row["named"]) for row in doors.door(f"park-batches/{query}").json()}
        assert {(batch.number, batch.size, batch.named) for batch in page.context["batches"]} == told
        assert told


def test_facts_and_targets_are_the_same_lines(every_door):
    load_facts()

    for doors in every_door():
        page = main_of(doors.page("figures/"))
        told = [row["claim_en"] for row in (*doors.rows("facts/"), *doors.rows("targets/"))]
        assert [claim for claim in told if escape(claim) not in page] == [], doors.role
        assert len(told) == len(re.findall(r'<tr(?: id="\w+")?><th scope="row">', page)) > 30


def test_chains_and_their_nodes_are_the_same_and_those_not_in_use_are_listed_nowhere(every_door):
    gone = ChainNode.objects.get(code="AUTO.BODY.CAST")
    gone.retired_on = timezone.localdate()
    gone.save()
    IndustryChain.objects.filter(code="H2").update(retired_on=timezone.localdate())

    for doors in every_door():
        chains = {row["code"] for row in doors.rows("chains/")}
        assert chains == listed_on(doors.page("chains/"), rf'href="/en/chains/({CODE})/"'), doors.role
        assert "AUTO" in chains
        assert "H2" not in chains
        nodes = {row["code"] for row in doors.rows("nodes/?chain=AUTO&page_size=500")} - {"AUTO"}
        shown = listed_on(doors.page("chains/AUTO/"), rf'href="/en/chains/AUTO/({CODE})/"')
        assert (nodes, "AUTO.BODY.CAST" in nodes) == (shown, False), doors.role
        some = sorted(nodes)[0]
        assert [doors.page(f"chains/AUTO/{some}/").status_code, doors.door(f"nodes/{some}/").status_code] == [200, 200]
        assert [doors.page("chains/NO/").status_code, doors.door("chains/NO/").status_code] == [404, 404]


def test_places_and_papers_that_a_list_offers_are_those_of_the_rest_door(every_door):
    offered = set()

    for doors in every_door():
        page = main_of(doors.page("needs/"))
        places = re.search(r'<select[^>]*name="region".*?</select>', page, re.S)
        codes = set(re.findall(r'value="(\d{6})"', places.group(0)))
        assert codes <= {row["code"] for row in doors.rows("regions/?page_size=500")}
        papers = re.search(r'<select[^>]*name="certificates".*?</select>', page, re.S)
        if papers:
            offered.add(doors.role)
            told = {row["code"] for row in doors.rows("certificates/?page_size=500")}
            assert set(re.findall(r'value="(\w[^"]*)"', papers.group(0))) == told, doors.role

    assert {*OF_FIRM} <= offered
