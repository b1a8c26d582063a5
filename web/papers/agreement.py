"""The paper of an agreement: one PDF in both languages, set by typst, the same bytes for the same facts."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.queries.partnerships import posting_of
from web.papers.calendars import Entry, calendar_of
from web.papers.setting import set_paper
from web.templatetags.formats import written_amount, written_day, written_moment, written_quantity
from web.templatetags.partnerships import told_terms

LANGUAGES = ("zh-hans", "en")
"""The languages of a paper, the one that comes first and the one below it."""
SIGNED_NOTE = gettext_noop(
    "Both firms signed this version on the platform, each with a password or a code. "
    "The page of the partnership shows the same digest."
)
Pair = tuple[str, str]


def agreement_paper(*, agreement: Any, milestones: Iterable[Any]) -> bytes:
    """The PDF of one signed version: parties, terms, plan with what became of it, who signed when, and the digest.

    ``agreement`` comes with its partnership, both postings and firms, unit and signers filled; the planned deliveries
    are numbered.
    """
    parts = [_told_in(language, agreement, list(milestones)) for language in LANGUAGES]
    told = {
        "title": _pair("title", parts),
        "version": _pair("version", parts),
        "headings": [_pair(name, parts) for name in ("parties", "terms", "plan", "signatures", "digest")],
        "head": list(zip(*(part["head"] for part in parts), strict=True)),
        **{name: _merged([part["rows"][name] for part in parts]) for name in ("parties", "terms", "signatures")},
        "further": agreement.terms,
        "further_label": _pair("further_label", parts),
        "plan": _merged([part["rows"]["plan"] for part in parts]),
        "digest": agreement.digest,
        "note": _pair("note", parts),
    }
    return set_paper("agreement.typ", told)


def _pair(name: str, parts: list[dict[str, Any]]) -> Pair:
    return parts[0][name], parts[1][name]


def _merged(tables: list[list[list[str]]]) -> list[list[list[str]]]:
    """Tables of the same shape, laid upon each other: each cell holds its texts, once where they are the same."""
    return [[list(dict.fromkeys(cell)) for cell in zip(*row, strict=True)] for row in zip(*tables, strict=True)]


def _told_in(language: str, agreement: Any, milestones: list[Any]) -> dict[str, Any]:
    """All that the paper says, in one language."""
    with override(language):
        return {
            "title": _("Agreement %(key)s") % {"key": agreement.key},
            "version": _("Version %(number)s · %(state)s")
            % {"number": agreement.version, "state": agreement.get_state_display()},
            "parties": _("Parties"),
            "terms": _("What is agreed"),
            "plan": _("Deliveries"),
            "signatures": _("Signatures"),
            "digest": _("SHA-256 of the terms that were signed"),
            "further_label": _("Further terms"),
            "note": _(SIGNED_NOTE),
            "head": [
                *(_("No."), _("Delivery"), _("Planned day"), _("Quantity"), _("Delivered"), _("Accepted")),
            ],
            "rows": {
                "parties": [_party(agreement, side) for side in (Side.NEED, Side.CAPACITY)],
                "terms": _terms(agreement),
                "plan": [_delivery(agreement, one) for one in milestones],
                "signatures": [_signature(agreement, side) for side in (Side.NEED, Side.CAPACITY)],
            },
        }


def _party(agreement: Any, side: Side) -> list[str]:
    posting = posting_of(agreement.partnership, side)
    firm = posting.enterprise
    label = _("The firm that needs") if side == Side.NEED else _("The firm that supplies")
    return [label, firm.name, firm.uscc, f"{posting.number} {posting.title}"]


def _terms(agreement: Any) -> list[list[str]]:
    quantity = written_quantity(agreement.quantity_amount, agreement.unit.name, agreement.period)
    rows = [
        [_("Kind of cooperation"), str(agreement.get_cooperation_type_display())],
        [_("Quantity"), quantity],
        [_("First day"), written_day(agreement.starts_on)],
        [_("Last day"), written_day(agreement.ends_on)],
    ]
    if agreement.value is not None:
        rows.append([_("Agreed value"), f"{written_amount(agreement.value)} {agreement.currency}"])
    return rows + [[label[:1].upper() + label[1:], text] for label, text in told_terms(agreement)]


def _delivery(agreement: Any, one: Any) -> list[str]:
    amount = one.quantity_amount
    return [
        str(one.number),
        one.title,
        written_day(one.planned_on),
        written_quantity(amount, agreement.unit.name, "once") if amount is not None else written_day(None),
        written_day(one.delivered_on),
        written_day(one.accepted_on),
    ]


def _signature(agreement: Any, side: Side) -> list[str]:
    """Which firm signed by whom and when; a person without a name is not told by mail address."""
    signer = getattr(agreement, f"{side}_signed_by")
    firm = posting_of(agreement.partnership, side).enterprise
    name = (signer.name if signer else "") or _("name not given")
    return [firm.name, name, written_moment(getattr(agreement, f"{side}_signed_at"))]


def milestones_calendar(*, agreement: Any, milestones: Iterable[Any], address: str) -> bytes:
    """The planned deliveries as days of a calendar; ``address`` is that of the partnership's page."""
    stamped_at = max(agreement.need_signed_at, agreement.capacity_signed_at)
    title = agreement.partnership.need.title
    entries = [
        Entry(
            uid=f"{agreement.partnership.key}-{one.number}-v{agreement.version}@chuanyu-match",
            title=f"{one.title} · {title}" if one.title != title else title,
            begins=one.planned_on,
            ends=one.planned_on,
            stamped_at=stamped_at.astimezone(UTC) - timedelta(microseconds=stamped_at.microsecond),
            text=_delivered(agreement, one),
            address=address,
        )
        for one in milestones
    ]
    return calendar_of(_("Deliveries of agreement %(key)s") % {"key": agreement.key}, entries)


def _delivered(agreement: Any, one: Any) -> str:
    told = [_delivery(agreement, one)[3]] if one.quantity_amount is not None else []
    if one.delivered_on is not None:
        told.append(_("delivered %(day)s") % {"day": written_day(one.delivered_on)})
    return " · ".join(told)
