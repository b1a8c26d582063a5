"""Partner systems: owners make those of their firms on their pages, the platform and people who run parks theirs here.

The platform sees them all and can end them all.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, WithHistory, actor_of
from accounts.choices import ApiScope
from accounts.models import ApiClient
from accounts.permissions import can_manage_clients
from accounts.queries import scopes_of
from accounts.services.clients import FIRM_SCOPES, create_client, revoke_client
from common.reasons import Reason

MAKES_CLIENTS = "_makes_clients"
"""Where a request keeps whether the reader makes systems that act for no firm."""
MADE = "_client_made"
"""Where a request keeps the system just made with its secret, for the page that shows it this once."""


class PlatformClientForm(forms.ModelForm[ApiClient]):
    """A system that acts for no firm: what it may read, and until when."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[choice for choice in ApiScope.choices if choice[0] not in FIRM_SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiClient
        fields = ("name", "expires_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].required = True


@admin.register(ApiClient)
class ApiClientAdmin(WithHistory, PlatformAdmin):
    """Partner systems of firms, the platform and people who run parks, with scopes, last day and last use."""

    list_display = ("name", "enterprise", "owner", "created_at", "expires_on", "last_used_on", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "expires_on")
    list_select_related = ("enterprise", "owner")
    search_fields = ("name", "enterprise__name", "owner__email")
    fields = ("name", "enterprise", "owner", "scopes", "created_at", "expires_on", "last_used_on", "revoked_at")
    readonly_fields = ("scopes", "created_at", "last_used_on", "revoked_at")
    ordering = ("-pk",)
    actions = ("revoke",)

    @admin.display(description=gettext_lazy("What it may do"))
    def scopes(self, row: ApiClient) -> str:
        """Its scopes; a revoked one has none left."""
        return ", ".join(scopes_of([row]).get(row.client_id, [])) or "-"

    def may_open(self, request: HttpRequest) -> bool:
        """Platform administrators and people who run parks, asked once a request."""
        if not hasattr(request, MAKES_CLIENTS):
            setattr(request, MAKES_CLIENTS, bool(can_manage_clients(request.user, None)))
        return bool(getattr(request, MAKES_CLIENTS))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        """One's own; all for platform administrators."""
        rows: Any = super().get_queryset(request)
        found: QuerySet[ApiClient] = rows.administered_by(request.user)
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may open the list, for systems that act for no firm."""
        return self.may_open(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Three to make one."""
        return self.fields if obj else ("name", "scopes", "expires_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """None while one is made."""
        return self.readonly_fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form to make one; others are read."""
        return super().get_form(
            request, obj, change=change, **(kwargs if obj else {**kwargs, "form": PlatformClientForm})
        )

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        """Makes it through the service, which records it."""
        values = {name: form.cleaned_data[name] for name in ("name", "scopes", "expires_on")}
        made = create_client(enterprise=None, actor=actor_of(request), **values)
        obj.pk = made.client.pk
        setattr(request, MADE, made)

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: Any = None) -> TemplateResponse:
        """Shows the secret this once."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The API client is made"),
            "made": getattr(request, MADE),
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "admin/client_made.html", context)

    @admin.action(description=gettext_lazy("Revoke the selected API clients"))
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiClient]) -> Answer:
        """Their tokens die at once."""

        def act(row: ApiClient, reason: Reason | None, note: str) -> object:
            return revoke_client(client=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Revoke these API clients?"))
