"""The form of an investment that somebody thinks of; it is asked by its address and keeps nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.reasons import Reason
from matchmaking.postings.choices import Period
from reference.queries.measures import certifications_in_use, unit_by_code, units_in_use
from reference.queries.nodes import leaves_in_use, node_by_code
from web.forms.amounts import AmountField, refusal
from web.forms.base import RegionField, ServiceForm


def node_choices() -> list[tuple[str, Any]]:
    """Leaves of the chains under the chain that they belong to."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in leaves_in_use():
        groups.setdefault(node.chain.name, []).append((node.code, node.name))
    return [("", _("Choose a node")), *groups.items()]


def unit_choices() -> list[tuple[str, Any]]:
    """Units in use."""
    return [("", _("Choose a unit")), *((unit.code, unit.name) for unit in units_in_use())]


def certificate_choices() -> list[tuple[str, Any]]:
    """Certificates in use."""
    return [(row.code, row.name) for row in certifications_in_use()]


def select(label: Any, choices: Any) -> forms.ChoiceField:
    """One of many."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs={"class": "input"}))


class QuantityForm(ServiceForm):
    """How much of what, counted over which period."""

    amount = AmountField(label=_("Amount"))
    unit = select(_("Unit"), unit_choices)
    period = select(_("Counted"), Period.choices)

    def clean_unit(self) -> Any:
        """The unit with the chosen code."""
        return unit_by_code(self.cleaned_data["unit"])

    def clean_amount(self) -> Any:
        """More than nothing."""
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise refusal(Reason.REFUSAL_NOT_POSITIVE)
        return amount


class InvestmentForm(QuantityForm):
    """What would be built where, and which certificates it would have."""

    node = select(_("Node"), node_choices)
    region = RegionField(label=_("Place"), widget=forms.Select(attrs={"class": "input"}))
    certificates = forms.MultipleChoiceField(
        label=_("Certificates that it would have"),
        choices=certificate_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("node", "region", "amount", "unit", "period", "certificates")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = True

    def clean_node(self) -> Any:
        """The node with the chosen code."""
        return node_by_code(self.cleaned_data["node"])
