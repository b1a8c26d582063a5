"""People, their rights, API clients and the record of what was done."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, actor_of
from accounts.models import ApiClient, Change, CoordinatorGrant, User
from accounts.services.clients import revoke_client
from accounts.services.grants import grant_coordination, revoke_coordination
from common.reasons import Reason


@admin.register(User)
class UserAdmin(PlatformAdmin):
    """People; rights come from memberships and grants."""

    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "language")
    search_fields = ("email", "name")
    ordering = ("-pk",)
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")


@admin.register(CoordinatorGrant)
class CoordinatorGrantAdmin(PlatformAdmin):
    """Who coordinates where, until when."""

    list_display = ("user", "granted_by", "ends_on", "revoked_at", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "granted_by")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user",)
    filter_horizontal = ("regions", "chains")
    fields = ("user", "regions", "chains", "ends_on")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: CoordinatorGrant, form: Any, change: bool) -> None:
        """Grants through the service, which records it."""
        values = form.cleaned_data
        granted = grant_coordination(actor=actor_of(request), **{name: values[name] for name in self.fields})
        obj.pk = granted.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the service kept regions and chains."""

    @admin.action(description=gettext_lazy("Take the selected rights back"))
    def revoke(self, request: HttpRequest, rows: QuerySet[CoordinatorGrant]) -> Answer:
        """They end today."""

        def act(row: CoordinatorGrant, reason: Reason | None, note: str) -> object:
            return revoke_coordination(grant=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take these rights back?"))


@admin.register(ApiClient)
class ApiClientAdmin(PlatformAdmin):
    """Partner systems; owners make them, the platform can end them."""

    list_display = ("name", "enterprise", "owner", "created_at", "expires_on", "last_used_on", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("enterprise", "owner")
    search_fields = ("name", "enterprise__name", "owner__email")
    fields = ("name", "enterprise", "owner", "created_at", "expires_on", "last_used_on", "revoked_at")
    ordering = ("-pk",)
    actions = ("revoke",)

    @admin.action(description=gettext_lazy("Revoke the selected API clients"))
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiClient]) -> Answer:
        """Their tokens die at once."""

        def act(row: ApiClient, reason: Reason | None, note: str) -> object:
            return revoke_client(client=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Revoke these API clients?"))


@admin.register(Change)
class ChangeAdmin(PlatformAdmin):
    """The numbered record of who did what when."""

    list_display = ("seq", "happened_at", "thing", "thing_key", "verb", "actor", "enterprise", "reason")
    list_filter = ("thing", "verb")
    list_select_related = ("actor", "enterprise")
    search_fields = ("=thing_key", "actor__email", "enterprise__name")
    ordering = ("-seq",)
