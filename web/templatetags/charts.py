"""Charts in templates; they are drawn in ``web.charts``."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.layers import state_mark
from web.charts.tiles import Tile, drawn_map, steps_written
from web.templatetags.formats import in_english, written_amount, written_day

register = template.Library()


@register.simple_tag
def tile_map(tiles: Sequence[Tile], label: str) -> SafeString:
    """A tile map as a group of links, each named by its place and value; ``label`` says what the map shows."""
    return drawn_map(tiles, label, is_english=in_english())


@register.inclusion_tag("shared/_steps_legend.html")
def steps_legend(limits: Sequence[int]) -> dict[str, object]:
    """What the five colours of a tile map stand for."""
    return {"steps": list(enumerate(steps_written(limits)))}


@register.inclusion_tag("shared/_states_legend.html")
def states_legend(counted: Iterable[tuple[Any, int]]) -> dict[str, object]:
    """What the marks of a chain map stand for; ``counted`` are states with how many nodes stand so."""
    return {"states": [(state_mark(state.value, 9, 9, 7), state.label, number) for state, number in counted]}


@register.filter
def day_or_text(cell: object) -> object:
    """A cell of a table as a page writes it: days as days, numbers with their groups, anything else as it is."""
    if isinstance(cell, date):
        return written_day(cell)
    return written_amount(cell) if isinstance(cell, int) else cell


@register.simple_tag
def listed(group: Any, address: str, node: str, region: str = "") -> SafeString:
    """The number of a group of postings, leading to the list that it counts; small ones are not told apart."""
    place = f"&region={region}" if region else ""
    target = f"{address}?node={node}{place}"
    if group.is_small:
        return format_html('<a class="num" href="{}">&lt;3</a>', target)
    if not group.postings:
        return SafeString('<span class="faint num">0</span>')
    shown = written_amount(group.postings)
    return format_html('<a class="num" data-figure="{}" href="{}">{}</a>', group.postings, target, shown)
