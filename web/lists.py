"""Pages of long lists, the filters in use as removable chips, and what to give up when nothing is found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from matchmaking.postings.choices import Subject
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.queries import CHOICES_KEPT_SECONDS, capped_count, filter_choices
from web.templatetags.formats import written_day, written_number

ROWS_A_PAGE = 20
COUNTED_UP_TO = 1000
"""Rows that a list counts at most; a longer one says "more than", so that its cost does not grow with the table."""
RELAXED_UP_TO = 100
"""Rows counted at most for each filter that could be given up."""
LABELS = {
    "q": _("Keyword"),
    "chain": _("Chain"),
    "node": _("Chain node"),
    "region": _("Region"),
    "subject": _("Subject"),
    "certificates": _("Certificate"),
    "window_from": _("From"),
    "window_to": _("Until"),
    "quantity_min": _("At least"),
    "quantity_max": _("At most"),
    "unit": _("Unit"),
}
Count = Callable[[QueryDict], int]


class CappedPaginator(Paginator):
    """Counts no further than ``COUNTED_UP_TO`` rows; the pages beyond are reached by narrower filters."""

    @cached_property
    def count(self) -> int:
        """Rows, at most the cap."""
        rows: Any = self.object_list
        return capped_count(rows, COUNTED_UP_TO)

    @property
    def is_capped(self) -> bool:
        """Whether there are at least as many rows as are counted."""
        return self.count >= COUNTED_UP_TO


@dataclass(frozen=True)
class Chip:
    """One filter value in use, with the address of the list without it."""

    label: str
    value: str
    address: str


@dataclass(frozen=True)
class Relaxation:
    """How many rows there would be without one filter; ``is_more`` says that counting stopped there."""

    label: str
    count: int
    is_more: bool
    address: str


def page_of(rows: QuerySet, number: object) -> Page:
    """The page asked for; the nearest one for a number that is none or too high."""
    return CappedPaginator(rows, ROWS_A_PAGE, allow_empty_first_page=True).get_page(str(number or 1))


def without(query: QueryDict, name: str, value: str | None = None) -> QueryDict:
    """``query`` without a parameter, or without one of its values, and from the first page."""
    left = query.copy()
    kept = [] if value is None else [one for one in left.getlist(name) if one != value]
    left.setlist(name, kept) if kept else left.pop(name, None)
    left.pop("page", None)
    return left


def address(query: QueryDict) -> str:
    """``query`` as the tail of an address."""
    return f"?{query.urlencode()}"


def chips_of(filters: PostingFilter, query: QueryDict) -> list[Chip]:
    """Every filter value in use, in the order of the panel."""
    found = []
    for name, value in filters.applied.items():
        for raw, shown in shown_values(name, value):
            label = str(LABELS[name])
            found.append(Chip(label, shown, address(without(query, name, raw or None))))
    return found


def shown_values(name: str, value: Any) -> Iterable[tuple[str, str]]:
    """(as it stands in the address, as people read it) of each value of a filter."""
    if name == "subject":
        return [(one, str(Subject(one).label)) for one in value]
    if isinstance(value, Model):
        return [("", str(value))]
    if name in ("quantity_min", "quantity_max"):
        return [("", written_number(value))]
    if name in ("window_from", "window_to"):
        return [("", written_day(value))]
    if isinstance(value, str):
        return [("", value)]
    return [(one.code, str(one)) for one in value]


def relaxations_of(filters: PostingFilter, query: QueryDict, rows: QuerySet, most: int = 5) -> list[Relaxation]:
    """For each filter in use, what leaving it out alone would find; only those that find anything, most first."""
    found = []
    for name in list(filters.applied)[:most]:
        left = without(query, name)
        relaxed = PostingFilter(left, queryset=rows, request=filters.request, reads=filters.reads_details)
        count = capped_count(relaxed.qs, RELAXED_UP_TO)
        if count:
            found.append(Relaxation(str(LABELS[name]), count, count >= RELAXED_UP_TO, address(left)))
    return sorted(found, key=lambda one: -one.count)


def problems_of(filters: PostingFilter) -> Mapping[str, str]:
    """What could not be read, by filter; such filters are left aside."""
    return {name: " ".join(str(text) for text in told) for name, told in filters.form.errors.items()}


def options(name: str, chosen: Iterable[str]) -> SafeString:
    """The ``<option>`` elements of a filter, made once a language and kept; only the chosen ones are marked anew."""
    language = get_language() or "zh-hans"
    key = f"lists.options.{name}.{language}"
    kept = cache.get(key)
    if kept is None:
        place = 2 if language.startswith("en") else 1
        rows = [(row[0], row[place]) for row in filter_choices()[name]]
        if name == "region":
            rows = [*((row[0], row[place]) for row in filter_choices()["province"]), *rows]
        kept = str(format_html_join("", '<option value="{}">{}</option>', rows))
        cache.set(key, kept, CHOICES_KEPT_SECONDS)
    for code in chosen:
        kept = kept.replace(f'value="{escape(code)}"', f'value="{escape(code)}" selected')
    return SafeString(kept)
