"""People, their rights and the record of what was done."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, WithHistory, actor_of
from accounts.admin.exchange import WithExport
from accounts.admin.lists import LongList
from accounts.imports.record import ChangeSheet
from accounts.models import Change, CoordinatorGrant, User
from accounts.services.grants import change_coordination, grant_coordination, revoke_coordination
from common.reasons import Reason

SCOPE_NOTE = gettext_lazy("Regions left empty mean all regions, chains left empty all chains.")
OWN_AREAS = {"accounts", "postings", "matching", "partnerships", "talks", "parks", "insights", "reference"}


@admin.register(User)
class UserAdmin(LongList, PlatformAdmin):
    """People; rights come from memberships and grants."""

    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "language")
    search_fields = ("email", "name")
    ordering = ("-pk",)
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")


class StandingFilter(admin.SimpleListFilter):
    """Rights that hold today, those whose last day is over, and those that were taken back."""

    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three of them."""
        return [("holds", _("Holds")), ("over", _("Over")), ("revoked", _("Taken back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Asks the last day and the day of taking back."""
        is_over = Q(ends_on__lt=timezone.localdate())
        wanted = {
            "holds": Q(revoked_at=None) & ~is_over,
            "over": Q(revoked_at=None) & is_over,
            "revoked": Q(revoked_at__isnull=False),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(CoordinatorGrant)
class CoordinatorGrantAdmin(WithHistory, PlatformAdmin):
    """Who coordinates where, until when; the record of changes keeps who granted, changed and took back."""

    list_display = ("user", "scope", "granted_by", "ends_on", "revoked_at", "created_at")
    list_filter = (StandingFilter, "ends_on")
    ordering = ("-pk",)
    list_select_related = ("user", "granted_by")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user", "regions", "chains")
    fieldsets = ((None, {"fields": ("user", "regions", "chains", "ends_on"), "description": SCOPE_NOTE}),)
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Grants with what they reach, in as many queries for one as for a hundred."""
        return super().get_queryset(request).prefetch_related("regions", "chains")

    @admin.display(description=gettext_lazy("where"))
    def scope(self, row: CoordinatorGrant) -> str:
        """Regions and chains by name; everywhere where a list is empty."""
        places = [
            ", ".join(one.name for one in some) or _("everywhere") for some in (row.regions.all(), row.chains.all())
        ]
        return " × ".join(places)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators, as long as the right was not taken back."""
        return self.has_view_permission(request, obj) and not (obj and obj.revoked_at)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose right it is stays as it is."""
        return ("user",) if obj else ()

    def save_model(self, request: HttpRequest, obj: CoordinatorGrant, form: Any, change: bool) -> None:
        """Grants or changes through the service, which records it."""
        actor, values = actor_of(request), {name: form.cleaned_data[name] for name in ("regions", "chains", "ends_on")}
        if change:
            change_coordination(grant=obj, actor=actor, **values)
        else:
            obj.pk = grant_coordination(user=obj.user, actor=actor, **values).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the service kept regions and chains."""

    @admin.action(description=gettext_lazy("Take the selected rights back"))
    def revoke(self, request: HttpRequest, rows: QuerySet[CoordinatorGrant]) -> Answer:
        """They end today."""

        def act(row: CoordinatorGrant, reason: Reason | None, note: str) -> object:
            return revoke_coordination(grant=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take these rights back?"))


class ThingFilter(admin.SimpleListFilter):
    """Changes of one kind of thing; the kinds are those that the house knows, not asked of a hundred thousand rows."""

    title = gettext_lazy("thing")
    parameter_name = "thing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Models of our own areas by the name under which changes know them."""
        return sorted(names_of_things().items(), key=lambda pair: str(pair[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen kind."""
        return queryset.filter(thing=self.value()) if self.value() else queryset


def names_of_things() -> dict[str, Any]:
    """Kinds of things by the name under which changes know them."""
    models = [model for model in apps.get_models() if model._meta.app_label in OWN_AREAS and is_recorded(model)]
    return {model._meta.model_name or "": model._meta.verbose_name for model in models}


def is_recorded(model: Any) -> bool:
    """Whether changes of ``model`` may stand in the record: versions, joining tables and parts do not."""
    is_version = model.__name__.startswith("Historical")
    return isinstance(model._meta.verbose_name, Promise) and not is_version and not model._meta.auto_created


@admin.register(Change)
class ChangeAdmin(LongList, WithExport, PlatformAdmin):
    """The numbered record of who did what when."""

    sheet = ChangeSheet
    list_display = ("seq", "happened_at", "thing_name", "thing_key", "verb", "actor", "enterprise", "reason")
    list_filter = (ThingFilter, "verb")
    list_select_related = ("actor", "enterprise")
    search_fields = ("=thing_key", "actor__email", "enterprise__name")
    ordering = ("-seq",)

    @admin.display(description=gettext_lazy("thing"), ordering="thing")
    def thing_name(self, row: Change) -> str:
        """The kind of thing in the reader's language."""
        return str(names_of_things().get(row.thing, row.thing))
