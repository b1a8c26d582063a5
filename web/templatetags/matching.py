"""What match cards draw and say: the ring, bars, words for grades and factors, the notes behind each factor."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import CheckState
from common.reasons import Reason, reasons_of
from matchmaking.matching.choices import Grade

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
def factor_name(factor: str) -> str:
    """What a factor is called on the page."""
    return str(FACTORS[factor])


@register.filter
def bar_width(part: Any) -> str:
    """Share of its maximum that a factor reached, in percent."""
    return f"{_share(part) * 100:.1f}"


@register.filter
def bar_kind(part: Any) -> str:
    """Class of a factor's bar: full, normal, or low under 60 % of its maximum."""
    share = _share(part)
    return "bar-full" if share >= 1 else "bar-low" if share < LOW_SHARE else "bar-fg"


def _share(part: Any) -> Decimal:
    if part.maximum <= 0:
        return Decimal(0)
    return max(Decimal(0), min(Decimal(part.points) / Decimal(part.maximum), Decimal(1)))


@register.filter
def notes_on(match: Any, factor: str) -> list[Any]:
    """The reasons and gaps that explain the points of one factor."""
    return [note for note in (*match.reasons, *match.gaps) if SAID_UNDER.get(note.reason.value.split(".")[1]) == factor]


@register.simple_tag
def dismissal_reasons() -> list[Reason]:
    """What a suggestion can be put aside for."""
    return reasons_of("end.suggestion")


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
