"""The form with which an owner lets a partner system act for the enterprise."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import ApiScope
from web.forms.base import ServiceForm


class ClientForm(ServiceForm):
    """A name, what the system may ask for, and until when."""

    name = forms.CharField(label=_("Name of the system"), max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=ApiScope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
