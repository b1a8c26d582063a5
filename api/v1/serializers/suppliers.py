"""Shapes of a firm's list of suppliers and distributors, as its own systems read and write it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.choices import Evidence, SupplyRole
from accounts.networks import MOST_TIERS

MOST_SUPPLIES = 50


class SupplySerializer(serializers.Serializer[Any]):
    """What a listed firm brings, at a node where the list names one."""

    role = serializers.ChoiceField(choices=SupplyRole.choices)
    tier = serializers.IntegerField()
    node = serializers.CharField(source="node.code", default=None, allow_null=True)
    since = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    share_percent = serializers.IntegerField(allow_null=True)
    evidence = serializers.ChoiceField(choices=Evidence.choices)


class ListedFirmSerializer(serializers.Serializer[Any]):
    """A firm of the list: ``firm`` is the public key of the enterprise here that it is, where that is known."""

    key = serializers.CharField()
    external_key = serializers.CharField()
    name = serializers.CharField()
    uscc = serializers.CharField()
    place = serializers.CharField()
    region = serializers.CharField(source="region.code", default=None, allow_null=True)
    firm = serializers.CharField(source="firm.key", default=None, allow_null=True)
    certification = serializers.CharField(source="certification.code", default=None, allow_null=True)
    certificate_expires_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    left_by_itself = serializers.BooleanField()
    supplies = SupplySerializer(source="relations.all", many=True)


class SupplyWriteSerializer(serializers.Serializer[Any]):
    """What a listed firm brings; a supplier of the first tier where nothing else is said."""

    role = serializers.ChoiceField(choices=SupplyRole.choices, default=SupplyRole.SUPPLIER)
    tier = serializers.IntegerField(min_value=1, max_value=MOST_TIERS, default=1)
    node = serializers.CharField(max_length=80, required=False, allow_null=True)
    since = serializers.DateField(required=False, allow_null=True)
    share_percent = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)


class ListedFirmWriteSerializer(serializers.Serializer[Any]):
    """A firm as one's own system keeps it, whole; ``supplies`` are all that it brings."""

    name = serializers.CharField(max_length=120)
    uscc = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    place = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("A province, city or district by name or code; kept as it is where it cannot be read."),
    )
    certification = serializers.CharField(max_length=40, required=False, allow_null=True, default=None)
    certificate_expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    supplies = serializers.ListField(
        child=SupplyWriteSerializer(), required=False, allow_empty=False, max_length=MOST_SUPPLIES
    )

    def validate_supplies(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each role and node once."""
        if len({(one["role"], one.get("node") or "") for one in told}) < len(told):
            raise serializers.ValidationError(_("Each of them once."))
        return told
