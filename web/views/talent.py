"""Talent: people offered and sought on both sides of the border, without a name, and which papers count on both."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from matchmaking.insights.queries.talent import PROVINCES, TALENT_NODE, talent_figures, talent_listed
from matchmaking.postings.choices import Direction, ExchangeMode
from matchmaking.postings.filters import filter_choices
from matchmaking.postings.queries.talent import profiles_of
from reference.queries.recognitions import personal_papers, recognitions_now
from web.lists import FILTERED_ROWS_A_PAGE, CappedPaginator

DIRECTIONS = [
    (Direction.CAPACITY.value, pgettext_lazy("talent", "Offered")),
    (Direction.NEED.value, pgettext_lazy("talent", "Sought")),
]


def asked_of(request: HttpRequest, papers: list[Any]) -> dict[str, str]:
    """What the address asks for; what it does not know counts as not asked."""
    known = {
        "direction": dict(DIRECTIONS),
        "province": {place.value for place in PROVINCES},
        "chain": {code for code, _zh, _en in filter_choices()["chain"]},
        "mode": set(ExchangeMode.values),
        "paper": {paper.code for paper in papers},
    }
    given = {name: request.GET.get(name, "") for name in known}
    return {name: value if value in known[name] else "" for name, value in given.items()}


@require_safe
def talent(request: HttpRequest) -> HttpResponse:
    """Figures by chain and direction, the postings, and the papers with the rules by which they count."""
    papers = list(personal_papers())
    asked, rules = asked_of(request, papers), recognitions_now()
    page: Page = CappedPaginator(talent_listed(user=request.user, **asked), FILTERED_ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    page.object_list = rows = list(page.object_list)
    profiles = profiles_of(rows)
    context = {
        "figures": talent_figures(),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "page": page,
        "rows": [(posting, profiles[posting.pk]) for posting in rows],
        "papers": [(paper, rules.get(paper.code)) for paper in papers],
        "node": TALENT_NODE,
        "provinces": PROVINCES,
        "directions": DIRECTIONS,
        "chains": filter_choices()["chain"],
        "modes": ExchangeMode.choices,
    }
    return render(request, "insights/talent.html", context)
