"""Shapes of the weak links: figures of groups that may be public; see docs/weak-links.md for what each means."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.insights.choices import Coverage, Place
from matchmaking.insights.queries.chains import chain_in_use
from matchmaking.insights.queries.weak_links import SORTS, Line
from matchmaking.insights.queries.weak_scores import WEIGHTS
from reference.models import IndustryChain


class WeakLinksAskedSerializer(serializers.Serializer[Any]):
    """What narrows and orders the nodes."""

    chain = serializers.CharField(max_length=20, default=None, help_text=_("Code of a chain; all without it."))
    region = serializers.ChoiceField(
        choices=Place.choices, default=Place.ANYWHERE, help_text=_("Code of one of the two provinces; both without it.")
    )
    sort = serializers.ChoiceField(choices=list(SORTS), default=next(iter(SORTS)))

    def validate_chain(self, code: str | None) -> IndustryChain | None:
        """The chain with this code or slug."""
        chain = chain_in_use(code) if code else None
        if code and chain is None:
            raise serializers.ValidationError(
                text_of(Reason.REFUSAL_UNKNOWN_CODE, get_language() or "zh-hans", {"code": code})
            )
        return chain


class MonthlyBalanceSerializer(serializers.Serializer[Any]):
    """What is needed and offered in one dimension, month by month from this one on, in its base unit."""

    dimension = serializers.CharField()
    unit = serializers.CharField(source="unit.code", default="")
    needed = serializers.ListField(child=serializers.FloatField())
    offered = serializers.ListField(child=serializers.FloatField())
    percent = serializers.IntegerField(allow_null=True)


class WeakLinkSerializer(serializers.Serializer[Any]):
    """A node. Null is what would tell of fewer than three firms."""

    node = serializers.CharField(source="node.code")
    chain = serializers.CharField(source="node.chain.code")
    coverage = serializers.ChoiceField(choices=Coverage.choices)
    score = serializers.IntegerField(source="row.score")
    parts = serializers.SerializerMethodField(help_text=_("Points of each part of the score; they sum to it."))
    needs = serializers.IntegerField(source="needs.shown", allow_null=True)
    suppliers = serializers.IntegerField(source="suppliers.shown", allow_null=True)
    hhi = serializers.IntegerField(source="row.hhi", allow_null=True)
    offered_percent = serializers.IntegerField(source="covered_percent", allow_null=True)
    balance = MonthlyBalanceSerializer(many=True)
    unmet = serializers.IntegerField(allow_null=True)
    waiting_days = serializers.IntegerField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(), source="blocks")
    unanswered = serializers.IntegerField(allow_null=True)
    unanswered_days = serializers.IntegerField(allow_null=True)
    hanging = serializers.IntegerField(source="row.hanging")
    is_single_point = serializers.BooleanField()

    def get_parts(self, line: Line) -> dict[str, int]:
        """By the names of ``WEIGHTS``."""
        return {name: points for name, points, _most in line.parts if name in WEIGHTS}


class WeekSerializer(serializers.Serializer[Any]):
    """How the nodes stood in the week that begins on ``week``."""

    week = serializers.DateField()
    nodes = serializers.IntegerField()
    covered = serializers.IntegerField()
    mean_score = serializers.IntegerField()


class WeakLinksSerializer(serializers.Serializer[Any]):
    """The nodes asked for; ``covered`` ones have three suppliers and more, ``missing`` ones none."""

    as_of = serializers.DateTimeField(source="summary.as_of", allow_null=True)
    nodes = serializers.IntegerField(source="summary.nodes")
    covered = serializers.IntegerField(source="summary.covered")
    missing = serializers.IntegerField(source="summary.missing")
    weeks = WeekSerializer(many=True)
    lines = WeakLinkSerializer(many=True)
