"""A chart as a file that stands alone: SVG with its colours inside, and the same as PNG, set by typst."""

import json
import re
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.utils.html import format_html
from django.utils.safestring import SafeString
from noto_cjk_sans_otc import FONT_PATH

from web.charts.drawing import Chart, joined

STYLES = Path(__file__).parent.parent / "static" / "web" / "css"
VALUE = re.compile(r"(--[\w-]+):\s*([^;]+);")
USE = re.compile(r"var\((--[\w-]+)\)")
LINK = re.compile(r'<a href="[^"]*"')
"""Where a link begins; in a file it would lead nowhere."""
FONTS = [str(Path(str(FONT_PATH)).parent)]
DOTS_PER_INCH = 108
"""One and a half dots a pixel of the drawing, at 72 pixels an inch."""
MOST_PIXELS = 40_000_000
TYPST = '#set page(width: auto, height: auto, margin: 0pt)\n#image("chart.svg", width: {width}pt)\n'
EDGE = 12
AROUND = "/* around charts"
"""Rules that stand after this are of no use in a file."""


@lru_cache(maxsize=1)
def styles() -> str:
    """The rules of charts with light colours filled in: a file knows neither our style sheets nor a theme."""
    tokens = (STYLES / "tokens.css").read_text(encoding="utf-8")
    light = dict(VALUE.findall(tokens[tokens.index(":root") : tokens.index("@media")]))
    rules = (STYLES / "charts.css").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", rules[: rules.index(AROUND)], flags=re.DOTALL)
    return USE.sub(lambda found: light[found[1]], rules) + f".paper {{ fill: {light['--surface']}; }}"


def as_svg(chart: Chart) -> bytes:
    """The drawing with title, colours and a ground, as an SVG file."""
    left, top = chart.left - EDGE, chart.top - EDGE
    whole = Chart(
        *(chart.key, chart.title, chart.description),
        width=chart.width + 2 * EDGE,
        height=chart.height + 2 * EDGE,
        left=left,
        top=top,
        body=joined(
            [
                format_html("<style>{}</style>", SafeString(styles().replace("<", ""))),
                format_html('<rect class="paper" x="{}" y="{}" width="100%" height="100%"/>', left, top),
                SafeString(LINK.sub("<g", chart.body).replace("</a>", "</g>")),
            ]
        ),
    )
    attributes = format_html(' xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"', whole.width, whole.height)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole.framed(attributes)}'.encode()


def as_png(chart: Chart) -> bytes:
    """The drawing as a picture of at most ``MOST_PIXELS``, links left out; the same bytes for the same drawing."""
    return _png(as_svg(chart), chart.width + 2 * EDGE, chart.height + 2 * EDGE)


@lru_cache(maxsize=32)
def _png(drawn: bytes, width: int, height: int) -> bytes:
    finest = 72 * (MOST_PIXELS / (width * height)) ** 0.5
    with TemporaryDirectory() as folder:
        (Path(folder) / "chart.svg").write_bytes(drawn)
        source = Path(folder) / "chart.typ"
        source.write_text(TYPST.format(width=json.dumps(width)), encoding="utf-8")
        found: bytes = typst.compile(
            str(source),
            font_paths=FONTS,
            ignore_system_fonts=True,
            format="png",
            ppi=min(DOTS_PER_INCH, finest),
        )
    return found
