"""Shapes of matchmaking days as an invited firm reads them: who else comes, its own wishes, its own schedule."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from matchmaking.days.choices import DayState, GuestState, Wish
from matchmaking.days.models import MOST_SLOTS

ACTS = ("answer", "give-up", "wishes")
"""What an invited firm can do, each an address below the day."""
MOST_WISHES = 200


class DaySerializer(serializers.Serializer[Any]):
    """A matchmaking day to which one's own firm was invited, and what it has answered."""

    key = serializers.CharField(source="day.key")
    title_zh = serializers.CharField(source="day.title_zh")
    title_en = serializers.CharField(source="day.title_en")
    state = serializers.ChoiceField(source="day.state", choices=DayState.choices)
    place = serializers.CharField(source="day.place")
    begins_at = serializers.DateTimeField(source="day.starts")
    ends_at = serializers.DateTimeField(source="day.ends")
    slots = serializers.IntegerField(source="day.slots")
    slot_minutes = serializers.IntegerField(source="day.slot_minutes")
    wishes_until = serializers.DateField(source="day.marks_until")
    invitation = serializers.ChoiceField(source="state", choices=GuestState.choices)
    most_meetings = serializers.IntegerField(source="most", allow_null=True)
    is_sample = serializers.BooleanField(source="day.is_sample")


class PresentFirmSerializer(serializers.Serializer[Any]):
    """A firm that takes part in the day."""

    key = serializers.CharField()
    name = serializers.CharField()


class WishSerializer(serializers.Serializer[Any]):
    """What one's own firm wishes of another one; nobody else reads it."""

    firm = serializers.CharField(max_length=20)
    wish = serializers.ChoiceField(choices=Wish.choices)


class MeetingSerializer(serializers.Serializer[Any]):
    """A meeting of one's own firm; ``is_off`` where it fell out."""

    key = serializers.CharField(source="meeting.key")
    firm = PresentFirmSerializer(source="other")
    begins_at = serializers.DateTimeField(source="begins")
    ends_at = serializers.DateTimeField()
    table = serializers.IntegerField(source="meeting.table")
    is_off = serializers.BooleanField()


class DayPageSerializer(DaySerializer):
    """A day as one's own firm reads it: names of the others once it takes part, a count from three on before."""

    firm_count = serializers.IntegerField(allow_null=True)
    firms = PresentFirmSerializer(many=True)
    most_musts = serializers.IntegerField()
    wishes = WishSerializer(many=True)
    schedule = MeetingSerializer(many=True)
    not_placed = PresentFirmSerializer(many=True)
    allowed_acts = serializers.ListField(child=serializers.ChoiceField(choices=ACTS))


class AnswerSerializer(serializers.Serializer[Any]):
    """Whether one's own firm takes part, and in how many meetings at most; null for as many as there are slots."""

    accepts = serializers.BooleanField()
    most_meetings = serializers.IntegerField(min_value=1, max_value=MOST_SLOTS, required=False, allow_null=True)


class WishesSerializer(serializers.Serializer[Any]):
    """All that one's own firm wishes; it takes the place of what it said before, and who is left out is left open."""

    wishes = serializers.ListField(child=WishSerializer(), max_length=MOST_WISHES)

    def validate_wishes(self, told: list[dict[str, Any]]) -> dict[str, str]:
        """By the firm's key; each firm once."""
        found = {one["firm"]: one["wish"] for one in told}
        if len(found) < len(told):
            raise serializers.ValidationError(_("Each firm once."))
        return found
