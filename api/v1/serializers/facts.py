"""Shapes of quoted facts and targets: texts as printed, with their source. Do not compute with them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matchmaking.insights.choices import TargetState
from matchmaking.insights.models import ClusterTarget
from reference.choices import Cluster


class QuotedSerializer(serializers.Serializer[Any]):
    """What quoted facts and targets share."""

    code = serializers.CharField()
    claim_zh = serializers.CharField()
    claim_en = serializers.CharField()
    value = serializers.CharField()
    unit_zh = serializers.CharField()
    unit_en = serializers.CharField()
    note_zh = serializers.CharField()
    note_en = serializers.CharField()
    source = serializers.CharField()


class FactSerializer(QuotedSerializer):
    """A figure as printed somewhere."""

    subject_zh = serializers.CharField()
    subject_en = serializers.CharField()
    period_zh = serializers.CharField()
    period_en = serializers.CharField()


class TargetSerializer(QuotedSerializer):
    """A target as announced; without a sourced actual figure its state never says that it was reached."""

    cluster = serializers.ChoiceField(choices=Cluster.choices)
    due_year = serializers.IntegerField(allow_null=True)
    actual_value = serializers.CharField()
    actual_source = serializers.CharField()
    state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=TargetState.choices))
    def get_state(self, target: ClusterTarget) -> str:
        """Where it stands on the day that the view names."""
        return target.state_on(self.context["on"]).value
