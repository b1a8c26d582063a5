"""Lines over time: up to three series, told apart by colour, form of their points and the name at their end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import Chart, joined, plain, text_width

WIDTH, HEIGHT = 680, 220
TOP, BOTTOM, LEFT, GAP = 30, 24, 44, 10
"""Room above for what a point tells, below for the days, at the left for the scale."""
SIZE = 12
MOST_DAYS = 8
"""So many days are written below the line."""
STEPS = (1, 2, 5)
POINT = 3.5
FORMS = (
    "M{x} {y}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "M{x} {y}m-3.5 -3.5h7v7h-7z",
    "M{x} {y}m0 -5l5 5l-5 5l-5 -5z",
)
"""Circle, square and diamond."""


@dataclass(frozen=True)
class Series:
    """A named line: ``kind`` is the class of its colour, a value None leaves a gap."""

    name: str
    kind: str
    values: Sequence[int | None]


def line_chart(*, key: str, title: str, description: str, days: Sequence[str], series: Sequence[Series]) -> Chart:
    """The series over ``days``, oldest first, from zero up; each point tells its day and value when pointed at."""
    top = nice_top(max((value for one in series for value in one.values if value is not None), default=0))
    right = WIDTH - max((text_width(one.name, SIZE) for one in series), default=0) - 2 * GAP
    across = (right - LEFT) / max(len(days) - 1, 1)
    down = (HEIGHT - TOP - BOTTOM) / top

    def place(number: int, value: float) -> tuple[float, float]:
        return LEFT + number * across, HEIGHT - BOTTOM - value * down

    parts = [_scale(value, place(0, value)[1], right) for value in sorted({0, top // 2, top})]
    every = max(-(-len(days) // MOST_DAYS), 1)
    parts += [_day(day, place(number, 0)[0]) for number, day in enumerate(days) if number % every == 0]
    ends = _spread([_last(one, place) for one in series])
    for one, form, end in zip(series, FORMS, ends, strict=False):
        points = [
            (number, value, *place(number, value)) for number, value in enumerate(one.values) if value is not None
        ]
        parts.append(format_html('<path class="line {}" d="{}"/>', one.kind, _path(points)))
        for number, value, x, y in points:
            mark = form.format(x=plain(x), y=plain(y))
            parts.append(_point(mark, one, f"{days[number]} · {one.name}: {value}", value))
        parts.append(format_html('<text class="t2" x="{}" y="{}">{}</text>', plain(right + GAP), plain(end), one.name))
    return Chart(key, title, description, WIDTH, HEIGHT, joined(parts))


def nice_top(largest: int) -> int:
    """The upper end of the scale: 2, 4, 10, 20, 40, 100, …"""
    top, power = 2, 1
    while top < largest:
        for step in STEPS:
            top = 2 * step * power
            if top >= largest:
                return top
        power *= 10
    return top


def _scale(value: int, y: float, right: float) -> SafeString:
    return format_html(
        '<path class="{}" d="M{} {}H{}"/><text class="t2 te" x="{}" y="{}">{}</text>',
        *("grid-line" if value else "axis", LEFT, plain(y), plain(right), LEFT - GAP, plain(y + SIZE / 3), value),
    )


def _day(day: str, x: float) -> SafeString:
    return format_html('<text class="t2 tm" x="{}" y="{}">{}</text>', plain(x), HEIGHT - GAP / 2, day)


def _point(mark: str, one: Series, told: str, value: int) -> SafeString:
    """A point with what it tells, which stands above the lines while it is pointed at."""
    return format_html(
        '<g class="point" data-value="{}"><path class="dot {}" d="{}"/><text class="tip" x="{}" y="{}">{}</text></g>',
        *(value, one.kind, mark, LEFT, TOP - 2 * GAP + SIZE / 3, told),
    )


def _path(points: Sequence[tuple[int, int, float, float]]) -> str:
    """Straight lines between neighbours; a missing value interrupts them."""
    parts, before = [], None
    for number, _value, x, y in points:
        parts.append(f"{'L' if before == number - 1 else 'M'}{plain(x)} {plain(y)}")
        before = number
    return "".join(parts)


def _last(one: Series, place: Callable[[int, float], tuple[float, float]]) -> float:
    numbered = [(number, value) for number, value in enumerate(one.values) if value is not None]
    number, value = numbered[-1] if numbered else (0, 0)
    return place(number, value)[1] + SIZE / 3


def _spread(ends: Sequence[float]) -> list[float]:
    """Heights of the names so that none lies on another."""
    placed: dict[int, float] = {}
    lowest = 0.0
    for number in sorted(range(len(ends)), key=lambda number: ends[number]):
        placed[number] = max(ends[number], lowest)
        lowest = placed[number] + SIZE + 2
    return [placed[number] for number in range(len(ends))]
