"""The lists of needs and capacities, their filters, and the searches that people keep."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from matchmaking.postings.choices import Direction, Subject
from matchmaking.postings.filters import SORTS, PostingFilter
from matchmaking.postings.queries import filter_choices, listed_postings, region_shown, saved_searches
from matchmaking.postings.services.searches import delete_search, save_search
from web.access import show_refusals, signed_in_user
from web.lists import address, chips_of, options, page_of, problems_of, relaxations_of

NEW_FOR = timedelta(days=2)
ENDS_SOON = timedelta(days=14)
STALE_FROM = timedelta(days=30)
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
    query = cleaned_query(request.GET)
    rows = listed_postings(user=request.user, direction=direction)
    filters = PostingFilter(query, queryset=rows, request=request)
    problems = problems_of(filters)
    page = page_of(filters.qs, query.get("page"))
    found = list(page.object_list)
    for posting in found:
        posting.place = region_shown(posting, filters.reads_details)
    context: dict[str, Any] = {
        "direction": direction,
        "is_need": direction == Direction.NEED,
        "list_address": reverse(PAGES[direction]),
        "detail_route": DETAILS[direction],
        "page": page,
        "rows": found,
        "exact": filters.reads_details,
        "chips": chips_of(filters, query),
        "relaxations": [] if found or problems else relaxations_of(filters, query, rows),
        "problems": problems,
        "given": query,
        "sorts": SORTS,
        "sort": query.get("sort", SORTS[0][0]),
        "query_text": query.urlencode(),
        **days_told(),
    }
    is_fragment = getattr(getattr(request, "htmx", None), "target", None) == "results"
    if not is_fragment:
        context |= panel(request, direction, query)
    status = 400 if problems and not is_fragment else 200
    template = "postings/_results.html" if is_fragment else "postings/list.html"
    response = render(request, template, context, status=status)
    if is_fragment:
        response["HX-Push-Url"] = f"{reverse(PAGES[direction])}{address(query) if query else ''}"
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def cleaned_query(given: QueryDict) -> QueryDict:
    """The filters of an address without empty ones, so that addresses stay short and can be compared."""
    query = QueryDict(mutable=True)
    for name, values in given.lists():
        kept = [value for value in values if value.strip()]
        if kept:
            query.setlist(name, kept)
    return query


def days_told() -> dict[str, Any]:
    """The days from which a row is marked as new, as ending soon, as not confirmed lately."""
    today = timezone.localdate()
    return {"new_from": timezone.now() - NEW_FOR, "soon": today + ENDS_SOON, "stale_from": today - STALE_FROM}


def panel(request: HttpRequest, direction: Direction, query: QueryDict) -> dict[str, Any]:
    """What the filter panel offers and which of it is chosen."""
    return {
        "chains": filter_choices()["chain"],
        "chosen_chains": query.getlist("chain"),
        "subjects": Subject.choices,
        "chosen_subjects": query.getlist("subject"),
        "region_options": options("region", query.getlist("region")),
        "certificate_options": options("certificates", query.getlist("certificates")),
        "unit_options": options("unit", query.getlist("unit")),
        "searches": saved_searches(user=request.user, direction=direction) if request.user.is_authenticated else [],
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
