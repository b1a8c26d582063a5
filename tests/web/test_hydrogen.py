"""The corridor's page: figures named for what they are, no balance without an assumption, what-if, files, forms."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from matchmaking.hydrogen.models import DemandAssumption, Facility, FleetBatch, HaulageRoute
from matchmaking.hydrogen.services.loading import load_corridor
from matchmaking.insights.services.facts import load_facts
from reference.models import Region
from tests.factories.accounts import MembershipFactory
from tests.factories.hydrogen import (
    SOURCE,
    DemandAssumptionFactory,
    FacilityFactory,
    FleetBatchFactory,
    HaulageRouteFactory,
    RoundFactory,
    corridor_keeper,
    hydrogen_posting,
    month_ahead,
)

pytestmark = pytest.mark.django_db
TONGNAN, CHANGSHOU = "500152", "500115"
MOST_QUERIES = 16


@pytest.fixture
def corridor():
    load_facts()
    load_corridor()
    FacilityFactory(region=Region.objects.get(code=TONGNAN), kg_per_day=500, pressure="35")
    FleetBatchFactory(number=1, at={TONGNAN: 200})


@pytest.fixture
def keeper(client):
    user = corridor_keeper()
    client.force_login(user)
    return user


def page(client, address="/en/hydrogen/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_an_assumption_the_page_asks_for_it_and_shows_no_balance(client, corridor):
    shown = page(client)

    assert "No balance yet" in shown
    assert 'id="balance-t"' not in shown
    assert client.get("/hydrogen/balance/csv/").status_code == 404


def test_published_figures_and_live_ones_are_told_apart(client, corridor):
    hydrogen_posting(TONGNAN, 900)
    shown = page(client)

    assert "published, quoted" in shown
    assert "live count: with an open need or capacity in the chain" in shown
    assert "&lt;3" in shown


def test_the_grid_says_what_its_table_says_and_the_file_holds_the_same(client, corridor):
    assumption = DemandAssumptionFactory(kg_per_vehicle_day=Decimal("4"))
    hydrogen_posting(TONGNAN, 10_000)
    answer = client.get("/en/hydrogen/")
    balance = answer.context["balance"]
    shown = answer.content.decode()

    (line,) = balance.lines
    for cell in line.cells:
        if cell.short:
            assert f'data-value="{cell.short}"' in shown
    rows = list(csv.reader(io.StringIO(client.get("/en/hydrogen/balance/csv/").content.decode("utf-8-sig"))))
    assert [row[6] for row in rows[1:]] == [str(cell.short) for cell in line.cells]
    assert {row[-1] for row in rows[1:]} == {assumption.key}
    assert assumption.key in shown


def test_the_mark_goes_once_a_base_offers(client, corridor):
    DemandAssumptionFactory(kg_per_vehicle_day=1)
    assert 'class="g-short"' in page(client)

    hydrogen_posting(TONGNAN, 10_000)
    assert 'class="g-short"' not in page(client)


def test_every_kind_of_file_is_there_and_no_other(client, corridor):
    DemandAssumptionFactory()

    for address in ("/hydrogen/corridor/", "/hydrogen/balance/"):
        for kind in ("svg", "csv"):
            assert client.get(f"{address}{kind}/").status_code == 200
        assert client.get(f"{address}doc/").status_code == 404


def test_a_station_that_is_thought_of_shortens_a_gap_and_is_kept_nowhere(client, corridor):
    DemandAssumptionFactory(kg_per_vehicle_day=5)
    before = Facility.objects.count()
    answer = client.get(f"/en/hydrogen/?place={TONGNAN}&kg=9000")

    ((region, short_before, short_after),) = answer.context["idea_places"]
    assert (region.code, short_after) == (TONGNAN, 0)
    assert short_before > 0
    answer = client.get("/en/hydrogen/?place=511000&kg=100")
    assert [(was.longest.km > now.longest.km) for was, now in answer.context["idea_courses"]] == [True]
    assert Facility.objects.count() == before


@pytest.mark.parametrize("query", ["place=999999&kg=1", "place=&kg=", "place=500152&kg=x", "place=500152&kg=-4"])
def test_a_question_that_cannot_be_read_is_answered_at_its_fields(client, corridor, query):
    answer = client.get(f"/hydrogen/?{query}")

    assert answer.status_code == 200
    assert answer.context["idea_form"].errors
    assert "idea" not in answer.context


def test_purity_below_fuel_cell_grade_is_marked(client, corridor):
    FacilityFactory(kind="base", region=Region.objects.get(code=CHANGSHOU), purity_percent=Decimal("99.9"))

    assert "below 99.97" in page(client)


def test_the_page_asks_no_more_for_many_rows(client, corridor, django_assert_max_num_queries):
    DemandAssumptionFactory()
    for number in range(2, 6):
        FleetBatchFactory(number=number, at={TONGNAN: 10, CHANGSHOU: 10})
        HaulageRouteFactory(from_region=Region.objects.get(code=TONGNAN))
        RoundFactory()
    page(client)

    with django_assert_max_num_queries(MOST_QUERIES):
        text = page(client)

    assert "Tongnan" in text


def facility(**told):
    return {
        "kind": "base",
        "name_zh": "示例基地",
        "name_en": "Sample base",
        "region": CHANGSHOU,
        "state": "building",
        "kg_per_day": "1,200",
        "purity_percent": "99.99",
        "source": SOURCE,
        **told,
    }


def test_a_keeper_enters_and_edits_a_facility_and_reads_its_history(client, keeper):
    assert client.post("/hydrogen/facilities/new/", facility()).status_code == 302
    row = Facility.objects.get()
    assert (row.kg_per_day, row.purity_percent, row.region.code) == (1200, Decimal("99.99"), CHANGSHOU)

    address = f"/hydrogen/facilities/{row.key}/"
    assert f'value="{row.version}"' in page(client, address)
    told = facility(state="running", state_on="2026-01-02", version=row.version)
    assert client.post(address, told).status_code == 302
    assert client.post(address, told).status_code == 409
    answer = client.get(address)
    assert [one.state for one in answer.context["versions"]] == ["running", "building"]


def test_a_form_that_lacks_something_says_so_and_keeps_what_was_typed(client, keeper):
    answer = client.post("/en/hydrogen/facilities/new/", facility(source="", purity_percent="101", state="running"))

    assert answer.status_code == 422
    assert "示例基地" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"source"}
    answer = client.post("/en/hydrogen/facilities/new/", facility(purity_percent="101"))
    assert set(answer.context["form"].errors) == {"purity_percent"}


def batch(**told):
    return {
        "number": "1",
        "vehicles": "200",
        "state": "planned",
        "starts_on": month_ahead(1).isoformat(),
        "source": SOURCE,
        "place_1": TONGNAN,
        "vehicles_1": "120",
        "place_2": CHANGSHOU,
        "vehicles_2": "80",
        **told,
    }


def test_a_keeper_enters_a_batch_with_its_places_and_changes_it(client, keeper):
    assert client.post("/hydrogen/batches/new/", batch()).status_code == 302
    row = FleetBatch.objects.get()
    assert {place.region.code: place.vehicles for place in row.places.all()} == {TONGNAN: 120, CHANGSHOU: 80}

    told = batch(version=row.version, vehicles_2="", place_2="")
    assert client.post(f"/hydrogen/batches/{row.key}/", told).status_code == 302
    assert [place.vehicles for place in row.places.all()] == [120]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"vehicles_2": "90"}, "place_1"),
        ({"vehicles_2": ""}, "vehicles_2"),
        ({"place_2": ""}, "place_2"),
        ({"place_2": TONGNAN}, "place_1"),
        ({"vehicles": "0"}, "vehicles"),
        ({"starts_on": "soon"}, "starts_on"),
    ],
)
def test_a_batch_that_does_not_add_up_is_refused_at_its_field(client, keeper, told, field):
    answer = client.post("/hydrogen/batches/new/", batch(**told))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert FleetBatch.objects.count() == 0


def test_a_keeper_enters_a_route_and_an_assumption_and_reads_earlier_ones(client, keeper):
    told = {
        "from_region": CHANGSHOU,
        "to_region": TONGNAN,
        "kg_per_day": "400",
        "state": "running",
        "state_on": (timezone.localdate() - timedelta(days=3)).isoformat(),
        "source": SOURCE,
    }
    assert client.post("/hydrogen/routes/new/", told).status_code == 302
    row = HaulageRoute.objects.get()
    assert client.post(f"/hydrogen/routes/{row.key}/", {**told, "kg_per_day": "500", "version": 1}).status_code == 302
    for amount in ("5", "6.5"):
        assert client.post("/hydrogen/assumption/", {"kg_per_vehicle_day": amount, "source": SOURCE}).status_code == 302
    answer = client.get("/hydrogen/assumption/")
    assert [one.kg_per_vehicle_day for one in answer.context["earlier"]] == [Decimal("6.5"), Decimal(5)]
    assert client.post("/hydrogen/assumption/", {"kg_per_vehicle_day": "7", "source": ""}).status_code == 422
    assert DemandAssumption.objects.count() == 2


def test_a_member_of_a_firm_enters_nothing(client):
    client.force_login(MembershipFactory().user)

    for address in ("facilities/new/", "routes/new/", "batches/new/", "assumption/", "rounds/new/"):
        assert client.get(f"/hydrogen/{address}").status_code == 403
    assert "Enter a batch" not in page(client)


def test_an_unknown_key_is_not_found(client, keeper):
    for address in ("facilities", "routes", "batches", "rounds"):
        assert client.get(f"/hydrogen/{address}/0000000000/").status_code == 404
