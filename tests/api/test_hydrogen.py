"""The hydrogen corridor for partners: the figures of the page, planned ones marked, nothing without an assumption."""

import csv
import io

import pytest

from matchmaking.hydrogen.services.loading import load_corridor
from reference.models import Region
from tests.factories.hydrogen import (
    DemandAssumptionFactory,
    FacilityFactory,
    FleetBatchFactory,
    hydrogen_posting,
)

pytestmark = pytest.mark.django_db
TONGNAN = "500152"


@pytest.fixture
def partner(make_partner):
    return make_partner(scopes=("facts:read",))


def test_before_an_assumption_there_is_none_and_no_balance(partner):
    FleetBatchFactory(at={TONGNAN: 200})
    told = partner.ask("hydrogen/balance/").json()

    assert told == {"assumption": None, "undated_vehicles": 0, "unplaced_vehicles": 0, "places": []}


def test_the_balance_is_that_of_the_page_as_json_and_as_csv(partner, client):
    FleetBatchFactory(at={TONGNAN: 200})
    assumption = DemandAssumptionFactory(kg_per_vehicle_day=5)
    hydrogen_posting(TONGNAN, 12_000)
    told = partner.ask("hydrogen/balance/").json()
    page = client.get("/hydrogen/").context["balance"]
    table = list(csv.reader(io.StringIO(partner.ask("hydrogen/balance/?form=csv").content.decode("utf-8-sig"))))

    (place,) = told["places"]
    assert told["assumption"]["key"] == assumption.key
    assert [month["short_kg"] for month in place["months"]] == [cell.short for cell in page.lines[0].cells]
    assert [month["offered_kg"] for month in place["months"]] == [10_000] * len(page.months)
    assert [int(row[6]) for row in table[1:]] == [month["short_kg"] for month in place["months"]]
    assert {row[-1] for row in table[1:]} == {assumption.key}


def test_facilities_lines_and_batches_are_there_with_source_state_and_units(partner):
    load_corridor()
    FacilityFactory(region=Region.objects.get(code="511000"), pressure="70")
    FleetBatchFactory(at={TONGNAN: 120})
    found = partner.ask("hydrogen/facilities/").json()
    lines = partner.ask("hydrogen/lines/").json()
    (batch,) = partner.ask("hydrogen/batches/").json()

    assert {one["state"] for one in found if one["kind"] == "base"} == {"planned"}
    assert [(one["pressure_mpa"], one["kg_per_day"]) for one in found if one["kind"] == "station"] == [("70", 500)]
    assert all(one["source"] for one in [*found, *lines, batch])
    assert sorted(line["kind"] for line in lines) == ["intercity", "intercity", "trunk"]
    assert [line["gaps"][-1]["to_km"] for line in lines] == [line["km"] for line in lines]
    assert batch["places"] == [{"region": TONGNAN, "vehicles": 120}]


@pytest.mark.parametrize("query", ["form=xml", "colour=red"])
def test_what_it_does_not_know_is_refused(partner, query):
    assert partner.ask(f"hydrogen/balance/?{query}").status_code == 400
