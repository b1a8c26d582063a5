"""Shapes of quoted facts, targets and agreements: texts as printed, with their source. Do not compute with them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matchmaking.insights.choices import CommitmentState, EntryKind, Measure, TargetState
from matchmaking.insights.models import ClusterTarget, FrameworkAgreement
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
    actual_on = serializers.DateField(allow_null=True)
    are_definitions_same = serializers.BooleanField()
    definitions = serializers.CharField()
    agreement = serializers.SlugField(source="agreement.code", default=None, allow_null=True)
    state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=TargetState.choices))
    def get_state(self, target: ClusterTarget) -> str:
        """Where it stands on the day that the view names."""
        return target.state_on(self.context["on"]).value


class AgreementPartySerializer(serializers.Serializer[Any]):
    """A party of an agreement; ``followed_by`` took its place on the day of its own ``since``."""

    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    followed_by = serializers.CharField(source="followed_by.name_zh", default=None, allow_null=True)
    source = serializers.CharField()


class CommitmentSerializer(serializers.Serializer[Any]):
    """A task of an agreement; ``measure`` says what is counted here that speaks of it."""

    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    state = serializers.ChoiceField(choices=CommitmentState.choices)
    measure = serializers.ChoiceField(choices=Measure.choices)
    due_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()


class AgreementEntrySerializer(serializers.Serializer[Any]):
    """A document or a step; ``on`` is its day, or the last day of what ``told`` says."""

    kind = serializers.ChoiceField(choices=EntryKind.choices)
    on = serializers.DateField()
    told_zh = serializers.CharField()
    told_en = serializers.CharField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    address = serializers.CharField()
    source = serializers.CharField()


class FrameworkAgreementSerializer(serializers.Serializer[Any]):
    """A framework agreement; ``signed_by`` is the last day on which it can have been signed."""

    code = serializers.SlugField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    cluster = serializers.ChoiceField(choices=Cluster.choices)
    fields_zh = serializers.CharField()
    fields_en = serializers.CharField()
    signed_by = serializers.DateField()
    signed_zh = serializers.CharField()
    signed_en = serializers.CharField()
    ends_on = serializers.DateField(allow_null=True)
    is_over = serializers.SerializerMethodField()
    note_zh = serializers.CharField()
    note_en = serializers.CharField()
    source = serializers.CharField()
    parties = AgreementPartySerializer(many=True, source="parties.all")
    commitments = CommitmentSerializer(many=True, source="commitments.all")
    entries = AgreementEntrySerializer(many=True, source="entries.all")

    def get_is_over(self, agreement: FrameworkAgreement) -> bool:
        """Whether its last day has passed."""
        return agreement.is_over_on(self.context["on"])
