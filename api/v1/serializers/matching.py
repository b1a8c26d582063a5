"""Shapes of suggestions: points with their parts, and reasons, gaps and hints as codes with texts."""

from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers

from api.v1.serializers.postings import PostingSerializer
from common.reason_texts import text_of


class NoteSerializer(serializers.Serializer[Any]):
    """A reason code with its text in the asked language and the facts that fill it."""

    code = serializers.CharField(source="reason.value")
    text = serializers.SerializerMethodField()
    facts = serializers.DictField(child=serializers.CharField(allow_blank=True))

    def get_text(self, note: Any) -> str:
        """The text, facts filled in."""
        return text_of(note.reason, get_language() or "zh-hans", note.facts)


class PartSerializer(serializers.Serializer[Any]):
    """What one factor gave, of how much it could give."""

    factor = serializers.CharField()
    points = serializers.DecimalField(max_digits=5, decimal_places=1)
    maximum = serializers.DecimalField(max_digits=5, decimal_places=1)


class ChannelsSerializer(serializers.Serializer[Any]):
    """What the text factor was blended from, in percent; null for a channel that has nothing to say of the pair."""

    lexical = serializers.IntegerField(allow_null=True, help_text="Shared words.")
    encoder = serializers.IntegerField(allow_null=True, help_text="Similar meaning.")
    taxonomy = serializers.IntegerField(allow_null=True, help_text="Same chain nodes named in the texts.")
    identifiers = serializers.IntegerField(allow_null=True, help_text="Same models and specifications.")


class SuggestedMatchSerializer(serializers.Serializer[Any]):
    """A counterpart. ``points`` (0 to 100) is the sum of its parts, ``grade`` runs from 1 to 5, 5 best."""

    posting = PostingSerializer()
    points = serializers.DecimalField(max_digits=5, decimal_places=1)
    grade = serializers.IntegerField(min_value=1, max_value=5)
    parts = PartSerializer(many=True)
    text = ChannelsSerializer()
    words_only = serializers.BooleanField(
        help_text="Either text was not read for its meaning yet: compared by words and terms alone."
    )
    reasons = NoteSerializer(many=True)
    gaps = NoteSerializer(many=True)
    hints = NoteSerializer(many=True, help_text="Where several gaps are musts, one change for each is needed.")
    more_from_firm = serializers.IntegerField()


class DroppedSerializer(serializers.Serializer[Any]):
    """Why firms are not among the matches, and how many of them; fewer than three are not counted apart."""

    code = serializers.CharField(source="reason.value")
    text = serializers.SerializerMethodField()
    firms = serializers.CharField(source="shown")

    def get_text(self, dropped: Any) -> str:
        """The reason's text in the asked language."""
        return text_of(dropped.reason, get_language() or "zh-hans")


class SuggestionsSerializer(serializers.Serializer[Any]):
    """The best counterparts of one's own posting, near misses with what would lift them, and neighbours by node."""

    posting = serializers.CharField(source="posting.number")
    engine_version = serializers.CharField()
    words_only = serializers.BooleanField(help_text="The posting's own text was not read for its meaning yet.")
    firms = serializers.IntegerField()
    matches = SuggestedMatchSerializer(many=True)
    near_misses = SuggestedMatchSerializer(many=True)
    neighbours = SuggestedMatchSerializer(many=True)
    dropped = DroppedSerializer(many=True)


class SimilarPostingSerializer(serializers.Serializer[Any]):
    """A posting of the same direction that is much like the one asked about; one a firm."""

    posting = PostingSerializer()
    more_from_firm = serializers.IntegerField(help_text="Further similar postings of the same firm.")


class SimilarPostingsSerializer(serializers.Serializer[Any]):
    """The most similar postings, best first."""

    results = SimilarPostingSerializer(many=True)


class FacetValueSerializer(serializers.Serializer[Any]):
    """How many postings the list would show with this value and the other filters as they are.

    ``count`` is null and ``shown`` "<3" where fewer than three firms hold a certificate: that is not told.
    """

    code = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    shown = serializers.CharField()


class FacetsSerializer(serializers.Serializer[Any]):
    """Counts beside the values of each filter; ``node`` holds those one level below the node, or the one chain, chosen.

    ``total`` is what the list shows under all filters.
    """

    total = serializers.IntegerField()
    chain = FacetValueSerializer(many=True)
    node = FacetValueSerializer(many=True)
    region = FacetValueSerializer(many=True)
    subject = FacetValueSerializer(many=True)
    certificates = FacetValueSerializer(many=True)
