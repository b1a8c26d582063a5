"""Figures of a firm's network: what hangs on whom, as a layered graph of nodes, and where they are, as a tile map."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matchmaking.networks.queries.lists import PLACE_NAMES, Network, NodeSupply
from reference.queries.names import reference_names
from reference.queries.nodes import links_among
from reference.queries.regions import tiles
from web.charts.drawing import Figure
from web.charts.layers import Box, layered_chart
from web.charts.tiles import Tile, limits_for, step_of
from web.templatetags.formats import in_english, written_amount

OWN = "buyer"
MOST_BOXES = 70
"""Nodes that the graph draws, single sources first; the table has all."""


def place_name(code: str) -> str:
    """What a place of a list is called."""
    if code in PLACE_NAMES:
        return str(PLACE_NAMES[code])
    found = reference_names().get(("region", code))
    return found.name if found else code


def state_of(one: NodeSupply) -> str:
    """One supplier alone is thin; several on one side of the border alone are half a source."""
    if one.is_single:
        return "thin"
    return "both_sides" if 0 < one.across < one.suppliers else "one_side"


def state_words(one: NodeSupply) -> str:
    """The state in words."""
    words: Mapping[str, str] = {
        "thin": _("No second source"),
        "one_side": _("Several suppliers, all on one side of the border"),
        "both_sides": _("Suppliers on both sides of the border"),
    }
    return words[state_of(one)]


def network_figure(network: Network, *, buyer_name: str, is_own: bool) -> Figure:
    """The nodes at which a firm is supplied, who supplies whom among them, and the firm itself at the end.

    Boxes of one's own network (``is_own``) lead to its nodes, those of another firm's to the nodes of the chain.
    """
    shown = network.nodes[:MOST_BOXES]
    codes = {one.node.code for one in shown}
    links = [(one, other) for one, other in links_among(codes) if one != other]
    supplying = {one for one, _other in links}
    links += [(code, OWN) for code in sorted(codes - supplying)]
    chart = layered_chart(
        key="supply-network",
        title=_("Nodes at which the firm is supplied, and what hangs on whom"),
        description=_(
            "Boxes are nodes of chains, lines lead from the one that supplies to the one that is supplied. The mark "
            "tells whether there is a second source, its size the number of suppliers."
        ),
        boxes=[*_boxes(shown, is_own), _own(buyer_name, network, is_own)] if shown else [],
        links=links,
        is_english=in_english(),
    )
    head = [
        _("Code"),
        _("Node"),
        _("Suppliers"),
        _("Across the border"),
        _("Agreed here"),
        _("Largest share, %"),
        _("State"),
    ]
    return Figure(chart, head, [_row(one) for one in network.nodes])


def _boxes(shown: list[NodeSupply], is_own: bool) -> list[Box]:
    limits = limits_for(one.suppliers for one in shown)
    return [
        Box(
            key=one.node.code,
            name=one.node.name,
            note=ngettext("%(count)s supplier", "%(count)s suppliers", one.suppliers)
            % {"count": written_amount(one.suppliers)},
            state=state_of(one),
            size=step_of(one.suppliers, limits),
            score=None,
            told=(one.node.name, state_words(one)),
            address=_address(one, is_own),
            figures={"suppliers": str(one.suppliers)},
        )
        for one in shown
    ]


def _address(one: NodeSupply, is_own: bool) -> str:
    if is_own:
        return reverse("web:networks:node", args=[one.node.code])
    return reverse("web:insights:node", args=[one.node.chain.code, one.node.code])


def _own(name: str, network: Network, is_own: bool) -> Box:
    return Box(
        key=OWN,
        name=name,
        note=ngettext("%(count)s supplier", "%(count)s suppliers", network.suppliers)
        % {"count": written_amount(network.suppliers)},
        state="own",
        size=0,
        score=None,
        told=(name,),
        address=reverse("web:networks:suppliers") if is_own else "",
        is_here=True,
    )


def _row(one: NodeSupply) -> list[Any]:
    share = "" if one.largest_share is None else one.largest_share
    return [one.node.code, one.node.name, one.suppliers, one.across, one.agreed, share, state_words(one)]


def region_map(network: Network, *, is_own: bool) -> dict[str, Any]:
    """Firms of the list by prefecture or district; counties are counted with the prefecture that they lie in."""
    places = [_tile(region, network, is_own) for region in tiles(timezone.localdate())]
    rows = sorted((tile for tile in places if tile.value), key=lambda tile: -(tile.value or 0))
    return {
        "title": _("Where suppliers and distributors are"),
        "tiles": places,
        "rows": rows,
        "limits": limits_for(tile.value for tile in places),
    }


def _tile(region: Any, network: Network, is_own: bool) -> Tile:
    count = sum(firms for code, firms in network.by_region.items() if code.startswith(region.stem))
    told = ngettext("%(place)s: %(count)s firm", "%(place)s: %(count)s firms", count)
    words = {"place": region.name, "count": written_amount(count)}
    return Tile(
        name=region.short_name,
        shown=written_amount(count),
        value=count,
        title=told % words,
        address=f"{reverse('web:networks:suppliers')}?place={region.code}" if count and is_own else "",
        province=region.province,
        row=region.tile_row or 0,
        column=region.tile_col or 0,
    )
