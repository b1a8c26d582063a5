"""The flows between regions for partners: the figures of the page, nothing small."""

import pytest

from matchmaking.insights.choices import FlowKind, FlowLevel
from matchmaking.insights.models import Flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    for level, need, supply, chain, cases in (
        (FlowLevel.PLACE, "510100", "500153", "AUTO", 7),
        (FlowLevel.PROVINCE, "510000", "510000", "", 4),
        (FlowLevel.REGION, "511083", "500153", "", None),
    ):
        Flow.objects.create(
            kind=FlowKind.CONFIRMED, level=level, need=need, supply=supply, chain=chain, cases=cases
        )  # fmt: skip


def test_the_flows_are_those_of_the_page(make_partner, client, rows):
    told = make_partner(scopes=("facts:read",)).ask("flows/?by=region").json()

    assert [(line["need_region"], line["supply_region"], line["cases"]) for line in told["lines"]] == [
        ("510100", "500153", 7), ("510000", "510000", 4), ("511083", "500153", None),
    ]  # fmt: skip
    page = client.get("/insights/flows/?by=region").context["flows"]
    assert (told["total"], told["across"], told["unplaced"], told["open"]) == (11, 7, 0, 0)
    assert (page.total, page.across, page.unplaced, page.open) == (11, 7, 0, 0)


def test_a_filter_leaves_out_what_is_not_told_and_the_mark_of_small_pairs(make_partner, rows):
    told = make_partner(scopes=("facts:read",)).ask("flows/?chain=AUTO").json()

    assert [line["cases"] for line in told["lines"]] == [7]
    assert told["open"] == 4


@pytest.mark.parametrize("query", ["kind=x", "month=2026", "by=county", "cooperation_type=x", "colour=red"])
def test_what_it_does_not_know_is_refused(make_partner, query):
    assert make_partner(scopes=("facts:read",)).ask(f"flows/?{query}").status_code == 400
