"""Profiles of parks, batches, and who runs which park."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, WithHistory, actor_of
from accounts.querysets import is_platform_admin
from common.reasons import Reason
from matchmaking.parks.admin.own import ClusteredForm, OwnParksAdmin
from matchmaking.parks.models import Park, ParkAdministrator, ParkBatch
from matchmaking.parks.services.batches import complete_batch
from matchmaking.parks.services.granting import grant_park, revoke_park
from matchmaking.parks.services.profiles import change_park


@admin.register(Park)
class ParkAdmin(OwnParksAdmin):
    """Profiles; what the announcements say of a park is changed by the platform only."""

    form = ClusteredForm
    list_display = ("slug", "name_zh", "name_en", "batch", "listed_from", "source_status", "changed_at")
    list_filter = ("batch", "source_status")
    search_fields = ("slug", "name_zh", "name_en")
    ordering = ("batch", "pk")
    own_words = ("clusters", "introduction_zh", "introduction_en")
    announced = ("name_zh", "name_en", "batch", "listed_from", "regions", "source", "source_status", "note")
    fields = ("slug", *announced, *own_words, "seen_version")
    autocomplete_fields = ("regions",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """For a park's own people everything but its own words."""
        return ("slug",) if is_platform_admin(request.user) else ("slug", *self.announced)

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
