"""Consortia and the shares in them, to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import PlatformAdmin
from accounts.admin.lists import LongList
from accounts.querysets import is_platform_admin
from matchmaking.consortia.models import Consortium, ConsortiumMember, Overflow


class MemberInline(admin.TabularInline[ConsortiumMember, Consortium]):
    """Every share, those given up too; no price stands here."""

    model = ConsortiumMember
    fields = readonly_fields = ("partnership", "amount", "consented_at", "left_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: suppliers are asked on the pages."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return is_platform_admin(request.user)


@admin.register(Consortium)
class ConsortiumAdmin(LongList, PlatformAdmin):
    """Sets of suppliers; their history is the record of changes."""

    list_display = ("key", "need", "state", "total_amount", "own_amount", "changed_at")
    list_filter = ("state",)
    list_select_related = ("need",)
    search_fields = ("=key", "=need__number")
    ordering = ("-pk",)
    inlines = (MemberInline,)


@admin.register(Overflow)
class OverflowAdmin(LongList, PlatformAdmin):
    """Which needs belong together; what the firm has orders for and makes itself is its own affair."""

    list_display = ("key", "enterprise", "gap", "most_partners", "changed_at")
    list_filter = ("most_partners",)
    list_select_related = ("enterprise", "gap")
    search_fields = ("=key", "=gap__number")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "key",
        "enterprise",
        "gap",
        "premises",
        "workers",
        "most_partners",
        "made_by",
        "created_at",
    )
