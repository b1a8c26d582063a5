"""Filters of the lists of messages, questions and files at the REST door."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.talks.models import Message, Question, SharedFile

LONGEST_KEY = 10


class MessageFilter(django_filters.FilterSet):
    """What the list of messages can be narrowed by."""

    partnership = django_filters.CharFilter(
        field_name="partnership__key", max_length=LONGEST_KEY, help_text=_("Key of a partnership.")
    )

    class Meta:
        model = Message
        fields: list[str] = []


class QuestionFilter(django_filters.FilterSet):
    """What the list of questions can be narrowed by."""

    posting = django_filters.CharFilter(
        field_name="posting__number", max_length=20, help_text=_("Number of a posting.")
    )
    is_answered = django_filters.BooleanFilter(
        field_name="answered_at", lookup_expr="isnull", exclude=True, help_text=_("Whether there is an answer.")
    )

    class Meta:
        model = Question
        fields: list[str] = []


class SharedFileFilter(django_filters.FilterSet):
    """What the list of files can be narrowed by."""

    partnership = django_filters.CharFilter(
        field_name="partnership__key", max_length=LONGEST_KEY, help_text=_("Key of a partnership.")
    )
    posting = django_filters.CharFilter(
        field_name="posting__number", max_length=20, help_text=_("Number of a posting.")
    )
    package = django_filters.CharFilter(field_name="rfq__key", max_length=LONGEST_KEY, help_text=_("Key of a package."))

    class Meta:
        model = SharedFile
        fields: list[str] = []
