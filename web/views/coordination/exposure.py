"""How fairly firms are shown, and what came of what was published: figures, and the firms for administrators."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.imports.writing import KINDS, as_csv
from matchmaking.insights.filters import PUBLISHED
from matchmaking.insights.queries.coordination import MOST_EXPORTED, scope_of
from matchmaking.insights.queries.counts import LEAST_FIRMS
from matchmaking.insights.queries.exposure import (
    NEW,
    PERIODS,
    SMALL,
    Exposure,
    exposure_in,
    firms_by_key,
    in_group,
)
from matchmaking.partnerships.services.coordination import record_export
from matchmaking.postings.filters import filter_choices
from web.access import coordination_required, signed_in_user
from web.papers.sending import handed_out
from web.views.coordination.lists import LONGEST_ADDRESS

ROWS_A_PAGE = 25
USUAL_DAYS = PERIODS[1]
GROUPS = {NEW: gettext_lazy("New firms"), SMALL: gettext_lazy("Small firms")}
LEAST_SHOWN = "least"
ORDERS = [("", pgettext_lazy("firms", "Shown most")), (LEAST_SHOWN, pgettext_lazy("firms", "Shown least"))]
FEW = f"<{LEAST_FIRMS}"


@require_safe
@coordination_required
@never_cache
def exposure(request: HttpRequest) -> HttpResponse:
    """The figures of the scope under the filters of the address; names of firms to platform administrators alone."""
    scope = scope_of(request.user)
    asked = asked_of(request)
    found = exposure_in(scope, days=asked["days"], chain=asked["chain"])
    context: dict[str, Any] = {
        "scope": scope,
        "figures": found,
        "groups": [(group, GROUPS[group.name]) for group in found.groups],
        "asked": asked,
        "periods": PUBLISHED,
        "orders": ORDERS,
        "group_names": GROUPS.items(),
        "chains": filter_choices()["chain"],
        "few": FEW,
    }
    if scope.is_everywhere:
        context |= firms_shown(request, found, asked)
    return render(request, "coordination/exposure.html", context)


def asked_of(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; what it does not understand counts as not asked."""
    given = request.GET
    days, chain = given.get("days", ""), given.get("chain", "")
    return {
        "days": int(days) if days in dict(PUBLISHED) else USUAL_DAYS,
        "chain": chain if chain in {code for code, *_names in filter_choices()["chain"]} else "",
        "group": given["group"] if given.get("group") in GROUPS else "",
        "order": LEAST_SHOWN if given.get("order") == LEAST_SHOWN else "",
    }


def firms_shown(request: HttpRequest, found: Exposure, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of the firms, most shown first or last."""
    firms = in_group(found.firms, asked["group"])
    ordered = firms[::-1] if asked["order"] == LEAST_SHOWN else firms
    page = Paginator(ordered, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = firms_by_key(rows)
    return {"page": page, "rows": [(firm, names[firm.enterprise]) for firm in rows]}


@require_safe
@coordination_required
@never_cache
def export_exposure(request: HttpRequest) -> HttpResponse:
    """The same figures as a file, with the firms for platform administrators; that it was taken is recorded."""
    scope, asked = scope_of(request.user), asked_of(request)
    found = exposure_in(scope, days=asked["days"], chain=asked["chain"])
    head, lines = [_("Figure"), _("Firms"), _("Number"), _("Of"), _("Percent")], list(figure_lines(found))
    if scope.is_everywhere:
        firms = in_group(found.firms, asked["group"])[:MOST_EXPORTED]
        names = firms_by_key(firms)
        lines += [[], [_("Enterprise"), "", _("Times shown")]]
        lines += [[names[firm.enterprise].name, "", firm.shown] for firm in firms]
    query = request.GET.urlencode()[:LONGEST_ADDRESS]
    record_export(actor=signed_in_user(request), part="exposure", rows=len(lines), query=query)
    content = as_csv(head, lines)
    return handed_out(content, media_type=KINDS["csv"], name=f"exposure-{timezone.localdate():%Y-%m-%d}.csv")


def figure_lines(found: Exposure) -> Iterable[list[object]]:
    """The figures as lines: name, firms, number, of how many, percent; small groups are not told."""
    few = FEW if found.is_few else None
    yield [_("Gini of exposure"), few or found.firm_count, few or f"{found.gini:.2f}"]
    yield [_("Firms never shown"), "", few or found.never_shown, few or found.firm_count]
    for group in found.groups:
        told: list[object] = [FEW, "", "", ""] if group.is_small else [group.firms, "", "", group.shown_percent]
        yield [f"{GROUPS[group.name]}, {_('share of exposure')}", *told]
    yield [_("Needs answered within five days"), "", found.needs_answered, found.needs_due, found.answered_percent]
    for line in found.filled:
        told = [FEW, FEW, FEW, ""] if line.is_small else [line.firms, line.agreed, line.postings, line.percent]
        yield [f"{line.chain_zh} / {line.chain_en}, {line.direction_name}", *told]
