"""The corridor in the administration: what is entered, changed through services; rounds to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import PlatformAdmin, WithHistory, actor_of
from accounts.querysets import is_platform_admin
from matchmaking.hydrogen.models import (
    CorridorLine,
    DemandAssumption,
    Facility,
    FleetBatch,
    FleetPlace,
    HaulageRoute,
    Round,
)
from matchmaking.hydrogen.services.keeping import assume_demand, keep_batch, keep_facility, keep_route


class Kept(WithHistory, PlatformAdmin):
    """Rows that platform administrators enter and change through a service."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def known(self, obj: Any) -> Any:
        """The row that is changed as it stands; None for a new one."""
        return self.model._default_manager.filter(pk=obj.pk).first() if obj.pk else None


@admin.register(CorridorLine)
class CorridorLineAdmin(WithHistory, PlatformAdmin):
    """Lines of the corridor; they come from fixtures/reference."""

    list_display = ("code", "kind", "name_zh", "name_en", "source")
    list_filter = ("kind",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("position", "code")


@admin.register(Facility)
class FacilityAdmin(Kept):
    """Stations, supply bases and stores."""

    list_display = ("key", "kind", "name_zh", "region", "state", "state_on", "kg_per_day", "pressure", "purity_percent")
    list_filter = ("kind", "state")
    list_select_related = ("region",)
    search_fields = ("=key", "name_zh", "name_en", "region__name_zh")
    ordering = ("-pk",)
    raw_id_fields = ("region",)

    def save_model(self, request: HttpRequest, obj: Facility, form: Any, change: bool) -> None:
        """Through the service, which records it."""
        row = keep_facility(facility=self.known(obj), actor=actor_of(request), values=form.cleaned_data)
        obj.pk = row.pk


@admin.register(HaulageRoute)
class HaulageRouteAdmin(Kept):
    """Hydrogen hauled from place to place."""

    list_display = ("key", "from_region", "to_region", "kg_per_day", "state", "state_on")
    list_filter = ("state",)
    list_select_related = ("from_region", "to_region")
    search_fields = ("=key", "from_region__name_zh", "to_region__name_zh")
    ordering = ("-pk",)
    raw_id_fields = ("from_region", "to_region")

    def save_model(self, request: HttpRequest, obj: HaulageRoute, form: Any, change: bool) -> None:
        """Through the service, which records it."""
        row = keep_route(route=self.known(obj), actor=actor_of(request), values=form.cleaned_data)
        obj.pk = row.pk


class PlaceInline(admin.TabularInline[FleetPlace, FleetBatch]):
    """Where vehicles of the batch are filled."""

    model = FleetPlace
    raw_id_fields = ("region",)
    extra = 2

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change the batch."""
        return is_platform_admin(request.user)

    has_change_permission = has_delete_permission = has_view_permission = has_add_permission


@admin.register(FleetBatch)
class FleetBatchAdmin(Kept):
    """Fleet batches with the places of their vehicles."""

    list_display = ("number", "vehicles", "state", "starts_on", "ends_on", "source")
    list_filter = ("state",)
    search_fields = ("=key", "source")
    ordering = ("number",)
    inlines = (PlaceInline,)

    def save_model(self, request: HttpRequest, obj: FleetBatch, form: Any, change: bool) -> None:
        """Nothing yet: a batch is kept together with its places."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """About the batch alone: its places were kept by the service, not by the formset."""
        return super().construct_change_message(request, form, [], add)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Batch and places through the service, which records them."""
        told = [
            row.cleaned_data for formset in formsets for row in formset.forms if row.has_changed() or row.instance.pk
        ]
        places = [(one["region"], one["vehicles"]) for one in told if one and not one.get("DELETE")]
        known = self.known(form.instance)
        row = keep_batch(batch=known, actor=actor_of(request), values=form.cleaned_data, places=places)
        form.instance.pk = row.pk


@admin.register(DemandAssumption)
class DemandAssumptionAdmin(PlatformAdmin):
    """What a vehicle was assumed to take, the newest one holding; one is followed, never changed."""

    list_display = ("key", "kg_per_vehicle_day", "source", "made_by", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("made_by",)
    search_fields = ("=key", "source")
    ordering = ("-pk",)
    fields = ("kg_per_vehicle_day", "source")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: DemandAssumption, form: Any, change: bool) -> None:
        """Through the service, which records it."""
        row = assume_demand(actor=actor_of(request), **form.cleaned_data)
        obj.pk, obj.key = row.pk, row.key


@admin.register(Round)
class RoundAdmin(PlatformAdmin):
    """Rounds of offers; who offered stands in no list."""

    list_display = ("key", "first_month", "last_month", "offers_until", "interest_until", "called_by", "published_at")
    list_filter = ("offers_until",)
    list_select_related = ("called_by",)
    search_fields = ("=key",)
    ordering = ("-pk",)
