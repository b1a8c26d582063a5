"""What is typed in talks: messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.talks.models import LONGEST_MESSAGE
from web.forms.base import ServiceForm

ROWS = 4


class MessageForm(ServiceForm):
    """A message to the other firm."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("Read by both firms, and by nobody else."),
    )
