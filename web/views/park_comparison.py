"""Up to four parks beside each other; the choice stands in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.queries.comparing import MOST_COMPARED, Compared, compare
from matchmaking.parks.queries.figures import Quarter
from matchmaking.parks.queries.nearby import open_nearby, places_of
from matchmaking.parks.queries.parks import parks_listed
from matchmaking.postings.queries.postings import reads_details
from reference.choices import CooperationType
from web.lists import region_query


@require_safe
def compared(request: HttpRequest) -> HttpResponse:
    """The chosen parks, column by column; what the address names twice or too many is left out and said."""
    known = {park.slug: park for park in parks_listed(user=request.user)}
    asked = list(dict.fromkeys(slug for slug in request.GET.getlist("park") if slug))
    chosen = [known[slug] for slug in asked if slug in known][:MOST_COMPARED]
    is_exact = reads_details(request.user)
    nearby = open_nearby(parks=chosen, is_exact=is_exact)
    found = compare(user=request.user, parks=chosen, nearby=nearby, day=timezone.localdate())
    context = {
        "columns": [(one, region_query(places_of(one.park, is_exact=is_exact))) for one in found],
        "projects": [(kind.label, [one.projects.get(kind, 0) for one in found]) for kind in CooperationType],
        "reported": [(kind.label, figures_of(found, kind)) for kind in IndicatorKind.of_numbers()],
        "parks": known.values(),
        "slots": [park.slug for park in chosen] + [""] * (MOST_COMPARED - len(chosen)),
        "left_out": len(asked) - len(chosen),
        "most": MOST_COMPARED,
    }
    return render(request, "parks/compare.html", context)


def figures_of(found: list[Compared], kind: IndicatorKind) -> list[tuple[Any, Quarter | None]]:
    """The newest figure of this kind of each park with its quarter, None where there is none."""
    rows = [one.reported.get(kind) for one in found]
    return [(row, Quarter(row.period_start) if row else None) for row in rows]
