"""The pages that belong to no area: home, help, and what a reader prefers."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts.services.changes import last_change_number
from accounts.services.people import keep_language
from common.keeping import kept_for
from matchmaking.insights.queries.chains import chain_lines
from matchmaking.insights.queries.counts import KEPT_SECONDS, NOBODY, Counts, Group
from matchmaking.insights.queries.facts import front_facts
from matchmaking.insights.queries.figures import first_parks, live_overview, newest_postings
from matchmaking.postings.choices import Direction
from web.access import THEME_COOKIE, THEMES, reads_details, redirect_back, signed_in_user
from web.charts.tiles import Tile, limits_for
from web.templatetags.formats import written_amount
from web.templatetags.layout import place

THEME_SECONDS = 365 * 24 * 3600
NEWEST = 5
LEADING = 6
"""Places named beside a map."""
LIST_OF = {Direction.NEED: "web:postings:needs", Direction.CAPACITY: "web:postings:capacities"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the platform holds now: figures, where needs and capacities are, the newest of both, and the parks.

    Made once for each reader and kept until anything is recorded as changed, a minute at most.
    """
    language, prefix = place()
    key = f"pages.home.{language}.{prefix}.{request.user.pk or 0}.{last_change_number()}"
    return render(request, "pages/home.html", {"parts": kept_for(KEPT_SECONDS, key, lambda: home_parts(request))})


def home_parts(request: HttpRequest) -> dict[str, SafeString]:
    """The parts of the home page as HTML: ``hero`` and ``content``."""
    overview = live_overview()
    counts = overview.counts
    parks = list(first_parks(user=request.user))
    context = {
        "figures": overview.figures,
        "maps": [place_map(direction, counts) for direction in (Direction.NEED, Direction.CAPACITY)],
        "needs": newest_postings(user=request.user, direction=Direction.NEED)[:NEWEST],
        "capacities": newest_postings(user=request.user, direction=Direction.CAPACITY)[:NEWEST],
        "chains": chain_lines(counts),
        "parks": parks,
        "parks_not_named": overview.figures.first_batch_parks - len(parks),
        "facts": front_facts(user=request.user),
        "reads_details": reads_details(request),
    }
    return {name: render_to_string(f"pages/_home_{name}.html", context) for name in ("hero", "content")}


def place_map(direction: Direction, counts: Counts) -> dict[str, Any]:
    """The tile map of one direction with its title, its legend's limits and the same numbers as rows, largest first."""
    address = reverse(LIST_OF[direction])
    places = []
    for region in counts.tiles:
        group = counts.by_tile[direction].get(region.code, NOBODY)
        tile = Tile(
            name=region.short_name,
            shown=written_group(group),
            value=group.shown,
            title=tile_title(direction, region.name, group),
            address=f"{address}?region={region.code}",
            province=region.province,
            row=region.tile_row or 0,
            column=region.tile_col or 0,
        )
        places.append(tile)
    rows = sorted((tile for tile in places if tile.value != 0), key=lambda tile: -(tile.value or 0))
    return {
        "key": direction.value,
        "title": map_title(direction, rows),
        "tiles": places,
        "rows": rows,
        "leading": [tile for tile in rows if tile.value][:LEADING],
        "limits": limits_for(tile.value for tile in places),
        "address": address,
    }


def written_group(group: Group) -> str:
    """The number of a group, or that it is under three firms."""
    return "<3" if group.is_small else written_amount(group.postings)


def tile_title(direction: Direction, name: str, group: Group) -> str:
    """What a tile says in full: the place, how many, and from how many firms."""
    if group.is_small:
        return _("%(place)s: fewer than three firms, not counted apart") % {"place": name}
    facts = {"place": name, "count": written_amount(group.postings)}
    if direction == Direction.NEED:
        return ngettext("%(place)s: %(count)s need", "%(place)s: %(count)s needs", group.postings) % facts
    return ngettext("%(place)s: %(count)s capacity", "%(place)s: %(count)s capacities", group.postings) % facts


def map_title(direction: Direction, rows: list[Tile]) -> str:
    """The finding of a map: where most are, once there is a place that may be counted apart."""
    leading = next((tile for tile in rows if tile.value), None)
    if direction == Direction.NEED:
        if leading is None:
            return _("Where the needs are")
        return _("Where the needs are: most in %(place)s") % {"place": leading.name}
    if leading is None:
        return _("Where the capacities are")
    return _("Where the capacities are: most in %(place)s") % {"place": leading.name}


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do the main things, and whom to ask."""
    return render(request, "pages/help.html")


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How matching ranks and how figures are counted."""
    return render(request, "pages/method.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and where to report what does not."""
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data is kept, who sees it, and for how long."""
    return render(request, "pages/privacy.html")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's colours or language in a cookie, the language also for mail, and go back where they were."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            person = signed_in_user(request)
            keep_language(person=person, actor=person, language=language)
        return set_language(request)
    response = redirect_back(request, request.POST.get("next", ""))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=THEME_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response
