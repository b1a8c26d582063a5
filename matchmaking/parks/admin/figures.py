"""Figures that parks report by quarter, in the administration."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, actor_of
from accounts.admin.exchange import WithExchange
from common.reasons import Reason
from matchmaking.parks.admin.own import by_name
from matchmaking.parks.admin.undo import WithUndo
from matchmaking.parks.imports import IndicatorSheet
from matchmaking.parks.models import ParkIndicator
from matchmaking.parks.queries.figures import Quarter
from matchmaking.parks.services.reporting import correct_indicator, lock_quarter, report_indicator

QUARTERS_OFFERED = 12
"""Quarters that the list can be narrowed to, the newest of those in which something is reported."""


class QuarterFilter(admin.SimpleListFilter):
    """Figures of one quarter, which is what is submitted and taken away together."""

    title, parameter_name = gettext_lazy("quarter"), "quarter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Quarters in which one of the reader's parks reported something."""
        days = model_admin.get_queryset(request).order_by("-period_start").values_list("period_start", flat=True)
        return [(day.isoformat(), str(Quarter(day))) for day in days.distinct()[:QUARTERS_OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the choice; none for what is no choice."""
        if self.value() is None:
            return queryset
        known = self.value() in dict(self.lookup_choices)
        return queryset.filter(period_start=self.value()) if known else queryset.none()


@admin.register(ParkIndicator)
class ParkIndicatorAdmin(WithExchange, WithUndo):
    """Figures by quarter. Saving one of a locked quarter is a correction: the earlier version stays in the history."""

    sheet = IndicatorSheet
    list_display = ("park", "kind", "period_start", "value", "words", "source", "author", "is_locked", "version")
    list_filter = (QuarterFilter, ("park", admin.RelatedOnlyFieldListFilter), "kind", "is_locked")
    list_select_related = ("park", "author")
    search_fields = ("park__slug", "park__name_zh", "park__name_en", "source")
    ordering = ("-period_start", "park", "kind")
    written = ("park", "kind", "period_start", "value", "words", "source")
    kept = (by_name("author", gettext_lazy("author")), "is_locked", "version")
    fields = (*written, *kept, "seen_version")
    actions = ("lock", "undo")

    def may_import(self, request: HttpRequest) -> bool:
        """People who run a park, for their own park."""
        return self.may_open(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People who run a park."""
        return self.may_open(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """Which figure it is stays as it is; author, lock and version are the platform's."""
        return ("park", "kind", "period_start", *self.kept) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """A figure that is none yet has no author, lock or version to show."""
        return self.fields if obj else (*self.written, "seen_version")

    def save_model(self, request: HttpRequest, obj: ParkIndicator, form: Any, change: bool) -> None:
        """Through the service: reported, or corrected where the quarter is locked."""
        actor, seen = actor_of(request), form.cleaned_data["seen_version"]
        if change and obj.is_locked:
            written = correct_indicator(
                indicator=obj,
                value=obj.value,
                words=obj.words,
                source=obj.source,
                actor=actor,
                seen_version=seen,
            )
        else:
            written = report_indicator(
                park=obj.park,
                kind=obj.kind,
                period_start=obj.period_start,
                value=obj.value,
                words=obj.words,
                source=obj.source,
                actor=actor,
                seen_version=seen,
            )
        self.keep_version(obj, written)

    @admin.action(description=gettext_lazy("Submit and lock the quarters of the selected figures"))
    def lock(self, request: HttpRequest, rows: QuerySet[ParkIndicator]) -> Answer:
        """All figures of the park for that quarter."""

        def act(row: ParkIndicator, reason: Reason | None, note: str) -> object:
            return lock_quarter(park=row.park, period_start=row.period_start, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Submit and lock these quarters?"))
