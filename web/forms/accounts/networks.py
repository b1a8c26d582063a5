"""Asking a firm into one's network, or to be taken into its."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import SupplyRole
from web.forms.base import ServiceForm

INVITES, JOINS = "invite", "join"


class NetworkForm(ServiceForm):
    """Which firm, whose network, and as what."""

    firm = forms.CharField(
        label=_("Credit code or public key of the firm"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The key stands at the end of the address of the firm's public page."),
    )
    side = forms.ChoiceField(
        label=_("Whose network"),
        choices=[
            (INVITES, _("Ours: invite the firm to be a member")),
            (JOINS, _("Theirs: ask the firm to take us in")),
        ],
        initial=INVITES,
    )
    role = forms.ChoiceField(label=_("The member is a"), choices=SupplyRole.choices, initial=SupplyRole.SUPPLIER)
