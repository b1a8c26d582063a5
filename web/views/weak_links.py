"""Where the chains are thin: the table, narrowed by chain and place, and the same as a file."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.imports.writing import KINDS, as_file
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.insights.queries.chains import chain_in_use
from matchmaking.insights.queries.counts import LEAST_FIRMS
from matchmaking.insights.queries.facts import facts_of_cluster
from matchmaking.insights.queries.weak_links import (
    SORTS,
    Line,
    Summary,
    lines_of,
    places,
    summary_of,
    weak_links,
    weeks_of,
)
from matchmaking.insights.queries.weak_scores import CONCENTRATION, COVERAGE, HANGING, SHORTAGE, UNMET, WAITING
from matchmaking.postings.filters import filter_choices
from web.lists import CappedPaginator, in_english
from web.papers.figures import KINDS as FIGURE_KINDS
from web.papers.figures import figure_file, files_of, weeks_figure
from web.papers.sending import PDF, handed_out
from web.papers.setting import table_paper
from web.templatetags.formats import written_moment

ROWS_A_PAGE = 50
FEW = f"<{LEAST_FIRMS}"
PAPER = "pdf"
WIDTHS = (0, 4, 3, 3, 0, 0, 0, 2, 2, 2, 6, 3, 3, 2, 0)
"""Of the columns of the paper: codes and figures as wide as they are, names and reasons share the rest."""
ORDERS = {
    "score": pgettext_lazy("weak links", "Weakest first"),
    "needs": pgettext_lazy("weak links", "Most needs"),
    "suppliers": pgettext_lazy("weak links", "Fewest suppliers"),
    "hanging": pgettext_lazy("weak links", "Most needs down the chain"),
    "chain": pgettext_lazy("weak links", "Order of the chain"),
}
PARTS = {
    COVERAGE: gettext_lazy("coverage"),
    UNMET: gettext_lazy("unmet needs"),
    SHORTAGE: gettext_lazy("shortage"),
    CONCENTRATION: gettext_lazy("concentration"),
    HANGING: gettext_lazy("needs that hang on it"),
    WAITING: gettext_lazy("waiting time"),
}


def asked_of(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; an order or a place that it does not know counts as not asked."""
    given = request.GET
    code, place, sort = (given.get(name, "") for name in ("chain", "region", "sort"))
    return {
        "chain": chain_in_use(code) if code else None,
        "place": place if place in dict(places()) else "",
        "sort": sort if sort in SORTS else next(iter(SORTS)),
    }


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Nodes with their figures, the weakest first; each figure leads to what it counts."""
    asked = asked_of(request)
    chain, place = asked["chain"], asked["place"]
    rows = list(weak_links(user=request.user, **asked))
    paginator = CappedPaginator(rows, ROWS_A_PAGE)
    paginator.known_count = len(rows)
    page = paginator.get_page(request.GET.get("page"))
    weeks = weeks_of(user=request.user, chain=chain, place=place)
    lines = lines_of(page.object_list, reads_answers=request.user.is_authenticated)
    context = {
        "page": page,
        "lines": [(line, [(PARTS[name], points, most) for name, points, most in line.parts]) for line in lines],
        "summary": summary_of(rows),
        "trend": weeks_figure(weeks, title=_("Nodes covered, week by week")) if weeks else None,
        "trend_files": files_of("web:insights:weak_link_weeks", query=request.GET.urlencode()),
        "facts": facts_of_cluster(user=request.user, cluster=chain.cluster) if chain else [],
        "asked": asked,
        "chains": filter_choices()["chain"],
        "places": places(),
        "orders": ORDERS.items(),
        "kinds": [(kind, kind.upper()) for kind in (*KINDS, PAPER)],
        "few": FEW,
    }
    return render(request, "insights/weak_links.html", context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows as a file, all of them."""
    if kind not in (*KINDS, PAPER):
        raise Http404
    asked, name = asked_of(request), f"weak-links-{timezone.localdate():%Y-%m-%d}.{kind}"
    found = list(weak_links(user=request.user, **asked))
    rows = file_lines(lines_of(found, reads_answers=request.user.is_authenticated))
    if kind == PAPER:
        return handed_out(paper_of(asked, summary_of(found), list(rows)), media_type=PDF, name=name)
    return handed_out(as_file(kind, file_head(), rows), media_type=KINDS[kind], name=name)


def paper_of(asked: dict[str, Any], summary: Summary, rows: list[list[object]]) -> bytes:
    """The rows as a paper without the points of each part; its head says what was asked for and when it was counted."""
    chain = asked["chain"].name if asked["chain"] else _("All chains")
    order, place = ORDERS[asked["sort"]], dict(places())[asked["place"]]
    few = _("“<3” stands for fewer than three firms, which are not counted apart.")
    told = [chain, str(place), str(order), written_moment(summary.as_of), few]
    return table_paper(
        language=get_language() or "zh-hans",
        title=_("Weak links"),
        lede=" · ".join(told),
        head=file_head()[: len(WIDTHS)],
        rows=[row[: len(WIDTHS)] for row in rows],
        widths=WIDTHS,
    )


@require_safe
def weeks_file(request: HttpRequest, kind: str) -> HttpResponse:
    """How the nodes stood week by week, as a file."""
    asked = asked_of(request)
    weeks = weeks_of(user=request.user, chain=asked["chain"], place=asked["place"])
    if kind not in FIGURE_KINDS or not weeks:
        raise Http404
    return figure_file(weeks_figure(weeks, title=_("Nodes covered, week by week")), kind=kind, name="weak-link-weeks")


def file_head() -> list[str]:
    """Names of the columns."""
    return [
        _("Code"), _("Node"), _("Chain"), _("Coverage"), _("Needs"), _("Suppliers"), "HHI",
        _("Offered, % of needed"), _("Unmet needs"), _("Median days that they wait"), _("Reasons"),
        _("Unanswered needs"), _("Median days unanswered"), _("Needs that hang on it"), _("Score"),
        *(str(word) for word in PARTS.values()),
    ]  # fmt: skip


def file_lines(lines: Iterable[Line]) -> Iterable[list[object]]:
    """The rows of the file; what is not told apart says so."""
    language = "en" if in_english() else "zh-hans"
    for line in lines:
        yield [
            line.node.code,
            line.node.name,
            line.node.chain.name,
            str(line.coverage.label),
            FEW if line.needs.is_small else line.needs.postings,
            FEW if line.suppliers.is_small else line.suppliers.firms,
            line.row.hhi,
            line.covered_percent,
            line.unmet if line.unmet is not None or line.row.place else FEW,
            line.waiting_days,
            "; ".join(text_of(Reason(code), language) for code in line.blocks),
            line.unanswered,
            line.unanswered_days,
            line.row.hanging,
            line.row.score,
            *(points for _name, points, _most in line.parts),
        ]
