"""What a firm writes to have a decision looked at again."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.reasons import Reason, text_of

LONGEST_APPEAL = 2000
ROWS = 5


class AppealForm(forms.Form):
    """One text for one appeal."""

    text = forms.CharField(
        label=_("What should we know?"),
        help_text=_(
            "Once for each decision, at most 2,000 characters. Another moderator reads it, where there is one."
        ),
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
    )

    def take(self, refusal: Invalid) -> None:
        """Tell what a service found wrong at the field that it names."""
        language = get_language() or "zh-hans"
        for name, reason in refusal.fields.items():
            text = text_of(Reason(reason), language, refusal.facts.get(name))
            self.add_error(name if name in self.fields else None, text)
