"""Quoted facts, to be read, and targets, whose actual value can be recorded with its source."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import PlatformAdmin, WithHistory, actor_of
from accounts.admin.exchange import WithExchange
from matchmaking.insights.imports import FactSheet, TargetSheet
from matchmaking.insights.models import ClusterTarget, QuotedFact
from matchmaking.insights.services.facts import record_actual_value


@admin.register(QuotedFact)
class QuotedFactAdmin(WithExchange, WithHistory, PlatformAdmin):
    """The ledger; rows come from fixtures/reference or from a file that somebody brings."""

    sheet = FactSheet
    list_display = ("code", "subject_zh", "subject_en", "value", "unit_zh", "unit_en", "source")
    list_filter = ("changed_at",)
    search_fields = ("code", "subject_zh", "subject_en", "claim_zh", "claim_en", "source")
    ordering = ("code",)


@admin.register(ClusterTarget)
class ClusterTargetAdmin(WithExchange, WithHistory, PlatformAdmin):
    """Targets as announced; an actual value needs a source of its own."""

    sheet = TargetSheet
    list_display = ("code", "cluster", "claim_zh", "claim_en", "due_year", "actual_value", "actual_source")
    list_filter = ("cluster", "due_year")
    search_fields = ("code", "claim_zh", "claim_en")
    ordering = ("code",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything that the file says."""
        names = [field.name for field in self.model._meta.fields]
        return [name for name in names if name not in ("actual_value", "actual_source")]

    def save_model(self, request: HttpRequest, obj: ClusterTarget, form: Any, change: bool) -> None:
        """Through the service, which records it."""
        values = form.cleaned_data
        record_actual_value(
            target=obj, value=values["actual_value"], source=values["actual_source"], actor=actor_of(request)
        )
