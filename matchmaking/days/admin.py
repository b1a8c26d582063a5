"""Matchmaking days and who was invited, to be read. What firms wish of each other stands in no list here."""

from django.contrib import admin

from accounts.admin.base import PlatformAdmin
from accounts.admin.lists import LongList
from matchmaking.days.models import Guest, MatchDay


@admin.register(MatchDay)
class MatchDayAdmin(LongList, PlatformAdmin):
    """Days that coordinators opened."""

    list_display = ("key", "title_zh", "day", "place", "state", "made_by")
    list_filter = ("state", "day")
    list_select_related = ("made_by",)
    search_fields = ("=key", "title_zh", "title_en")
    ordering = ("-pk",)


@admin.register(Guest)
class GuestAdmin(LongList, PlatformAdmin):
    """Firms that were invited, and whether they come."""

    list_display = ("day", "enterprise", "state", "most", "answered_at", "marked_at")
    list_filter = ("state",)
    list_select_related = ("day", "enterprise")
    search_fields = ("=day__key", "enterprise__name")
    ordering = ("-pk",)
