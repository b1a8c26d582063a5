"""Figures of insights: numbers drawn as a chart, the same as a table, and both as files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.imports.writing import as_csv
from matchmaking.insights.queries.chain_maps import ChainStates, NodeState
from matchmaking.insights.queries.counts import LEAST_FIRMS, Group
from matchmaking.insights.queries.weak_links import Week
from matchmaking.postings.choices import Direction
from web.charts.bars import Bar, Row, bar_chart
from web.charts.drawing import Figure
from web.charts.files import as_png, as_svg
from web.charts.layers import Box, layered_chart
from web.charts.lines import Series, line_chart
from web.charts.tiles import limits_for, step_of
from web.papers.sending import handed_out
from web.templatetags.formats import in_english, written_amount

KINDS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
"""Kinds of file that a figure can be had as, with their media types."""
FEW = f"<{LEAST_FIRMS}"


def files_of(route: str, *arguments: str, query: str = "") -> dict[str, str]:
    """Addresses of a figure as files, by the name of the kind; the last argument of the route is the kind."""
    found = {}
    for kind in KINDS:
        found[kind.upper()] = reverse(route, args=[*arguments, kind]) + (f"?{query}" if query else "")
    return found


def figure_file(figure: Figure, *, kind: str, name: str) -> HttpResponse:
    """The figure as a file of one of ``KINDS``."""
    if kind == "csv":
        content = as_csv(figure.head, figure.rows)
    else:
        content = as_png(figure.chart) if kind == "png" else as_svg(figure.chart)
    return handed_out(content, media_type=KINDS[kind], name=f"{name}.{kind}")


def written(group: Group) -> str:
    """The number of a group, or that it is under three firms."""
    return FEW if group.is_small else written_amount(group.postings)


def plain_count(group: Group) -> int | str:
    """The number of a group as a cell of a file."""
    return FEW if group.is_small else group.postings


def counted_here(one: NodeState, direction: str) -> list[Group]:
    """The groups of a node that a direction asks for; both where none does."""
    by_direction = {Direction.NEED.value: [one.needs], Direction.CAPACITY.value: [one.capacities]}
    return by_direction.get(direction, [one.needs, one.capacities])


def note_of(one: NodeState, direction: str) -> str:
    """What stands below the name of a node on a map."""
    facts = {"needs": written(one.needs), "capacities": written(one.capacities)}
    if direction == Direction.NEED:
        return _("needs %(needs)s") % facts
    if direction == Direction.CAPACITY:
        return _("capacities %(capacities)s") % facts
    return _("needs %(needs)s · cap. %(capacities)s") % facts


def boxes_of(states: Sequence[NodeState], *, direction: str, query: str, bands: Sequence[Any], here: str) -> list[Box]:
    """Nodes as boxes; what is too small to be counted apart makes no box larger."""
    sizes = [sum(group.shown or 0 for group in counted_here(one, direction)) for one in states]
    limits = limits_for(sizes)
    boxes = []
    for one, size in zip(states, sizes, strict=True):
        state = str(one.coverage.label) if one.coverage else ""
        points = _("Weak-link score %(points)s of 100") % {"points": one.score}
        address = reverse("web:insights:node", args=[one.node.chain.code, one.node.code])
        boxes.append(
            Box(
                key=one.node.code,
                name=one.node.name,
                note=note_of(one, direction),
                state=one.coverage.value if one.coverage else "",
                size=step_of(size, limits),
                score=one.score,
                told=(one.node.name, state, points),
                address=address + (f"?{query}" if query else ""),
                lane=bands.index(one.node.stage) if one.node.stage in bands else None,
                is_here=one.node.code == here,
                figures={"needs": written(one.needs), "capacities": written(one.capacities)},
            )
        )
    return boxes


def map_figure(
    states: Sequence[NodeState],
    links: Sequence[tuple[str, str]],
    *,
    title: str,
    bands: Sequence[Any] = (),
    direction: str = "",
    query: str = "",
    here: str = "",
) -> Figure:
    """Nodes and who supplies whom as a layered graph; links keep ``query``, ``here`` is the node one is at."""
    chart = layered_chart(
        key="chain-map",
        title=title,
        description=_(
            "Boxes are nodes, lines lead from the one that supplies to the one that is supplied. The mark tells the "
            "state, its size the number of postings, the number at the right the weak-link score."
        ),
        boxes=boxes_of(states, direction=direction, query=query, bands=bands, here=here),
        links=links,
        lanes=[str(band.label).capitalize() for band in bands],
        is_english=in_english(),
    )
    head = [_("Code"), _("Node"), _("Stage"), _("Coverage"), _("Score"), _("Needs"), _("Capacities")]
    return Figure(chart, head, [state_row(one) for one in states])


def state_row(one: NodeState) -> list[Any]:
    """A node as a row of a file."""
    return [
        *(one.node.code, one.node.name, str(one.node.get_stage_display())),
        *(str(one.coverage.label) if one.coverage else "", one.score),
        *(plain_count(one.needs), plain_count(one.capacities)),
    ]


def chain_figure(states: ChainStates, *, name: str, direction: str = "", query: str = "") -> Figure:
    """The map of a chain."""
    title = _("%(chain)s: nodes and who supplies whom") % {"chain": name}
    return map_figure(
        states.leaves, states.links, title=title, bands=states.bands, direction=direction, query=query
    )  # fmt: skip


def weeks_figure(weeks: Iterable[Week], *, title: str) -> Figure:
    """Nodes covered and all nodes, week by week; ``weeks`` come newest first."""
    ordered = list(reversed(list(weeks)))
    chart = line_chart(
        key="weeks",
        title=title,
        description=_("Each week as it stood when it began."),
        days=[f"{week.week:%m-%d}" for week in ordered],
        series=[
            Series(_("Nodes covered"), "f1", [week.covered for week in ordered]),
            Series(_("All nodes"), "f6", [week.nodes for week in ordered]),
        ],
    )
    head = [_("Week from"), _("Nodes covered"), _("All nodes"), _("Mean score")]
    return Figure(chart, head, [[week.week, week.covered, week.nodes, week.mean_score] for week in reversed(ordered)])


def scores_figure(weeks: Sequence[tuple[Any, int]], *, title: str) -> Figure:
    """The score of a node, week by week; ``weeks`` come oldest first."""
    chart = line_chart(
        key="scores",
        title=title,
        description=_("From 0, strong, to 100, weak; each week as it stood when it began."),
        days=[f"{week:%m-%d}" for week, _score in weeks],
        series=[Series(_("Score"), "f1", [score for _week, score in weeks])],
    )
    return Figure(chart, [_("Week from"), _("Score")], [list(row) for row in reversed(weeks)])


def chains_figure(lines: Iterable[Any], *, addresses: Mapping[str, str]) -> Figure:
    """Needs and capacities of every chain; ``addresses`` are those of the lists by direction."""
    found = list(lines)

    def bar(kind: str, words: str, group: Group, direction: Direction, code: str) -> Bar:
        address = f"{addresses[direction]}?node={code}" if addresses else ""
        return Bar(kind, group.shown, words % {"count": written(group)}, address)

    rows = [
        Row(
            line.chain.name,
            [
                bar("fd", _("needs %(count)s"), line.counted.needs, Direction.NEED, line.chain.code),
                bar("fs", _("capacities %(count)s"), line.counted.capacities, Direction.CAPACITY, line.chain.code),
            ],
        )
        for line in found
    ]
    chart = bar_chart(
        key="chains",
        title=_("Open needs and capacities by chain"),
        description=_("Two bars a chain, from zero: above the needs, below the capacities."),
        rows=rows,
    )
    head = [_("Code"), _("Chain"), _("Needs"), _("Capacities")]
    table = [
        [line.chain.code, line.chain.name, plain_count(line.counted.needs), plain_count(line.counted.capacities)]
        for line in found
    ]
    return Figure(chart, head, table)
