"""The lists of needs and capacities, their filters, and the searches that people keep."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from matchmaking.matching.services.facets import Facets, facets_of
from matchmaking.matching.services.searching import found_numbers, partly_found_numbers
from matchmaking.postings.choices import Direction
from matchmaking.postings.filters import NEWEST, PostingFilter
from matchmaking.postings.queries.postings import listed_postings, reads_details, saved_searches
from matchmaking.postings.querysets import PostingQuerySet
from matchmaking.postings.services.searches import delete_search, save_search
from web.access import acting_membership, show_refusals, signed_in_user
from web.facets import facets_html, with_facets
from web.lists import (
    RELEVANT,
    address,
    chips_of,
    page_by_relevance,
    page_of,
    panel_html,
    problems_of,
    relaxations_of,
    rows_html,
)

MOST_KEPT = 2000
"""Characters of an address that the filter panel takes over."""
PAGES = {Direction.NEED: "web:postings:needs", Direction.CAPACITY: "web:postings:capacities"}
DETAILS = {Direction.NEED: "web:postings:need", Direction.CAPACITY: "web:postings:capacity"}


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """What firms look for."""
    return shown_list(request, Direction.NEED)


@require_safe
def capacities(request: HttpRequest) -> HttpResponse:
    """What firms can supply."""
    return shown_list(request, Direction.CAPACITY)


def shown_list(request: HttpRequest, direction: Direction) -> HttpResponse:
    """The list of one direction under the filters of the address; htmx gets the results alone."""
    acting_membership(request)  # Read first, for what follows asks the database no more who the reader is.
    exact = reads_details(request.user)
    offers_papers = exact or direction == Direction.NEED
    query = cleaned_query(request.GET)
    if not offers_papers:
        query.pop("certificates", None)
    rows = listed_postings(user=request.user, direction=direction)
    shown = list_asked_for(request, query, rows, direction)
    filters, found, problems = shown.filters, shown.found, shown.problems
    chips = chips_of(filters, query) if filters else []
    list_address = reverse(PAGES[direction])
    is_fragment = getattr(getattr(request, "htmx", None), "target", None) == "results"
    context: dict[str, Any] = {
        "is_fragment": is_fragment,
        "direction": direction,
        "is_need": direction == Direction.NEED,
        "list_address": list_address,
        "page": shown.page,
        "rows": rows_html(found, DETAILS[direction], exact, request.user),
        "chips": chips,
        "relaxations": relaxations_of(filters, query, rows) if filters and not found and not problems else [],
        "problems": problems,
        "is_partial": shown.is_partial,
        "query_text": query.urlencode(),
    }
    counted = facets_html(shown.facets, query, list_address, offers_papers=offers_papers, swaps=is_fragment)
    if is_fragment:
        context["counted"] = SafeString("".join(counted.values()))
    else:
        context |= panel(request, direction, list_address, query, offers_papers)
        context["panel"] = with_facets(context["panel"], counted)
    status = 400 if problems and not is_fragment else 200
    template = "postings/_results.html" if is_fragment else "postings/list.html"
    response = render(request, template, context, status=status)
    if is_fragment:
        response["HX-Push-Url"] = f"{list_address}{address(query) if query else ''}"
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


class ShownList(NamedTuple):
    """A page of a list with the counts beside its filters; ``is_partial``: its rows use a part of the words alone."""

    filters: PostingFilter | None
    problems: Mapping[str, str]
    facets: Facets
    page: Any
    found: list[Any]
    is_partial: bool


def list_asked_for(request: HttpRequest, query: QueryDict, rows: PostingQuerySet, direction: Direction) -> ShownList:
    """The page that the address asks for. Where the reader sees nothing that uses all words, what uses half of them."""
    asked = filters_of(request, query, rows, direction)
    filters = asked if is_filtered(query) else None
    problems = problems_of(filters) if filters else {}
    count = partial(facets_of, viewer=request.user, direction=direction.value)
    if "q" not in query or problems:
        facets = count(filters=asked)
        page, found = page_asked_for(filters, rows, query, None if problems else facets.total)
        return ShownList(filters, problems, facets, page, found, False)
    page, found = page_asked_for(asked, rows, query, None)
    if found:
        return ShownList(asked, problems, count(filters=asked), page, found, False)
    looser = filters_of(request, query, rows, direction, partial(partly_found_numbers, rows=rows))
    page, found = page_asked_for(looser, rows, query, None)
    return ShownList(filters, problems, count(filters=looser if found else asked), page, found, bool(found))


def filters_of(
    request: HttpRequest,
    query: QueryDict,
    rows: PostingQuerySet,
    direction: Direction,
    look_up: Callable[..., list[str] | None] = found_numbers,
) -> PostingFilter:
    """The filters of the address over ``rows``; words are looked up as the matcher reads them."""
    search = partial(look_up, direction=direction.value)
    return PostingFilter(query, queryset=rows, request=request, reads=reads_details(request.user), search=search)


def page_asked_for(filters: PostingFilter | None, rows: PostingQuerySet, query: QueryDict, total: int | None) -> Any:
    """The page with its rows of ``total``: what words find by relevance, unless another order is asked for."""
    shown = filters.qs if filters else rows
    if filters and filters.found is not None and "sort" not in query:
        return page_by_relevance(shown, filters.found, query.get("page"))
    return page_of(shown, query.get("page"), total)


def is_filtered(query: QueryDict) -> bool:
    """Whether the address says more than which page."""
    return any(name in PostingFilter.base_filters for name in query)


def cleaned_query(given: QueryDict) -> QueryDict:
    """The filters of an address without empty ones, so that addresses stay short and can be compared."""
    query = QueryDict(mutable=True)
    for name, values in given.lists():
        kept = [value for value in values if value.strip()]
        if kept:
            query.setlist(name, kept)
    if query.get("sort") == (RELEVANT if "q" in query else NEWEST):
        del query["sort"]
    return query


def panel(
    request: HttpRequest, direction: Direction, list_address: str, query: QueryDict, offers_papers: bool
) -> dict[str, Any]:
    """The filter panel with what is chosen in it, and the searches that the reader keeps."""
    state = query.copy()
    state.pop("page", None)
    language, prefix = get_language() or "zh-hans", get_script_prefix()
    is_known = request.user.is_authenticated
    return {
        "panel": panel_html(
            language,
            prefix,
            direction,
            list_address,
            state.urlencode()[:MOST_KEPT],
            timezone.localdate(),
            offers_papers,
        ),
        "searches": saved_searches(user=request.user, direction=direction) if is_known else [],
    }


@require_POST
@login_required
@show_refusals
def keep_search(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a list under a name and go back to it."""
    direction = Direction.CAPACITY if request.POST.get("direction") == Direction.CAPACITY else Direction.NEED
    filters = cleaned_query(QueryDict(request.POST.get("filters", "")[:4000]))
    filters.pop("page", None)
    search = save_search(
        actor=signed_in_user(request),
        direction=direction,
        name=request.POST.get("name", ""),
        filters=filters.urlencode(),
        tells=bool(request.POST.get("tells")),
    )
    messages.success(request, gettext("Search kept: %(name)s") % {"name": search.name})
    return redirect(f"{reverse(PAGES[direction])}?{search.filters}")


@require_POST
@login_required
@show_refusals
def forget_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a kept search and go back to its list."""
    search = get_object_or_404(saved_searches(user=request.user), pk=pk)
    direction = Direction(search.direction)
    delete_search(search=search, actor=signed_in_user(request))
    return redirect(PAGES[direction])
