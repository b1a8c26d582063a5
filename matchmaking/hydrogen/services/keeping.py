"""What is entered about the corridor: facilities, haulage routes, fleet batches and the assumption of demand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Stale, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.hydrogen.choices import FacilityState
from matchmaking.hydrogen.models import DemandAssumption, Facility, FleetBatch, FleetPlace, HaulageRoute
from matchmaking.hydrogen.permissions import can_keep_corridor
from reference.models import Region

Kept = TypeVar("Kept", Facility, HaulageRoute, FleetBatch)


@unit_of_work
def keep_facility(*, facility: Facility | None, actor: User, values: Mapping[str, Any], version: int = 0) -> Facility:
    """Enter a facility, or say what is known of it now.

    Refuses not_yours, outside_scope; Stale where it was changed since ``version``; Invalid for what is missing: a
    source, a day for what is running, a name, a region.
    """
    return _keep(facility or Facility(), actor=actor, values=values, version=version, regions=("region",))


@unit_of_work
def keep_route(*, route: HaulageRoute | None, actor: User, values: Mapping[str, Any], version: int = 0) -> HaulageRoute:
    """Enter a haulage route, or say what is known of it now. Refuses as for a facility, and both ends the same."""
    if values.get("from_region") is not None and values.get("from_region") == values.get("to_region"):
        raise Invalid({"to_region": Reason.REFUSAL_SAME_PLACE})
    return _keep(
        route or HaulageRoute(), actor=actor, values=values, version=version, regions=("from_region", "to_region")
    )


@unit_of_work
def keep_batch(
    *,
    batch: FleetBatch | None,
    actor: User,
    values: Mapping[str, Any],
    places: Sequence[tuple[Region, int]],
    version: int = 0,
) -> FleetBatch:
    """Enter a fleet batch, or say what is known of it now; ``places`` are vehicles by where they are filled.

    Refuses not_yours, outside_scope; Stale; Invalid for what is missing, for more vehicles placed than there are
    (``places``) and for a place named twice.
    """
    require(can_keep_corridor(actor, [region for region, _number in places]))
    if len({region.pk for region, _number in places}) < len(places):
        raise Invalid({"places": Reason.REFUSAL_PLACE_TWICE})
    vehicles = values.get("vehicles") or 0
    if sum(number for _region, number in places) > vehicles:
        raise Invalid({"places": Reason.REFUSAL_PLACED_MORE}, {"places": {"limit": vehicles}})
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        raise Invalid({"ends_on": Reason.REFUSAL_WINDOW_REVERSED})
    row = _keep(batch or FleetBatch(), actor=actor, values=values, version=version)
    row.places.all().delete()
    FleetPlace.objects.bulk_create(FleetPlace(batch=row, region=region, vehicles=number) for region, number in places)
    return row


@unit_of_work
def assume_demand(*, actor: User, kg_per_vehicle_day: Decimal | None, source: str) -> DemandAssumption:
    """Enter how much hydrogen a vehicle takes a day, from a source; it holds from now on, earlier ones stay readable.

    Refuses not_yours; Invalid for one without a source or out of reason.
    """
    require(can_keep_corridor(actor))
    if kg_per_vehicle_day is None:
        raise Invalid({"kg_per_vehicle_day": Reason.REFUSAL_REQUIRED})
    row = DemandAssumption(kg_per_vehicle_day=kg_per_vehicle_day, source=cleaned(source), made_by=actor)
    check_row(row)
    row.save()
    facts: dict[str, object] = {"kg_per_vehicle_day": str(row.kg_per_vehicle_day), "source": row.source}
    record_change(thing=row, verb=Verb.CREATED, actor=actor, facts=facts)
    return row


def cleaned(text: str) -> str:
    """What somebody typed, without double widths and blanks around it."""
    return normalise_text(text).strip()


def _keep(row: Kept, *, actor: User, values: Mapping[str, Any], version: int, regions: Sequence[str] = ()) -> Kept:
    is_new = row.pk is None
    model = type(row)
    known: Kept = row if is_new else model.objects.select_for_update().get(pk=row.pk)
    concerned = [values.get(name) for name in regions] + ([] if is_new else [getattr(known, name) for name in regions])
    require(can_keep_corridor(actor, [region for region in concerned if region is not None]))
    if not is_new and version and version != known.version:
        raise Stale(seen=version, current=known.version)
    for name, value in values.items():
        setattr(known, name, cleaned(value) if isinstance(value, str) else value)
    _check_state(known)
    check_row(known)
    if not is_new:
        known.version += 1
    known.save()
    facts: dict[str, object] = {"state": known.state}
    record_change(thing=known, verb=Verb.CREATED if is_new else Verb.CHANGED, actor=actor, facts=facts)
    return known


def _check_state(row: Facility | HaulageRoute | FleetBatch) -> None:
    """What is running has been so since a day that is not ahead."""
    if isinstance(row, FleetBatch) or row.state != FacilityState.RUNNING:
        return
    if row.state_on is None:
        raise Invalid({"state_on": Reason.REFUSAL_REQUIRED})
    if row.state_on > timezone.localdate():
        raise Invalid({"state_on": Reason.REFUSAL_DAY_AHEAD})
