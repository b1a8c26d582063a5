"""Shapes of what a partner system learns of itself, and of the list of entries."""

from typing import Any

from rest_framework import serializers

from accounts.choices import ApiScope


class OwnFirmSerializer(serializers.Serializer[Any]):
    """The enterprise that a system acts for."""

    key = serializers.CharField()
    name = serializers.CharField()
    is_verified = serializers.BooleanField()


class LimitsSerializer(serializers.Serializer[Any]):
    """What is taken and given at once."""

    calls_a_minute = serializers.IntegerField()
    body_bytes = serializers.IntegerField()
    rows_a_page = serializers.IntegerField()
    token_seconds = serializers.IntegerField()


class AskingClientSerializer(serializers.Serializer[Any]):
    """The system that asks: for whom, with what, until when. ``scopes`` are those of the token that it showed."""

    client_id = serializers.CharField()
    name = serializers.CharField()
    enterprise = OwnFirmSerializer(allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ApiScope.choices))
    created_at = serializers.DateTimeField()
    expires_on = serializers.DateField(allow_null=True)
    last_used_on = serializers.DateField(allow_null=True)
    limits = LimitsSerializer()
