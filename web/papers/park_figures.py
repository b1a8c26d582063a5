"""What parks report, quarter by quarter, as charts with their tables."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.queries.figures import Quarter, QuarterLines
from web.charts.drawing import Figure
from web.charts.lines import Series, line_chart

FEWEST_QUARTERS = 2
"""Quarters from which on a line is drawn; one alone stands in the table."""
FIGURE_WORDS: dict[str, Any] = {
    "needs": gettext_lazy("Open needs nearby"),
    "capacities": gettext_lazy("Open capacities nearby"),
    "premises": gettext_lazy("Free premises nearby"),
    **{kind.value: kind.label for kind in IndicatorKind.of_numbers()},
}
"""What parks are ranked by, in words."""


def told_of(kind: str, quarters: Sequence[QuarterLines]) -> list[tuple[Quarter, Any]]:
    """The quarters of which a figure of this kind is known, the oldest first, with the figure."""
    found = [(one.quarter, line.figure) for one in quarters for line in one.lines if line.kind == kind]
    return [(quarter, figure) for quarter, figure in reversed(found) if figure is not None]


def kinds_with_series(quarters: Sequence[QuarterLines]) -> list[IndicatorKind]:
    """The kinds of numbers of which enough quarters are known."""
    return [kind for kind in IndicatorKind.of_numbers() if len(told_of(kind, quarters)) >= FEWEST_QUARTERS]


def short(quarter: Quarter) -> str:
    """A quarter as it stands below a line, in every language."""
    return f"{quarter.start.year}Q{(quarter.start.month - 1) // 3 + 1}"


def series_figure(kind: IndicatorKind, quarters: Sequence[QuarterLines]) -> Figure:
    """One figure over the quarters of which it is known; the table holds it exactly, with its source."""
    told = told_of(kind, quarters)
    chart = line_chart(
        key=f"park-{kind.value}",
        title=str(kind.label),
        description=_("As the park reports it, quarter by quarter, in whole numbers."),
        days=[short(quarter) for quarter, _figure in told],
        series=[Series(str(kind.label), "f1", [round(figure.value) for _quarter, figure in told])],
    )
    head = [_("Quarter"), str(kind.label), _("Source")]
    rows = [[short(quarter), figure.value, figure.source] for quarter, figure in reversed(told)]
    return Figure(chart, head, rows)
