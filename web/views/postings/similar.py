"""Postings like one: what else is asked for or offered of the same kind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from matchmaking.matching.services.searching import similar_numbers
from matchmaking.postings.choices import Direction
from matchmaking.postings.queries.postings import listed_postings, listed_values, postings_visible_to, reads_details
from web.access import acting_membership
from web.lists import listed_row, words_before_opening
from web.views.postings.lists import DETAILS


@require_safe
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """The postings most like one that the reader may open; htmx gets the list alone."""
    acting_membership(request)  # Read first, for what follows asks the database no more who the reader is.
    posting = get_object_or_404(postings_visible_to(user=request.user), number=number)
    direction, exact = Direction(posting.direction), reads_details(request.user)
    found = similar_numbers(posting=posting, viewer=request.user, titles_only=not exact)
    rows = listed_postings(user=request.user, direction=direction).order_by()
    listed = {row.number: row for row in listed_values(rows.filter(number__in=[one.key for one in found]))}
    first = words_before_opening(listed.values(), request.user)
    shown = [
        (listed_row(listed[one.key], DETAILS[direction], exact, first.get(one.key, "")), one.more_from_firm)
        for one in found
        if one.key in listed
    ]
    is_fragment = bool(getattr(request, "htmx", False))
    context = {"posting": posting, "is_need": posting.is_need, "similar": shown}
    response = render(request, "postings/_similar.html" if is_fragment else "postings/similar.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
