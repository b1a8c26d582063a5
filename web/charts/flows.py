"""Flows as a Sankey of two columns: from names at the left to names at the right, ribbons as wide as their number."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import Chart, fitted, joined, linked, plain, text_width

WIDTH = 680
SIZE = 13
ROOM = 190
"""Pixels for names and numbers on either side."""
BLOCK = 8
GAP = 8
ROW = 30
"""Pixels for each block on average; the sum of a column is shared out in proportion."""
LEAST_SLOT = 18
"""Pixels that a block has at least, for its name."""
LEAST_RIBBON = 1.5


@dataclass(frozen=True)
class End:
    """A block: ``kind`` is the class of its colour."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class Ribbon:
    """How much leads from one block to another; ``kind`` is the class of its colour, ``told`` what it says in full."""

    source: str
    target: str
    value: int
    kind: str
    told: str
    address: str = ""


def flow_chart(
    *, key: str, title: str, description: str, sources: Sequence[End], targets: Sequence[End], ribbons: Sequence[Ribbon]
) -> Chart:
    """Two columns on one scale, in the order given; ribbons keep the order of the blocks, so few of them cross."""
    scale = max(len(sources), len(targets)) * ROW / max(sum(ribbon.value for ribbon in ribbons), 1)
    lefts = _tops([(end.key, sum(r.value for r in ribbons if r.source == end.key)) for end in sources], scale)
    rights = _tops([(end.key, sum(r.value for r in ribbons if r.target == end.key)) for end in targets], scale)
    height = max((top + tall for column in (lefts, rights) for top, tall, _sum in column.values()), default=0) + GAP
    places = {end.key: number for number, end in enumerate(sources)}, {end.key: n for n, end in enumerate(targets)}
    drawn, used_left, used_right = [], dict.fromkeys(lefts, 0.0), dict.fromkeys(rights, 0.0)
    starts = {}
    for ribbon in sorted(ribbons, key=lambda one: (places[0][one.source], places[1][one.target])):
        starts[ribbon.source, ribbon.target] = lefts[ribbon.source][0] + used_left[ribbon.source]
        used_left[ribbon.source] += ribbon.value * scale
    for ribbon in sorted(ribbons, key=lambda one: (places[1][one.target], places[0][one.source])):
        end = rights[ribbon.target][0] + used_right[ribbon.target]
        used_right[ribbon.target] += ribbon.value * scale
        drawn.append(_ribbon(ribbon, starts[ribbon.source, ribbon.target], end, ribbon.value * scale))
    blocks = [_block(end, lefts[end.key], is_left=True) for end in sources]
    blocks += [_block(end, rights[end.key], is_left=False) for end in targets]
    return Chart(key, title, description, WIDTH, round(height), joined([*drawn, *blocks]))


def _tops(sums: Sequence[tuple[str, int]], scale: float) -> dict[str, tuple[float, float, int]]:
    """Where each block begins, how high it is, and its sum."""
    found, top = {}, 0.0
    for key, number in sums:
        tall = number * scale
        slot = max(tall, LEAST_SLOT)
        found[key] = (top + (slot - tall) / 2, tall, number)
        top += slot + GAP
    return found


def _ribbon(ribbon: Ribbon, start: float, end: float, width: float) -> SafeString:
    left, right, middle = ROOM + BLOCK, WIDTH - ROOM - BLOCK, WIDTH / 2
    first, last = plain(start + width / 2), plain(end + width / 2)
    content = format_html(
        '<title>{}</title><path class="flow {}" stroke-width="{}" d="M{} {}C{} {} {} {} {} {}"/>',
        *(ribbon.told, ribbon.kind, plain(max(width, LEAST_RIBBON))),
        *(left, first, plain(middle), first, plain(middle), last, right, last),
    )
    marks = format_html(
        ' class="mark" data-value="{}" data-from="{}" data-to="{}"', ribbon.value, ribbon.source, ribbon.target
    )
    return linked(ribbon.address, marks, content)


def _block(end: End, place: tuple[float, float, int], *, is_left: bool) -> SafeString:
    top, height, number = place
    x = ROOM if is_left else WIDTH - ROOM - BLOCK
    shown = f"{number:,}"
    room = ROOM - text_width(shown, SIZE, is_bold=True) - 3 * BLOCK
    name = format_html(
        '<text class="{}" x="{}" y="{}">{} <tspan class="tb">{}</tspan></text>',
        *("te" if is_left else "", ROOM - BLOCK if is_left else WIDTH - ROOM + BLOCK),
        *(plain(top + height / 2 + SIZE / 3), fitted(end.name, room, SIZE), shown),
    )
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>{}',
        *(end.kind, x, plain(top), BLOCK, plain(max(height, LEAST_RIBBON)), end.name, shown, name),
    )
