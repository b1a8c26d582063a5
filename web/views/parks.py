"""Demonstration parks: the list by province, batch and day, and a park's page."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matchmaking.parks.filters import ParkFilter
from matchmaking.parks.queries import (
    OpenNearby,
    batches_on,
    indicators_of,
    open_nearby,
    park_by_slug,
    parks_listed,
    partnerships_of,
    projects_of,
)


@dataclass(frozen=True)
class ParkLine:
    """A park with what is open in its regions."""

    park: Any
    regions: tuple[Any, ...]
    nearby: OpenNearby


@require_safe
def parks(request: HttpRequest) -> HttpResponse:
    """The list, its batches with those not yet named, as of a day."""
    chosen = ParkFilter(request.GET or None, queryset=parks_listed(user=request.user), request=request)
    is_sound = not chosen.is_bound or chosen.is_valid()
    found = list(chosen.qs if is_sound else parks_listed(user=request.user))
    nearby = open_nearby(parks=found)
    day = (chosen.form.cleaned_data.get("as_of") if chosen.is_bound and is_sound else None) or timezone.localdate()
    batches = batches_on(day)
    context = {
        "filter": chosen,
        "lines": [ParkLine(park, tuple(park.regions.all()), nearby[park.pk]) for park in found],
        "batches": batches,
        "day": day,
        "announced": sum(batch.size for batch in batches),
        "not_yet_named": sum(batch.not_yet_named for batch in batches),
    }
    return render(request, "parks/list.html", context, status=200 if is_sound else 422)


@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """A park: what it is, whom it works with, what it reports, and what is open nearby."""
    found = park_by_slug(user=request.user, slug=slug).first()
    if found is None:
        raise Http404
    chosen = ParkFilter({"as_of": request.GET.get("as_of", "")}, queryset=parks_listed(user=request.user))
    day = chosen.form.cleaned_data["as_of"] if chosen.is_valid() else None
    context = {
        "park": found,
        "regions": list(found.regions.all()),
        "nearby": open_nearby(parks=[found])[found.pk],
        "partnerships": partnerships_of(user=request.user, park=found, day=day),
        "day": day,
        "projects": projects_of(user=request.user, park=found),
        "indicators": indicators_of(user=request.user, park=found),
    }
    return render(request, "parks/park.html", context)
