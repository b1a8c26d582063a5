"""Shapes of parks, their partnerships and their reported figures."""

from typing import Any

from rest_framework import serializers

from api.v1.serializers.reference import NamedSerializer
from matchmaking.parks.choices import IndicatorKind, PairDirection, PairState, ProjectState, SourceStatus
from reference.choices import CooperationType


class AsOfSerializer(serializers.Serializer[Any]):
    """The day as of which is asked; without one, today."""

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
    state = serializers.ChoiceField(choices=PairState.choices)
    clusters = serializers.ListField(child=serializers.CharField())
    notice = serializers.CharField()
    source = serializers.CharField()


class ProjectFirmSerializer(serializers.Serializer[Any]):
    """A firm that takes part in a project."""

    key = serializers.CharField()
    name = serializers.CharField()


class MilestoneSerializer(serializers.Serializer[Any]):
    """A step of a project; ``reached_on`` is null until it is reached."""

    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    due_on = serializers.DateField()
    reached_on = serializers.DateField(allow_null=True)


class ProjectSerializer(serializers.Serializer[Any]):
    """A cooperation project that the park leads or takes part in, with those of its firms that are shown."""

    key = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    park = serializers.SlugField(source="park.slug")
    partner_park = serializers.SlugField(source="partner_park.slug", default=None, allow_null=True)
    cooperation_type = serializers.ChoiceField(choices=CooperationType.choices)
    state = serializers.ChoiceField(choices=ProjectState.choices)
    value_yuan = serializers.DecimalField(max_digits=17, decimal_places=2, allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    firms = ProjectFirmSerializer(source="enterprises.all", many=True)
    milestones = MilestoneSerializer(source="milestones.all", many=True)
    source = serializers.CharField()


class BatchSerializer(serializers.Serializer[Any]):
    """A batch as announced: ``size`` parks, of which sources name ``named``; the others are counted, never invented."""

    number = serializers.IntegerField()
    announced_on = serializers.DateField()
    size = serializers.IntegerField()
    named = serializers.IntegerField()
    not_yet_named = serializers.IntegerField()
    source = serializers.CharField()


class IndicatorSerializer(serializers.Serializer[Any]):
    """A figure that a park reported for a quarter, with its source; each correction raises ``version``."""

    kind = serializers.ChoiceField(choices=IndicatorKind.choices)
    period_start = serializers.DateField()
    value = serializers.DecimalField(max_digits=17, decimal_places=2, allow_null=True)
    words = serializers.CharField()
    source = serializers.CharField()
    version = serializers.IntegerField()
    is_locked = serializers.BooleanField()
    is_sample = serializers.BooleanField()


class OverflowCasesSerializer(serializers.Serializer[Any]):
    """Overflows here that both sides confirmed an outcome of, as of now; ``count`` is null below three firms."""

    count = serializers.IntegerField(allow_null=True)
    is_small = serializers.BooleanField()


class ParkPageSerializer(ParkSerializer):
    """A park with its partnerships, projects and figures; ``quarters_missing`` begin on these days and are due."""

    introduction_zh = serializers.CharField()
    introduction_en = serializers.CharField()
    partnerships = ParkPartnershipSerializer(many=True)
    projects = ProjectSerializer(many=True)
    quarters_missing = serializers.ListField(child=serializers.DateField())
    indicators = IndicatorSerializer(many=True)
    overflow_cases = OverflowCasesSerializer()
