"""Shapes of overflows, which their own firm alone reads: orders, own lines, the gap, who takes how much of it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.v1.serializers.consortia import CarriedShareSerializer, FurtherSharesSerializer
from api.v1.serializers.matching import NoteSerializer
from api.v1.serializers.partnerships import amount
from api.v1.serializers.postings import PostingSerializer
from matchmaking.consortia.choices import MOST_SUPPLIERS, MOST_WEEKS, State
from matchmaking.partnerships.choices import State as Stage
from matchmaking.postings.choices import Status, Visibility

ACTS = ("plan", "close")
"""What can be done with an overflow where its firm may."""


class NewOverflowSerializer(serializers.Serializer[Any]):
    """Orders beyond one's own lines; each need of which they consist is posted by itself, all of them or none."""

    node = serializers.CharField(max_length=80)
    ordered_amount = amount(min_value=Decimal(0))
    own_lines_amount = amount(min_value=Decimal(0), default=Decimal(0), help_text=_("What one's own lines make of it."))
    unit = serializers.CharField(max_length=20)
    window_start = serializers.DateField()
    weeks = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS)
    region = serializers.CharField(max_length=6)
    radius_km = serializers.IntegerField(min_value=1, max_value=3000, required=False, allow_null=True)
    most_partners = serializers.IntegerField(min_value=1, max_value=MOST_SUPPLIERS, default=2)
    least_share_percent = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)
    floor_area = amount(
        min_value=Decimal(0), required=False, allow_null=True, help_text=_("For a line of one's own elsewhere, in m².")
    )
    workers = amount(min_value=Decimal(0), required=False, allow_null=True)
    text = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        help_text=_("Everybody reads it: leave out your customer and the article number."),
    )
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.ALIAS)


class OverflowSerializer(serializers.Serializer[Any]):
    """An overflow in a list; ``gap`` is the need that gives the work out, ``remainder_amount`` what nobody carries."""

    key = serializers.CharField(source="overflow.key")
    title = serializers.CharField(source="overflow.gap.title")
    gap = serializers.CharField(source="overflow.gap.number")
    status = serializers.ChoiceField(source="overflow.gap.status", choices=Status.choices)
    unit = serializers.CharField(source="overflow.gap.unit.code", default=None, allow_null=True)
    ordered_amount = amount(source="overflow.ordered_amount")
    own_lines_amount = amount(source="overflow.own_amount")
    gap_amount = amount(source="overflow.gap.quantity_amount", allow_null=True)
    window_start = serializers.DateField(source="overflow.gap.window_start", allow_null=True)
    window_end = serializers.DateField(source="overflow.gap.window_end", allow_null=True)
    most_partners = serializers.IntegerField(source="overflow.most_partners")
    plan = serializers.CharField(
        source="plan.key",
        default=None,
        allow_null=True,
        help_text=_("The set of partners under `consortia/`, null as long as nobody was asked."),
    )
    plan_state = serializers.ChoiceField(source="plan.state", choices=State.choices, default=None, allow_null=True)
    remainder_amount = amount(source="remainder")


class LineTalkSerializer(serializers.Serializer[Any]):
    """A partnership about premises or workers; ``supplier`` under the name that the firm may know."""

    partnership = serializers.CharField(source="row.key")
    state = serializers.ChoiceField(source="row.state", choices=Stage.choices)
    supplier = serializers.CharField(source="name")


class LineNeedSerializer(serializers.Serializer[Any]):
    """A need for a line of one's own elsewhere, and what came of it."""

    posting = serializers.CharField(source="need.number")
    status = serializers.ChoiceField(source="need.status", choices=Status.choices)
    title = serializers.CharField(source="need.title")
    quantity_amount = amount(source="need.quantity_amount", allow_null=True)
    unit = serializers.CharField(source="need.unit.code", default=None, allow_null=True)
    partnerships = LineTalkSerializer(many=True, source="talks")


class OverflowPageSerializer(OverflowSerializer):
    """An overflow with its plan; ``own_amount`` is what a line of one's own elsewhere takes by it."""

    own_amount = amount()
    shares = CarriedShareSerializer(many=True)
    premises = LineNeedSerializer(allow_null=True)
    workers = LineNeedSerializer(allow_null=True)
    allowed_acts = serializers.ListField(child=serializers.ChoiceField(choices=ACTS))


class PlanChoiceSerializer(serializers.Serializer[Any]):
    """A capacity that can carry a part of the gap; ``proposed_amount`` is null for whom a first plan leaves out."""

    posting = PostingSerializer(source="share.posting")
    least_amount = amount(source="share.limits.least")
    most_amount = amount(source="share.limits.most")
    proposed_amount = amount(source="amount", allow_null=True)
    points = serializers.DecimalField(source="share.suggested.points", max_digits=5, decimal_places=1)
    reasons = NoteSerializer(source="share.reasons", many=True)


class PlanChoicesSerializer(serializers.Serializer[Any]):
    """Whom a plan can ask for what is open, best first, in the gap's own unit; ``room`` is for so many partners."""

    open_amount = amount()
    unit = serializers.CharField(allow_null=True)
    room = serializers.IntegerField()
    partners = PlanChoiceSerializer(many=True)


class PlanSerializer(FurtherSharesSerializer):
    """Partners to ask, and with ``own_amount`` what a line of one's own elsewhere takes; together all that is open."""
