"""A firm's capability passport as words: the same tables for its page and for its paper, and the code on both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import qrcode
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from accounts.choices import CheckState
from matchmaking.partnerships.queries.passports import PassportFacts
from matchmaking.partnerships.queries.rates import FEWEST_CASES, FEWEST_FIRMS, Rates
from web.papers.setting import set_paper
from web.templatetags.chuanyu import node_path
from web.templatetags.formats import written_amount, written_day

CHECKED, UNCHECKED, OVER = "checked", "unchecked", "over"
HOURS_TOLD = 48
"""Hours below which an answer time is told in hours."""


@dataclass(frozen=True)
class Row:
    """Cells in the order of the head; ``mark`` says how far the last one may be relied on, nothing for a figure."""

    cells: list[str]
    mark: str = ""


@dataclass(frozen=True)
class Section:
    """One table with what stands below it, and what is said in its place where it has no row."""

    key: str
    title: str
    head: list[str]
    rows: list[Row] = field(default_factory=list)
    empty: str = ""
    note: str = ""
    numbers: Sequence[int] = ()
    """Places of the columns that hold numbers."""

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, str]]]]:
        """Each row with its cells beside the names of their columns."""
        return [(row, list(zip(row.cells, self.head, strict=True))) for row in self.rows]


def passport_sections(facts: PassportFacts) -> list[Section]:
    """The tables of a passport, in the active language."""
    return [_certificates(facts), _machines(facts), _figures(facts), _outcomes(facts)]


def _certificates(facts: PassportFacts) -> Section:
    return Section(
        key="certificates",
        title=_("Certificates"),
        head=[_("Certificate"), _("Issuer"), _("Last valid day"), _("State of the check")],
        rows=[_certificate(one, facts) for one in facts.certificates],
        empty=_("None named."),
    )


def _certificate(one: Any, facts: PassportFacts) -> Row:
    is_checked = one.state == CheckState.CHECKED
    last_day = written_day(one.expires_on) if one.expires_on else _("without a last day")
    cells = [one.certification.name, one.issuer, last_day]
    if one.expires_on and one.expires_on < facts.day:
        state = _("Expired; it had been checked") if is_checked else _("Expired; it was never checked")
        return Row([*cells, state], OVER)
    if not is_checked:
        return Row([*cells, _("Not checked: the firm's own word")], UNCHECKED)
    if one.checked_at is None:
        return Row([*cells, _("Checked by the platform")], CHECKED)
    return Row([*cells, _("Checked by the platform on %(day)s") % {"day": written_day(one.checked_at)}], CHECKED)


def _machines(facts: PassportFacts) -> Section:
    more = facts.machines_left_out
    told = ngettext("%(count)s further kind is not listed.", "%(count)s further kinds are not listed.", more)
    return Section(
        key="machines",
        title=_("Equipment"),
        head=[_("Kind of machine"), _("Size"), _("Count"), _("State of the check")],
        rows=[_machine(one) for one in facts.machines],
        empty=_("None named."),
        note=told % {"count": more} if more else "",
        numbers=(2,),
    )


def _machine(one: Any) -> Row:
    cells = [one.kind, one.size, written_amount(one.count)]
    if one.checked_on:
        return Row(
            [*cells, _("Seen on site by the platform on %(day)s") % {"day": written_day(one.checked_on)}], CHECKED
        )
    if one.confirmed_on is None:
        return Row([*cells, _("Not checked: the firm's own word")], UNCHECKED)
    told = _("Not checked: the firm's own word, last given on %(day)s") % {"day": written_day(one.confirmed_on)}
    return Row([*cells, told], UNCHECKED)


def _figures(facts: PassportFacts) -> Section:
    rates = facts.rates
    return Section(
        key="figures",
        title=_("From what was recorded here"),
        head=[_("Figure"), _("In the last 12 months")],
        rows=[
            Row([_("Median answer time"), _answer_time(rates)]),
            Row([_("Interests answered"), _percent(rates.answered_percent)]),
            Row([_("First samples that passed"), _percent(facts.first_samples_percent)]),
        ],
        note=_(
            "Only postings under its own name, and no figure of fewer than %(cases)s cases or with fewer than "
            "%(fewest)s other firms behind it."
        )
        % {"cases": FEWEST_CASES, "fewest": FEWEST_FIRMS},
        numbers=(1,),
    )


def _percent(figure: int | None) -> str:
    return _("too few") if figure is None else f"{figure}%"


def _answer_time(rates: Rates) -> str:
    if rates.answer_hours is None:
        return _("too few")
    if rates.answer_hours < HOURS_TOLD:
        told = ngettext("%(hours)s hour", "%(hours)s hours", rates.answer_hours)
        return told % {"hours": rates.answer_hours}
    return ngettext("%(days)s day", "%(days)s days", rates.answer_days) % {"days": rates.answer_days}


def _outcomes(facts: PassportFacts) -> Section:
    return Section(
        key="outcomes",
        title=_("Outcomes that both sides confirmed, by chain node"),
        head=[_("Chain node"), _("Outcomes"), _("Other firms")],
        rows=[
            Row([node_path(one.node), written_amount(one.outcomes), written_amount(one.firms)])
            for one in facts.outcomes
        ],
        empty=_("Too few to tell."),
        note=_(
            "Of what it supplied under its own name. A node stands here from %(fewest)s other firms on; of others "
            "nothing is told."
        )
        % {"fewest": FEWEST_FIRMS},
        numbers=(1, 2),
    )


def code_address(token: str) -> str:
    """What the code on a paper says: an address that opens the page in the language of whoever scans it."""
    with override(settings.LANGUAGE_CODE):
        return settings.SITE_ADDRESS + reverse("web:accounts:passport_code", args=[token])


def code_drawing(address: str) -> SafeString:
    """``address`` as a QR code in SVG, dark on nothing: what it is laid on has to be light."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    drawing = code.make_image(image_factory=SvgPathImage)
    return SafeString(drawing.to_string(encoding="unicode"))


def verified_line(enterprise: Any) -> str:
    """How far it is known who the firm is."""
    if not enterprise.is_verified:
        return _("The platform has not checked who this firm is.")
    if enterprise.verified_at is None:
        return _("The platform has checked who this firm is.")
    told = _("The platform checked on %(day)s who this firm is.")
    return told % {"day": written_day(enterprise.verified_at)}


def passport_paper(*, passport: Any, facts: PassportFacts) -> bytes:
    """The passport as a PDF in the active language, with the day of its facts and a code that leads to today's page."""
    address = code_address(passport.token)
    told = {
        "language": (get_language() or settings.LANGUAGE_CODE).partition("-")[0],
        "title": _("Capability passport"),
        "firm": passport.enterprise.name,
        "lines": [verified_line(passport.enterprise), _("As of %(day)s") % {"day": written_day(facts.day)}],
        "sections": [
            {
                "title": one.title,
                "head": one.head,
                "rows": [row.cells for row in one.rows],
                "empty": one.empty,
                "note": one.note,
                "numbers": list(one.numbers),
            }
            for one in passport_sections(facts)
        ],
        "code": str(code_drawing(address)),
        "code_label": _("QR code of the passport's page"),
        "code_lines": [
            _("Today's page, which counts:"),
            address,
            _("It opens for: %(level)s") % {"level": passport.get_level_display()},
        ],
    }
    return set_paper("passport.typ", told)
