"""What is typed about a firm's list of suppliers: one firm, what it brings, a file, an invitation, a second source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import SupplyRole
from accounts.networks import MOST_TIERS
from reference.queries.measures import certification_by_code
from reference.queries.nodes import node_by_code
from web.forms.amounts import DayField
from web.forms.base import CountField, ServiceForm
from web.forms.deals import field_of, words
from web.forms.investments import QuantityForm, certificate_choices, node_choices, select, unit_choices

TEXT = {"class": "input", "autocomplete": "off", "spellcheck": "false"}


def text(label: Any, length: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    """A line that nobody's browser fills in."""
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=hint, widget=forms.TextInput(attrs=TEXT)
    )


class FirmForm(ServiceForm):
    """What the list tells of a firm."""

    name = words(_("Registered name"), 120)
    external_key = text(_("Own number"), 64, hint=_("Your own number of the firm, by which a later file finds it."))
    uscc = text(_("Unified social credit code"), 40)
    place = text(_("Place"), 80, hint=_("A province, city or district; empty where it is not known."))
    certification = select(_("Certificate"), lambda: [("", _("None named")), *certificate_choices()])
    certificate_expires_on = DayField(label=_("Certificate valid until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required, self.fields["certification"].required = True, False

    def clean_certification(self) -> Any:
        """The certificate with the chosen code, None for none."""
        return certification_by_code(self.cleaned_data["certification"]) if self.cleaned_data["certification"] else None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """What the form begins with for a listed firm."""
        told = cls.begins_with(row)
        expires = row.certificate_expires_on
        return told | {
            "certification": row.certification.code if row.certification else "",
            "certificate_expires_on": expires.isoformat() if expires else "",
        }


class SupplyForm(ServiceForm):
    """What a listed firm brings."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=SupplyRole.choices,
        initial=SupplyRole.SUPPLIER,
        widget=forms.Select(attrs={"class": "input"}),
    )
    tier = CountField(
        label=_("Tier"),
        largest=MOST_TIERS,
        required=False,
        initial=1,
        help_text=_("1 for who delivers to you, 2 for who delivers to them."),
        widget=forms.TextInput(attrs={"class": "input num"}),
    )
    node = select(_("Node"), node_choices)
    since = DayField(label=_("Since"))
    share_percent = CountField(
        label=_("Share of purchases, %"),
        largest=100,
        required=False,
        help_text=_("Of what you buy at this node."),
        widget=forms.TextInput(attrs={"class": "input num"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].required = False

    def clean_node(self) -> Any:
        """The node with the chosen code, None for none."""
        return node_by_code(self.cleaned_data["node"]) if self.cleaned_data["node"] else None


class NewSupplierForm(SupplyForm, FirmForm):
    """A firm and the first thing that it brings."""

    field_order = [*FirmForm.base_fields, *SupplyForm.base_fields]


class FileForm(ServiceForm):
    """A spreadsheet of suppliers."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx workbook, or a CSV file in UTF-8 or GB18030."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".xlsx,.csv,.txt"}),
    )


class InviteForm(ServiceForm):
    """Where a firm that is not here yet is reached."""

    email = forms.EmailField(
        label=_("E-mail address of the firm"), widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"})
    )


class WhoForm(ServiceForm):
    """Which enterprise here a listed firm is."""

    firm = text(_("Credit code or public key of the firm"), 160, hint=_("Empty: it is none that is here."))


class SourceForm(QuantityForm):
    """What would be bought from a second source; asked by its address, keeps nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, though checking and showing both ask for them.
        field_of(self, "unit").choices = unit_choices()
