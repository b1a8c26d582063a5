"""Reference data in the administration: made by the files, changed by platform administrators through the service."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import JSONField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import PlatformAdmin, WithHistory, actor_of
from accounts.admin.exchange import WithExchange, WithExport
from accounts.imports import words
from accounts.services.reference import write_reference_row
from common.values import normalise_text
from reference.models import (
    Certification,
    ChainLink,
    ChainNode,
    GlossaryTerm,
    IndustryChain,
    Parameter,
    Recognition,
    Region,
    Unit,
)
from reference.queries.picker import codes_matching

MOST_FOUND = 50
"""Nodes that a search in the administration takes from the picker."""
ORIGIN_NOTE = _("Rows come with the product; one that is changed here stays as it is here.")


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"help_text": kwargs.get("help_text") or _("One a line."), "initial": None})

    def prepare_value(self, value: Any) -> Any:
        """A stored list as lines; what was typed as it was typed."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines that say anything."""
        return [line.strip() for line in normalise_text(str(value or "")).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines are other ones."""
        return bool(self.to_python(data) != (initial or []))


class ReferenceAdmin(WithExport, WithHistory, PlatformAdmin):
    """Rows are loaded from files: none is added or deleted here, one that is changed here keeps what people wrote."""

    key_fields: tuple[str, ...] = ("code",)
    formfield_overrides = {JSONField: {"form_class": LinesField}}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The natural key and what it implies stay as they are."""
        return (*self.key_fields, "created_at", "changed_at")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """One group, headed by where the rows come from."""
        return [(None, {"fields": self.get_fields(request, obj), "description": ORIGIN_NOTE})]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service, which records it and keeps the earlier version."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        write_reference_row(row=obj, values=values, actor=actor_of(request))


class InUseFilter(admin.SimpleListFilter):
    """Rows that may be chosen, or those that no longer may."""

    title = _("in use")
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Yes and no."""
        return [("yes", _("In use")), ("no", _("No longer in use"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Asks the day of leaving: ``valid_to`` of regions, ``retired_on`` of everything else."""
        column = "valid_to" if queryset.model is Region else "retired_on"
        if self.value() in ("yes", "no"):
            return queryset.filter(**{f"{column}__isnull": self.value() == "yes"})
        return queryset


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    """Regions with validity and successor."""

    sheet = words.RegionSheet
    list_display = ("code", "name_zh", "name_en", "level", "parent", "valid_from", "valid_to", "successor", "basis")
    list_filter = ("level", InUseFilter, "basis")
    list_select_related = ("parent", "successor")
    search_fields = ("code", "name_zh", "name_en")
    key_fields = ("code", "path", "parent", "successor")


@admin.register(IndustryChain)
class IndustryChainAdmin(ReferenceAdmin):
    """The seven chains."""

    sheet = words.ChainSheet
    list_display = ("code", "name_zh", "name_en", "cluster", "kind", "retired_on")
    list_filter = ("kind", "cluster", InUseFilter)
    search_fields = ("code", "name_zh", "name_en")


@admin.register(ChainNode)
class ChainNodeAdmin(ReferenceAdmin):
    """Nodes by chain; names and aliases keep their pinyin in step."""

    sheet = words.NodeSheet
    list_display = ("code", "name_zh", "name_en", "chain", "stage", "is_leaf", "retired_on")
    list_filter = ("chain", "stage", "is_leaf", InUseFilter)
    list_select_related = ("chain",)
    search_fields = ("code", "name_zh", "name_en")
    key_fields = ("code", "chain", "parent", "pinyin_full", "pinyin_initials")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ChainNode], search_term: str
    ) -> tuple[QuerySet[ChainNode], bool]:
        """Finds what the node picker finds too: aliases, terms, pinyin and initials."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        return found | queryset.filter(code__in=codes_matching(search_term, MOST_FOUND)), may_have_duplicates


@admin.register(ChainLink)
class ChainLinkAdmin(ReferenceAdmin):
    """What supplies what."""

    sheet = words.LinkSheet
    list_display = ("supplier", "consumer", "basis", "retired_on")
    list_filter = ("supplier__chain", InUseFilter)
    list_select_related = ("supplier", "consumer")
    search_fields = ("supplier__code", "consumer__code", "supplier__name_zh", "consumer__name_zh")
    key_fields = ("supplier", "consumer")


@admin.register(Certification)
class CertificationAdmin(WithExchange, ReferenceAdmin):
    """Certificates with issuer, scope and validity."""

    sheet = words.CertificationSheet
    list_display = ("code", "name_zh", "name_en", "issuer", "kind", "validity_years", "validity_basis", "basis")
    list_filter = ("kind", "basis", InUseFilter)
    search_fields = ("code", "name_zh", "name_en", "issuer")


class DimensionFilter(admin.SimpleListFilter):
    """Units that convert into each other, called by the one that they are counted in."""

    title = _("convert into")
    parameter_name = "dimension"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """The base unit of each dimension."""
        return [(unit.dimension, unit.name) for unit in Unit.objects.filter(base=None)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the dimension chosen."""
        return queryset.filter(dimension=self.value()) if self.value() else queryset


@admin.register(Unit)
class UnitAdmin(ReferenceAdmin):
    """Units with dimension and factor."""

    sheet = words.UnitSheet
    list_display = ("code", "name_zh", "name_en", "base", "factor_to_base", "retired_on")
    list_filter = (DimensionFilter, InUseFilter)
    list_select_related = ("base",)
    search_fields = ("code", "name_zh", "name_en", "aliases")
    key_fields = ("code", "dimension", "factor_to_base", "base")


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(WithExchange, ReferenceAdmin):
    """Words of the trade."""

    sheet = words.TermSheet
    list_display = ("term_zh", "term_en", "facet", "role", "chain", "node", "variant_of", "retired_on")
    list_filter = ("facet", "role", "chain", InUseFilter)
    list_select_related = ("chain", "node", "variant_of")
    search_fields = ("term_zh", "term_en", "pinyin_full", "pinyin_initials")
    key_fields = ("term_zh", "pinyin_full", "pinyin_initials")
    raw_id_fields = ("node", "variant_of")


@admin.register(Parameter)
class ParameterAdmin(ReferenceAdmin):
    """Technical parameters with their usual comparison."""

    sheet = words.ParameterSheet
    list_display = ("code", "name_zh", "name_en", "comparison", "unit", "symbol", "paper_kind", "retired_on")
    list_filter = ("comparison", "paper_kind", InUseFilter)
    list_select_related = ("unit",)
    search_fields = ("code", "name_zh", "name_en")


@admin.register(Recognition)
class RecognitionAdmin(ReferenceAdmin):
    """Rules by which a paper of a person counts on both sides of the border; new ones are added here, with source."""

    sheet = words.RecognitionSheet
    list_display = ("parameter", "valid_from", "valid_to", "source", "retired_on")
    list_filter = ("parameter", InUseFilter)
    list_select_related = ("parameter",)
    search_fields = ("parameter__name_zh", "parameter__name_en", "note_zh", "note_en", "source")
    key_fields = ("basis",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators: a rule is made by governments while the product runs."""
        return self.may_open(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Paper and first day are what a rule is known by."""
        return (*super().get_readonly_fields(request, obj), *(("parameter", "valid_from") if obj else ()))
