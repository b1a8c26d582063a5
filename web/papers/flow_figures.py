"""Flows between regions drawn: who needs at the left, who supplies at the right; and places on the tile map."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from matchmaking.insights.queries.flows import Flows, Line
from reference.choices import RegionLevel
from reference.models import Region
from web.charts.drawing import Figure
from web.charts.flows import End, Ribbon, flow_chart
from web.charts.tiles import Tile, limits_for
from web.papers.figures import FEW
from web.templatetags.formats import written_amount

MOST_ENDS = 7
"""Places drawn apart on either side; those with less stand together."""
OTHERS, UNTOLD = "other", "untold"
SICHUAN = "510000"
NOT_TOLD = "\N{EN DASH}"


def place_name(region: Region | None) -> str:
    """A place as the figures write it; a province stands for what lies in it and is not told apart."""
    if region is None:
        return str(_("not told"))
    if region.level == RegionLevel.PROVINCE:
        return _("%(province)s, unplaced") % {"province": region.short_name}
    return region.name


def flows_figure(flows: Flows, *, title: str, most: int | None = None) -> Figure:
    """The lines as a Sankey and a table of the first ``most``; pairs under three firms stand in the table alone."""
    drawn = [(_key(line.need), _key(line.supply), line.cases or 0) for line in flows.told]
    known = {_key(region): region for line in flows.told for region in (line.need, line.supply)}
    shown = [_first(drawn, 0), _first(drawn, 1)]
    sums = Counter[tuple[str, str]]()
    for need, supply, cases in drawn:
        sums[need if need in shown[0] else OTHERS, supply if supply in shown[1] else OTHERS] += cases
    if flows.unplaced:
        sums[UNTOLD, UNTOLD] += flows.unplaced
    chart = flow_chart(
        key="flows",
        title=title,
        description=_(
            "Where something is needed stands at the left, from where it is supplied at the right; a ribbon is as wide "
            "as its number of cases. Ribbons across the border have the colour of the province that needs."
        ),
        sources=_ends(sums, known, 0),
        targets=_ends(sums, known, 1),
        ribbons=[_ribbon(need, supply, cases, known) for (need, supply), cases in sums.items()],
    )
    head = [_("Needed in"), _("Supplied from"), pgettext("flow", "Cases"), _("Across the border")]
    rows = [_row(line) for line in flows.lines[:most]]
    if flows.unplaced:
        rows.append([_("not told"), _("not told"), flows.unplaced, NOT_TOLD])
    return Figure(chart, head, rows)


def _row(line: Line) -> list[Any]:
    cases = FEW if line.cases is None else line.cases
    return [place_name(line.need), place_name(line.supply), cases, _("yes") if line.crosses else _("no")]


def _key(region: Region | None) -> str:
    return region.code if region else UNTOLD


def _first(drawn: Sequence[tuple[str, str, int]], side: int) -> list[str]:
    sums = Counter[str]()
    for row in drawn:
        sums[str(row[side])] += row[2]
    ordered = sorted(sums, key=lambda code: (-sums[code], code))
    return ordered if len(ordered) <= MOST_ENDS else ordered[: MOST_ENDS - 1]


def _ends(sums: Mapping[tuple[str, str], int], known: Mapping[str, Region | None], side: int) -> list[End]:
    """Blocks of a side: Sichuan first, the largest first within a province, the rest last."""
    whole = Counter[str]()
    for pair, cases in sums.items():
        whole[pair[side]] += cases
    order = sorted(
        whole, key=lambda code: (code in (OTHERS, UNTOLD), -int(code[:2] == SICHUAN[:2]), -whole[code], code)
    )
    names = {OTHERS: _("Other places"), UNTOLD: _("Not told")}
    return [End(code, names.get(code) or _short(known[code]), _colour(code, "f1", "f2", "f6")) for code in order]


def _short(region: Region | None) -> str:
    if region is not None and region.level == RegionLevel.PROVINCE:
        return place_name(region)
    return region.short_name if region else ""


def _colour(code: str, sichuan: str, chongqing: str, neither: str) -> str:
    if code in (OTHERS, UNTOLD):
        return neither
    return sichuan if code.startswith(SICHUAN[:2]) else chongqing


def _ribbon(need: str, supply: str, cases: int, known: Mapping[str, Region | None]) -> Ribbon:
    names = {OTHERS: _("Other places"), UNTOLD: _("Not told")}
    told = ngettext(
        "%(need)s to %(supply)s: %(count)s case", "%(need)s to %(supply)s: %(count)s cases", cases
    ) % {
        "need": names.get(need) or place_name(known[need]),
        "supply": names.get(supply) or place_name(known[supply]),
        "count": written_amount(cases),
    }  # fmt: skip
    crosses = need[:2] != supply[:2] and OTHERS not in (need, supply)
    return Ribbon(need, supply, cases, _colour(need, "flow-x1", "flow-x2", "flow-in") if crosses else "flow-in", told)


def flow_maps(flows: Flows) -> list[dict[str, Any]]:
    """Two tile maps: needed there, and supplied from there; places of which nothing is told say so."""
    titles = [("needed", _("Where it is needed")), ("supplied", _("From where it is supplied"))]
    maps = []
    for side, (key, title) in enumerate(titles):
        tiles = [_tile(region, flows.by_tile.get(region.code, (0, 0))[side]) for region in flows.tiles]
        rows = sorted((tile for tile in tiles if tile.value), key=lambda tile: -(tile.value or 0))
        maps.append(
            {"key": key, "title": title, "tiles": tiles, "rows": rows, "limits": limits_for(t.value for t in tiles)}
        )
    return maps


def _tile(region: Region, cases: int) -> Tile:
    words = {"place": region.name, "count": written_amount(cases)}
    told = ngettext("%(place)s: %(count)s case", "%(place)s: %(count)s cases", cases) % words
    return Tile(
        name=region.short_name,
        shown=written_amount(cases) if cases else NOT_TOLD,
        value=cases,
        title=told if cases else _("%(place)s: nothing is told apart") % words,
        address="",
        province=region.province,
        row=region.tile_row or 0,
        column=region.tile_col or 0,
    )
