"""What stands in a park's regions, to be read by the people who run it: firms, and premises that are offered."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin.base import actor_of
from matchmaking.parks.admin.own import WithinOwnParks
from matchmaking.parks.models import Park, ParkFirm, ParkPremises


class ParkFilter(admin.SimpleListFilter):
    """What lies in the regions of one park of the reader."""

    title, parameter_name = gettext_lazy("park"), "park"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The reader's parks."""
        return [(park.slug, park.name) for park in Park.objects.administered_by(actor_of(request))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows in that park's regions; none for a park that is not the reader's."""
        if self.value() is None:
            return queryset
        chosen = Park.objects.administered_by(actor_of(request)).filter(slug=self.value())
        return queryset.in_regions_of(chosen.prefetch_related("regions"))


class RegionAdmin(WithinOwnParks):
    """A list of rows in the regions of one's own parks. Their firms write them, so none has a page here."""

    list_display_links = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list, no row by itself."""
        return obj is None and self.may_open(request)


@admin.register(ParkFirm)
class ParkFirmAdmin(RegionAdmin):
    """Firms there, without contact data; those that wait for a check stand in the review queue."""

    list_display = ("name", "kind", "region", "verification", "suspended_at", "is_sample", "created_at")
    list_filter = (ParkFilter, "verification", ("suspended_at", admin.EmptyFieldListFilter), "kind", "is_sample")
    list_select_related = ("region",)
    search_fields = ("name", "name_en", "uscc")
    ordering = ("-pk",)


@admin.register(ParkPremises)
class ParkPremisesAdmin(RegionAdmin):
    """Premises offered there, without prices and without what of them is left."""

    list_display = ("number", "title", "region", "posted_quantity", "status", "enterprise", "changed_at")
    list_filter = (ParkFilter, "status", "is_sample")
    list_select_related = ("enterprise", "region", "unit")
    search_fields = ("=number", "title", "enterprise__name")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("quantity"))
    def posted_quantity(self, row: ParkPremises) -> str:
        """The posted amount with its unit."""
        amount = row.quantity_amount
        return f"{amount.normalize():,f} {row.unit.name}" if amount is not None and row.unit else "-"
