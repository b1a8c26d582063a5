"""A corridor as straight tracks to scale: stations on them, supply bases below, vehicles where they are filled."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import NOTHING, Chart, fitted, joined, linked, plain, text_width

WIDTH = 1080
SIZE = 13
SIDE = 60
"""Pixels left and right of a track, so that a name at its end has room."""
LEVELS, LEVEL = 3, 18
"""Heights at which names stand above a track, and pixels between them."""
TITLE = 24
FOOT = 44
"""Pixels below a track, for vehicles and distances."""
GAP = 8
MARKS = {
    "running": '<circle class="st-on" cx="{0}" cy="{1}" r="9"/>',
    "building": '<circle class="st-build" cx="{0}" cy="{1}" r="8"/>',
    "planned": '<circle class="st-plan" cx="{0}" cy="{1}" r="8"/>',
    "idea": '<path class="st-idea" d="M{0} {2}L{3} {1}L{0} {4}L{5} {1}Z"/>',
}
BASE = '<rect class="base base-{2}" x="{0}" y="{1}" width="16" height="16" rx="3"/>'
VEHICLES = '<path class="fleet" d="M{0} {1}l8 14h-16z"/>'


@dataclass(frozen=True)
class Stop:
    """A station at so many kilometres; ``mark`` is one of ``MARKS``, ``told`` what it says in full."""

    km: int
    name: str
    mark: str
    told: str
    address: str = ""


@dataclass(frozen=True)
class Load:
    """Vehicles that are filled at so many kilometres."""

    km: int
    number: str
    told: str
    count: int


@dataclass(frozen=True)
class Track:
    """A line so many kilometres long; ``gap`` is its longest stretch without a station, with words about it."""

    name: str
    km: int
    stops: Sequence[Stop]
    loads: Sequence[Load] = ()
    gap: tuple[int, int, str] | None = None


@dataclass(frozen=True)
class Base:
    """A supply base with a second line; ``state`` is the class of its look."""

    name: str
    note: str
    state: str
    told: str
    address: str = ""


def corridor_chart(
    *, key: str, title: str, description: str, tracks: Sequence[Track], bases: Sequence[Base], bases_title: str
) -> Chart:
    """The tracks below each other, all on one scale, and the bases in a row: theirs is no place on a line."""
    longest = max((track.km for track in tracks), default=1) or 1
    scale = (WIDTH - 2 * SIDE) / longest
    parts, top = [], 0.0
    for track in tracks:
        drawn, height = _track(track, top, scale)
        parts += drawn
        top += height
    if bases:
        parts.append(format_html('<text class="tb" x="0" y="{}">{}</text>', plain(top + SIZE), bases_title))
        parts += _bases(bases, top + TITLE)
        top += TITLE + 3 * SIZE + 30
    return Chart(key, title, description, WIDTH, round(top), joined(parts))


def _track(track: Track, top: float, scale: float) -> tuple[list[SafeString], float]:
    """The drawn track and its height."""
    levels = _levels([(SIDE + stop.km * scale, stop.name) for stop in track.stops])
    y = top + TITLE + LEVELS * LEVEL + SIZE
    end = SIDE + track.km * scale
    parts = [
        format_html('<text class="tb" x="0" y="{}">{}</text>', plain(top + SIZE), track.name),
        format_html('<path class="road" d="M{} {}H{}"/>', SIDE, plain(y), plain(end)),
        format_html('<path class="road-in" d="M{} {}H{}"/>', SIDE, plain(y), plain(end)),
    ]
    if track.gap is not None:
        left, right, words = track.gap
        first, last = SIDE + left * scale, SIDE + right * scale
        parts.append(format_html('<path class="gap-line" d="M{} {}H{}"/>', plain(first), plain(y), plain(last)))
        room = format_html('<text class="gap-text tm" x="{}" y="{}">', plain((first + last) / 2), plain(y + FOOT - 2))
        parts.append(format_html("{}{}</text>", room, words))
    for load in track.loads:
        x = SIDE + load.km * scale
        content = format_html("<title>{}</title>{}", load.told, format_html(VEHICLES, plain(x), plain(y + 12)))
        text = format_html('<text class="t2" x="{}" y="{}">{}</text>', plain(x + 11), plain(y + 25), load.number)
        parts.append(linked("", format_html(' class="mark" data-value="{}"', load.count), joined([content, text])))
    parts += [_stop(stop, SIDE + stop.km * scale, y, level) for stop, level in zip(track.stops, levels, strict=True)]
    return parts, TITLE + LEVELS * LEVEL + SIZE + FOOT + GAP


def _levels(names: Sequence[tuple[float, str]]) -> list[int]:
    """For each name the lowest height at which it overlaps none before it; the highest where there is none."""
    ends = [float("-inf")] * LEVELS
    found = []
    for x, name in names:
        half = text_width(name, SIZE, is_bold=True) / 2
        level = next((number for number, end in enumerate(ends) if x - half > end + GAP), LEVELS - 1)
        ends[level] = x + half
        found.append(level)
    return found


def _stop(stop: Stop, x: float, y: float, level: int) -> SafeString:
    mark = format_html(MARKS[stop.mark], *(plain(one) for one in (x, y, y - 10, x + 10, y + 10, x - 10)))
    height = y - 14 - level * LEVEL
    stalk = NOTHING
    if level:
        stalk = format_html('<path class="grid-line" d="M{} {}V{}"/>', plain(x), plain(y - 12), plain(height + 3))
    name = format_html('<text class="tb tm" x="{}" y="{}">{}</text>', plain(x), plain(height), stop.name)
    content = joined([format_html("<title>{}</title>", stop.told), stalk, mark, name])
    return linked(stop.address, format_html(' class="mark" data-km="{}"', stop.km), content)


def _bases(bases: Sequence[Base], top: float) -> list[SafeString]:
    room = WIDTH / len(bases)
    parts = []
    for number, base in enumerate(bases):
        x = room * (number + 0.5)
        content = joined(
            [
                format_html("<title>{}</title>", base.told),
                format_html(BASE, plain(x - 8), plain(top), base.state),
                format_html(
                    '<text class="tb tm" x="{}" y="{}">{}</text>',
                    *(plain(x), plain(top + 32), fitted(base.name, room, SIZE, is_bold=True)),
                ),
                format_html(
                    '<text class="t2 tm" x="{}" y="{}">{}</text>',
                    *(plain(x), plain(top + 49), fitted(base.note, room, SIZE)),
                ),
            ]
        )
        parts.append(linked(base.address, SafeString(' class="mark"'), content))
    return parts
