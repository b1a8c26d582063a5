"""Shapes of messages, of questions, and of what is known of files."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from matchmaking.talks.choices import FileKind, FileLevel
from matchmaking.talks.models import LONGEST_MESSAGE, LONGEST_QUESTION


class NewMessageSerializer(serializers.Serializer[Any]):
    """A message to the other firm of a partnership."""

    partnership = serializers.CharField(max_length=10)
    text = serializers.CharField(max_length=LONGEST_MESSAGE, trim_whitespace=False)


class MessageSerializer(serializers.Serializer[Any]):
    """A message of a partnership; ``author`` is empty where the person has left or gave no name."""

    key = serializers.CharField()
    partnership = serializers.CharField(source="partnership.key")
    is_mine = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    text = serializers.CharField()
    sent_at = serializers.DateTimeField()

    def get_is_mine(self, message: Any) -> bool:
        """Whether one's own firm wrote it."""
        return bool(message.enterprise_id == self.context["enterprise"].pk)

    def get_author(self, message: Any) -> str:
        """The name of who wrote it."""
        return message.author.name if message.author else ""


class NewQuestionSerializer(serializers.Serializer[Any]):
    """A question about another firm's posting."""

    posting = serializers.CharField(max_length=20)
    text = serializers.CharField(max_length=LONGEST_QUESTION, trim_whitespace=False)


class QuestionAnswerSerializer(serializers.Serializer[Any]):
    """The answer to a question, for all who may read the posting."""

    answer = serializers.CharField(max_length=LONGEST_QUESTION, trim_whitespace=False)


class QuestionSerializer(serializers.Serializer[Any]):
    """A question about a posting; ``answer`` is empty until there is one. Who asked is told to nobody."""

    key = serializers.CharField()
    posting = serializers.CharField(source="posting.number")
    is_own_posting = serializers.SerializerMethodField()
    is_mine = serializers.BooleanField(help_text=_("Whether one's own firm asked it."))
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)

    def get_is_own_posting(self, question: Any) -> bool:
        """Whether it is asked of one's own firm."""
        return bool(question.posting.enterprise_id == self.context["enterprise"].pk)


class SharedFileSerializer(serializers.Serializer[Any]):
    """What is known of a file: its newest revision; ``is_openable`` says whether its pages open on the site now."""

    key = serializers.CharField()
    partnership = serializers.CharField(source="partnership.key", default=None, allow_null=True)
    posting = serializers.CharField(source="posting.number", default=None, allow_null=True)
    package = serializers.CharField(source="rfq.key", default=None, allow_null=True)
    is_mine = serializers.SerializerMethodField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=FileKind.choices)
    level = serializers.ChoiceField(choices=FileLevel.choices)
    is_openable = serializers.BooleanField()
    revision = serializers.IntegerField()
    pages = serializers.IntegerField(source="page_count")
    bytes = serializers.IntegerField(source="size_bytes")
    uploaded_at = serializers.DateTimeField()

    def get_is_mine(self, file: Any) -> bool:
        """Whether one's own firm shows it."""
        return bool(file.enterprise_id == self.context["enterprise"].pk)


class NewFileSerializer(serializers.Serializer[Any]):
    """A file to show at one's own posting or package, or in a partnership: name one of the three."""

    upload = serializers.FileField(max_length=400, help_text=_("PDF, PNG, JPEG or WebP, at most 20 MB."))
    level = serializers.ChoiceField(choices=FileLevel.choices)
    partnership = serializers.CharField(max_length=10, required=False)
    posting = serializers.CharField(max_length=20, required=False)
    package = serializers.CharField(max_length=10, required=False)


class RevisedFileSerializer(serializers.Serializer[Any]):
    """The file that takes the place of another."""

    upload = serializers.FileField(max_length=400, help_text=_("PDF, PNG, JPEG or WebP, at most 20 MB."))


class ConfidentialitySerializer(serializers.Serializer[Any]):
    """The confidentiality agreement between two firms: its text, and until when whose acceptance of it holds."""

    version = serializers.IntegerField()
    digest = serializers.CharField()
    own_until = serializers.DateField(allow_null=True)
    their_until = serializers.DateField(allow_null=True)
    both_until = serializers.DateField(allow_null=True)
    is_due = serializers.BooleanField(help_text=_("Whether one's own acceptance is missing or ends soon."))
    text = serializers.CharField()
