"""Shapes of the flows between regions: sums of groups that may be public; see docs/decisions/0092-flows.md."""

from typing import Any

from rest_framework import serializers

from matchmaking.insights.choices import FlowKind
from reference.choices import CooperationType

REGION = "region"


class FlowsAskedSerializer(serializers.Serializer[Any]):
    """What narrows the flows."""

    kind = serializers.ChoiceField(choices=FlowKind.choices, default=FlowKind.CONFIRMED)
    chain = serializers.CharField(max_length=20, default="")
    month = serializers.RegexField(r"^\d{4}-\d{2}$", default="")
    cooperation_type = serializers.ChoiceField(choices=CooperationType.choices, default="")
    by = serializers.ChoiceField(choices=["place", REGION], default="place")


class FlowSerializer(serializers.Serializer[Any]):
    """From where to where. ``cases`` is null for fewer than three firms; a province is what is not told apart."""

    need_region = serializers.CharField(source="need.code")
    supply_region = serializers.CharField(source="supply.code")
    cases = serializers.IntegerField(allow_null=True)
    across_the_border = serializers.BooleanField(source="crosses")


class FlowsSerializer(serializers.Serializer[Any]):
    """Flows of one kind: ``total`` cases, ``unplaced`` those without a province, ``open`` more that may belong here."""

    kind = serializers.CharField(source="asked.kind")
    as_of = serializers.DateTimeField(allow_null=True)
    total = serializers.IntegerField()
    unplaced = serializers.IntegerField()
    open = serializers.IntegerField()
    across = serializers.IntegerField()
    lines = FlowSerializer(many=True)
