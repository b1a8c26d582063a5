"""What match cards draw and say: the ring, bars, words for grades and factors, the notes behind each factor."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import CheckState
from common.reason_texts import TEXTS, text_of
from common.reasons import DROPPING, Reason, reasons_of
from matchmaking.matching.choices import Grade
from matchmaking.postings.choices import Direction
from matchmaking.postings.queries.months import capacity_left_class
from web.charts.bars import cell_bar
from web.templatetags.chuanyu import HAN, ICON_SIZE, drawn_icon, reason
from web.templatetags.formats import written_number
from web.templatetags.hints import OPEN_PLACES, edit_address, hint_address

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
CHANNELS: dict[str, Promise] = {
    "encoder": _("similar meaning %(share)s%%"),
    "lexical": _("shared words %(share)s%%"),
    "taxonomy": _("same nodes %(share)s%%"),
    "identifiers": _("same numbers %(share)s%%"),
}
"""What the points for the description are made of, in the order said."""
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
NEUTRAL: dict[str, tuple[Promise, Promise, Promise]] = {
    "node": (_("same node"), _("a node close by"), _("a node further off")),
    "text": (_("the descriptions share most terms"), _("some shared terms"), _("few shared terms")),
    "quantity": (_("covers the quantity"), _("covers part of the quantity"), _("covers a small part of the quantity")),
    "window": (_("covers the window"), _("no lead time named"), _("no lead time named")),
    "requirements": (_("nothing asked for is missing"), _("not every wish is met"), _("several wishes are not met")),
    "region": (_("near"), _("some way off"), _("far")),
    "freshness": (_("confirmed lately"), _("confirmed a while ago"), _("confirmed long ago")),
    "trust": (_("confirmed outcomes"), _("few confirmed outcomes, or none yet"), _("no confirmed outcomes yet")),
    "load": (_("few open requests"), _("some open requests"), _("many open requests")),
}
"""What is said of a factor that no reason or gap explains: with all its points, with a fair share, with little."""
OPEN_TO_CHANGE: dict[str, tuple[str, Promise]] = {
    "text": ("both", _("describe it in more detail")),
    "window": ("capacity", _("name a lead time")),
}
"""What a side can do about a factor that lost points without a gap that names it."""
OF_THE_OTHER = (Reason.GAP_NOT_VERIFIED, Reason.GAP_UNCONFIRMED)
"""Gaps that are always the counterpart's, whichever side asks."""
LEFT_WORDS: dict[str, Promise] = {
    "none": _("nothing left"),
    "low": _("little left"),
    "some": _("partly free"),
    "plenty": _("plenty free"),
}
TOGETHER = _("All conditions have to be met together: one change for each.")
WORTH_SAYING = Decimal("0.5")
"""Points that a factor must have lost before a card says what would bring them back."""


@register.filter
def grade_word(grade: int) -> str:
    """The word of one of the five steps."""
    return str(Grade(grade).label)


def is_strong(grade: int) -> bool:
    """Whether a match is drawn as a strong one."""
    return grade >= WORD_FROM


def ring_dash(points: Decimal) -> str:
    """How much of the ring is filled for 0 to 100 points, as the dash pattern of its stroke."""
    return f"{max(Decimal(0), min(points, Decimal(100))) * RING / 100:.1f} {RING}"


@register.filter
def tenths(points: Decimal) -> str:
    """Points with their one decimal."""
    return f"{points:.1f}"


def whole(points: Decimal) -> str:
    """Points without a decimal, as the ring has room for."""
    return str(points.quantize(Decimal(1), ROUND_HALF_UP))


def left_word(posting: Any) -> str:
    """How much of a capacity is left, as firms that signed in may know it."""
    return str(LEFT_WORDS[capacity_left_class(posting)])


def note_chips(notes: Iterable[Any], icon: str, classes: str) -> SafeString:
    """Reasons or gaps as a list of chips with the icon of that name."""
    drawn = drawn_icon(icon, ICON_SIZE, "ic")
    chips = format_html_join("", '<li class="{}">{}{}</li>', ((classes, drawn, said(note)) for note in notes))
    return format_html('<ul class="chips">{}</ul>', chips)


def breakdown(match: Any, confirmed_on: date | None) -> SafeString:
    """The rows of a card's table: each factor with its bar, its points of their maximum, and the notes behind it.

    Drawn here and not by a template, for a page holds two hundred of them.
    """
    notes: dict[str, list[str]] = {}
    for note in (*match.reasons, *match.gaps):
        notes.setdefault(factor_of(note), []).append(said(note))
    rows = (
        (part, listed([*(notes.get(part.factor) or [said_of(part, match, confirmed_on)]), *made_of(part, match)]))
        for part in match.parts
        if part.maximum or part.points
    )
    return format_html_join("", ROW, (row_of(part, told) for part, told in rows))


def made_of(part: Any, match: Any) -> list[str]:
    """What the points for the description are made of, and whether meaning is not among it; nothing for others."""
    if part.factor != "text":
        return []
    shares = ((text, match.text[name]) for name, text in CHANNELS.items())
    told = [str(text) % {"share": share} for text, share in shares if share is not None]
    return [*told, str(_("words and terms only"))] if match.words_only else told


def factor_of(note: Any) -> str:
    """The factor that a reason, gap or hint is about; nothing for one that is about none."""
    if note.reason == Reason.HINT_CAPACITY_CONFIRM:
        return "freshness"
    return SAID_UNDER.get(note.reason.value.split(".")[1], "")


def said_of(part: Any, match: Any, confirmed_on: date | None) -> str:
    """A word on a factor that no note explains: its facts, else a neutral one by its share of the maximum."""
    if part.factor == "text" and match.terms:
        return marked_reason(Reason.FIT_TEXT_TERMS, {"terms": ", ".join(match.terms)})
    if part.factor == "freshness" and confirmed_on:
        days = (timezone.localdate() - confirmed_on).days
        told = ngettext("confirmed %(days)s day ago", "confirmed %(days)s days ago", days) % {"days": days}
        return str(capfirst(told if days > 0 else str(_("confirmed today"))))
    share = Decimal(part.points) / Decimal(part.maximum) if part.maximum > 0 else Decimal(0)
    return str(capfirst(str(NEUTRAL[part.factor][0 if share >= FULL_SHARE else 1 if share >= FAIR_SHARE else 2])))


FULL_SHARE, FAIR_SHARE = Decimal("0.95"), Decimal("0.3")


ROW = '<tr><th scope="row">{}</th><td class="b">{}</td><td class="n">{}{}</td><td class="x dim">{}</td></tr>\n'


def row_of(part: Any, told: SafeString) -> tuple[str, SafeString | str, str, SafeString | str, SafeString]:
    """The cells of one factor; one that only takes points away has neither bar nor maximum."""
    name, points = str(FACTORS[part.factor]), tenths(part.points)
    if part.maximum <= 0:
        return name, "", points, "", told
    return name, cell_bar(*bar_of(part)), points, drawn_maximum(part.maximum), told


@lru_cache(maxsize=256)
def drawn_maximum(maximum: Decimal) -> SafeString:
    """What a factor could give at most, without a needless zero."""
    return format_html('<span class="faint"> / {}</span>', f"{maximum:.1f}".removesuffix(".0"))


def bar_of(part: Any) -> tuple[str, str]:
    """Class and width in percent of a factor's bar: full, normal, or low under 60 % of its maximum."""
    share = max(Decimal(0), min(Decimal(part.points) / Decimal(part.maximum), Decimal(1)))
    kind = "bar-full" if share >= 1 else "bar-low" if share < LOW_SHARE else "bar-fg"
    return kind, f"{share * 100:.1f}"


def said(note: Any) -> SafeString:
    """The text of a reason or gap in the page's language, as a sentence begins."""
    return marked_reason(note.reason, note.facts)


def marked_reason(code: Reason, facts: Mapping[str, str]) -> SafeString:
    """The text of a reason; Chinese words that firms wrote are marked as such on pages in another language."""
    facts = dict(facts)
    if not (get_language() or "zh").startswith("zh"):
        words = {name: str(facts[name]) for name in OWN_WORDS if HAN.search(str(facts.get(name, "")))}
        facts |= {name: f"{BEGINS}{value}{ENDS}" for name, value in words.items()}
    told = conditional_escape(capfirst(reason(code, facts)))
    return SafeString(told.replace(BEGINS, '<span lang="zh">').replace(ENDS, "</span>"))


def listed(texts: Iterable[str]) -> SafeString:
    """Texts in one line; those that are marked up stay so."""
    return format_html_join("; ", "{}", ((text,) for text in texts))


OWN_WORDS = ("terms", "numbers")
"""Facts of a reason that are words of the firms' own texts."""
BEGINS, ENDS = "\ue000", "\ue001"
"""Stand around firms' words until the text is escaped: characters for private use, which no text keeps."""


@register.simple_tag
def dismissal_options() -> SafeString:
    """The ``<option>`` elements of what a suggestion can be put aside for."""
    return drawn_options(get_language() or "zh-hans")


@lru_cache(maxsize=8)
def drawn_options(language: str) -> SafeString:
    """They depend on the language alone."""
    rows = ((code.value, capfirst(text_of(code, language))) for code in reasons_of("end.suggestion"))
    return format_html_join("", '<option value="{}">{}</option>', rows)


def change_chips(match: Any, direction: str, number: str = "", back: str = "") -> SafeString | str:
    """What would change a match for the owner of a posting of ``direction``, who can do it, and the most points that it
    may bring; with the posting's ``number`` what its owner can do leads to the place for it, and ``back``.

    The engine's hints; without any, the gaps that a side can change. Nothing where there is neither.
    """
    lost = {
        part.factor: part.maximum - part.points for part in match.parts if part.maximum - part.points >= WORTH_SAYING
    }
    failed = sum(note.reason in DROPPING for note in match.gaps)
    fits = not failed
    rows = [
        (told_side(side, direction), led(text, address), told_gain(lost.get(factor)) if fits else "")
        for (side, text, factor), address in addressed(match, direction, lost if fits else {}, number, back)
    ]
    if not rows:
        return ""
    arrow = drawn_icon("arrow-up", ICON_SIZE, "ic")
    chips = format_html_join("", '<li class="chip chip-if">{}{}: {}{}</li>', ((arrow, *row) for row in rows))
    lead = format_html('<p class="sm dim">{}</p>', TOGETHER) if failed > 1 and match.hints else ""
    return format_html('{}<ul class="chips">{}</ul>', lead, chips)


def addressed(
    match: Any, direction: str, lost: dict[str, Decimal], number: str, back: str
) -> list[tuple[tuple[str, str, str], str]]:
    """Each known change with the address of the place where the posting's own side makes it; none for the other's."""
    rows = changes_of(match, direction, lost)
    notes = match.hints or [None] * len(rows)
    return [
        (row, own_address(row, note, number, back) if number and row[0] in (direction, "both") else "")
        for row, note in zip(rows, notes, strict=True)
    ]


def own_address(row: tuple[str, str, str], note: Any, number: str, back: str) -> str:
    """The place of a hint; without one, the field of the form that the factor is about."""
    if note is not None:
        return hint_address(number, note, back)
    return edit_address(number, {}, OPEN_PLACES.get(row[2], "s1"), back)


def led(text: str, address: str) -> SafeString | str:
    """Words as a link, where they lead somewhere."""
    return format_html('<a href="{}">{}</a>', address, text) if address else text


def changes_of(match: Any, direction: str, lost: dict[str, Decimal]) -> list[tuple[str, str, str]]:
    """Side, words and factor of each change that is known: hints, else gaps, else what is open to change."""
    if match.hints:
        hints = ((note.facts.get("side", direction), note) for note in match.hints)
        return [(side, str(reason(note.reason, note.facts)), factor_of(note)) for side, note in hints]
    other = Direction.NEED if direction == Direction.CAPACITY else Direction.CAPACITY
    gaps = ((other if note.reason in OF_THE_OTHER else TEXTS[note.reason].changed_by, note) for note in match.gaps)
    rows = [
        (side, str(reason(note.reason, note.facts)), factor_of(note))
        for side, note in gaps
        if side not in ("none", "-") and factor_of(note) in lost
    ]
    told = {factor for _side, _text, factor in rows}
    return rows + [
        (side, str(text), factor)
        for factor, (side, text) in OPEN_TO_CHANGE.items()
        if factor in lost and factor not in told
    ]


def told_side(side: str, direction: str) -> str:
    """Who can do it, as the owner of a posting of ``direction`` reads it."""
    if side == "both":
        return str(_("Both sides"))
    return str(_("You") if side == direction else _("They"))


def told_gain(points: Decimal | None) -> SafeString | str:
    """The most points that a change may bring, with their sign."""
    if points is None:
        return ""
    return format_html(' <b class="num">{}</b>', _("up to +%(points)s") % {"points": f"{points:.1f}"})


def certificate_kind(state: str, expires_on: date | None, today: date) -> str:
    """claimed, soon (ends within ninety days) or ok, as a certificate is drawn."""
    if state != CheckState.CHECKED:
        return "claimed"
    return "soon" if expires_on is not None and expires_on <= today + SOON else "ok"


@register.filter
def most_telling(dropped: Iterable[Any]) -> list[Any]:
    """What keeps most firms out, the largest count first; counts under three come last."""
    return sorted(dropped, key=lambda one: -one.firms)


@register.filter
def that_can_change(dropped: Iterable[Any]) -> list[Any]:
    """Those conditions that a side can loosen; another product is none of them."""
    return [one for one in dropped if TEXTS[one.reason].changed_by != "none"]


@register.filter
def firms_told(one: Any) -> str:
    """How many firms a condition keeps out, with the word for firms; fewer than three are not told apart."""
    if not one.firms:
        return str(_("fewer than 3 firms"))
    count = written_number(one.firms)
    return ngettext("%(count)s firm", "%(count)s firms", one.firms) % {"count": count}


@register.filter
def firms_gained(one: Any) -> str:
    """How many more firms a change brings, with the word for firms; fewer than three are not told apart."""
    if not one.firms:
        return str(_("+ fewer than 3 firms"))
    return ngettext("+%(count)s firm", "+%(count)s firms", one.firms) % {"count": written_number(one.firms)}
