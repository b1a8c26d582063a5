"""What all charts share: the frame with its title and description, marks with their hint, text that fits its room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDE = "WF"
LATIN_SHARE, BOLD_SHARE = 0.57, 0.65
"""Width of a letter or digit, plain and bold, as a share of the size of its font, on average; a Chinese character is as
wide as high."""
NOTHING = SafeString("")


@dataclass(frozen=True)
class Chart:
    """A drawing of ``width`` by ``height`` pixels; ``title`` says what it shows, ``description`` how to read it."""

    key: str
    title: str
    description: str
    width: int
    height: int
    body: SafeString
    left: int = 0
    top: int = 0

    def inline(self, *, scale: float | None = None) -> SafeString:
        """The drawing for a page, as wide as its place is; with ``scale`` that many times its own size."""
        size = NOTHING
        if scale is not None:
            size = format_html(' width="{}" height="{}"', round(self.width * scale), round(self.height * scale))
        return self.framed(size)

    def framed(self, attributes: SafeString) -> SafeString:
        """The drawing with further attributes of its outermost element."""
        return format_html(
            '<svg class="chart{}" viewBox="{} {} {} {}"{} role="group" aria-labelledby="{}-t" aria-describedby="{}-d">'
            '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
            " chart-sized" if attributes else "",
            *(self.left, self.top, self.width, self.height, attributes),
            *(self.key, self.key, self.key, self.title, self.key, self.description, self.body),
        )


@dataclass(frozen=True)
class Figure:
    """A chart with the same numbers as a table: what the page folds open and what the CSV holds."""

    chart: Chart
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    addresses: dict[str, str] = field(default_factory=dict)
    """Where the figure can be had as a file, by kind."""


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Marked-up parts one after the other."""
    return format_html_join("\n", "{}", ((part,) for part in parts))


def linked(address: str, attributes: SafeString, content: SafeString) -> SafeString:
    """A mark: a link where there is something to open, else a group; its attributes begin with a space."""
    if address:
        return format_html('<a href="{}"{}>{}</a>', address, attributes, content)
    return format_html("<g{}>{}</g>", attributes, content)


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """About how many pixels ``text`` takes at a size of font."""
    share = BOLD_SHARE if is_bold else LATIN_SHARE
    return sum(size if east_asian_width(letter) in WIDE else size * share for letter in text)


def fitted(text: str, room: float, size: float, *, is_bold: bool = False) -> str:
    """``text``, cut with an ellipsis where it is wider than ``room``."""
    if text_width(text, size, is_bold=is_bold) <= room:
        return text
    kept = text
    while kept and text_width(kept, size, is_bold=is_bold) + size > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}\N{HORIZONTAL ELLIPSIS}"


def plain(number: float) -> str:
    """A coordinate, with one decimal at most."""
    return f"{number:.1f}".removesuffix(".0")
