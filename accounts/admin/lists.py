"""Lists of the administration that open, are searched and say how many at a hundred thousand rows as at a hundred."""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst, smart_split, unescape_string_literal
from django.utils.translation import gettext as _

from common.values import normalise_code, normalise_text

LONGEST_KEY = 19
"""Digits from which on a number is no row's key in any database."""
EXACT = "="
"""Before a search field: the whole value, as it was typed or as codes are written."""


class CappedPaginator(Paginator[Any]):
    """Counts up to ``most_counted`` rows: a list of a hundred thousand opens as fast as one of ten thousand."""

    most_counted = 10_000

    @cached_property
    def _matching(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self.most_counted + 1].count())

    @property
    def is_capped(self) -> bool:
        """Whether more rows match than were counted."""
        return self._matching > self.most_counted

    @cached_property
    def count(self) -> int:
        """Matching rows, at most ``most_counted``."""
        return min(self._matching, self.most_counted)


def key_of(typed: str) -> int:
    """The key that somebody typed, 0, which no row has, for what is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < LONGEST_KEY else 0


class SoundKeys:
    """A field for related rows that shows again what was typed only where it is a key: Django asks the database."""

    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:
        """The options chosen."""
        asked: Any = super()
        return asked.optgroups(name, [one for one in value if key_of(str(one))], attr)


class OneRow(SoundKeys, AutocompleteSelect):
    """One related row, found by its words."""


class SeveralRows(SoundKeys, AutocompleteSelectMultiple):
    """Several related rows, found by their words."""


class SeveralKeys(forms.ModelMultipleChoiceField):
    """Related rows; a number that no database takes is a row that is not there."""

    def clean(self, value: Any) -> Any:
        """The rows chosen."""
        typed = [one if key_of(str(one)) else 0 for one in value] if isinstance(value, list | tuple) else value
        return super().clean(typed)


class CheapList(admin.ModelAdmin[Any]):
    """A list that counts up to a ceiling, and finds related rows first instead of joining them to every row."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 20

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, headed by what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        answer: HttpResponse = super().changelist_view(request, {"title": title, **(extra_context or {})})
        return answer

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A related row that is looked for by its words is shown again only where its key is one."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneRow(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same for several rows."""
        kwargs.setdefault("form_class", SeveralKeys)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SeveralRows(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows in which every word stands in one of ``search_fields``; words in quotes stay together."""
        fields = self.get_search_fields(request)
        for word in words_of(search_term) if fields else ():
            queryset = queryset.filter(standing_in(queryset.model, fields, word))
        return queryset, False

    def action_checkbox(self, obj: Model) -> SafeString:
        """The box that chooses a row, as Django draws it, without a template for each."""
        label = _("Select this object for an action - {}").format(obj)
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return format_html(box, ACTION_CHECKBOX_NAME, obj.pk, label)


class LongList(CheapList):
    """A table that grows with every day: sorted by its own order only, and filtered by what an index serves."""

    sortable_by = ()


def words_of(term: str) -> list[str]:
    """The words of a search, without signs that nobody sees."""
    parts = smart_split(normalise_text(term))
    return [unescape_string_literal(part) if part[0] in "\"'" and part[0] == part[-1] else part for part in parts]


def standing_in(model: type[Model], fields: Iterable[str], word: str) -> Q:
    """The condition that ``word`` stands in one of ``fields`` of a row or of the row that it points to."""
    related: dict[str, list[str]] = defaultdict(list)
    conditions = []
    for field in fields:
        relation, _separator, rest = field.removeprefix(EXACT).partition("__")
        if rest:
            related[relation].append(f"{EXACT}{rest}" if field.startswith(EXACT) else rest)
        elif field.startswith(EXACT):
            conditions.append(Q(**{f"{relation}__in": [word, normalise_code(word)]}))
        else:
            conditions.append(Q(**{f"{relation}__icontains": word}))
    for relation, inner in related.items():
        other: Any = model._meta.get_field(relation).related_model
        found = other._default_manager.filter(standing_in(other, inner, word))
        conditions.append(Q(**{f"{relation}__in": found.order_by().values("pk")}))
    return reduce(or_, conditions)
