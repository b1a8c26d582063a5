"""Tile maps: one square a place, coloured by steps, the line at its head in the colour of its province."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import joined, linked

TILE_HEIGHT = 52
TILE_WIDTH, TILE_WIDTH_ENGLISH = 52, 76
"""English names are longer; text in a tile stays at eleven pixels or more on a wide screen."""
TILE_EDGE = 3
"""Pixels from the edge of a tile to the line in the colour of its province."""
PROVINCE_CLASSES = {"510000": "tile-sc", "500000": "tile-cq"}
NAME_CLASSES = {3: "t3c", 4: "t4c"}
"""Smaller letters for Chinese names by their length, so that they stay inside their tile."""
MARGIN = 2
STEPS: tuple[tuple[int, ...], ...] = ((1, 3, 10, 30), (3, 10, 20, 30), (10, 30, 60, 90), (30, 100, 300, 1000))
"""Lower ends of steps 1 to 4 of a tile map; the first row whose last step the largest value does not pass by far."""
STEP_ROOM = 3


@dataclass(frozen=True)
class Tile:
    """One place on a tile map: ``value`` None is a group too small to be counted apart, written as ``shown``.

    Without an ``address`` there is nothing to open, and the tile is no stop of the keyboard.
    """

    name: str
    shown: str
    value: int | None
    title: str
    address: str
    province: str
    row: int
    column: int


def limits_for(values: Iterable[int | None]) -> tuple[int, ...]:
    """Round lower ends of the four upper steps that suit the largest of ``values``."""
    largest = max((value for value in values if value is not None), default=0)
    return next((limits for limits in STEPS if largest <= limits[-1] * STEP_ROOM), STEPS[-1])


def step_of(value: int | None, limits: Sequence[int]) -> int:
    """The step, 0 to 4, that ``value`` falls into; a group too small to be counted apart lies in the lowest."""
    return 0 if value is None else sum(value >= limit for limit in limits)


def steps_written(limits: Sequence[int]) -> list[str]:
    """The five steps as a legend says them: 0–9, 10–29, …, 90+."""
    lower = (0, *limits)
    spans = [
        f"{start}" if end - 1 == start else f"{start}\N{EN DASH}{end - 1}"
        for start, end in zip(lower, limits, strict=False)
    ]
    return [*spans, f"{limits[-1]}+"]


def drawn_map(tiles: Sequence[Tile], label: str, *, is_english: bool) -> SafeString:
    """The tiles as a group of links, each named by its place and value; nothing where there are none."""
    if not tiles:
        return SafeString("")
    width = TILE_WIDTH_ENGLISH if is_english else TILE_WIDTH
    left, top = min(tile.column for tile in tiles), min(tile.row for tile in tiles)
    columns = max(tile.column for tile in tiles) - left + 1
    rows = max(tile.row for tile in tiles) - top + 1
    limits = limits_for(tile.value for tile in tiles)
    return format_html(
        '<svg class="chart {}" viewBox="-{} -{} {} {}" role="group" aria-label="{}">{}</svg>',
        "map-en" if is_english else "map-zh",
        MARGIN,
        MARGIN,
        columns * width + 2 * MARGIN,
        rows * TILE_HEIGHT + 2 * MARGIN,
        label,
        joined(
            drawn_tile(
                tile,
                x=(tile.column - left) * width,
                y=(tile.row - top) * TILE_HEIGHT,
                width=width,
                step=step_of(tile.value, limits),
                name_class="tile-en" if is_english else NAME_CLASSES.get(len(tile.name), ""),
            )
            for tile in tiles
        ),
    )


def drawn_tile(tile: Tile, *, x: int, y: int, width: int, step: int, name_class: str) -> SafeString:
    """One tile, a link where there is something to open."""
    content = format_html(
        '<title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="5"/><path class="{}" d="M{} {}h{}"/>'
        '<text class="{}" x="{}" y="{}">{}</text> <text class="tv" x="{}" y="{}">{}</text>',
        *(tile.title, x, y, width, TILE_HEIGHT),
        *(PROVINCE_CLASSES.get(tile.province, ""), x + TILE_EDGE, y + TILE_EDGE, width - 2 * TILE_EDGE),
        *(name_class, x + width // 2, y + 24, tile.name),
        *(x + width // 2, y + 41, tile.shown),
    )
    return linked(tile.address, format_html(' class="tile q{}"', step), content)
