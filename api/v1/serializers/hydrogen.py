"""Shapes of the hydrogen corridor: kilograms, kilograms a day, megapascals, percent by volume; see ADR 0096."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matchmaking.hydrogen.choices import BatchState, FacilityKind, FacilityState, LineKind, Pressure


class BalanceAskedSerializer(serializers.Serializer[Any]):
    """As what the balance is wanted."""

    form = serializers.ChoiceField(choices=["json", "csv"], default="json")


class AssumptionSerializer(serializers.Serializer[Any]):
    """How much hydrogen a vehicle is assumed to take a day; every figure of demand rests on it."""

    key = serializers.CharField()
    kg_per_vehicle_day = serializers.DecimalField(max_digits=7, decimal_places=3)
    source = serializers.CharField()
    entered_at = serializers.DateTimeField(source="created_at")


class BalanceMonthSerializer(serializers.Serializer[Any]):
    """One month at one place, whole kilograms; ``asked`` in posted needs is not added to the demand."""

    month = serializers.DateField(format="%Y-%m")
    demand_kg = serializers.IntegerField(source="demand")
    offered_kg = serializers.IntegerField(source="offered")
    hauled_in_kg = serializers.IntegerField(source="plan.arrives")
    hauled_out_kg = serializers.IntegerField(source="plan.leaves")
    kept_kg = serializers.IntegerField(source="plan.kept")
    met_kg = serializers.IntegerField(source="met")
    short_kg = serializers.IntegerField(source="short")
    filling_kg = serializers.IntegerField(source="filling")
    unfilled_kg = serializers.IntegerField(source="unfilled")
    asked_kg = serializers.IntegerField(source="asked")


class BalancePlaceSerializer(serializers.Serializer[Any]):
    """A prefecture of Sichuan or a district of Chongqing."""

    region = serializers.CharField(source="region.code")
    name_zh = serializers.CharField(source="region.name_zh")
    name_en = serializers.CharField(source="region.name_en")
    months = BalanceMonthSerializer(source="cells", many=True)


class BalanceSerializer(serializers.Serializer[Any]):
    """The balance; before an assumption was entered it is null and there are no places, since there is no demand."""

    assumption = AssumptionSerializer(allow_null=True)
    undated_vehicles = serializers.IntegerField(source="undated")
    unplaced_vehicles = serializers.IntegerField(source="unplaced")
    places = BalancePlaceSerializer(source="lines", many=True)


class SourcedSerializer(serializers.Serializer[Any]):
    """What everything that is entered about the corridor carries."""

    source = serializers.CharField()
    note = serializers.CharField()
    is_sample = serializers.BooleanField()


class FacilitySerializer(SourcedSerializer):
    """A station, supply base or store; only ``running`` ones are there, and null is not known."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=FacilityKind.choices)
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    region = serializers.CharField(source="region.code")
    state = serializers.ChoiceField(choices=FacilityState.choices)
    state_on = serializers.DateField(allow_null=True)
    kg_per_day = serializers.IntegerField(allow_null=True)
    store_kg = serializers.IntegerField(allow_null=True)
    pressure_mpa = serializers.ChoiceField(choices=[("", ""), *Pressure.choices], source="pressure")
    purity_percent = serializers.DecimalField(max_digits=7, decimal_places=4, allow_null=True)


class FleetPlaceSerializer(serializers.Serializer[Any]):
    """Vehicles of a batch that are filled at a place."""

    region = serializers.CharField(source="region.code")
    vehicles = serializers.IntegerField()


class FleetBatchSerializer(SourcedSerializer):
    """A fleet batch; without ``starts_on`` it is in no figure."""

    key = serializers.CharField()
    number = serializers.IntegerField()
    vehicles = serializers.IntegerField()
    state = serializers.ChoiceField(choices=BatchState.choices)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    places = FleetPlaceSerializer(source="places.all", many=True)


class GapSerializer(serializers.Serializer[Any]):
    """A stretch of a line without a running station."""

    start = serializers.CharField()
    end = serializers.CharField()
    from_km = serializers.IntegerField()
    to_km = serializers.IntegerField()


class StopSerializer(serializers.Serializer[Any]):
    """A region that a line passes."""

    region = serializers.CharField()
    km = serializers.IntegerField()


class CorridorLineSerializer(serializers.Serializer[Any]):
    """A line with its stops, its running stations' gaps, and its length as the crow flies from stop to stop."""

    code = serializers.CharField(source="line.code")
    kind = serializers.ChoiceField(choices=LineKind.choices, source="line.kind")
    name_zh = serializers.CharField(source="line.name_zh")
    name_en = serializers.CharField(source="line.name_en")
    km = serializers.IntegerField()
    stops = serializers.SerializerMethodField()
    gaps = GapSerializer(many=True)
    source = serializers.CharField(source="line.source")
    note = serializers.CharField(source="line.note")

    @extend_schema_field(StopSerializer(many=True))
    def get_stops(self, course: Any) -> list[dict[str, Any]]:
        """The stops in order."""
        return [{"region": region.code, "km": km} for region, km in course.stops]
