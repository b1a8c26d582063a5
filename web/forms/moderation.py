"""What a firm writes to have a decision looked at again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms.base import ServiceForm

LONGEST_APPEAL = 2000
ROWS = 5


class AppealForm(ServiceForm):
    """One text for one appeal."""

    text = forms.CharField(
        label=_("What should we know?"),
        help_text=_(
            "Once for each decision, at most 2,000 characters. Another moderator reads it, where there is one."
        ),
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
    )
