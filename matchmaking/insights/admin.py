"""Quoted facts, to be read, targets, whose actual value can be recorded with its source, and agreements."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import PlatformAdmin, WithHistory, actor_of
from accounts.admin.exchange import WithExchange
from matchmaking.insights.imports import FactSheet, TargetSheet
from matchmaking.insights.models import (
    AgreementEntry,
    AgreementParty,
    ClusterTarget,
    Commitment,
    FrameworkAgreement,
    QuotedFact,
)
from matchmaking.insights.services.agreements import write_line
from matchmaking.insights.services.facts import record_actual_value

TOLD = ("actual_value", "actual_source", "actual_on", "are_definitions_same", "definitions")
"""What an administrator says of a target."""


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
        return [name for name in names if name not in TOLD]

    def save_model(self, request: HttpRequest, obj: ClusterTarget, form: Any, change: bool) -> None:
        """Through the service, which records it."""
        values = form.cleaned_data
        record_actual_value(
            target=obj,
            value=values["actual_value"],
            source=values["actual_source"],
            on=values["actual_on"],
            are_definitions_same=values["are_definitions_same"],
            definitions=values["definitions"],
            actor=actor_of(request),
        )


class LastingAdmin(WithHistory, PlatformAdmin):
    """Rows that are entered and changed, never removed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service, which records it."""
        values = {name: form.cleaned_data[name] for name in form.fields}
        begun = self.model.objects.get(pk=obj.pk) if change else self.model()
        written = write_line(row=begun, values=values, actor=actor_of(request))
        obj.pk, obj._state.adding = written.pk, False


class LineAdmin(LastingAdmin):
    """Lines of agreements; to which one a line belongs stays as it is."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The agreement of a line that there is."""
        return ("agreement",) if obj else ()


@admin.register(FrameworkAgreement)
class FrameworkAgreementAdmin(LastingAdmin):
    """Agreements between authorities."""

    list_display = ("name_zh", "name_en", "cluster", "signed_by", "ends_on", "source")
    list_filter = ("cluster", "signed_by")
    search_fields = ("code", "name_zh", "name_en", "source")
    ordering = ("-signed_by", "code")


@admin.register(AgreementParty)
class AgreementPartyAdmin(LineAdmin):
    """Parties; none is taken out, another one follows it."""

    list_display = ("name_zh", "name_en", "agreement", "since", "follows", "source")
    list_filter = ("agreement",)
    list_select_related = ("agreement", "follows")
    search_fields = ("name_zh", "name_en", "source")
    ordering = ("agreement", "pk")


@admin.register(Commitment)
class CommitmentAdmin(LineAdmin):
    """Tasks, how far they are, and what here speaks of them."""

    list_display = ("name_zh", "name_en", "agreement", "state", "measure", "due_on", "source")
    list_filter = ("agreement", "state", "measure")
    list_select_related = ("agreement",)
    search_fields = ("name_zh", "name_en", "source")
    ordering = ("agreement", "pk")


@admin.register(AgreementEntry)
class AgreementEntryAdmin(LineAdmin):
    """Documents and steps."""

    list_display = ("text_zh", "text_en", "kind", "on", "agreement", "commitment", "source")
    list_filter = ("kind", "agreement")
    list_select_related = ("agreement", "commitment")
    search_fields = ("text_zh", "text_en", "source")
    ordering = ("-on", "-pk")
