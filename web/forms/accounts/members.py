"""Inviting people, giving roles, and what a person keeps about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import LANGUAGES
from web.forms.base import ServiceForm


class InviteForm(ServiceForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.EDITOR,
        help_text=_("Viewers read. Editors also post and answer. Owners also keep members, certificates and profile."),
    )


class RoleForm(ServiceForm):
    """A role for somebody who is there or asks to be."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class PersonForm(ServiceForm):
    """Name and language of the person signed in."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Of the pages after you sign in, and of mail.")
    )
