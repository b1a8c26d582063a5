"""What is typed in talks: messages, questions, files, and the acceptance of confidentiality."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import LONGEST_MESSAGE, LONGEST_QUESTION
from web.forms.base import ServiceForm

ROWS = 4
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp"


class MessageForm(ServiceForm):
    """A message to the other firm."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("Read by both firms, and by nobody else."),
    )


class QuestionForm(ServiceForm):
    """A question about another firm's posting."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("Public with its answer, without your name. Write no contact data."),
    )


class AnswerForm(ServiceForm):
    """The answer to a question about one's own posting."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("Read by all who read your posting. Write no contact data."),
    )


class FileField(forms.FileField):
    """A file to be shown; what it is, its content says."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("File"),
            help_text=_("PDF, PNG, JPEG or WebP, at most 20 MB. Its name is seen by the others, too."),
            max_length=400,
            widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ACCEPTED}),
            **kwargs,
        )


class ShareForm(ServiceForm):
    """A file for the other firm."""

    upload = FileField()
    level = forms.ChoiceField(
        label=_("Who opens it"),
        choices=[(level.value, level.label) for level in (FileLevel.INTEREST, FileLevel.NDA)],
        widget=forms.RadioSelect,
    )


class PostingFileForm(ServiceForm):
    """A file at one's posting."""

    upload = FileField()
    level = forms.ChoiceField(
        label=_("Who opens it"),
        choices=FileLevel.choices,
        widget=forms.RadioSelect,
        help_text=_("For a preview, upload an edition from which you have removed what not everybody may see."),
    )


class RevisionForm(ServiceForm):
    """The file that takes the place of another."""

    upload = FileField()


class NdaForm(ServiceForm):
    """Acceptance of the text that was read, and who it is that accepts."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput())
    secret = forms.CharField(
        label=_("Your password, or the code of your authenticator app"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
    )
