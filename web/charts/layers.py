"""Layered graphs: who supplies whom, from left to right, placed by graphlay; docs/decisions/0091."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import graphlay
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.charts.drawing import NOTHING, Chart, fitted, joined, linked, plain, text_width

HEIGHT = 42
"""Height of a box."""
WIDTH, WIDTH_ENGLISH = 178, 240
MARGIN = 6
TIP_ROOM = 60
"""Pixels above the drawing for what the topmost boxes tell."""
LANE_ROOM = 20
"""Pixels around the name of a band."""
MARK_X, TEXT_X = 15, 29
NAME_SIZE, NOTE_SIZE = 13, 12
CHIP = (28, 18)
RADII = (4, 5.5, 7, 8.5, 10)
"""Radius of the mark by the size of a box, 0 to 4."""
SPACING = {
    "node_gap": 10, "dummy_gap": 6, "port_gap": 4, "layer_gap": 46, "isolated_gap": 10, "isolated_max_columns": 5,
}  # fmt: skip
OPTIONS: dict[str, Any] = {
    "direction": "leftright",
    "spacing": SPACING,
    "routing": {"style": "orthogonal", "lane_gap": 4},
    "order": {"group_lanes": "strict"},
}
HEAT_STEP = 20
"""Points of a weak link that one step of its colour takes in."""


@dataclass(frozen=True)
class Box:
    """One node: ``state`` names its coverage, ``size`` 0 to 4 the radius of its mark, ``told`` what a hint says.

    ``lane`` is the number of the band that it stands in; ``figures`` are kept with the mark as data.
    """

    key: str
    name: str
    note: str
    state: str
    size: int
    score: int | None
    told: Sequence[str]
    address: str
    lane: int | None = None
    is_here: bool = False
    figures: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Placed:
    """Where everything goes: left upper corners of the boxes, corners of the lines, bands, and the rim."""

    boxes: tuple[tuple[float, float], ...]
    lines: tuple[tuple[tuple[float, float], ...], ...]
    lanes: tuple[tuple[int, float, float], ...]
    rim: tuple[float, float, float, float]
    crossings: int


@lru_cache(maxsize=256)
def placed(boxes: tuple[tuple[str, int | None], ...], links: tuple[tuple[int, int], ...], width: int) -> Placed:
    """The layout of boxes (key and band) and links (places of both ends), the same for the same graph.

    A chain of seventy nodes takes a quarter of a second, so it is kept: what the boxes tell plays no part in it.
    """
    graph = graphlay.Graph()
    for key, lane in boxes:
        band: dict[str, Any] = {} if lane is None else {"group": lane}
        graph.node(key, width=width, height=HEIGHT, **band)
    for source, target in links:
        graph.edge(boxes[source][0], boxes[target][0])
    drawn = graphlay.layout(graph, options=OPTIONS)
    rim = drawn.bounds
    return Placed(
        boxes=tuple((one["center"]["x"] - width / 2, one["center"]["y"] - HEIGHT / 2) for one in drawn.nodes),
        lines=tuple(tuple((point["x"], point["y"]) for point in line["points"]) for line in drawn.edges),
        lanes=tuple(
            (lane["group"], lane["rect"]["min"]["y"], lane["rect"]["max"]["y"]) for lane in drawn.raw.get("lanes") or ()
        ),
        rim=(rim["min"]["x"], rim["min"]["y"], rim["max"]["x"], rim["max"]["y"]),
        crossings=drawn.metrics()["crossings"],
    )


def layered_chart(
    *,
    key: str,
    title: str,
    description: str,
    boxes: Sequence[Box],
    links: Sequence[tuple[str, str]],
    lanes: Sequence[str] = (),
    is_english: bool,
) -> Chart:
    """Boxes from those that supply to those that are supplied; links to or from what is not there are left out.

    A line is drawn as the state of the box that supplies. The keyboard goes through the boxes column by column.
    """
    width = WIDTH_ENGLISH if is_english else WIDTH
    number = {box.key: place for place, box in enumerate(boxes)}
    ends = tuple((number[one], number[other]) for one, other in links if one in number and other in number)
    layout = placed(tuple((box.key, box.lane if lanes else None) for box in boxes), ends, width)
    left, top, right, bottom = layout.rim
    left -= max((text_width(name, NOTE_SIZE, is_bold=True) + LANE_ROOM for name in lanes), default=0)
    parts = [
        *(_lane(lanes[lane], start, end, left, right) for lane, start, end in layout.lanes if lanes),
        *(
            _line(line, boxes[source].state)
            for line, (source, _target) in zip(layout.lines, ends, strict=True)
        ),
        *(
            _box(boxes[place], *layout.boxes[place], width)
            for place in sorted(range(len(boxes)), key=lambda place: layout.boxes[place])
        ),
    ]  # fmt: skip
    return Chart(
        *(key, title, description),
        width=round(right - left) + 2 * MARGIN,
        height=round(bottom - top) + 2 * MARGIN + TIP_ROOM,
        body=joined(parts),
        left=round(left) - MARGIN,
        top=round(top) - MARGIN - TIP_ROOM,
    )


def _lane(name: str, start: float, end: float, left: float, right: float) -> SafeString:
    return format_html(
        '<rect class="lane" x="{}" y="{}" width="{}" height="{}" rx="6"/><text class="t2 tb" x="{}" y="{}">{}</text>',
        *(plain(left), plain(start + 2), plain(right - left), plain(end - start - 4)),
        *(plain(left + 8), plain(start + 22), name),
    )


def _line(corners: Sequence[tuple[float, float]], state: str) -> SafeString:
    parts, before = [], None
    for x, y in corners:
        if before is None:
            parts.append(f"M{plain(x)} {plain(y)}")
        elif before[1] == y:
            parts.append(f"H{plain(x)}")
        else:
            parts.append(f"V{plain(y)}" if before[0] == x else f"L{plain(x)} {plain(y)}")
        before = (x, y)
    kind = {"thin": "edge edge-thin", "missing": "edge edge-bad"}.get(state, "edge")
    return format_html('<path class="{}" d="{}"/>', kind, "".join(parts))


def _box(box: Box, x: float, y: float, width: int) -> SafeString:
    """A box with its mark, name, note, points and hint."""
    figures = joined(format_html(' data-{}="{}"', name, value) for name, value in (box.figures or {}).items())
    attributes = format_html(
        ' class="node node-{}{}" data-node="{}"{} aria-label="{}"',
        *(box.state, " node-sel" if box.is_here else "", box.key, figures, "; ".join((*box.told, box.note))),
    )
    chip = NOTHING if box.score is None else _chip(box.score, x + width - CHIP[0] - 4, y + HEIGHT - CHIP[1] - 4)
    note_room = width - TEXT_X - (CHIP[0] + 8 if box.score is not None else 4)
    content = format_html(
        '<rect class="nb" x="{}" y="{}" width="{}" height="{}" rx="5"/>{}'
        '<text class="tb" x="{}" y="{}">{}</text> <text class="t2" x="{}" y="{}">{}</text>{}{}',
        *(plain(x), plain(y), width, HEIGHT, state_mark(box.state, x + MARK_X, y + HEIGHT / 2, RADII[box.size])),
        *(plain(x + TEXT_X), plain(y + 17), fitted(box.name, width - TEXT_X - 6, NAME_SIZE, is_bold=True)),
        *(plain(x + TEXT_X), plain(y + 34), fitted(box.note, note_room, NOTE_SIZE)),
        *(chip, _tip(box.told, x, y, width)),
    )
    return linked(box.address, attributes, content)


def state_mark(state: str, x: float, y: float, radius: float) -> SafeString:
    """The sign of a state: a full disc, a half one, a ring with a dot, a dashed ring."""
    ring = format_html('<circle class="m-{}" cx="{}" cy="{}" r="{}"/>', state, plain(x), plain(y), plain(radius))
    if state == "one_side":
        half = format_html(
            '<path class="m-half" d="M{} {}a{} {} 0 0 1 0 {}z"/>',
            *(plain(x), plain(y - radius), plain(radius), plain(radius), plain(2 * radius)),
        )
        return joined([ring, half])
    if state == "thin":
        return joined([ring, format_html('<circle class="m-dot" cx="{}" cy="{}" r="1.8"/>', plain(x), plain(y))])
    return ring


def _chip(score: int, x: float, y: float) -> SafeString:
    return format_html(
        '<g class="heat h{}"><rect x="{}" y="{}" width="{}" height="{}" rx="3"/><text x="{}" y="{}">{}</text></g>',
        *(min(score // HEAT_STEP, 4), plain(x), plain(y), *CHIP, plain(x + CHIP[0] / 2), plain(y + 13.5), score),
    )


def _tip(told: Sequence[str], x: float, y: float, width: int) -> SafeString:
    """What a box tells while it is pointed at or focused; above it, so that no later box covers it."""
    room = width + SPACING["layer_gap"] - 2 * MARGIN
    lines = [line for text in told for line in _wrapped(text, room - 16)]
    height = 17 * len(lines) + 10
    top = y - height - 3
    texts = joined(
        format_html('<text class="t2" x="{}" y="{}">{}</text>', plain(x + 8), plain(top + 18 + 17 * number), line)
        for number, line in enumerate(lines)
    )
    return format_html(
        '<g class="tip" aria-hidden="true"><rect x="{}" y="{}" width="{}" height="{}" rx="4"/>{}</g>',
        *(plain(x), plain(top), room, height, texts),
    )


def _wrapped(text: str, room: float) -> list[str]:
    """``text`` on two lines at most."""
    if text_width(text, NOTE_SIZE) <= room:
        return [text]
    at = len(text)
    while at > 1 and text_width(text[:at], NOTE_SIZE) > room:
        at -= 1
    space = text.rfind(" ", 0, at + 1)
    at = space if space > at // 2 else at
    return [text[:at].rstrip(), fitted(text[at:].lstrip(), room, NOTE_SIZE)]
