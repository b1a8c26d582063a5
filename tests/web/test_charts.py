"""Charts: the numbers that they draw are those they were given, the same in SVG, table and files."""

import io
import re
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from web.charts.bars import Bar, Row, bar_chart
from web.charts.drawing import fitted, text_width
from web.charts.files import as_png, as_svg
from web.charts.layers import Box, layered_chart, placed
from web.charts.lines import Series, line_chart, nice_top

SVG = "{http://www.w3.org/2000/svg}"
CODES = [f"N{number}" for number in range(70)]


def tree(chart):
    """The drawing as a page holds it, parsed."""
    return ET.fromstring(chart.inline())


def box(code, state="thin", size=1, score=30):
    return Box(code, f"Node {code}", "needs 1", state, size, score, (f"Node {code}", state), f"/{code}")


def many_links():
    """300 links among 70 nodes, none against the order of the codes."""
    found = set()
    number = 0
    while len(found) < 300:
        number += 1
        source = number * 7 % 60
        found.add((CODES[source], CODES[source + 1 + number * number % (69 - source)]))
    return sorted(found)


def graph(codes, links, **further):
    return layered_chart(
        key="g", title="Graph", description="Told", boxes=[box(code) for code in codes], links=links,
        is_english=True, **further,
    )  # fmt: skip


def bars():
    rows = [
        Row("Automobile", [Bar("fd", 12, "needs 12", "/needs/"), Bar("fs", 24, "capacities 24")]),
        Row("Hydrogen & <gas>", [Bar("fd", None, "needs <3"), Bar("fs", 0, "capacities 0")]),
    ]
    return bar_chart(key="b", title="By chain", description="Two bars", rows=rows)


def lines():
    series = [Series("Covered", "f1", [1, None, 4]), Series("All", "f6", [9, 9, 10])]
    return line_chart(key="l", title="Weeks", description="Each", days=["11-09", "11-16", "11-23"], series=series)


@pytest.mark.parametrize("chart", [bars(), lines(), graph(CODES[:3], [("N0", "N1")])], ids=["bars", "lines", "layers"])
def test_a_chart_says_what_it_shows_and_holds_nothing_that_the_policy_forbids(chart):
    drawn = chart.inline()
    root = ET.fromstring(drawn)

    assert [root[0].tag, root[0].text, root[1].tag] == ["title", chart.title, "desc"]
    assert root.get("aria-labelledby") == root[0].get("id")
    assert root.get("aria-describedby") == root[1].get("id")
    assert not re.search(r"style=|<script|<style|\son\w+=", drawn)
    assert not re.search(r'(width|height|r)="-', drawn)


def test_bars_are_as_long_as_their_values_and_small_groups_have_no_number():
    marks = [mark for mark in tree(bars()).iter() if mark.get("class") == "mark"]
    widths = {mark.get("data-value"): float(mark.find("rect").get("width")) for mark in marks}

    assert list(widths) == ["12", "24", None, "0"]
    assert widths["24"] == pytest.approx(2 * widths["12"], abs=0.2)
    assert widths["0"] == 0
    assert [mark.find("text").text for mark in marks] == ["needs 12", "capacities 24", "needs <3", "capacities 0"]
    assert [mark.get("href") for mark in marks] == ["/needs/", None, None, None]


def test_points_of_lines_stand_as_high_as_their_values_and_a_gap_stays_one():
    root = tree(lines())
    points = [mark for mark in root.iter() if mark.get("class") == "point"]
    heights = {mark.get("data-value"): float(re.match(r"M\S+ ([\d.]+)", mark[0].get("d"))[1]) for mark in points}

    assert [mark.get("data-value") for mark in points] == ["1", "4", "9", "9", "10"]
    assert heights["1"] - heights["4"] == pytest.approx(3 * (heights["9"] - heights["10"]), abs=0.3)
    assert root.find(".//path[@class='line f1']").get("d").count("M") == 2
    assert [mark[1].text for mark in points][1] == "11-23 · Covered: 4"


@pytest.mark.parametrize(("largest", "top"), [(0, 2), (1, 2), (3, 4), (7, 10), (10, 10), (11, 20), (95, 100)])
def test_a_scale_ends_at_a_round_number(largest, top):
    assert nice_top(largest) == top


def test_every_line_leads_from_left_to_right_and_no_boxes_lie_on_each_other():
    links = tuple((CODES.index(one), CODES.index(other)) for one, other in many_links())
    found = placed(tuple((code, None) for code in CODES), links, 178)

    assert all(found.boxes[source][0] < found.boxes[target][0] for source, target in links)
    corners = sorted(found.boxes)
    for number, (x, y) in enumerate(corners):
        assert all(abs(x - a) >= 178 or abs(y - b) >= 42 for a, b in corners[number + 1 :])


def test_the_same_graph_is_placed_the_same_whatever_its_boxes_tell():
    links = [("N0", "N1"), ("N1", "N2")]
    before = graph(CODES[:4], links)
    placed.cache_clear()
    assert graph(CODES[:4], links).inline() == before.inline()


def test_links_to_what_is_not_shown_are_left_out():
    root = tree(graph(CODES[:2], [("N0", "N1"), ("N0", "N9"), ("N9", "N1")]))
    assert len([path for path in root.iter("path") if (path.get("class") or "").startswith("edge")]) == 1


def test_boxes_are_links_named_in_full_and_come_column_by_column():
    root = tree(graph(CODES[:3], [("N2", "N1"), ("N1", "N0")]))
    nodes = list(root.iter("a"))

    assert [mark.get("data-node") for mark in nodes] == ["N2", "N1", "N0"]
    assert nodes[0].get("aria-label") == "Node N2; thin; needs 1"
    assert nodes[0].get("href") == "/N2"


def test_each_state_has_a_sign_of_its_own():
    states = ("both_sides", "one_side", "thin", "missing")
    boxes = [box(code, state) for code, state in zip(CODES, states, strict=False)]
    root = ET.fromstring(
        layered_chart(key="g", title="t", description="d", boxes=boxes, links=[], is_english=False).inline()
    )
    signs = {
        mark.get("data-node"): tuple(
            part.get("class") for part in mark.iter() if (part.get("class") or "").startswith("m-")
        )
        for mark in root.iter("a")
    }
    assert len(set(signs.values())) == len(states)


def test_bands_keep_their_nodes_and_names():
    boxes = [
        Box(code, code, "", "thin", 0, 1, (code,), "", lane=number % 2) for number, code in enumerate(CODES[:6])
    ]  # fmt: skip
    chart = layered_chart(
        key="g", title="t", description="d", boxes=boxes, links=[("N0", "N1"), ("N1", "N2")],
        lanes=["Storage", "Use"], is_english=True,
    )  # fmt: skip
    texts = [text.text for text in tree(chart).iter("text")]
    assert {"Storage", "Use"} <= set(texts)


def test_a_large_graph_stays_small_as_a_page():
    assert len(graph(CODES, many_links()).inline().encode()) < 150_000


def test_text_is_cut_only_where_it_is_too_wide():
    assert fitted("车用铝", 39, 13) == "车用铝"
    assert fitted("车用铝合金材料", 60, 13).endswith("…")
    assert text_width(fitted("Automotive aluminium alloy", 90, 13), 13) <= 90


def test_files_stand_alone_with_the_same_numbers_and_the_colours_of_our_style_sheets():
    content = as_svg(bars())
    root = ET.fromstring(content)

    assert [mark.get("data-value") for mark in root.iter() if mark.get("class") == "mark"] == ["12", "24", None, "0"]
    style = root.find(f"{SVG}style").text
    assert "var(" not in style
    assert ".fd { fill: #3A4A9F; }" in style
    assert "\n.paper { fill: #FFFFFF; }" in style
    assert "@" not in style
    assert not re.search(rb"url\(|@import|<script|href", content)


def test_a_picture_is_made_of_the_same_drawing():
    picture = as_png(bars())
    assert picture.startswith(b"\x89PNG\r\n")
    assert as_png(bars()) == picture
    shown = Image.open(io.BytesIO(picture)).convert("RGB")
    assert shown.getpixel((1, 1)) == (255, 255, 255)
    assert (58, 74, 159) in {color for _count, color in shown.getcolors(maxcolors=1_000_000)}
