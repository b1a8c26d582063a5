"""Mails that were given up, to be tried again once what stood in their way is gone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, actor_of
from accounts.models import Invitation, Notice
from accounts.services.mailing import retry_mail
from common.reasons import Reason


class GivenUpAdmin(PlatformAdmin):
    """Rows whose mail failed too often; what they tell stays with their readers."""

    actions = ("try_again",)
    ordering = ("-given_up_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those that were given up."""
        rows: QuerySet[Any] = super().get_queryset(request).filter(given_up_at__isnull=False)
        return rows

    @admin.action(description=gettext_lazy("Try to mail the selected ones again"))
    def try_again(self, request: HttpRequest, rows: QuerySet[Any]) -> Answer:
        """Asks first; they are mailed as if they were new."""

        def act(row: Any, reason: Reason | None, note: str) -> object:
            return retry_mail(row=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Mail these again?"))


@admin.register(Notice)
class NoticeAdmin(GivenUpAdmin):
    """Notices whose mail was given up."""

    list_display = ("kind", "reader", "attempts", "last_error", "given_up_at")
    list_filter = ("kind", "given_up_at")
    search_fields = ("reader__email", "reader__name", "last_error")
    list_select_related = ("reader",)
    fields = ("kind", "reader", "attempts", "last_error", "given_up_at", "created_at")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list under a name that says which notices these are."""
        return super().changelist_view(
            request, {"title": _("Notices that could not be mailed"), **(extra_context or {})}
        )


@admin.register(Invitation)
class InvitationAdmin(GivenUpAdmin):
    """Invitations that still hold and whose mail was given up."""

    list_display = ("enterprise", "email", "role", "attempts", "last_error", "given_up_at")
    list_filter = ("role", "given_up_at")
    search_fields = ("email", "enterprise__name", "last_error")
    list_select_related = ("enterprise",)
    fields = ("enterprise", "email", "role", "attempts", "last_error", "given_up_at", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those that can still be accepted: a mail about any other would lead nowhere."""
        return super().get_queryset(request).filter(pk__in=Invitation.objects.open().values("pk"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list under a name that says which invitations these are."""
        title = {"title": _("Invitations that could not be mailed")}
        return super().changelist_view(request, {**title, **(extra_context or {})})
