"""What is entered about the corridor: by whom, with a source and a day, versions and history kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Change
from common.errors import Invalid, Refused, Stale
from common.reasons import Reason
from matchmaking.hydrogen.models import DemandAssumption, Facility, FleetBatch
from matchmaking.hydrogen.services.keeping import assume_demand, keep_batch, keep_facility, keep_route
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, UserFactory
from tests.factories.hydrogen import SOURCE, FacilityFactory, FleetBatchFactory, corridor_keeper, month_ahead
from tests.factories.parks import ParkAdministratorFactory

pytestmark = pytest.mark.django_db


def place(code="500152"):
    return Region.objects.get(code=code)


def station(**told):
    values = {
        "kind": "station",
        "name_zh": "示例潼南站",
        "name_en": "Sample Tongnan station",
        "region": place(),
        "state": "running",
        "state_on": timezone.localdate(),
        "kg_per_day": 500,
        "source": SOURCE,
    }
    return {**values, **told}


def batch(**told):
    return {"number": 1, "vehicles": 200, "state": "planned", "starts_on": month_ahead(1), "source": SOURCE, **told}


def wrong(act):
    with pytest.raises(Invalid) as refusal:
        act()
    return refusal.value.fields


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reason


def test_a_keeper_enters_a_station_which_is_recorded_with_its_history():
    keeper = corridor_keeper()
    row = keep_facility(facility=None, actor=keeper, values=station())
    keep_facility(facility=row, actor=keeper, values=station(kg_per_day=800), version=row.version)

    assert [one.kg_per_day for one in Facility.history.order_by("history_id")] == [500, 800]
    told = Change.objects.filter(thing="facility", thing_key=row.key).order_by("seq")
    assert [(one.verb, one.actor) for one in told] == [("created", keeper), ("changed", keeper)]


@pytest.mark.parametrize("who", ["nobody's", "other chain", "park"])
def test_others_enter_nothing(who):
    grant = CoordinatorGrantFactory()
    grant.chains.set(grant.chains.model.objects.filter(code="AUTO"))
    users = {
        "nobody's": UserFactory(),
        "other chain": grant.user,
        "park": ParkAdministratorFactory().user,
    }
    actor = users[who]

    for act in (
        lambda: keep_facility(facility=None, actor=actor, values=station()),
        lambda: keep_batch(batch=None, actor=actor, values=batch(), places=[]),
        lambda: assume_demand(actor=actor, kg_per_vehicle_day=Decimal(5), source=SOURCE),
    ):
        assert refused(act) == Reason.REFUSAL_NOT_YOURS
    assert (Facility.objects.count(), FleetBatch.objects.count(), DemandAssumption.objects.count()) == (0, 0, 0)


def test_a_keeper_of_a_region_keeps_what_stands_in_it_and_moves_nothing_out():
    keeper = corridor_keeper("500152")
    row = keep_facility(facility=None, actor=keeper, values=station())
    away = FacilityFactory(region=place("500115"))

    for act in (
        lambda: keep_facility(facility=row, actor=keeper, values=station(region=place("500115"))),
        lambda: keep_facility(facility=away, actor=keeper, values=station()),
        lambda: keep_batch(batch=None, actor=keeper, values=batch(), places=[(place("500115"), 10)]),
    ):
        assert refused(act) == Reason.REFUSAL_OUTSIDE_SCOPE


def test_everything_needs_a_source_and_what_runs_a_day_that_is_not_ahead():
    keeper = corridor_keeper()
    ahead = timezone.localdate() + timedelta(days=1)

    assert wrong(lambda: keep_facility(facility=None, actor=keeper, values=station(source=" "))) == {
        "source": Reason.REFUSAL_REQUIRED
    }
    assert wrong(lambda: keep_facility(facility=None, actor=keeper, values=station(state_on=None))) == {
        "state_on": Reason.REFUSAL_REQUIRED
    }
    assert wrong(lambda: keep_facility(facility=None, actor=keeper, values=station(state_on=ahead))) == {
        "state_on": Reason.REFUSAL_DAY_AHEAD
    }
    assert wrong(lambda: assume_demand(actor=keeper, kg_per_vehicle_day=Decimal(5), source="")) == {
        "source": Reason.REFUSAL_REQUIRED
    }
    assert wrong(lambda: assume_demand(actor=keeper, kg_per_vehicle_day=None, source=SOURCE)) == {
        "kg_per_vehicle_day": Reason.REFUSAL_REQUIRED
    }


@pytest.mark.parametrize("amount", ["0", "-1", "501", "1.0001"])
def test_an_assumption_out_of_reason_is_refused(amount):
    keeper = corridor_keeper()

    assert set(wrong(lambda: assume_demand(actor=keeper, kg_per_vehicle_day=Decimal(amount), source=SOURCE))) == {
        "kg_per_vehicle_day"
    }


@pytest.mark.parametrize("purity", ["100.0001", "49", "99.99999"])
def test_a_purity_is_a_percentage_with_four_places(purity):
    keeper = corridor_keeper()

    values = station(purity_percent=Decimal(purity))
    assert set(wrong(lambda: keep_facility(facility=None, actor=keeper, values=values))) == {"purity_percent"}


def test_a_batch_holds_no_more_vehicles_at_its_places_than_it_has_and_names_each_once():
    keeper = corridor_keeper()
    told = batch()

    assert wrong(lambda: keep_batch(batch=None, actor=keeper, values=told, places=[(place(), 201)])) == {
        "places": Reason.REFUSAL_PLACED_MORE
    }
    assert wrong(lambda: keep_batch(batch=None, actor=keeper, values=told, places=[(place(), 1), (place(), 1)])) == {
        "places": Reason.REFUSAL_PLACE_TWICE
    }
    row = keep_batch(batch=None, actor=keeper, values=told, places=[(place(), 120)])
    assert (row.placed, row.unplaced) == (120, 80)


def test_a_batch_is_numbered_once_and_does_not_leave_before_it_comes():
    keeper = corridor_keeper()
    FleetBatchFactory(number=1)

    assert set(wrong(lambda: keep_batch(batch=None, actor=keeper, values=batch(), places=[]))) == {"number"}
    told = batch(number=2, ends_on=month_ahead(0))
    assert wrong(lambda: keep_batch(batch=None, actor=keeper, values=told, places=[])) == {
        "ends_on": Reason.REFUSAL_WINDOW_REVERSED
    }


def test_a_route_leads_elsewhere():
    keeper = corridor_keeper()
    told = {"from_region": place(), "to_region": place(), "kg_per_day": 10, "state": "planned", "source": SOURCE}

    assert wrong(lambda: keep_route(route=None, actor=keeper, values=told)) == {"to_region": Reason.REFUSAL_SAME_PLACE}


def test_who_saw_an_older_version_is_told_so():
    keeper = corridor_keeper()
    row = keep_facility(facility=None, actor=keeper, values=station())
    keep_facility(facility=row, actor=keeper, values=station(kg_per_day=800), version=1)

    with pytest.raises(Stale):
        keep_facility(facility=row, actor=keeper, values=station(kg_per_day=900), version=1)
    assert Facility.objects.get().kg_per_day == 800
