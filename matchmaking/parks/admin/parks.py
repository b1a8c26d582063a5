"""Profiles of parks, batches, and who runs which park."""

from datetime import date
from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, WithHistory, actor_of
from accounts.admin.exchange import attachment
from accounts.imports.writing import as_file
from accounts.querysets import is_platform_admin
from accounts.services.looks import record_export
from common.reasons import Reason
from matchmaking.parks.admin.own import ClusteredForm
from matchmaking.parks.admin.standing import figures_now, quarter_lines
from matchmaking.parks.admin.undo import WithUndo
from matchmaking.parks.models import Park, ParkAdministrator, ParkBatch
from matchmaking.parks.queries.figures import Quarter
from matchmaking.parks.queries.reports import report_head, report_lines
from matchmaking.parks.services.batches import complete_batch
from matchmaking.parks.services.granting import grant_park, revoke_park
from matchmaking.parks.services.profiles import change_park
from matchmaking.parks.services.undoing import OWN_WORDS


class QuarterStateFilter(admin.SimpleListFilter):
    """How far the last quarter is that is over."""

    title, parameter_name = gettext_lazy("last quarter"), "last_quarter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """From nothing to submitted."""
        return [
            ("missing", _("not reported yet")),
            ("draft", _("not submitted yet")),
            ("submitted", _("submitted")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the choice."""
        conditions = {"missing": Q(figures=0), "draft": Q(figures__gt=0, submitted=0), "submitted": Q(submitted__gt=0)}
        chosen = conditions.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Park)
class ParkAdmin(WithUndo):
    """Profiles; what the announcements say of a park is changed by the platform only."""

    form = ClusteredForm
    list_display = ("slug", "name_zh", "name_en", "batch", "listed_from", "source_status", "last_quarter", "changed_at")
    list_filter = (QuarterStateFilter, "batch", "source_status")
    search_fields = ("slug", "name_zh", "name_en")
    ordering = ("batch", "pk")
    announced = ("name_zh", "name_en", "batch", "listed_from", "regions", "source", "source_status", "note")
    told = ("counted_now", "by_quarter")
    fields = (*told, "slug", *announced, *OWN_WORDS, "seen_version")
    autocomplete_fields = ("regions",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """For a park's own people everything but its own words."""
        kept = ("slug", *self.told)
        return kept if is_platform_admin(request.user) else (*kept, *self.announced)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """One's own parks, each with what it holds of the last quarter."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_figures_of(Quarter.of(timezone.localdate()).back(1).start))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The park, which remembers for whom its page counts."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            row.reader = request.user
        return row

    @admin.display(description=gettext_lazy("last quarter"))
    def last_quarter(self, row: Any) -> str:
        """How far the quarter is that was over last."""
        quarter = Quarter.of(timezone.localdate()).back(1)
        state = _("submitted") if row.submitted else _("not submitted yet") if row.figures else _("not reported yet")
        return f"{quarter}: {state}"

    @admin.display(description=gettext_lazy("counted now"))
    def counted_now(self, row: Any) -> str:
        """Figures that nobody types, each opening its rows."""
        lines = ((one.address, one.count, one.name) for one in figures_now(row, row.reader))
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{} {}</a></li>', lines))

    @admin.display(description=gettext_lazy("figures by quarter"))
    def by_quarter(self, row: Any) -> str:
        """How far each quarter is; a missing one leads to its form, another one to its figures and its report."""
        lines = (
            (address, name, state, reverse("admin:parks_park_report", args=[row.pk, start]), _("report form (XLSX)"))
            for address, name, state, start in quarter_lines(row, row.reader)
        )
        item = '<li><a href="{}">{}: {}</a> · <a href="{}" download>{}</a></li>'
        return format_html("<ul>{}</ul>", format_html_join("", item, lines))

    def get_urls(self) -> list[Any]:
        """The report of a quarter besides the usual pages."""
        view = self.admin_site.admin_view(self.report_view)
        return [path("<path:object_id>/report/<str:quarter>/", view, name="parks_park_report"), *super().get_urls()]

    def report_view(self, request: HttpRequest, object_id: str, quarter: str) -> HttpResponse:
        """The report form of one of the reader's parks for a quarter, filled, as a workbook."""
        row = self.get_object(request, object_id)
        try:
            day = date.fromisoformat(quarter)
        except ValueError as error:
            raise Http404 from error
        if row is None or Quarter.of(day).start.isoformat() != quarter:
            raise Http404
        lines = list(report_lines(user=request.user, park=row, quarter=Quarter(day)))
        record_export(actor=actor_of(request), listed="parks.park", rows=len(lines), filters=f"{row.slug} {quarter}")
        return attachment("xlsx", f"report-{row.slug}-{day}", as_file("xlsx", report_head(), lines))

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Regions are looked up by the platform only; a park's own people do not choose them."""
        return self.autocomplete_fields if is_platform_admin(request.user) else ()

    def save_model(self, request: HttpRequest, obj: Park, form: Any, change: bool) -> None:
        """Through the service."""
        seen = form.cleaned_data["seen_version"]
        self.keep_version(
            obj, change_park(park=obj, values=self.values_of(form), actor=actor_of(request), seen_version=seen)
        )


@admin.register(ParkBatch)
class ParkBatchAdmin(WithHistory, PlatformAdmin):
    """Batches as announced; rows come from fixtures/reference."""

    list_display = ("number", "announced_on", "licensed_on", "size", "is_complete", "source")
    actions = ("complete",)

    @admin.action(description=gettext_lazy("Call the selected batches complete"))
    def complete(self, request: HttpRequest, rows: QuerySet[ParkBatch]) -> Answer:
        """Refused while names are missing."""

        def act(row: ParkBatch, reason: Reason | None, note: str) -> object:
            return complete_batch(batch=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Call these batches complete?"))


@admin.register(ParkAdministrator)
class ParkAdministratorAdmin(WithHistory, PlatformAdmin):
    """Who runs which park, until when."""

    list_display = ("park", "user", "granted_by", "ends_on", "revoked_at", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "park")
    list_select_related = ("park", "user", "granted_by")
    search_fields = ("park__slug", "park__name_zh", "user__email")
    autocomplete_fields = ("park", "user")
    fields = ("park", "user", "ends_on")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: ParkAdministrator, form: Any, change: bool) -> None:
        """Grants through the service, which lets the person into the administration and records it."""
        granted = grant_park(park=obj.park, user=obj.user, ends_on=obj.ends_on, actor=actor_of(request))
        obj.pk = granted.pk

    @admin.action(description=gettext_lazy("Take the selected rights back"))
    def revoke(self, request: HttpRequest, rows: QuerySet[ParkAdministrator]) -> Answer:
        """They end today."""

        def act(row: ParkAdministrator, reason: Reason | None, note: str) -> object:
            return revoke_park(grant=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take these rights back?"))
