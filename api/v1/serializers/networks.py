"""Shapes of memberships of networks, as one of their two firms reads them."""

from typing import Any

from rest_framework import serializers

from accounts.choices import NetworkState, SupplyRole

ACTS = ("answer", "end")
"""What a firm can do with a membership, each an address below it."""
OURS, THEIRS = "ours", "theirs"
NETWORKS = ((OURS, OURS), (THEIRS, THEIRS))


class NetworkMembershipSerializer(serializers.Serializer[Any]):
    """A membership: ``network`` says whose, ``asked_by_us`` who asked; the other firm of the two is ``firm``."""

    id = serializers.IntegerField(source="row.pk")
    firm = serializers.CharField(source="other.key")
    firm_name = serializers.CharField(source="other.name")
    network = serializers.ChoiceField(choices=NETWORKS)
    role = serializers.ChoiceField(source="row.role", choices=SupplyRole.choices)
    state = serializers.ChoiceField(source="row.state", choices=NetworkState.choices)
    asked_by_us = serializers.BooleanField()
    asked_at = serializers.DateTimeField(source="row.created_at")
    since = serializers.DateField(source="row.since", allow_null=True)
    ended_on = serializers.DateField(source="row.ended_on", allow_null=True)
    allowed_acts = serializers.ListField(child=serializers.ChoiceField(choices=ACTS))


class NewMembershipSerializer(serializers.Serializer[Any]):
    """A firm by its credit code or public key: asked into one's own network, or to take one's firm into its."""

    firm = serializers.CharField(max_length=160)
    network = serializers.ChoiceField(choices=NETWORKS, default=OURS)
    role = serializers.ChoiceField(choices=SupplyRole.choices, default=SupplyRole.SUPPLIER)


class NetworkAnswerSerializer(serializers.Serializer[Any]):
    """Whether one's own firm says yes to what the other one asked."""

    accepts = serializers.BooleanField()
