"""The sheet of enterprises: taken away as they are, brought in as a catalogue of those that are not here yet."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import EnterpriseKind, Verification
from accounts.imports.columns import Choices, Column, Days, Named
from accounts.imports.sheets import Exchange, Sheet
from accounts.models import Enterprise
from accounts.services.catalogue import list_enterprise
from reference.models import Region


class EnterpriseSheet(Sheet):
    """Enterprises by their credit code; each row that comes in names the catalogue and its day."""

    uscc = Column("uscc", _("unified social credit code"), is_code=True, is_required=True)
    name = Column("name", _("registered name"), is_required=True)
    name_en = Column("name_en", _("English name"))
    kind = Column("kind", _("kind"), Choices(EnterpriseKind.choices), is_required=True)
    region = Column(
        "region",
        _("region"),
        Named(lambda actor: Region.objects.filter(valid_to=None)),
        is_code=True,
        is_required=True,
        way_out=_("Six digits of GB/T 2260, such as 510100."),
    )
    address = Column("address", _("address"))
    source = Column("source", _("source"), is_required=True, way_out=_("Name the catalogue."))
    sourced_on = Column(
        "sourced_on", _("day of the source"), Days(), is_required=True, way_out=_("The day of the catalogue.")
    )
    alias = Column("alias", _("alias"), is_for_reading=True)
    verification = Column("verification", _("verification"), Choices(Verification.choices), is_for_reading=True)
    is_unclaimed = Column("is_unclaimed", _("imported, not here yet"), is_for_reading=True)

    class Meta(Exchange):
        model = Enterprise
        import_id_fields = ("uscc",)

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Enter the enterprise as one that is not here yet."""
        list_enterprise(actor=self.actor, **values)
