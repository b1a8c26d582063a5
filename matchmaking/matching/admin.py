"""What was suggested and what was put aside, to be read."""

from django.contrib import admin

from accounts.admin.base import PlatformAdmin
from accounts.admin.exchange import WithExport
from accounts.admin.lists import LongList
from matchmaking.matching.imports import SuggestionSheet
from matchmaking.matching.models import Dismissal, Suggestion


@admin.register(Suggestion)
class SuggestionAdmin(LongList, WithExport, PlatformAdmin):
    """What was shown or sent to whom."""

    sheet = SuggestionSheet
    list_display = ("posting", "counterpart", "position", "points", "grade", "channel", "shown_at", "shown_count")
    list_filter = ("channel", "grade")
    list_select_related = ("posting", "counterpart")
    search_fields = ("=posting__number", "=counterpart__number")
    ordering = ("-pk",)


@admin.register(Dismissal)
class DismissalAdmin(LongList, PlatformAdmin):
    """Suggestions that a firm put aside, and why."""

    list_display = ("posting", "counterpart", "reason", "dismissed_by", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("posting", "counterpart", "dismissed_by")
    search_fields = ("=posting__number", "=counterpart__number")
    ordering = ("-pk",)
