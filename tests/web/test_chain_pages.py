"""Front pages of chains with their map, and pages of nodes: what they count, to whom they show it, at which cost."""

import gzip
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.keeping import process_cache
from matchmaking.insights.models import WeakLinkWeek
from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links
from tests.api.conftest import EVERYTHING, Partner
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory
from tests.factories.reference import ChainLinkFactory, ChainNodeFactory, IndustryChainFactory, RegionFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MOST_BYTES = 150_000
TOTAL = re.compile(r'data-total="(\d+)"')


@pytest.fixture
def chain():
    """XC: what A makes goes into B; four needs and four capacities at A, one capacity at B, nothing at C."""
    head = ChainNodeFactory(code="XC", is_leaf=False, chain=IndustryChainFactory(code="XC", slug="sample-chain"))
    group = ChainNodeFactory(code="XC.G", parent=head, is_leaf=False)
    nodes = {name: ChainNodeFactory(code=f"XC.G.{name}", parent=group) for name in "ABC"}
    ChainLinkFactory(supplier=nodes["A"], consumer=nodes["B"])
    for place in ("510104", "510104", "500112", "500112"):
        PostingFactory(node=nodes["A"], region=RegionFactory(code=place))
        PostingFactory(capacity=True, node=nodes["A"], region=RegionFactory(code=place))
    further = PostingFactory(capacity=True, node=nodes["B"], region=RegionFactory(code="500112"))
    further.further_nodes.set([nodes["C"]])
    counted()
    return nodes


def counted():
    refresh_weak_links(whole=True)
    process_cache.clear()


def page(address="/en/chains/XC/", client=None):
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def drawn(html):
    """The nodes of the map on a page by their code."""
    svg = re.search(r"<svg class=\"chart[^>]*>.*?chain-map-t.*?</svg>", html, re.DOTALL)[0]
    return {mark.get("data-node"): mark for mark in ET.fromstring(svg).iter("a")}


def length_of(address):
    return int(TOTAL.search(page(unescape(address)))[1])


def test_the_map_shows_each_node_in_its_state_with_its_counts(chain):
    nodes = drawn(page())

    told = {
        code: (mark.get("class"), mark.get("data-needs"), mark.get("data-capacities")) for code, mark in nodes.items()
    }
    assert told == {
        "XC.G.A": ("node node-both_sides", "4", "4"),
        "XC.G.B": ("node node-thin", "0", "<3"),
        "XC.G.C": ("node node-thin", "0", "<3"),
    }


def test_the_number_of_a_node_is_that_of_the_rows_behind_its_links(chain):
    html = page()
    rows = re.findall(r'data-figure="(\d+)" href="([^"]*node=XC[^"]*)"', html)

    assert len(rows) >= 4
    assert all(int(figure) == length_of(address) for figure, address in rows)
    for code, mark in drawn(html).items():
        for way, address in (("needs", "/en/needs/"), ("capacities", "/en/capacities/")):
            shown = mark.get(f"data-{way}")
            found = TOTAL.search(page(f"{address}?node={code}"))
            length = int(found[1]) if found else 0
            assert length < 3 if shown == "<3" else length == int(shown)


def test_the_number_of_a_node_is_that_which_partner_systems_count(chain):
    member = MembershipFactory()
    partner = Partner(member.enterprise, member.user, EVERYTHING)
    for code, mark in drawn(page()).items():
        for way, direction in (("needs", "need"), ("capacities", "capacity")):
            shown = mark.get(f"data-{way}")
            counted_there = partner.ask(f"postings/counts/?direction={direction}&node={code}").json()["total"]
            assert counted_there < 3 if shown == "<3" else counted_there == int(shown)


def test_a_posting_at_a_group_stands_in_the_table(chain):
    for _ in range(3):
        PostingFactory(node=chain["A"].parent, region=RegionFactory(code="510104"))
    counted()
    html = page()

    assert 'data-figure="7" href="/en/needs/?node=XC.G"' in html
    assert drawn(html)["XC.G.A"].get("data-needs") == "4"


def test_region_and_direction_narrow_the_map_and_stay_in_its_links(chain):
    nodes = drawn(page("/en/chains/XC/?region=500000&direction=need"))

    assert nodes["XC.G.A"].get("class") == "node node-thin"
    assert nodes["XC.G.A"].get("data-needs") == "<3"
    assert nodes["XC.G.A"].get("href") == "/en/chains/XC/XC.G.A/?region=500000"
    assert nodes["XC.G.A"].findall("text")[1].text == "needs <3"


@pytest.mark.parametrize("query", ["?region=1&direction=x&zoom=y", "?zoom=fit", "?zoom=150&region=510000"])
def test_whatever_the_address_says_there_is_a_page(chain, query):
    assert len(drawn(page(f"/en/chains/XC/{query}"))) == 3


def test_a_chain_is_found_by_code_and_slug_and_leads_to_its_weak_links(chain):
    assert "XC.G.A" in page("/en/chains/sample-chain/")
    assert page("/en/chains/sample-chain/XC.G.A/")
    assert Client().get("/en/chains/sample-chain/weak-links/")["Location"] == "/en/insights/weak-links/?chain=XC"


def test_before_the_first_count_the_page_says_so_and_counts_what_is_there():
    head = ChainNodeFactory(code="XD", is_leaf=False)
    node = ChainNodeFactory(code="XD.A", parent=head)
    for _ in range(3):
        PostingFactory(node=node)
    process_cache.clear()
    html = page("/en/chains/XD/")

    assert "The map is being drawn" in html
    assert 'data-figure="3" href="/en/needs/?node=XD.A"' in html


def test_the_page_of_a_node_tells_who_supplies_it_under_the_name_that_they_chose(chain, signed_in):
    hidden, alias = EnterpriseFactory(), EnterpriseFactory(alias="Sample alias")
    member = MembershipFactory()
    shy = PostingFactory(capacity=True, node=chain["A"], enterprise=hidden)
    shy.hidden_from.add(member.enterprise)
    PostingFactory(capacity=True, node=chain["A"], enterprise=alias, visibility="alias")
    PostingFactory(capacity=True, node=chain["A"], draft=True, enterprise=EnterpriseFactory(name="Sample draft"))
    visitor, reader = page("/en/chains/XC/XC.G.A/"), page("/en/chains/XC/XC.G.A/", signed_in(member.user))

    assert "Sample alias" in visitor
    assert alias.name not in visitor
    assert "Sample draft" not in visitor
    assert hidden.name in visitor
    assert hidden.name not in reader


def test_the_page_of_a_node_tells_certificates_asked_for_and_few_firms_apart(chain):
    needs = list(chain["A"].postings.filter(direction="need"))
    papers = [PostingCertificateFactory(posting=need) for need in needs]
    for paper in papers[1:]:
        paper.certification = papers[0].certification
        paper.save()
    process_cache.clear()
    name = papers[0].certification.name_en
    assert re.search(rf'{re.escape(name)} <span class="num">4<', page("/en/chains/XC/XC.G.A/"))

    for paper in papers[2:]:
        paper.delete()
    process_cache.clear()
    assert re.search(rf'{re.escape(name)} <span class="num">&lt;3<', page("/en/chains/XC/XC.G.A/"))


def test_the_page_of_a_node_draws_it_between_its_neighbours(chain):
    nodes = drawn(page("/en/chains/XC/XC.G.B/"))

    assert set(nodes) == {"XC.G.A", "XC.G.B"}
    assert "node-sel" in nodes["XC.G.B"].get("class")


def test_the_page_of_a_node_counts_at_the_place_that_is_asked_for(chain):
    html = page("/en/chains/XC/XC.G.A/?region=500000")

    assert "/en/needs/?node=XC.G.A&amp;region=500000" in html
    assert 'data-figure="4" href="/en/needs/?node=XC.G.A"' in page("/en/chains/XC/XC.G.A/")


def test_what_is_unanswered_is_told_to_members_only(chain, signed_in):
    assert "Unanswered needs" not in page("/en/chains/XC/XC.G.A/")
    assert "Unanswered needs" in page("/en/chains/XC/XC.G.A/", signed_in(MembershipFactory().user))


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("/en/chains/XC/map/{}/?region=500000", ("svg", "png", "csv")),
        ("/en/chains/XC/XC.G.A/scores/{}/", ("svg", "png", "csv")),
        ("/en/insights/chains/{}/", ("svg", "png", "csv")),
        ("/en/insights/weak-links/weeks/{}/?chain=XC", ("svg", "png", "csv")),
    ],
)
def test_charts_can_be_had_as_files_and_no_other_kind_is_known(chain, address, kinds):
    for kind in kinds:
        answer = Client().get(address.format(kind))
        assert (answer.status_code, f".{kind}" in answer["Content-Disposition"]) == (200, True)
        assert answer["Content-Disposition"].startswith("attachment")
    assert Client().get(address.format("exe")).status_code == 404


def test_the_file_of_a_map_holds_the_same_numbers(chain):
    rows = Client().get("/en/chains/XC/map/csv/").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["Code", "XC.G.A", "XC.G.B", "XC.G.C"]
    assert [row.split(",")[-2:] for row in rows[1:]] == [["4", "4"], ["0", "<3"], ["0", "<3"]]


def test_the_line_of_weeks_shows_what_was_kept(chain):
    first = WeakLinkWeek.objects.first()
    earlier = [
        WeakLinkWeek(node_id=row.node_id, place=row.place, week=first.week.replace(year=first.week.year - 1),
                     taken_on=row.taken_on, coverage="one_side", score=row.score)
        for row in WeakLinkWeek.objects.all()
    ]  # fmt: skip
    WeakLinkWeek.objects.bulk_create(earlier)
    html = page()
    points = re.findall(r'class="point" data-value="(\d+)"', html)

    assert points == ["3", "1", "3", "3"]


@pytest.mark.parametrize("address", ["/en/chains/XC/", "/en/chains/XC/XC.G.A/", "/en/chains/XC/XC.G/", "/en/chains/"])
def test_pages_cost_a_fixed_number_of_queries(chain, address):
    few = queries_of(address)
    for number in range(12):
        more = ChainNodeFactory(code=f"XC.G.D{number}", parent=chain["A"].parent)
        ChainLinkFactory(supplier=chain["A"], consumer=more)
        PostingCertificateFactory(posting=PostingFactory(node=more, region=RegionFactory(code="510104")))
        PostingFactory(capacity=True, node=chain["A"], region=RegionFactory(code="510104"))
    counted()
    assert queries_of(address) == few <= MOST_QUERIES


@pytest.mark.parametrize("address", ["/en/chains/XC/", "/en/chains/XC/XC.G.A/"])
def test_pages_cost_members_as_little(chain, signed_in, address):
    client = signed_in(MembershipFactory().user)
    page(address, client)
    with CaptureQueriesContext(connection) as queries:
        page(address, client)
    assert len(queries) <= MOST_QUERIES


def queries_of(address):
    page(address)
    process_cache.clear()
    with CaptureQueriesContext(connection) as queries:
        page(address)
    return len(queries)


def test_a_large_chain_stays_a_light_page(chain):
    parent = chain["A"].parent
    nodes = [ChainNodeFactory(code=f"XC.G.N{number}", parent=parent) for number in range(67)]
    for number in range(300):
        source = number % 40
        ChainLinkFactory(supplier=nodes[source], consumer=nodes[source + 1 + number // 40])
    counted()
    html = page()

    assert len(drawn(html)) == 70
    assert html.count('class="edge') == 301
    assert len(gzip.compress(html.encode(), 6)) < MOST_BYTES
