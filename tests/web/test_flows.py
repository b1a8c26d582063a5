"""The page of the flows: its numbers are those of the query in drawing, table and files; few queries; nothing small."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from matchmaking.insights.choices import FlowKind, FlowLevel
from matchmaking.insights.models import Flow, FlowRun
from matchmaking.insights.queries.flows import Asked, flows_of
from reference.models import Region
from web.papers.flow_figures import flows_figure

pytestmark = pytest.mark.django_db

CHENGDU, MIANYANG, YUBEI, RONGCHANG, LONGCHANG = "510100", "510700", "500157", "500153", "511083"
ROWS = (
    (FlowLevel.PLACE, CHENGDU, YUBEI, "AUTO", "2026-10", 12),
    (FlowLevel.PLACE, CHENGDU, YUBEI, "AUTO", "", 4),
    (FlowLevel.REGION, "510104", RONGCHANG, "AUTO", "2026-10", 7),
    (FlowLevel.PLACE, YUBEI, MIANYANG, "H2", "", 5),
    (FlowLevel.PROVINCE, "510000", "510000", "", "", 6),
    (FlowLevel.ANYWHERE, "", "", "", "", 3),
    (FlowLevel.REGION, LONGCHANG, RONGCHANG, "", "", None),
)


@pytest.fixture
def rows():
    for level, need, supply, chain, month, cases in ROWS:
        Flow.objects.create(
            kind=FlowKind.CONFIRMED, level=level, need=need, supply=supply, chain=chain, month=month, cases=cases
        )
    FlowRun.objects.create(pk=1, as_of=timezone.now())


def ribbons(answer):
    svg = re.search(r'<svg class="chart" .*?</svg>', answer.content.decode(), re.S)
    marks = [mark for mark in ET.fromstring(svg[0]).iter() if mark.get("data-from")]
    return {(mark.get("data-from"), mark.get("data-to")): int(mark.get("data-value")) for mark in marks}


def test_numbers_of_drawing_table_and_files_are_those_of_the_query(client, rows):
    answer = client.get("/en/insights/flows/")

    assert answer.status_code == 200
    assert ribbons(answer) == {
        (CHENGDU, YUBEI): 16, (CHENGDU, RONGCHANG): 7, (YUBEI, MIANYANG): 5, ("510000", "510000"): 6,
        ("untold", "untold"): 3,
    }  # fmt: skip
    found = flows_of(user=None, asked=Asked())
    assert (found.total, found.unplaced, found.across, found.across_percent) == (37, 3, 28, 82)
    csv = client.get("/en/insights/flows/chart/csv/").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[-2] for line in csv[1:]] == ["16", "7", "6", "5", "<3", "3"]
    assert client.get("/insights/flows/chart/svg/")["Content-Type"] == "image/svg+xml"
    assert client.get("/insights/flows/chart/png/").content[:4] == b"\x89PNG"
    assert client.get("/insights/flows/chart/exe/").status_code == 404


def test_filters_stand_in_the_address_and_tell_what_may_belong_there_too(client, rows):
    text = client.get("/en/insights/flows/?chain=AUTO&month=2026-10").content.decode()

    found = flows_of(user=None, asked=Asked(chain="AUTO", month="2026-10"))
    assert (found.total, found.open) == (19, 13)
    assert "May belong here too" in text
    assert 'href="/en/insights/flows/chart/svg/?chain=AUTO&amp;month=2026-10"' in text
    assert "&lt;3</" not in text


def test_counties_are_told_apart_where_they_are_asked_for(client, rows):
    found = flows_of(user=None, asked=Asked(by_region=True))
    assert {(line.need.code, line.supply.code): line.cases for line in found.lines} == {
        (CHENGDU, YUBEI): 16, ("510104", RONGCHANG): 7, (YUBEI, MIANYANG): 5, ("510000", "510000"): 6,
        (LONGCHANG, RONGCHANG): None,
    }  # fmt: skip
    text = client.get("/en/insights/flows/?by=region").content.decode()
    assert re.search(r"Longchang.*?</th><td[^>]*>Rongchang[^<]*</td><td[^>]*>&lt;3</td>", text)


def test_a_kind_of_cooperation_narrows_agreements_alone(rows):
    asked = Asked(kind=FlowKind.SUGGESTED, cooperation="enclave-economy")
    assert asked.traits == {}
    assert Asked(cooperation="enclave-economy").traits == {"cooperation": "enclave-economy"}


@pytest.mark.parametrize(
    "query", ["", "?kind=suggested", "?kind=x&chain=x&month=2026&type=x&by=x", "?chain=H2&by=region"]
)
def test_every_address_is_a_page_of_few_queries(client, rows, django_assert_max_num_queries, query):
    with django_assert_max_num_queries(12):
        assert client.get(f"/insights/flows/{query}").status_code == 200


def test_before_anything_was_counted_the_page_says_so(client):
    assert "The flows are being counted" in client.get("/en/insights/flows/").content.decode()


def test_more_places_than_seven_are_drawn_together(rows):
    for code in ("510300", "510400", "510500", "510600", "510800", "510900", "511000", "511100"):
        Flow.objects.create(kind=FlowKind.CONFIRMED, level=FlowLevel.PLACE, need=code, supply=YUBEI, cases=4)
    figure = flows_figure(flows_of(user=None, asked=Asked()), title="Flows")

    marks = [mark for mark in ET.fromstring(figure.chart.inline()).iter() if mark.get("data-from")]
    ends = {mark.get("data-from") for mark in marks}
    assert len(ends) == 8  # six, what is drawn together, and what is not told
    assert sum(int(mark.get("data-value")) for mark in marks) == 37 + 32


def test_many_small_pairs_make_no_long_page_and_stand_in_the_file(client, rows):
    Flow.objects.bulk_create(
        Flow(kind=FlowKind.CONFIRMED, level=FlowLevel.REGION, need=need, supply=supply, cases=None)
        for need in Region.objects.filter(code__startswith="51", level="county").values_list("code", flat=True)[:30]
        for supply in Region.objects.filter(code__startswith="50", level="district").values_list("code", flat=True)[:10]
    )
    page = client.get("/en/insights/flows/?by=region").content.decode()
    csv = client.get("/en/insights/flows/chart/csv/?by=region").content.decode("utf-8-sig").splitlines()

    assert 150 < page.count("&lt;3</td>") < 200
    assert "further lines stand in the CSV file" in page
    assert len(csv) > 250
