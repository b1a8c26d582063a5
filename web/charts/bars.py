"""Horizontal bars from zero: a chart of named rows, and the plain bar of a table cell that also prints its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import NOTHING, Chart, fitted, joined, linked, plain, text_width

WIDTH = 680
SIZE = 13
"""Size of letters in pixels, as the class of the text says."""
BAR, BAR_GAP, ROW_GAP = 16, 3, 12
MOST_OF_NAME = 230
GAP = 8
SMALL = 4
"""Length of the bar of a group that is too small to be counted apart."""
CELL = (
    '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="bar-bg" width="100" height="8"/><rect class="{}" width="{}" height="8"/></svg>'
)


@dataclass(frozen=True)
class Bar:
    """One value: ``kind`` is the class of its colour, None a group too small to be counted apart, written as shown.

    ``definition`` is the name of the element of the page that says what is counted.
    """

    kind: str
    value: int | None
    shown: str
    address: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Row:
    """A name with its bars."""

    name: str
    bars: Sequence[Bar]


def bar_chart(*, key: str, title: str, description: str, rows: Sequence[Row]) -> Chart:
    """The rows below each other, all bars on one scale, each with its number at the end."""
    room = min(MOST_OF_NAME, max((text_width(row.name, SIZE) for row in rows), default=0) + GAP)
    values = max((text_width(bar.shown, SIZE) for row in rows for bar in row.bars), default=0) + 2 * GAP
    largest = max((bar.value or 0 for row in rows for bar in row.bars), default=0)
    scale = (WIDTH - room - values) / max(largest, 1)
    parts, top = [], 0.0
    for row in rows:
        height = len(row.bars) * (BAR + BAR_GAP)
        parts.append(
            format_html(
                '<text class="te" x="{}" y="{}">{}</text>',
                *(plain(room - GAP), plain(top + height / 2 + SIZE / 3), fitted(row.name, room - GAP, SIZE)),
            )
        )
        parts.extend(_drawn(bar, room, top + n * (BAR + BAR_GAP), scale) for n, bar in enumerate(row.bars))
        top += height + ROW_GAP
    axis = format_html('<path class="axis" d="M{} 0V{}"/>', plain(room), plain(max(top - ROW_GAP, 0)))
    return Chart(key, title, description, WIDTH, round(max(top - ROW_GAP, 1)), joined([*parts, axis]))


def _drawn(bar: Bar, left: float, top: float, scale: float) -> SafeString:
    length = SMALL if bar.value is None else bar.value * scale
    content = format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}">{}</text>',
        *(bar.kind if bar.value is not None else "fn", plain(left), plain(top), plain(length), BAR),
        *(plain(left + length + GAP), plain(top + BAR - 3), bar.shown),
    )
    number = NOTHING if bar.value is None else format_html(' data-value="{}"', bar.value)
    told = format_html(' aria-describedby="{}"', bar.definition) if bar.definition else NOTHING
    return linked(bar.address, format_html(' class="mark"{}{}', number, told), content)


@lru_cache(maxsize=4096)
def cell_bar(kind: str, width: str) -> SafeString:
    """A bar of this class and width in percent, for a table cell."""
    return format_html(CELL, kind, width)
