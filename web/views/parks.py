"""Demonstration parks: the list and map by province, batch and day, and a park's page."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.forms import Select
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.filters import ParkFilter
from matchmaking.parks.queries.comparing import figures_ranked, ranking
from matchmaking.parks.queries.figures import QuarterLines, quarters_of
from matchmaking.parks.queries.nearby import (
    Found,
    OpenNearby,
    codes_in,
    firms_there,
    introductions_of,
    map_places,
    newest_there,
    open_nearby,
    overflow_cases_of,
    partners_in,
    places_of,
    satellites_of,
)
from matchmaking.parks.queries.parks import batches_on, park_by_slug, parks_listed, partnerships_of, projects_of
from matchmaking.postings.choices import Direction
from matchmaking.postings.queries.postings import listed_values, live_postings, reads_details
from reference.choices import CooperationType
from web.charts.tiles import Tile, limits_for
from web.lists import region_query, rows_html
from web.papers.figures import KINDS, figure_file, files_of
from web.papers.park_figures import FIGURE_WORDS, kinds_with_series, series_figure

ROWS_SHOWN = 4
"""Postings of one direction that a park's page shows of a partner park, and premises of each kind."""
FIRMS_SHOWN = 12
"""Firms of a park's places that its page names."""
PARTNERS_SHOWN = 6
"""Partner parks whose postings a park's page shows."""
BLANK = "---------"
DETAILS = {Direction.NEED: "web:postings:need", Direction.CAPACITY: "web:postings:capacity"}


@dataclass(frozen=True)
class ParkLine:
    """A park with what is open in its regions."""

    park: Any
    regions: tuple[Any, ...]
    nearby: OpenNearby


@dataclass(frozen=True)
class PartnerPostings:
    """What is open in a partner park: counts with their lists, and the newest rows of both directions."""

    park: Any
    nearby: OpenNearby
    regions: str
    needs: Any
    capacities: Any


@require_safe
def parks(request: HttpRequest) -> HttpResponse:
    """The list and the map, batches with those not yet named, as of a day."""
    chosen = ParkFilter(request.GET or None, queryset=parks_listed(user=request.user), request=request)
    is_sound = not chosen.is_bound or chosen.is_valid()
    found = list(chosen.qs if is_sound else parks_listed(user=request.user))
    nearby = open_nearby(parks=found, is_exact=reads_details(request.user))
    day = (chosen.form.cleaned_data.get("as_of") if chosen.is_bound and is_sound else None) or timezone.localdate()
    batches = batches_on(day)
    figure = request.GET.get("sort", "")
    ranked = ranking(parks=found, figure=figure, nearby=nearby, day=day) if figure in figures_ranked() else None
    chosen.form.fields["region"].widget = Select(choices=[("", BLANK), *place_choices()])
    context = {
        "filter": chosen,
        "lines": [ParkLine(park, tuple(park.regions.all()), nearby[park.pk]) for park in found],
        "ranking": ranked,
        "sorts": [(name, FIGURE_WORDS[name]) for name in figures_ranked()],
        "figure": figure,
        "figure_word": FIGURE_WORDS.get(figure, ""),
        "map": park_map(found_anywhere(request, found) if is_sound else found, request.GET),
        "batches": batches,
        "day": day,
        "announced": sum(batch.size for batch in batches),
        "not_yet_named": sum(batch.not_yet_named for batch in batches),
    }
    return render(request, "parks/list.html", context, status=200 if is_sound else 422)


def place_choices() -> list[tuple[str, str]]:
    """The places of the map, to choose from without it."""
    return [(place.code, place.short_name) for place in map_places()]


def found_anywhere(request: HttpRequest, found: list[Any]) -> list[Any]:
    """What the other filters find in all places: the map goes on showing the places beside the chosen one."""
    if not request.GET.get("region"):
        return found
    asked = request.GET.copy()
    asked.pop("region")
    return list(ParkFilter(asked, queryset=parks_listed(user=request.user), request=request).qs)


def park_map(found: Iterable[Any], query: QueryDict) -> dict[str, Any]:
    """The tile map of parks with its title and the same numbers as rows, the place with most first.

    A park in two places counts in both. Each place leads to the list with the other filters kept.
    """
    places = map_places()
    counted = Counter(
        code
        for park in found
        for code in {
            place.code for place in places for region in park.regions.all() if region.code.startswith(place.stem)
        }
    )
    drawn = [
        Tile(
            name=place.short_name,
            shown=str(counted[place.code]),
            value=counted[place.code],
            title=ngettext("%(place)s: %(count)s park", "%(place)s: %(count)s parks", counted[place.code])
            % {"place": place.name, "count": counted[place.code]},
            address=with_place(query, place.code) if counted[place.code] else "",
            province=place.province,
            row=place.tile_row or 0,
            column=place.tile_col or 0,
        )
        for place in places
    ]
    rows = sorted((tile for tile in drawn if tile.value), key=lambda tile: -(tile.value or 0))
    return {
        "title": map_title(rows),
        "tiles": drawn,
        "rows": rows,
        "limits": limits_for(tile.value for tile in drawn),
    }


def map_title(rows: Sequence[Tile]) -> str:
    """The finding of the map: where most parks are, where one place alone has most."""
    counts = [tile.value or 0 for tile in rows[:2]]
    if len(counts) == 1 or (counts and counts[0] > counts[1]):
        return _("Where the parks are: most in %(place)s") % {"place": rows[0].name}
    return _("Where the parks are")


def with_place(query: QueryDict, code: str) -> str:
    """The tail of the list's address with this place chosen and the other filters kept."""
    kept = query.copy()
    kept["region"] = code
    return f"?{kept.urlencode()}"


@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """A park: what it is, whom it works with, what it reports, and what is open there and in its partner parks."""
    found = park_by_slug(user=request.user, slug=slug).first()
    if found is None:
        raise Http404
    chosen = ParkFilter({"as_of": request.GET.get("as_of", "")}, queryset=parks_listed(user=request.user))
    day = chosen.form.cleaned_data["as_of"] if chosen.is_valid() else None
    is_exact = reads_details(request.user)
    pairs = list(partnerships_of(user=request.user, park=found, day=day))
    partners = [] if day else partners_in(pairs, found)[:PARTNERS_SHOWN]
    nearby = open_nearby(parks=[found, *partners], is_exact=is_exact)
    places = places_of(found, is_exact=is_exact)
    there = {one.pk: places_of(one, is_exact=is_exact) for one in partners}
    newest = newest_there(user=request.user, own=places, partners=chain(*there.values()), each=ROWS_SHOWN)
    drawn = Drawn(request.user, newest, is_exact)
    quarters = quarters_of(user=request.user, park=found, day=day or timezone.localdate())
    context = {
        "park": found,
        "regions": list(found.regions.all()),
        "places": places,
        "region_query": region_query(places),
        "nearby": nearby[found.pk],
        "introductions": introductions_of(found),
        "overflows": overflow_cases_of(found),
        "satellites": satellites_of(found),
        **({} if day else open_here(drawn, places)),
        "firms": [] if day else firms_there(user=request.user, places=places, most=FIRMS_SHOWN),
        "partnerships": pairs,
        "partners": [
            PartnerPostings(
                one,
                nearby[one.pk],
                region_query(there[one.pk]),
                drawn.rows(there[one.pk], lambda row: row.direction == Direction.NEED, Direction.NEED),
                drawn.rows(there[one.pk], lambda row: row.direction == Direction.CAPACITY),
            )
            for one in partners
        ],
        "premises": {
            "operator": drawn.rows(places, lambda row: row.is_premises() and row.is_operator),
            "others": drawn.rows(places, lambda row: row.is_premises() and not row.is_operator),
        },
        "day": day,
        "projects": projects_by_kind(projects_of(user=request.user, park=found)),
        "quarters": quarters,
        "figures": reported_figures(found, quarters, request.GET.urlencode() if day else ""),
    }
    return render(request, "parks/park.html", context)


def open_here(drawn: "Drawn", places: Sequence[Any]) -> dict[str, Any]:
    """The newest needs, and the newest capacities that are no premises, in a park's own places."""
    return {
        "needs": drawn.rows(places, lambda row: row.direction == Direction.NEED, Direction.NEED),
        "capacities": drawn.rows(places, lambda row: row.direction == Direction.CAPACITY and not row.is_premises()),
    }


def projects_by_kind(projects: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Projects under the five kinds of cooperation, in the order of these; kinds without one are left out."""
    found = list(projects)
    kinds = ((kind, [row for row in found if row.cooperation_type == kind]) for kind in CooperationType)
    return [(str(kind.label), rows) for kind, rows in kinds if rows]


def reported_figures(park: Any, quarters: Sequence[QuarterLines], query: str) -> list[tuple[Any, dict[str, str]]]:
    """Figures of which two quarters and more are known, each as a chart with its addresses as files."""
    return [
        (series_figure(kind, quarters), files_of("web:parks:figure", park.slug, kind.value, query=query))
        for kind in kinds_with_series(quarters)
    ]


@require_safe
def figure_of_park(request: HttpRequest, slug: str, indicator: str, kind: str) -> HttpResponse:
    """A reported figure over the quarters, as a file."""
    found = park_by_slug(user=request.user, slug=slug).first()
    if found is None or kind not in KINDS:
        raise Http404
    chosen = ParkFilter({"as_of": request.GET.get("as_of", "")}, queryset=parks_listed(user=request.user))
    day = chosen.form.cleaned_data["as_of"] if chosen.is_valid() else None
    quarters = quarters_of(user=request.user, park=found, day=day or timezone.localdate())
    if indicator not in kinds_with_series(quarters):
        raise Http404
    return figure_file(series_figure(IndicatorKind(indicator), quarters), kind=kind, name=f"{slug}-{indicator}")


class Drawn:
    """Rows of the postings that were ``found`` for a park's page, read in one query."""

    def __init__(self, user: Any, found: list[Found], is_exact: bool) -> None:
        rows = live_postings(user=user).filter(number__in=[one.number for one in found])
        self.listed = {one.number: one for one in listed_values(rows.order_by())}
        self.found, self.is_exact, self.user = found, is_exact, user

    def rows(
        self, places: Sequence[Any], wanted: Callable[[Found], bool], direction: Direction = Direction.CAPACITY
    ) -> Any:
        """The first wanted postings in ``places`` as the rows of a list."""
        codes = set(codes_in(places))
        numbers = [one.number for one in self.found if one.region in codes and wanted(one)][:ROWS_SHOWN]
        return rows_html([self.listed[number] for number in numbers], DETAILS[direction], self.is_exact, self.user)
