"""How far postings come, drawn: bars from publication to the confirmed outcome, what one side alone tells apart."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matchmaking.insights.choices import FunnelPart, FunnelStep
from matchmaking.insights.queries.funnel import APART, Funnel, Line
from matchmaking.postings.choices import Direction
from reference.queries.names import reference_names
from web.charts.bars import Bar, Row, bar_chart
from web.charts.drawing import Figure
from web.papers.figures import FEW
from web.templatetags.formats import written_amount

DEFINITIONS: dict[FunnelStep, Any] = {
    FunnelStep.POSTED: gettext_lazy(
        "Published, whatever became of it, in the month of its last publication. Where the partner is does not narrow "
        "it."
    ),
    FunnelStep.ANSWERED: gettext_lazy("The other side declared interest, or said yes or no to an interest."),
    FunnelStep.INTRODUCED: gettext_lazy(
        "Both sides agreed and were shown each other's contact data; partnerships that ended later count too."
    ),
    FunnelStep.SAMPLED: gettext_lazy(
        "A sample was sent. Not every deal asks for one, so more may be agreed than sampled."
    ),
    FunnelStep.AGREED: gettext_lazy("Both sides signed an agreement, whatever became of it."),
    FunnelStep.CONFIRMED: gettext_lazy("Both sides told that it was delivered, in amounts that agree."),
    FunnelStep.ONE_SIDED: gettext_lazy(
        "One side alone says that it was delivered, and no outcome is confirmed. Never counted as confirmed."
    ),
    FunnelStep.DISPUTED: gettext_lazy(
        "Both sides told an outcome, the statements differ, and none is confirmed. Never counted as confirmed."
    ),
}
TITLES = {
    Direction.NEED: gettext_lazy("Needs, from publication to a confirmed outcome"),
    Direction.CAPACITY: gettext_lazy("Capacities, from publication to a confirmed outcome"),
}


def written(count: int | None) -> str:
    """A figure, or that too few firms stand behind it."""
    return FEW if count is None else written_amount(count)


def percent_of(funnel: Funnel, step: FunnelStep) -> int | None:
    """Share of what was published, None where either is not told or nothing was."""
    count, posted = funnel.whole[step], funnel.whole[FunnelStep.POSTED]
    return round(100 * count / posted) if count is not None and posted else None


def funnel_figure(funnel: Funnel, *, title: str, addresses: Mapping[FunnelStep, str]) -> Figure:
    """Steps as bars, each leading to its address and described by its definition, and the same as a table."""
    rows, table = [], []
    for step, count in funnel.whole.items():
        percent = percent_of(funnel, step)
        shown = written(count) if percent is None or step == FunnelStep.POSTED else f"{written(count)} · {percent}%"
        kind = "f6" if step in APART else "f1"
        rows.append(Row(str(step.label), [Bar(kind, count, shown, addresses.get(step, ""), f"def-{step.value}")]))
        table.append([str(step.label), FEW if count is None else count, "" if percent is None else percent])
    chart = bar_chart(
        key="funnel",
        title=title,
        description=_("From above: the steps, each with its share of what was published; grey is told apart."),
        rows=rows,
    )
    return Figure(chart, [_("Step"), _("Postings"), _("% of published")], table)


def line_name(line: Line, part: FunnelPart, parks: Mapping[str, str], direction: Direction) -> str:
    """What a line counts, in words: ``parks`` are names by slug, a flow leads from the need to the capacity."""
    if part == FunnelPart.MONTH:
        return line.code
    if part == FunnelPart.PARK:
        return parks.get(line.code, line.code)
    names = reference_names()
    if part == FunnelPart.CHAIN:
        return names["chain", line.code].name
    own, other = names["region", line.code].short_name, names["region", line.other].short_name
    need, capacity = (own, other) if direction == Direction.NEED else (other, own)
    return f"{need} \N{RIGHTWARDS ARROW} {capacity}"


def file_rows(
    funnel: Funnel, part: FunnelPart, parks: Mapping[str, str], direction: Direction
) -> tuple[list[str], list[list[Any]]]:
    """Head and rows of all figures, the whole first."""
    head = [str(part.label), *(str(step.label) for step in FunnelStep)]
    lines = [(line_name(line, part, parks, direction), line.counted) for line in funnel.lines]
    rows = [
        [name, *(FEW if counted[step] is None else counted[step] for step in FunnelStep)]
        for name, counted in [(_("All"), funnel.whole), *lines]
    ]
    return head, rows
