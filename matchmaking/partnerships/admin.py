"""Partnerships and their steps, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import LooksRecorded, PlatformAdmin
from accounts.admin.enterprises import EnterpriseAdmin
from accounts.admin.exchange import WithExport
from accounts.admin.lists import LongList
from accounts.models import Enterprise
from accounts.querysets import is_platform_admin
from matchmaking.partnerships.imports import PartnershipSheet
from matchmaking.partnerships.models import CoordinationNote, Partnership, PartnershipEvent, Rfq, RfqLine
from matchmaking.partnerships.services.suspending import suspend_firm

# Registered anew where interests are known, so that suspending an enterprise ends them in the same act.
admin.site.unregister(Enterprise)


@admin.register(Enterprise)
class FirmAdmin(EnterpriseAdmin):
    """Enterprises; whoever is suspended loses the interests that wait, too."""

    suspension = staticmethod(suspend_firm)


class EventInline(admin.TabularInline[PartnershipEvent, Partnership]):
    """Every step, in order."""

    model = PartnershipEvent
    fields = readonly_fields = ("happened_at", "act", "from_state", "to_state", "side", "actor", "reason")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: steps are taken on the pages."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return is_platform_admin(request.user)


@admin.register(Partnership)
class PartnershipAdmin(LongList, WithExport, LooksRecorded):
    """What joins a need and a capacity; the sides' notes are theirs, its events are its history."""

    sheet = PartnershipSheet
    list_display = ("key", "need", "capacity", "state", "answer_by", "changed_at")
    list_filter = ("state", "opened_by", "answer_by")
    list_select_related = ("need", "capacity")
    search_fields = ("=key", "=need__number", "=capacity__number")
    ordering = ("-pk",)
    exclude = ("note",)
    inlines = (EventInline,)


class LineInline(admin.TabularInline[RfqLine, Rfq]):
    """The needs of a request, in order."""

    model = RfqLine
    verbose_name, verbose_name_plural = _("line"), _("Lines")
    fields = readonly_fields = ("place", "of_need")
    extra = 0
    can_delete = False

    @admin.display(description=_("line"))
    def place(self, line: RfqLine) -> int:
        """Where it stands in the request."""
        return line.position

    @admin.display(description=_("need"))
    def of_need(self, line: RfqLine) -> str:
        """The need that it is."""
        return f"{line.need.number} · {line.need}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RfqLine]:
        """Each line with its need."""
        return super().get_queryset(request).select_related("need")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: packages are made on the pages."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return is_platform_admin(request.user)


@admin.register(Rfq)
class RfqAdmin(LongList, LooksRecorded):
    """Requests for quotation with their lines, to be read; no quote stands here, sealed or not."""

    list_display = ("key", "title", "enterprise", "state", "is_sealed", "due_at", "changed_at")
    list_filter = ("state", "is_sealed")
    list_select_related = ("enterprise",)
    search_fields = ("=key", "title", "enterprise__name")
    ordering = ("-pk",)
    exclude = ("made_by", "certificates")
    inlines = (LineInline,)


@admin.register(CoordinationNote)
class CoordinationNoteAdmin(LongList, PlatformAdmin):
    """What coordinators wrote down, to be read; they write on their own pages, and nothing is changed afterwards."""

    list_display = ("written_at", "author", "posting", "partnership", "text")
    list_filter = ("written_at",)
    list_select_related = ("author", "posting", "partnership")
    search_fields = ("text", "=posting__number", "=partnership__key", "author__email")
    ordering = ("-pk",)
