"""The desk, to be read: cases, meetings, pairs suggested by hand."""

from django.contrib import admin

from accounts.admin.base import PlatformAdmin
from accounts.admin.lists import LongList
from matchmaking.desk.models import Case, HandPair, Meeting


@admin.register(Case)
class CaseAdmin(LongList, PlatformAdmin):
    """What coordinators took up; its steps stand on its own page."""

    list_display = ("key", "subject", "department", "due_on", "owner", "end", "closed_on")
    list_filter = ("end", "due_on")
    list_select_related = ("owner",)
    search_fields = ("=key", "subject", "department")
    ordering = ("-pk",)


@admin.register(Meeting)
class MeetingAdmin(LongList, PlatformAdmin):
    """Meetings that coordinators called, and when."""

    list_display = ("key", "partnership", "state", "agreed_for", "called_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("partnership", "called_by")
    search_fields = ("=key", "=partnership__key")
    ordering = ("-pk",)


@admin.register(HandPair)
class HandPairAdmin(LongList, PlatformAdmin):
    """Pairs that coordinators suggested by hand."""

    list_display = ("key", "need", "capacity", "reason", "suggested_by", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("need", "capacity", "suggested_by")
    search_fields = ("=key", "=need__number", "=capacity__number", "reason")
    ordering = ("-pk",)
