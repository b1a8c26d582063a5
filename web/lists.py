"""Pages of long lists, the filters in use as removable chips, and what to give up when nothing is found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Verification
from accounts.permissions import firms_of
from accounts.queries import asked_first_by
from common.keeping import process_cache
from common.values import band_floor, normalise_code
from matchmaking.postings.choices import Subject, Visibility
from matchmaking.postings.filters import CHOICES_KEPT_SECONDS, SORTS, PostingFilter, filter_choices
from matchmaking.postings.queries.postings import CONFIRM_AFTER, ListedPosting, capped_count, listed_values
from matchmaking.postings.querysets import PostingQuerySet
from reference.choices import RegionLevel
from reference.queries.names import reference_names
from web.facets import FACET_MARKS
from web.templatetags.formats import written_day, written_number

ROWS_A_PAGE, FILTERED_ROWS_A_PAGE = 20, 25
COUNTED_UP_TO = 500
"""Rows that a list counts at most; a longer one says "more than", so that its cost does not grow with the table."""
RELAXED_UP_TO = 100
"""Rows counted at most for each filter that could be given up."""
NEW_FOR = timedelta(days=2)
ENDS_SOON = timedelta(days=14)
RELEVANT = "relevance"
"""The order of a list of words found, unless another is asked for."""
LABELS = {
    "q": _("Keyword"),
    "chain": _("Chain"),
    "node": _("Chain node"),
    "region": _("Region"),
    "subject": _("Category"),
    "certificates": _("Certificate"),
    "window_from": _("From"),
    "window_to": _("Until"),
    "quantity_min": _("At least"),
    "quantity_max": _("At most"),
    "unit": _("Unit"),
    "other": _("Partner in"),
    "park": _("Park"),
    "month": _("Month"),
}


class CappedPaginator(Paginator):
    """Counts no further than ``COUNTED_UP_TO`` rows; the pages beyond are reached by narrower filters."""

    known_count: int | None = None

    @cached_property
    def count(self) -> int:
        """Rows, at most the cap; not counted again where the first page already held all of them."""
        if self.known_count is not None:
            return self.known_count
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


def page_by_relevance(rows: PostingQuerySet, found: list[str], number: object) -> tuple[Page, list[ListedPosting]]:
    """The page asked for of those ``rows`` that were found, in the order in which they were found."""
    shown = set(rows.order_by().values_list("number", flat=True))
    paginator = CappedPaginator([one for one in found if one in shown], ROWS_A_PAGE, allow_empty_first_page=True)
    paginator.known_count = min(len(shown), COUNTED_UP_TO)
    page = paginator.get_page(str(number or 1))
    place = {one: at for at, one in enumerate(page.object_list)}
    listed = listed_values(rows.order_by().filter(number__in=list(place))) if place else []
    return page, sorted(listed, key=lambda one: place[one.number])


def page_of(rows: PostingQuerySet, number: object, total: int | None) -> tuple[Page, list[ListedPosting]]:
    """The page asked for with its rows; the nearest page for a number that is none or too high.

    ``total`` is how many rows the matcher counts, None where it was not asked. The rows are those of the database: a
    total that a change has just made wrong is left for what is there.
    """
    paginator = CappedPaginator(rows, ROWS_A_PAGE, allow_empty_first_page=True)
    if total is not None:
        paginator.known_count = min(total, COUNTED_UP_TO)
    if str(number or 1) != "1":
        page = paginator.get_page(str(number))
        found = listed_values(page.object_list)
        return (page, found) if found or total is None else page_of(rows, number, None)
    found = listed_values(rows[: ROWS_A_PAGE + 1])
    if len(found) <= ROWS_A_PAGE:
        paginator.known_count = len(found)
    elif total is not None and total < len(found):
        paginator.known_count = None
    return paginator.get_page(1), found[:ROWS_A_PAGE]


def filtered_list(request: HttpRequest, template: str, filters: Any, context: Mapping[str, Any]) -> HttpResponse:
    """A page of the rows that ``filters`` leave, in ``template``; filters that could not be read are told and left
    aside.
    """
    problems, given = problems_of(filters), request.GET
    page = CappedPaginator(filters.qs, FILTERED_ROWS_A_PAGE).get_page(given.get("page"))
    page.object_list = list(page.object_list)
    shared = {
        "page": page,
        "problems": problems,
        "given": given,
        "is_filtered": any(value.strip() for name in given if name != "page" for value in given.getlist(name)),
        "today": timezone.localdate(),
    }
    return render(request, template, {**shared, **context}, status=400 if problems else 200)


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
    if name == "other":
        return [("", reference_names()["region", value].name)]
    if isinstance(value, str):
        return [("", value)]
    return [(one.code, str(one)) for one in value]


def relaxations_of(filters: PostingFilter, query: QueryDict, rows: QuerySet, most: int = 5) -> list[Relaxation]:
    """For each filter in use, what leaving it out alone would find; only those that find anything, most first."""
    found = []
    for name in list(filters.applied)[:most]:
        left = without(query, name)
        relaxed = PostingFilter(
            left, queryset=rows, request=filters.request, reads=filters.reads_details, search=filters.search
        )
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
    kept = process_cache.get(key)
    if kept is None:
        place = 2 if language.startswith("en") else 1
        rows = [(row[0], row[place]) for row in filter_choices()[name]]
        if name == "region":
            rows = [*((row[0], row[place]) for row in filter_choices()["province"]), *rows]
        kept = str(format_html_join("", '<option value="{}">{}</option>', rows))
        process_cache.set(key, kept, CHOICES_KEPT_SECONDS)
    for code in chosen:
        kept = kept.replace(f'value="{escape(code)}"', f'value="{escape(code)}" selected')
    return SafeString(kept)


def in_english() -> bool:
    """Whether the page is written in English."""
    return (get_language() or "zh").startswith("en")


@dataclass(frozen=True)
class ListedRow:
    """Everything that one row of a list shows: equal rows look equal, so that their HTML can be kept."""

    route: str
    number: str
    title: str
    language: str
    name: str
    is_verified: bool
    place: str
    node: str
    amount: Decimal | int
    unit: str
    period: str
    is_exact: bool
    window_start: date | None
    window_end: date | None
    ends_soon: bool
    is_new: bool
    is_sample: bool
    busy_level: int
    published_on: date
    unconfirmed_since: date | None
    first: str


def listed_row(posting: ListedPosting, route: str, is_exact: bool, first: str = "") -> ListedRow:
    """A row for a reader who may see exact quantities and counties, or only bands and prefectures; ``first`` tells who
    is asked before it opens to everybody.
    """
    english, today = in_english(), timezone.localdate()
    in_prefecture = not is_exact and posting.region_parent_level == RegionLevel.PREFECTURE
    place_zh, place_en = (
        (posting.region_parent_short_zh, posting.region_parent_short_en)
        if in_prefecture
        else (posting.region_short_zh, posting.region_short_en)
    )
    published = timezone.localtime(posting.published_at).date() if posting.published_at else today
    is_old = posting.confirmed_on and posting.confirmed_on <= today - CONFIRM_AFTER
    return ListedRow(
        route=route,
        number=posting.number,
        title=posting.title,
        language=posting.language,
        name=posting.enterprise_alias if posting.visibility == Visibility.ALIAS else posting.enterprise_name,
        is_verified=posting.enterprise_verification == Verification.VERIFIED,
        place=place_en if english else place_zh,
        node=posting.node_name_en if english else posting.node_name_zh,
        amount=posting.quantity_amount if is_exact else band_floor(posting.quantity_amount),
        unit=posting.unit_name_en if english else posting.unit_name_zh,
        period=posting.period,
        is_exact=is_exact,
        window_start=posting.window_start,
        window_end=posting.window_end,
        ends_soon=bool(posting.window_end and posting.window_end <= today + ENDS_SOON),
        is_new=published > today - NEW_FOR,
        is_sample=posting.is_sample,
        busy_level=posting.busy_level,
        published_on=published,
        unconfirmed_since=posting.confirmed_on if is_old else None,
        first=first,
    )


def words_before_opening(postings: Iterable[ListedPosting], user: Any) -> dict[str, str]:
    """What ``user`` reads of those of ``postings`` that are not open to everybody yet, by number; no query where all
    are.
    """
    early = [one for one in postings if one.opens_on is not None and one.opens_on > timezone.localdate()]
    if not early:
        return {}
    own = firms_of(user)
    asking = asked_first_by(own) if own else set()
    found = {}
    for one in early:
        text = _("not open to everybody yet, until %(day)s")
        if one.enterprise in own:
            text = _("own network first, until %(day)s")
        elif one.enterprise in asking:
            text = _("you are asked first, until %(day)s")
        found[one.number] = str(text) % {"day": written_day(one.opens_on)}
    return found


@lru_cache(maxsize=4096)
def row_html(row: ListedRow, language: str, prefix: str) -> SafeString:
    """The HTML of a row, made once: it depends on nothing but what stands in ``row``, the language and the prefix."""
    return SafeString(render_to_string("postings/_lrow.html", {"row": row}))


def region_query(places: Sequence[Any]) -> str:
    """The filter of a list of postings that finds what lies in these places."""
    return "&".join(f"region={place.code}" for place in places)


def rows_html(postings: Sequence[ListedPosting], route: str, is_exact: bool, user: Any) -> SafeString:
    """The rows of a page of a list, as ``user`` reads them."""
    first = words_before_opening(postings, user)
    language, prefix = get_language() or "zh-hans", get_script_prefix()
    return SafeString(
        "".join(
            row_html(listed_row(one, route, is_exact, first.get(one.number, "")), language, prefix) for one in postings
        )
    )


@lru_cache(maxsize=512)
def panel_html(
    language: str, prefix: str, direction: str, address: str, query: str, day: date, offers_papers: bool = True
) -> SafeString:
    """The filter panel, made once for each state of it, with marks where counts go; ``day`` brings in new regions."""
    given = QueryDict(query)
    sorts = [("", _("Most relevant")), *SORTS] if given.get("q") else [("", SORTS[0][1]), *SORTS[1:]]
    context = {
        "direction": direction,
        "offers_papers": offers_papers,
        "list_address": address,
        "given": given,
        "counted": FACET_MARKS,
        "unit_options": options("unit", given.getlist("unit")),
        "sorts": sorts,
        "sort": given.get("sort", ""),
    }
    return SafeString(render_to_string("postings/_filters.html", context))


LONGEST_PAGE = 4
"""Digits of a page's number that are read."""


def asked_page(request: HttpRequest, name: str) -> int:
    """The page that the parameter ``name`` of the address asks for; the first where it says nothing of the kind."""
    text = normalise_code(request.GET.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_PAGE else 1
