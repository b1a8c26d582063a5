"""Registering an enterprise, its profile, and asking to join one."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import EnterpriseKind
from accounts.models import Enterprise, EnterpriseContact
from common.errors import Invalid
from common.reasons import Reason
from web.forms.base import RegionField, ServiceForm, told

USCC_AS_TYPED = 60
"""Full-width digits, blanks and hyphens are taken out later; anything longer is something else."""


class UsccField(forms.CharField):
    """A unified social credit code as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(label=_("Unified social credit code"), max_length=USCC_AS_TYPED, widget=widget, **kwargs)


class PhoneField(forms.CharField):
    """A telephone number as people type it."""

    one_of_two = True


class MailField(forms.EmailField):
    """An address that may stand in place of a telephone number."""

    one_of_two = True


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
    contact_phone = PhoneField(
        label=_("Contact phone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("A phone number or an e-mail address: one of the two."),
    )
    contact_email = MailField(
        label=_("Contact e-mail"),
        required=False,
        help_text=_("A phone number or an e-mail address: one of the two."),
        error_messages={"invalid": _("Write an address such as name@example.com.")},
    )

    def __init__(self, *args: Any, rules: Mapping[str, Callable[[str], str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = dict(rules or {})

    def clean(self) -> dict[str, Any]:
        """Asks the rules of single fields and for one way to reach the contact, so that all is told at once."""
        cleaned = dict(super().clean() or self.cleaned_data)
        for name in self.rules.keys() & cleaned.keys():
            try:
                cleaned[name] = self.rules[name](cleaned[name])
            except Invalid as refusal:
                self.add_error(name, [told(Reason(reason)) for reason in refusal.fields.values()])
        ways = ("contact_phone", "contact_email")
        if not any(cleaned.get(name) or name in self.errors for name in ways):
            self.add_error("contact_phone", told(Reason.REFUSAL_CONTACT_UNREACHABLE))
        return cleaned

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
