"""What a coordinator oversees: the overview, and the lists of postings and partnerships with their files."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.imports.writing import KINDS, as_csv
from common.keeping import kept_for
from matchmaking.insights.choices import FunnelStep
from matchmaking.insights.filters import (
    AGES_ASKED,
    PARTNERSHIP_SORTS,
    PARTNERSHIP_WAITS,
    POSTING_SORTS,
    PUBLISHED,
    STATES,
    STATUSES,
    WAITS,
    CoordinatedPartnershipFilter,
    CoordinatedPostingFilter,
)
from matchmaking.insights.queries.coordination import (
    MOST_EXPORTED,
    figures_of,
    interests_due,
    oldest_unanswered,
    partnerships_in,
    postings_in,
    scope_of,
    waited_for,
)
from matchmaking.parks.queries.parks import parks_listed
from matchmaking.partnerships.services.coordination import record_export
from matchmaking.postings.choices import Direction
from matchmaking.postings.filters import filter_choices
from reference.queries.names import KEPT_SECONDS, reference_names
from web.access import coordination_required, signed_in_user
from web.lists import filtered_list, options, problems_of
from web.papers.sending import handed_out

LONGEST_ADDRESS = 2000


@require_safe
@coordination_required
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """How the scope stands and what waits longest."""
    scope = scope_of(request.user)
    context = {
        "scope": scope,
        "figures": figures_of(scope),
        "unanswered": oldest_unanswered(scope),
        "interests": interests_due(scope),
        "today": timezone.localdate(),
    }
    return render(request, "coordination/overview.html", context)


@require_safe
@coordination_required
@never_cache
def postings(request: HttpRequest) -> HttpResponse:
    """Postings in scope under the filters of the address."""
    filters = posting_filter(request)
    context = {
        "selects": {"status": STATUSES, "age": AGES_ASKED, "waits": WAITS, "direction": Direction.choices}
        | {"published": PUBLISHED, "step": FunnelStep.choices},
        "sorts": POSTING_SORTS,
        "provinces": filter_choices()["province"],
        "parks": park_names(request).items(),
    }
    return shown_list(request, "coordination/postings.html", filters, context)


@require_safe
@coordination_required
@never_cache
def partnerships(request: HttpRequest) -> HttpResponse:
    """Partnerships in scope under the filters of the address."""
    filters = partnership_filter(request)
    context = {
        "selects": {"state": STATES, "age": AGES_ASKED, "waits": PARTNERSHIP_WAITS},
        "sorts": PARTNERSHIP_SORTS,
    }
    return shown_list(request, "coordination/partnerships.html", filters, context)


def park_names(request: HttpRequest) -> dict[str, str]:
    """The parks that postings can be narrowed by: names by slug."""
    return {park.slug: park.name for park in parks_listed(user=request.user)}


def posting_filter(request: HttpRequest) -> CoordinatedPostingFilter:
    """The postings that the address asks for."""
    rows = postings_in(scope_of(request.user))
    return CoordinatedPostingFilter(request.GET, queryset=rows, request=request)


def partnership_filter(request: HttpRequest) -> CoordinatedPartnershipFilter:
    """The partnerships that the address asks for."""
    rows = partnerships_in(scope_of(request.user))
    return CoordinatedPartnershipFilter(request.GET, queryset=rows, request=request)


def shown_list(request: HttpRequest, template: str, filters: Any, context: dict[str, Any]) -> HttpResponse:
    """A page of a list beside the choices of its filters."""
    shared = {
        "chains": filter_choices()["chain"],
        "node_options": node_options(get_language() or "zh-hans"),
        "region_options": options("region", request.GET.getlist("region")),
    }
    return filtered_list(request, template, filters, {**shared, **context})


def node_options(language: str) -> SafeString:
    """The codes of all chain nodes with their names, made once in five minutes for each language."""

    def read() -> str:
        rows = sorted((code, name.name) for (kind, code), name in reference_names().items() if kind == "node")
        return format_html_join("", '<option value="{}">{}</option>', rows)

    return SafeString(kept_for(KEPT_SECONDS, f"coordination.nodes.{language}", read))


@require_safe
@coordination_required
@never_cache
def export_postings(request: HttpRequest) -> HttpResponse:
    """The same postings as a file; that it was taken is recorded."""
    head = [
        *(_("Number"), _("Direction"), _("Title"), _("Enterprise"), _("State"), _("Chain node"), _("Region")),
        *(_("Quantity"), _("Unit"), _("Period"), _("First day"), _("Last day"), _("Since"), _("Days")),
        _("Last confirmed"),
    ]
    return exported(request, "postings", head, posting_filter(request), posting_cells)


@require_safe
@coordination_required
@never_cache
def export_partnerships(request: HttpRequest) -> HttpResponse:
    """The same partnerships as a file; that it was taken is recorded."""
    head = [
        *(_("Number"), _("State"), _("Need"), _("Title"), _("Enterprise"), _("Capacity"), _("Title")),
        *(_("Enterprise"), _("Since"), _("Days"), _("Answer by"), _("Waiting for")),
    ]
    return exported(request, "partnerships", head, partnership_filter(request), partnership_cells)


def posting_cells(row: Any) -> Iterable[object]:
    """A posting as the cells of a line."""
    yield from (row.number, row.get_direction_display(), row.title, row.enterprise.name, row.get_status_display())
    yield from (row.node.name if row.node else "", row.region.name if row.region else "", row.quantity_amount)
    yield from (row.unit.name if row.unit else "", row.get_period_display(), row.window_start, row.window_end)
    yield from (day_of(row.since), days_since(row.since), row.confirmed_on)


def partnership_cells(row: Any) -> Iterable[object]:
    """A partnership as the cells of a line."""
    asked = waited_for(row)
    yield from (row.key, row.get_state_display())
    for posting in (row.need, row.capacity):
        yield from (posting.number, posting.title, posting.enterprise.name)
    yield from (day_of(row.created_at), days_since(row.created_at))
    yield from (row.answer_by if asked else "", asked.enterprise.name if asked else "")


def day_of(moment: datetime) -> date:
    """The day of a moment where the platform stands."""
    return timezone.localtime(moment).date()


def days_since(moment: datetime) -> int:
    """Whole days from the day of ``moment`` to today."""
    return (timezone.localdate() - day_of(moment)).days


def exported(
    request: HttpRequest, name: str, head: list[str], filters: Any, cells: Callable[[Any], Iterable[object]]
) -> HttpResponse:
    """The rows of a list as a file of comma-separated values; 400 for filters that cannot be read."""
    if problems_of(filters):
        return HttpResponse(status=400)
    rows = list(filters.qs[:MOST_EXPORTED])
    record_export(
        actor=signed_in_user(request), part=name, rows=len(rows), query=request.GET.urlencode()[:LONGEST_ADDRESS]
    )
    content = as_csv(head, (list(cells(row)) for row in rows))
    return handed_out(content, media_type=KINDS["csv"], name=f"{name}-{timezone.localdate():%Y-%m-%d}.csv")
