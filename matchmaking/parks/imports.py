"""What parks hand in and take away as tables: figures both ways, partnerships and projects to be taken away."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Amounts, Choices, Column, Counts, Days, Named, Texts
from accounts.imports.sheets import Exchange, Sheet
from accounts.models import User
from matchmaking.parks.choices import IndicatorKind, PairDirection, PairState, ProjectState
from matchmaking.parks.models import CooperationProject, Park, ParkIndicator, ParkPartnership
from matchmaking.parks.services.reporting import report_indicator
from reference.choices import CooperationType


def own_parks(actor: User) -> QuerySet[Any]:
    """Parks for which the actor may report."""
    return Park.objects.administered_by(actor)


def all_parks(actor: User) -> QuerySet[Any]:
    """Parks that a row may name; they are public."""
    return Park.objects.visible_to(actor)


class Names(Texts):
    """The names of several related rows in one cell."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The names, joined."""
        return "; ".join(row.name for row in value.all())


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
    value = Column("value", _("value"), Amounts(), way_out=_("For every figure that is a number."))
    words = Column("words", _("in words"), way_out=_("For problems and next steps."))
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


class PairSheet(Sheet):
    """Partnerships of parks, to be taken away; they are proposed and answered on their pages."""

    from_park = Column("from_park", _("from park"), Named(all_parks, "slug"))
    to_park = Column("to_park", _("to park"), Named(all_parks, "slug"))
    direction = Column("direction", _("direction"), Choices(PairDirection.choices))
    cooperation_type = Column("cooperation_type", _("kind of cooperation"), Choices(CooperationType.choices))
    agreed_on = Column("agreed_on", _("agreed or reported on"), Days())
    ended_on = Column("ended_on", _("ended on"), Days())
    state = Column("state", _("confirmation"), Choices(PairState.choices))
    notice = Column("notice", _("notice on the kind"))
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = ParkPartnership


class ProjectSheet(Sheet):
    """Projects of parks with their firms, to be taken away."""

    key = Column("key", _("key"))
    name_zh = Column("name_zh", _("name in Chinese"))
    name_en = Column("name_en", _("name in English"))
    park = Column("park", _("park"), Named(all_parks, "slug"))
    partner_park = Column("partner_park", _("partner park"), Named(all_parks, "slug"))
    cooperation_type = Column("cooperation_type", _("kind of cooperation"), Choices(CooperationType.choices))
    state = Column("state", _("state"), Choices(ProjectState.choices))
    value_yuan = Column("value_yuan", _("value, yuan"), Amounts())
    starts_on = Column("starts_on", _("first day"), Days())
    ends_on = Column("ends_on", _("last day"), Days())
    enterprises = Column("enterprises", _("firms"), Names())
    source = Column("source", _("notice or other source"))

    class Meta(Exchange):
        model = CooperationProject
