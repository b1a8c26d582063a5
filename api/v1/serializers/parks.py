"""Shapes of parks, their partnerships and their reported figures."""

from typing import Any

from rest_framework import serializers

from api.v1.serializers.reference import NamedSerializer
from matchmaking.parks.choices import CooperationType, IndicatorKind, PairDirection, SourceStatus


class AsOfSerializer(serializers.Serializer[Any]):
    """The day as of which partnerships are asked for; without one, today."""

    as_of = serializers.DateField(required=False)


class ParkSerializer(serializers.Serializer[Any]):
    """A demonstration park; one in two provinces stands in both and counts once."""

    slug = serializers.SlugField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    batch = serializers.IntegerField(allow_null=True)
    listed_from = serializers.DateField(allow_null=True)
    regions = NamedSerializer(many=True, source="regions.all")
    clusters = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()
    source_status = serializers.ChoiceField(choices=SourceStatus.choices)
    is_sample = serializers.BooleanField()


class ParkPartnershipSerializer(serializers.Serializer[Any]):
    """Two parks that cooperate."""

    from_park = serializers.SlugField(source="from_park.slug")
    to_park = serializers.SlugField(source="to_park.slug")
    direction = serializers.ChoiceField(choices=PairDirection.choices)
    cooperation_type = serializers.ChoiceField(choices=CooperationType.choices)
    agreed_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    pair_status = serializers.ChoiceField(choices=SourceStatus.choices)
    type_status = serializers.ChoiceField(choices=SourceStatus.choices)
    source = serializers.CharField()


class IndicatorSerializer(serializers.Serializer[Any]):
    """A figure that a park reported for a quarter, with its source; ``version`` grows with each correction."""

    kind = serializers.ChoiceField(choices=IndicatorKind.choices)
    period_start = serializers.DateField()
    value = serializers.DecimalField(max_digits=17, decimal_places=2)
    source = serializers.CharField()
    version = serializers.IntegerField()
    is_locked = serializers.BooleanField()
    is_sample = serializers.BooleanField()


class ParkPageSerializer(ParkSerializer):
    """A park with its partnerships and figures."""

    introduction_zh = serializers.CharField()
    introduction_en = serializers.CharField()
    partnerships = ParkPartnershipSerializer(many=True)
    indicators = IndicatorSerializer(many=True)
