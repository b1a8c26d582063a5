"""The corridor in the administration: kept through services, with places and history, and refusals at the fields."""

from decimal import Decimal

import pytest

from accounts.models import Change
from matchmaking.hydrogen.models import DemandAssumption, Facility, FleetBatch
from reference.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.hydrogen import SOURCE, FleetBatchFactory, month_ahead

pytestmark = pytest.mark.django_db
TONGNAN = "500152"
FORMSET = {"places-TOTAL_FORMS": "1", "places-INITIAL_FORMS": "0", "places-MIN_NUM_FORMS": "0"}


@pytest.fixture
def platform(signed_in):
    return signed_in(UserFactory(platform_admin=True, totp=True))


def place():
    return Region.objects.get(code=TONGNAN)


def facility(**told):
    return {
        "kind": "station",
        "name_zh": "示例潼南站",
        "name_en": "Sample station",
        "region": place().pk,
        "state": "planned",
        "source": SOURCE,
        **told,
    }


def batch(**told):
    return {
        "number": "1",
        "vehicles": "200",
        "state": "planned",
        "starts_on": month_ahead(1).isoformat(),
        "source": SOURCE,
        **FORMSET,
        "places-0-region": place().pk,
        "places-0-vehicles": "120",
        **told,
    }


def test_a_facility_is_entered_recorded_and_changed(platform):
    assert platform.post("/manage/hydrogen/facility/add/", facility()).status_code == 302
    row = Facility.objects.get()
    told = facility(kg_per_day="500")
    assert platform.post(f"/manage/hydrogen/facility/{row.pk}/change/", told).status_code == 302
    row.refresh_from_db()
    assert (row.kg_per_day, row.version, row.history.count()) == (500, 2, 2)
    assert list(Change.objects.filter(thing="facility").order_by("seq").values_list("verb", flat=True)) == [
        "created",
        "changed",
    ]


def test_a_running_facility_without_a_day_is_refused_in_words(platform):
    answer = platform.post("/manage/hydrogen/facility/add/", facility(state="running"))

    assert answer.status_code == 200
    told = answer.context["adminform"].form.non_field_errors()
    assert told == ["运行中的须填写起始日。"]
    assert Facility.objects.count() == 0


def test_a_batch_is_kept_with_its_places(platform):
    assert platform.post("/manage/hydrogen/fleetbatch/add/", batch()).status_code == 302
    row = FleetBatch.objects.get()
    assert [(one.region.code, one.vehicles) for one in row.places.all()] == [(TONGNAN, 120)]

    known = row.places.get()
    told = batch(**{"places-INITIAL_FORMS": "1", "places-0-id": known.pk, "places-0-batch": row.pk})
    told |= {"places-0-vehicles": "150", "vehicles": "300"}
    assert platform.post(f"/manage/hydrogen/fleetbatch/{row.pk}/change/", told).status_code == 302
    row.refresh_from_db()
    assert (row.vehicles, row.placed, row.version) == (300, 150, 2)


def test_more_vehicles_placed_than_there_are_are_refused(platform):
    answer = platform.post("/manage/hydrogen/fleetbatch/add/", batch(**{"places-0-vehicles": "201"}))

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert FleetBatch.objects.count() == 0


def test_an_assumption_is_entered_and_never_changed(platform):
    told = {"kg_per_vehicle_day": "5.5", "source": SOURCE}
    assert platform.post("/manage/hydrogen/demandassumption/add/", told).status_code == 302
    row = DemandAssumption.objects.get()
    address = f"/manage/hydrogen/demandassumption/{row.pk}/change/"
    assert platform.post(address, {**told, "kg_per_vehicle_day": "9"}).status_code == 403
    row.refresh_from_db()
    assert row.kg_per_vehicle_day == Decimal("5.5")


def test_the_history_of_a_batch_is_there(platform):
    row = FleetBatchFactory()

    assert platform.get(f"/manage/hydrogen/fleetbatch/{row.pk}/history/").status_code == 200
