"""What coordinators write: a reason for seeing contact data, and notes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.reasons import Reason
from web.forms.base import ServiceForm, told

LONGEST_REASON, LONGEST_NOTE = 400, 1000
ROWS = 3


class RevealForm(ServiceForm):
    """Why contact data are to be shown; the firm reads it."""

    reason = forms.CharField(
        label=_("Why you need the contact data"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("The firm reads this reason, the time, and that a coordinator looked."),
    )


class NoteForm(ServiceForm):
    """A note for the other coordinators."""

    text = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("Read by coordinators in scope and the platform, by no firm. It stays as written."),
    )


class GiveBackForm(ServiceForm):
    """Why a posting is given back to its firm, by code and in words."""

    note = forms.CharField(
        label=_("What the firm should change"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
        help_text=_("The firm reads it, and may appeal."),
    )

    def __init__(self, *args: Any, reasons: Iterable[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason"),
            choices=[(reason.value, told(reason).capitalize()) for reason in reasons],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose one.")},
        )
        self.order_fields(["reason", "note"])
