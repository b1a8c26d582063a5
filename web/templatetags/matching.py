"""What match cards draw and say: the ring, bars, words for grades and factors, the notes behind each factor."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import CheckState
from common.reasons import reasons_of, text_of
from matchmaking.matching.choices import Grade
from web.templatetags.chuanyu import ICON_SIZE, drawn_icon, reason

register = template.Library()

RING = Decimal("213.6")
"""Length of the ring, 2π times its radius of 34."""
SOON = timedelta(days=90)
LOW_SHARE = Decimal("0.6")
"""Below this share of its maximum a factor's bar is drawn as weak."""
WORD_FROM = 4
"""Grades from here on are drawn in the colour of a strong match."""

FACTORS: dict[str, Promise] = {
    "node": _("Chain node"),
    "text": _("Description"),
    "quantity": _("Quantity"),
    "window": _("Window"),
    "requirements": _("Requirements"),
    "region": _("Place"),
    "freshness": _("Up to date"),
    "trust": _("Track record"),
    "load": _("Open requests"),
}
SAID_UNDER = {
    "node": "node",
    "text": "text",
    "quantity": "quantity",
    "capacity": "quantity",
    "minimum_order": "quantity",
    "unit": "quantity",
    "window": "window",
    "certificate": "requirements",
    "parameter": "requirements",
    "price": "requirements",
    "region": "region",
    "fresh": "freshness",
    "unconfirmed": "freshness",
    "stale": "freshness",
    "trust": "trust",
    "not_verified": "trust",
    "busy": "load",
}
"""Second part of a reason's code, and the factor whose points it explains."""


@register.filter
def grade_word(grade: int) -> str:
    """The word of one of the five steps."""
    return str(Grade(grade).label)


@register.filter
def is_strong(grade: int) -> bool:
    """Whether a match is drawn as a strong one."""
    return grade >= WORD_FROM


@register.filter
def ring_dash(points: Decimal) -> str:
    """How much of the ring is filled for 0 to 100 points, as the dash pattern of its stroke."""
    return f"{max(Decimal(0), min(points, Decimal(100))) * RING / 100:.1f} {RING}"


@register.filter
def tenths(points: Decimal) -> str:
    """Points with their one decimal."""
    return f"{points:.1f}"


@register.simple_tag
def note_chips(notes: Iterable[Any], icon: str, classes: str) -> SafeString:
    """Reasons or gaps as a list of chips with the icon of that name."""
    drawn = drawn_icon(icon, ICON_SIZE, "ic")
    chips = format_html_join("", '<li class="{}">{}{}</li>', ((classes, drawn, said(note)) for note in notes))
    return format_html('<ul class="chips">{}</ul>', chips)


@register.simple_tag
def breakdown(match: Any) -> SafeString:
    """The rows of a card's table: each factor with its bar, its points of their maximum, and the notes behind it.

    Drawn here and not by a template, for a page holds two hundred of them.
    """
    notes: dict[str, list[str]] = {}
    for note in (*match.reasons, *match.gaps):
        notes.setdefault(SAID_UNDER.get(note.reason.value.split(".")[1], ""), []).append(said(note))
    rows = ((part, "; ".join(notes.get(part.factor, ()))) for part in match.parts if part.maximum or part.points)
    return format_html_join("", ROW, (row_of(part, told) for part, told in rows))


ROW = '<tr><th scope="row">{}</th><td class="b">{}</td><td class="n">{}{}</td><td class="x dim">{}</td></tr>\n'
BAR = (
    '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="bar-bg" width="100" height="8"/><rect class="{}" width="{}" height="8"/></svg>'
)


def row_of(part: Any, told: str) -> tuple[str, SafeString | str, str, SafeString | str, str]:
    """The cells of one factor; one that only takes points away has neither bar nor maximum."""
    name, points = str(FACTORS[part.factor]), tenths(part.points)
    if part.maximum <= 0:
        return name, "", points, "", told
    return name, drawn_bar(*bar_of(part)), points, drawn_maximum(part.maximum), told


@lru_cache(maxsize=4096)
def drawn_bar(kind: str, width: str) -> SafeString:
    """A bar of this class and width."""
    return format_html(BAR, kind, width)


@lru_cache(maxsize=256)
def drawn_maximum(maximum: Decimal) -> SafeString:
    """What a factor could give at most, without a needless zero."""
    return format_html('<span class="faint"> / {}</span>', f"{maximum:.1f}".removesuffix(".0"))


def bar_of(part: Any) -> tuple[str, str]:
    """Class and width in percent of a factor's bar: full, normal, or low under 60 % of its maximum."""
    share = max(Decimal(0), min(Decimal(part.points) / Decimal(part.maximum), Decimal(1)))
    kind = "bar-full" if share >= 1 else "bar-low" if share < LOW_SHARE else "bar-fg"
    return kind, f"{share * 100:.1f}"


def said(note: Any) -> str:
    """The text of a reason or gap in the page's language, as a sentence begins."""
    return str(capfirst(reason(note.reason, note.facts)))


@register.simple_tag
def dismissal_options() -> SafeString:
    """The ``<option>`` elements of what a suggestion can be put aside for."""
    return drawn_options(get_language() or "zh-hans")


@lru_cache(maxsize=8)
def drawn_options(language: str) -> SafeString:
    """They depend on the language alone."""
    rows = ((code.value, capfirst(text_of(code, language))) for code in reasons_of("end.suggestion"))
    return format_html_join("", '<option value="{}">{}</option>', rows)


@register.filter
def is_ours(note: Any, posting: Any) -> bool:
    """Whether a hint is for the side of ``posting`` to follow."""
    return str(note.facts.get("side", posting.direction)) == str(posting.direction)


@register.filter
def certificate_kind(certificate: Any) -> str:
    """claimed, soon (ends within ninety days) or ok, as a certificate is drawn."""
    if certificate.state != CheckState.CHECKED:
        return "claimed"
    last: date | None = certificate.expires_on
    return "soon" if last is not None and last <= timezone.localdate() + SOON else "ok"


@register.filter
def most_telling(dropped: Iterable[Any]) -> list[Any]:
    """What keeps most firms out, the largest count first; counts under three come last."""
    return sorted(dropped, key=lambda one: -one.firms)
