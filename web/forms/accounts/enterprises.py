"""Registering an enterprise, its profile, and asking to join one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import EnterpriseKind
from accounts.models import Enterprise, EnterpriseContact
from web.forms.accounts.base import RegionField, ServiceForm

USCC_AS_TYPED = 60
"""Full-width digits, blanks and hyphens are taken out later; anything longer is something else."""


class UsccField(forms.CharField):
    """A unified social credit code as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(label=_("Unified social credit code"), max_length=USCC_AS_TYPED, widget=widget, **kwargs)


class ProfileForm(ServiceForm):
    """What an enterprise tells about itself, and whom to reach there."""

    name = forms.CharField(
        label=_("Registered name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=EnterpriseKind.choices)
    region = RegionField(label=_("Region of the seat"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    alias = forms.CharField(
        label=_("Alias"),
        max_length=60,
        required=False,
        help_text=_("Shown in place of your name where a posting is under alias. Leave it empty and one is made."),
    )
    introduction = forms.CharField(
        label=_("Introduction"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    contact_person = forms.CharField(
        label=_("Contact person"),
        max_length=80,
        help_text=_("Shown to another firm only after both of you are interested."),
    )
    contact_phone = forms.CharField(
        label=_("Contact phone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("Give a phone number or an e-mail address."),
    )
    contact_email = forms.EmailField(label=_("Contact e-mail"), required=False)

    @staticmethod
    def values_of(enterprise: Enterprise, contact: EnterpriseContact | None) -> dict[str, Any]:
        """What the form begins with for an enterprise that is there already."""
        names = ("name", "name_en", "kind", "region", "address", "alias", "introduction")
        return {
            **{name: getattr(enterprise, name) for name in names},
            "contact_person": contact.person if contact else "",
            "contact_phone": contact.phone if contact else "",
            "contact_email": contact.email if contact else "",
            "version": enterprise.version,
        }


class RegisterForm(ProfileForm):
    """The profile together with the code that identifies the enterprise for good."""

    uscc = UsccField(help_text=_("18 characters on your business licence. It cannot be changed later."))
    field_order = ("uscc", "name", "kind", "region")


class EditForm(ProfileForm):
    """The profile as it stood when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class JoinForm(ServiceForm):
    """The code of the enterprise that one wants to act for."""

    uscc = UsccField()
