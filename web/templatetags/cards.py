"""Cards of suggested counterparts: what one shows as plain values, so that the HTML of equal cards is made once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from matchmaking.partnerships.queries.partnerships import ShownCertificate
from matchmaking.postings.queries.postings import busy_until
from reference.queries.names import Names, reference_names
from web.templatetags.chuanyu import names_down_to
from web.templatetags.formats import written_amount, written_day, written_quantity
from web.templatetags.layout import CSRF, filled, place
from web.templatetags.matching import (
    breakdown,
    certificate_kind,
    change_chips,
    grade_word,
    is_strong,
    left_word,
    note_chips,
    ring_dash,
    tenths,
    whole,
)

register = template.Library()

BUSY = 2
FIT, NEAR = "matching/_match.html", "matching/_near.html"


@dataclass(frozen=True)
class Paper:
    """One certificate of a counterpart: how it is drawn, its name, and its last day where the firm shows its name."""

    kind: str
    name: str
    until: str


@dataclass(frozen=True)
class Words:
    """What a card says of a match: why, what is missing, each factor, and what would change it."""

    reasons: SafeString | str
    gaps: SafeString | str
    breakdown: SafeString | str
    changes: SafeString | str


@dataclass(frozen=True)
class Asker:
    """The posting that cards belong to; ``number`` only for who may change it, ``address`` the page of these cards."""

    direction: str
    number: str
    address: str


@dataclass(frozen=True)
class Sheet:
    """What all cards drawn at once share: the panel and its asker, names behind codes, the day, and who reads."""

    panel: Any
    asker: Asker
    names: Names
    today: date
    here: tuple[str, str]
    is_exact: bool
    is_own: bool


def sheet_of(context: template.Context, panel: Any) -> Sheet:
    """The sheet of a panel for the reader of ``context``."""
    posting = panel.posting
    matches = "web:matching:matches" if posting.is_need else "web:matching:capacity_matches"
    page = "web:matching:others" if panel.is_of_others else matches
    number = posting.number if panel.may_act else ""
    asker = Asker(str(posting.direction), number, reverse(page, args=[posting.number]))
    is_exact = bool(context.get("reads_details"))
    acting = context.get("acting")
    is_own = panel.may_act or getattr(acting, "enterprise_id", None) == posting.enterprise_id
    return Sheet(panel, asker, reference_names(), timezone.localdate(), place(), is_exact, is_own)


@dataclass(frozen=True)
class ShownCard:
    """Everything that one card shows to this reader: equal cards look equal, so that their HTML can be kept."""

    number: str
    name: str
    is_verified: bool
    is_sample: bool
    address: str
    title: str
    place: str
    quantity: str
    left: str
    accepts_ahead: bool
    busy: str
    first: str
    points: str
    rounded: str
    ring: str
    is_strong: bool
    grade: str
    words: Words
    papers: tuple[Paper, ...]
    more_from_firm: int
    stage: str
    is_underway: bool
    may_act: bool
    asker: str
    is_open: bool


@register.simple_tag(takes_context=True)
def match_cards(context: template.Context, panel: Any, cards: Iterable[Any]) -> SafeString:
    """The cards of matches, the first one with its breakdown unfolded."""
    sheet = sheet_of(context, panel)
    return drawn_cards(context, FIT, (shown_card(sheet, card, FIT, at == 0) for at, card in enumerate(cards)))


@register.simple_tag(takes_context=True)
def near_cards(context: template.Context, panel: Any, cards: Iterable[Any]) -> SafeString:
    """The cards of counterparts that fail a condition or stand beside the node."""
    sheet = sheet_of(context, panel)
    return drawn_cards(context, NEAR, (shown_card(sheet, card, NEAR, False) for card in cards))


def drawn_cards(context: template.Context, name: str, shown: Iterable[ShownCard]) -> SafeString:
    """Cards by the template ``name``, with the token of this reader in their forms."""
    language, prefix = place()
    return filled("\n".join(card_html(name, card, language, prefix) for card in shown), context)


@lru_cache(maxsize=2048)
def card_html(name: str, card: ShownCard, language: str, prefix: str) -> SafeString:
    """The HTML of a card, made once: it depends on nothing but what stands in ``card``, the language and the prefix."""
    return SafeString(render_to_string(name, {"card": card, "csrf_token": CSRF}))


def busy_word(posting: Any) -> str:
    """That the firm behind ``posting`` is busy, and until when where it said so; empty where it is not."""
    if (last := busy_until(posting)) is not None:
        return gettext("takes no new requests until %(day)s") % {"day": written_day(last)}
    return gettext("busy") if posting.busy_level == BUSY else ""


def first_word(posting: Any, is_own: bool) -> str:
    """That ``posting`` is not open to everybody yet, to the firm that is asked first or to who looks on; else empty."""
    if not posting.asks_network_first:
        return ""
    text = (
        gettext("you are asked first, until %(day)s") if is_own else gettext("not open to everybody yet, until %(day)s")
    )
    return text % {"day": written_day(posting.opens_on)}


def shown_card(sheet: Sheet, card: Any, name: str, is_open: bool) -> ShownCard:
    """What stands on the card of one counterpart."""
    match, other, panel, is_fit = card.match, card.posting, sheet.panel, name == FIT
    return ShownCard(
        number=other.number,
        name=other.shown_name,
        is_verified=other.enterprise.is_verified,
        is_sample=other.is_sample,
        address=posting_address(other.is_need, other.number, sheet.here),
        title=other.title,
        place=names_down_to(other.region_code, names=sheet.names),
        quantity=quantity_of(sheet, other),
        left=left_word(other) if sheet.is_exact and not other.is_need else "",
        accepts_ahead=other.accepts_ahead_at is not None,
        busy=busy_word(other),
        first=first_word(other, sheet.is_own),
        points=tenths(match.points),
        rounded=whole(match.points),
        ring=ring_dash(match.points),
        is_strong=is_strong(match.grade),
        grade=str(capfirst(grade_word(match.grade))),
        words=words_of(match.match, is_fit, sheet.asker, other.confirmed_on, sheet.today, sheet.here),
        papers=tuple(paper_of(sheet, paper, other) for paper in card.certificates) if is_fit else (),
        more_from_firm=match.more_from_firm if is_fit else 0,
        stage=stage_html(card, panel),
        is_underway=card.partnership is not None and card.is_underway,
        may_act=panel.may_act,
        asker=panel.posting.number,
        is_open=is_open,
    )


@lru_cache(maxsize=4096)
def posting_address(is_need: bool, number: str, here: tuple[str, str]) -> str:
    """The page of a posting; ``here`` is the language and the prefix of addresses."""
    return reverse("web:postings:need" if is_need else "web:postings:capacity", args=[number])


@lru_cache(maxsize=4096)
def words_of(
    match: Any, is_fit: bool, asker: Asker, confirmed_on: date | None, today: date, here: tuple[str, str]
) -> Words:
    """The words of a match for the owner of a posting; some of them count the days up to ``today``.

    ``here`` is the language and the prefix of addresses.
    """
    return Words(
        reasons=note_chips(match.reasons, "check", "chip chip-why") if match.reasons else "",
        gaps=note_chips(match.gaps, "x", "chip") if match.gaps and not is_fit else "",
        breakdown=breakdown(match, confirmed_on) if is_fit else "",
        changes=change_chips(match, asker.direction, asker.number, f"{asker.address}#match-{match.key}"),
    )


def paper_of(sheet: Sheet, certificate: ShownCertificate, posting: Any) -> Paper:
    """A certificate as a card shows it; the last day of one that nobody checked, or of an alias, is not told."""
    kind = certificate_kind(certificate.state, certificate.expires_on, sheet.today)
    tells_day = kind != "claimed" and certificate.expires_on and posting.visibility == "named"
    until = written_day(certificate.expires_on) if tells_day else ""
    return Paper(kind, sheet.names["certificate", certificate.code].name, until)


def quantity_of(sheet: Sheet, posting: Any) -> str:
    """The quantity of a posting with its unit and period; of its class for who may not read figures."""
    amount = posting.quantity_amount if sheet.is_exact else posting.quantity_class
    if amount is None or posting.unit_code is None:
        return written_amount(None)
    unit = sheet.names["unit", posting.unit_code].name
    return written_quantity(amount, unit, posting.period, is_class=not sheet.is_exact)


def stage_html(card: Any, panel: Any) -> str:
    """How far the pair is, nothing where there is no partnership; whose turn it is only while it goes on."""
    if card.partnership is None:
        return ""
    is_told = card.is_underway or not panel.may_act
    facts = {"partnership": card.partnership, "is_our_turn": card.is_our_turn and is_told, "acting_enterprise": None}
    return render_to_string("partnerships/_stage.html", facts)
