"""Shapes of talent: a posting with what it says of people, whom it never names."""

from typing import Any

from rest_framework import serializers

from api.v1.serializers.postings import PostingSerializer
from matchmaking.postings.choices import ExchangeMode, Operator
from matchmaking.postings.queries.talent import Profile
from reference.choices import PaperKind


class RecognitionSerializer(serializers.Serializer[Any]):
    """The rule by which a paper counts on both sides of the border; ``valid_to`` is the first day without it."""

    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    source = serializers.CharField()


class PaperSerializer(serializers.Serializer[Any]):
    """A paper that people hold or shall hold. Without ``recognition`` whether it counts has to be checked."""

    parameter = serializers.CharField(source="parameter.code")
    kind = serializers.ChoiceField(source="parameter.paper_kind", choices=PaperKind.choices)
    operator = serializers.ChoiceField(choices=Operator.choices)
    level = serializers.CharField()
    is_must = serializers.BooleanField()
    recognition = RecognitionSerializer(allow_null=True)


class TalentSerializer(PostingSerializer):
    """A posting of people: what it says of them, and nobody's name."""

    mode = serializers.ChoiceField(choices=ExchangeMode.choices, allow_null=True)
    papers = PaperSerializer(many=True)

    def to_representation(self, posting: Any) -> dict[str, Any]:
        """The posting as in every list, with its profile."""
        profile: Profile = self.context["profiles"][posting.pk]
        return {
            **super().to_representation(posting),
            "mode": profile.mode and str(profile.mode),
            "papers": PaperSerializer(profile.papers, many=True).data,
        }
