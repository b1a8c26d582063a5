"""Who may open the capability passport of a firm."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import PassportLevel
from web.forms.base import ServiceForm


class PassportForm(ServiceForm):
    """The level of the passport."""

    level = forms.ChoiceField(label=_("Who may open it"), choices=PassportLevel.choices, widget=forms.RadioSelect)
