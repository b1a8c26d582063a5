"""The lists of the administration, and the smallest list that Django's administration makes of as many rows."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.urls import reverse

from accounts.admin.lists import CappedPaginator
from matchmaking.postings.models import Posting

ROWS = 20
PLAIN_COLUMNS = ("number", "title", "quantity_amount", "period", "window_start", "window_end", "published_at")
"""The columns of a posting that need no other row."""


class SmallestSite(admin.AdminSite):
    """An administration of postings alone."""


class SmallestAdmin(admin.ModelAdmin[Posting]):
    """Twenty rows: no search, filters, actions or files."""

    list_display = PLAIN_COLUMNS
    list_per_page = ROWS
    show_full_result_count = False
    paginator = CappedPaginator
    ordering = ("-pk",)
    actions = None


smallest = SmallestSite(name="benchmark")
smallest.register(Posting, SmallestAdmin)


def lists_of_administration() -> Mapping[str, str]:
    """The address of every list of the administration, by the name of its model."""
    models: list[Any] = sorted(admin.site._registry, key=lambda model: str(model._meta.label))
    return {
        model._meta.label: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in models
    }
