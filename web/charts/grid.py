"""A grid of named rows and columns whose cells say what they hold in a word or number, and by pattern beside colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import Chart, fitted, joined, linked, plain, text_width

SIZE, SMALL = 13, 12
"""Sizes of letters in pixels, as the classes of the texts say."""
CELL, ROW, GAP = 64, 34, 3
"""Width of a column, height of a row, and pixels between cells."""
HEAD = 24
MOST_OF_NAME = 150
HATCH = (
    '<defs><pattern id="{}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0V8"/></pattern></defs>'
)


@dataclass(frozen=True)
class GridCell:
    """``kind`` is the class of the cell, ``told`` what it says in full, ``value`` its number or None."""

    kind: str
    shown: str
    told: str
    value: int | None = None
    is_hatched: bool = False
    address: str = ""


def grid_chart(
    *, key: str, title: str, description: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[GridCell]]]
) -> Chart:
    """The rows below each other, a cell a column."""
    room = min(MOST_OF_NAME, max((text_width(name, SIZE, is_bold=True) for name, _cells in rows), default=0) + 3 * GAP)
    parts = [format_html(HATCH, key)]
    for number, name in enumerate(columns):
        x = room + (number + 0.5) * CELL
        parts.append(format_html('<text class="t2 tm" x="{}" y="{}">{}</text>', plain(x), HEAD - 8, name))
    for number, (name, cells) in enumerate(rows):
        top = HEAD + number * ROW
        label = fitted(name, room - GAP, SIZE, is_bold=True)
        parts.append(format_html('<text class="tb" x="0" y="{}">{}</text>', plain(top + ROW / 2 + SIZE / 3), label))
        parts += [_cell(key, cell, room + place * CELL, top) for place, cell in enumerate(cells)]
    width = round(room + len(columns) * CELL)
    return Chart(key, title, description, width, HEAD + len(rows) * ROW, joined(parts))


def _cell(key: str, cell: GridCell, left: float, top: float) -> SafeString:
    shape = 'x="{}" y="{}" width="{}" height="{}" rx="3"'
    box = (plain(left), plain(top), CELL - GAP, ROW - GAP)
    parts = [
        format_html("<title>{}</title>", cell.told),
        format_html('<rect class="{}" ' + shape + "/>", cell.kind, *box),
    ]
    if cell.is_hatched:
        parts.append(format_html('<rect fill="url(#{}-hatch)" ' + shape + "/>", key, *box))
    parts.append(
        format_html(
            '<text class="tm t2 {}-text" x="{}" y="{}">{}</text>',
            *(cell.kind, plain(left + (CELL - GAP) / 2), plain(top + (ROW - GAP) / 2 + SMALL / 3)),
            fitted(cell.shown, CELL - 2 * GAP, SMALL),
        )
    )
    number = SafeString("") if cell.value is None else format_html(' data-value="{}"', cell.value)
    return linked(cell.address, format_html(' class="mark"{}', number), joined(parts))
