"""What reference rows have in common: where they come from, whether they may be chosen, for which nodes they hold."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import TimeStamped
from reference.choices import Basis

ANY_NODE = "*"
"""In a scope: every node of every chain."""

region_code = RegexValidator(r"^\d{6}$", _("Six digits of GB/T 2260."))
node_code = RegexValidator(r"^[A-Z0-9_]+(\.[A-Z0-9_]+)*$", _("Capital letters, digits and dots."))
plain_code = RegexValidator(r"^[A-Z0-9][A-Z0-9._-]*$", _("Capital letters, digits, dots and hyphens."))
parameter_code = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and underscores."))


def no_list() -> list[str]:
    """An empty list for a JSON column."""
    return []


def check_texts(value: object) -> None:
    """Refuses anything but a list of non-empty texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() == item != "" for item in value):
        raise ValidationError(_("A list of texts is wanted."))


def covers(scope: list[str], code: str) -> bool:
    """Whether one of the node codes in ``scope`` is ``code`` or stands above it; ``*`` covers all."""
    return any(part == ANY_NODE or code == part or code.startswith(f"{part}.") for part in scope)


class ReferenceRow(TimeStamped):
    """What every reference row carries: where it comes from and whether it was read there or written by us."""

    source = models.CharField(max_length=500)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.AUTHORED)

    # By number: reference rows lie below accounts and know no users.
    history = HistoricalRecords(inherit=True, history_user_id_field=models.BigIntegerField(null=True, blank=True))

    class Meta:
        abstract = True


class Retirable(models.Model):
    """Rows that leave the lists but stay readable where they were used."""

    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    is_retired = property(lambda row: row.retired_on is not None, doc="Whether the row may no longer be chosen.")


class Scoped(models.Model):
    """Rows that hold for some nodes: a node code covers the nodes below it, ``*`` covers all."""

    scope = models.JSONField(default=no_list, blank=True, validators=[check_texts])

    class Meta:
        abstract = True

    def covers(self, code: str) -> bool:
        """Whether the row holds for the node with this code."""
        return covers(self.scope, code)
