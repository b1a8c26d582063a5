"""Figures of parks as a table: reported from a file, and a quarter taken away."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Amounts, Choices, Column, Counts, Days, Named
from accounts.imports.sheets import Exchange, Sheet
from accounts.models import User
from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.models import Park, ParkIndicator
from matchmaking.parks.services.reporting import report_indicator


def own_parks(actor: User) -> QuerySet[Any]:
    """Parks for which the actor may report."""
    return Park.objects.administered_by(actor)


class IndicatorSheet(Sheet):
    """Figures by park, kind and quarter. A file reports them; a submitted quarter is corrected on its page only."""

    park = Column(
        "park",
        _("park"),
        Named(own_parks, "slug"),
        is_code=True,
        is_required=True,
        way_out=_("The name in addresses of a park that you run, such as tongnan-hi-tech."),
    )
    kind = Column("kind", _("figure"), Choices(IndicatorKind.choices), is_required=True)
    period_start = Column(
        "period_start",
        _("first day of the quarter"),
        Days(),
        is_required=True,
        way_out=_("The first day of January, April, July or October."),
    )
    value = Column("value", _("value"), Amounts(), is_required=True)
    source = Column("source", _("source"), is_required=True)
    author = Column("author__name", _("author"), is_for_reading=True)
    is_locked = Column("is_locked", _("submitted"), Choices([(True, _("yes")), (False, _("no"))]), is_for_reading=True)
    version = Column("version", _("version"), Counts(), is_for_reading=True)
    changed_at = Column("changed_at", _("changed at"), is_for_reading=True)

    class Meta(Exchange):
        model = ParkIndicator
        import_id_fields = ("park", "kind", "period_start")

    def get_queryset(self) -> QuerySet[Any]:
        """Figures of the actor's parks."""
        return ParkIndicator.objects.administered_by(self.actor).select_related("park")

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Report the figure; its author is the actor."""
        report_indicator(actor=self.actor, **values)
