"""Shapes of reference data. Names are given in both languages, so that a partner may keep one copy."""

from typing import Any

from rest_framework import serializers


class NamedSerializer(serializers.Serializer[Any]):
    """A code with its two names."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class RegionSerializer(NamedSerializer):
    """A region of GB/T 2260; ``valid_to`` is the first day without the code."""

    level = serializers.ChoiceField(choices=["province", "prefecture", "district", "county"])
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    successor = serializers.CharField(source="successor.code", default=None, allow_null=True)
    lat = serializers.FloatField()
    lon = serializers.FloatField()


class ChainSerializer(NamedSerializer):
    """An industrial chain."""

    slug = serializers.CharField()
    cluster = serializers.CharField()
    kind = serializers.CharField()


class NodeSerializer(NamedSerializer):
    """A node of a chain; its parent is the code without its last part."""

    chain = serializers.CharField(source="chain.code")
    parent = serializers.CharField(source="parent_code")
    stage = serializers.CharField()
    is_leaf = serializers.BooleanField()


class CertificateSerializer(NamedSerializer):
    """A certificate that a firm can hold."""

    issuer = serializers.CharField()
    kind = serializers.CharField()
    validity_years = serializers.IntegerField(allow_null=True)
    scope = serializers.ListField(child=serializers.CharField())


class UnitSerializer(NamedSerializer):
    """A unit of measure; amounts convert inside one dimension only."""

    dimension = serializers.CharField()
    factor_to_base = serializers.CharField()
    base = serializers.CharField(source="base.code", default=None, allow_null=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason code with both texts; ``side`` tells who can change it."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=["fit", "gap", "hint", "end", "flag", "refusal"])
    side = serializers.CharField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
