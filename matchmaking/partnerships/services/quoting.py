"""Requests for quotation and quotes: asked for, made, confirmed after a change, withdrawn, refused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_members
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.partnerships.choices import TALKING, Act, QuoteState, RfqState, Side
from matchmaking.partnerships.models import Partnership, Quote, Rfq, RfqLine
from matchmaking.partnerships.permissions import can_act, can_ask_for_quotes, can_decide_package, side_acted_on
from matchmaking.partnerships.queries.deal import (
    MOST_QUOTES,
    Deal,
    lapsed_quotes,
    standing_quote_count,
    standing_quotes_at,
    terms_digest,
)
from matchmaking.partnerships.queries.packages import MOST_LINES
from matchmaking.partnerships.queries.partnerships import declining_reasons
from matchmaking.partnerships.services.moving import locked, locked_postings, move, tell, tell_other
from matchmaking.postings.models import Posting
from reference.models import Unit

PACKAGE_PAGE = "web:packages:detail"
LONGEST_WAIT = timedelta(days=180)
"""How far ahead a deadline may lie."""
TERMS = (
    "quantity_amount", "unit", "period", "unit_price", "currency", "is_tax_included", "tax_rate", "lead_time_days",
    "minimum_order_amount", "valid_until", "freight_payer", "delivery_place", "payment_days", "takes_bank_acceptance",
    "metal_index", "tooling_cost", "note",
)  # fmt: skip
"""What a supplier fills in, by the names of the quote's fields."""


@unit_of_work
def ask_for_quotes(
    *, needs: Sequence[Posting], actor: User, due_at: datetime, title: str = "", is_sealed: bool = False
) -> Rfq:
    """Make a request for quotation of one firm's ``needs``; the suppliers in talks about them are told.

    Refuses not_yours, wrong_state, in_request where a need stands in another open request; Invalid for a deadline that
    is over or too far ahead, and for none or more than ``MOST_LINES`` needs.
    """
    if not needs:
        raise Invalid({"needs": Reason.REFUSAL_REQUIRED})
    if len(needs) > MOST_LINES:
        raise Invalid({"needs": Reason.REFUSAL_LIMIT_REACHED}, {"needs": {"limit": MOST_LINES}})
    check_deadline(due_at)
    rows = list(locked_postings(*(need.pk for need in needs)).values())
    for row in rows:
        require(can_ask_for_quotes(actor, row))
    if len({row.enterprise_id for row in rows}) > 1:
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    if needs_in_open_requests(rows):
        raise Refused(Reason.REFUSAL_IN_REQUEST)
    firm = rows[0].enterprise
    name = normalise_text(title) or rows[0].title
    rfq = Rfq(enterprise=firm, title=name, due_at=due_at, is_sealed=is_sealed, made_by=actor)
    check_row(rfq)
    rfq.save()
    RfqLine.objects.bulk_create(RfqLine(rfq=rfq, need=row, position=place) for place, row in enumerate(rows, 1))
    record_change(thing=rfq, verb=Verb.CREATED, actor=actor, enterprise=firm, facts={"lines": len(rows)})
    tell_suppliers(rfq, rows)
    return rfq


def check_deadline(due_at: datetime | None) -> None:
    """Invalid unless quotes can be asked for until ``due_at``: a time ahead, and no further than ``LONGEST_WAIT``."""
    now = timezone.now()
    if due_at is None:
        raise Invalid({"due_at": Reason.REFUSAL_REQUIRED})
    if not now < due_at <= now + LONGEST_WAIT:
        raise Invalid({"due_at": Reason.REFUSAL_WINDOW_PAST})


def needs_in_open_requests(needs: Sequence[Posting]) -> set[int]:
    """Row numbers of those among ``needs``, locked by the caller, that stand in a request which takes quotes now."""
    lines = RfqLine.objects.filter(need__in=needs, rfq__in=Rfq.objects.open())
    return set(lines.values_list("need", flat=True))


def tell_suppliers(rfq: Rfq, needs: Sequence[Posting]) -> None:
    """One notice to each firm in talks about any of ``needs``: to the partnership, or to the request with all lines."""
    talks: dict[int, list[Partnership]] = {}
    rows = Partnership.objects.filter(need__in=needs, state__in=TALKING).order_by("pk")
    for partnership in rows.select_related("need__enterprise", "capacity__enterprise"):
        talks.setdefault(partnership.capacity.enterprise_id, []).append(partnership)
    for found in talks.values():
        if len(needs) == 1:
            tell(found[0], Side.CAPACITY, NoticeKind.QUOTE_ASKED, about=rfq.key)
        else:
            tell_firm(rfq, found[0].capacity.enterprise, NoticeKind.QUOTE_ASKED, about="asked")


def tell_firm(rfq: Rfq, enterprise: Enterprise, kind: NoticeKind, *, about: str, by: Enterprise | None = None) -> None:
    """One notice about a request to a firm on either side of it, whose members read it at the request's page; ``by``
    is the other firm where that is not the one that asks.
    """
    notify_members(
        enterprise=enterprise,
        kind=kind,
        key=f"{rfq.key}:{about}",
        route=PACKAGE_PAGE,
        thing_key=rfq.key,
        facts={"title": rfq.title, "name": (by or rfq.enterprise).name},
    )


@unit_of_work
def close_rfq(*, rfq: Rfq, actor: User) -> Rfq:
    """End a request early that is not sealed; twice changes nothing. Refuses not_yours, wrong_state for a draft,
    deadline_ahead.
    """
    row: Rfq = Rfq.objects.select_for_update(of=("self",), no_key=True).select_related("enterprise").get(pk=rfq.pk)
    require(can_decide_package(actor, row))
    if row.state == RfqState.CLOSED:
        return row
    if row.hides_quotes:
        raise Refused(Reason.REFUSAL_DEADLINE_AHEAD, day=timezone.localtime(row.due_at).date().isoformat())
    row.state = RfqState.CLOSED
    row.version += 1
    row.save()
    record_change(thing=row, verb=Verb.CLOSED, actor=actor, enterprise=row.enterprise)
    return row


@unit_of_work
def make_quote(
    *,
    partnership: Partnership,
    actor: User,
    terms: Mapping[str, Any],
    enterprise: Enterprise | None = None,
    tells: bool = True,
) -> Quote:
    """Quote for the need; an earlier standing quote of the pair is replaced. ``terms`` are values by ``TERMS``.

    ``tells`` says whether the other side gets a notice; who quotes many lines at once tells of them together.

    Refuses not_yours, suspended, wrong_state, other_side, deadline_over, too_many_quotes; Invalid for values that do
    not fit, among them a unit that measures something else and a last day that is over.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.QUOTE))
    side = side_acted_on(actor, row, Act.QUOTE, enterprise)
    earlier = Deal(row).quote
    if earlier is None and standing_quote_count(row.need) >= MOST_QUOTES:
        raise Refused(Reason.REFUSAL_TOO_MANY_QUOTES, limit=MOST_QUOTES)
    given = {name: terms[name] for name in TERMS if name in terms}
    quote = Quote(partnership=row, need_terms=terms_digest(row.need), made_by=actor, **given)
    quote.note = normalise_text(quote.note)
    require_same_measure(row.need, quote.unit if quote.unit_id else None)
    if quote.valid_until is not None and quote.valid_until < timezone.localdate():
        raise Invalid({"valid_until": Reason.REFUSAL_WINDOW_PAST})
    if earlier is not None:
        _answer(earlier, QuoteState.REPLACED)
    check_row(quote)
    quote.save()
    move(partnership=row, act=Act.QUOTE, side=side, actor=actor)
    if tells:
        tell_other(row, side, NoticeKind.QUOTE_RECEIVED, about=quote.key)
    return quote


@unit_of_work
def confirm_quote(*, partnership: Partnership, actor: User, enterprise: Enterprise | None = None) -> Quote:
    """Say that a quote holds for the need as it is now. Refuses not_yours, wrong_state, other_side, nothing_waits."""
    row, quote, side = _standing(partnership, actor, Act.CONFIRM_QUOTE, enterprise)
    quote.need_terms = terms_digest(row.need)
    _answer(quote, QuoteState.OPEN)
    move(partnership=row, act=Act.CONFIRM_QUOTE, side=side, actor=actor)
    tell_other(row, side, NoticeKind.QUOTE_RECEIVED, about=f"{quote.key}:{quote.version}")
    return quote


@unit_of_work
def withdraw_quote(*, partnership: Partnership, actor: User, enterprise: Enterprise | None = None) -> Quote:
    """Take a quote back that was not taken. Refuses not_yours, wrong_state, other_side, nothing_waits."""
    row, quote, side = _standing(partnership, actor, Act.WITHDRAW_QUOTE, enterprise)
    _answer(quote, QuoteState.WITHDRAWN)
    move(partnership=row, act=Act.WITHDRAW_QUOTE, side=side, actor=actor)
    tell_other(row, side, NoticeKind.QUOTE_WITHDRAWN, about=quote.key)
    return quote


@unit_of_work
def refuse_quote(
    *,
    partnership: Partnership,
    actor: User,
    reason: Reason | str,
    note: str = "",
    enterprise: Enterprise | None = None,
) -> Quote:
    """Turn a quote down for one of ``declining_reasons``; its maker is told and may quote again.

    Refuses not_yours, wrong_state, other_side, nothing_waits, deadline_ahead while sealed; Invalid for another reason.
    """
    if reason not in declining_reasons():
        raise Invalid({"reason": Reason.REFUSAL_REQUIRED if not reason else Reason.REFUSAL_UNKNOWN_CODE})
    row, quote, side = _standing(partnership, actor, Act.REFUSE_QUOTE, enterprise)
    quote.end_reason = str(Reason(reason).value)
    _answer(quote, QuoteState.REFUSED)
    told = normalise_text(note)[:500]
    move(partnership=row, act=Act.REFUSE_QUOTE, side=side, actor=actor, reason=quote.end_reason, note=told)
    tell_other(row, side, NoticeKind.QUOTE_REFUSED, about=quote.key)
    return quote


def review_quotes(*, numbers: Iterable[str]) -> int:
    """Mark the open quotes for these needs whose terms are no longer those of the quote, and ask their makers.

    Repeating changes nothing. Returns how many were marked.
    """
    quotes = list(standing_quotes_at(numbers))
    digests = {quote.partnership.need.pk: quote.partnership.need for quote in quotes}
    now = {key: terms_digest(need) for key, need in digests.items()}
    changed = [quote for quote in quotes if quote.need_terms != now[quote.partnership.need_id]]
    return sum(_mark_unsure(quote) for quote in changed)


@unit_of_work
def doubt_quote(*, partnership: Partnership) -> bool:
    """Mark the open quote of a partnership as to be confirmed, because what it was made for has changed, and ask its
    maker. Gives whether there was one.
    """
    row = locked(partnership)
    found = Quote.objects.filter(partnership=row, state=QuoteState.OPEN).first()
    return _put_in_doubt(row, found) if found is not None else False


@unit_of_work
def _mark_unsure(quote: Quote) -> bool:
    row = locked(quote.partnership)
    found = Quote.objects.filter(pk=quote.pk, state=QuoteState.OPEN).first()
    if found is None or found.need_terms == terms_digest(row.need):
        return False
    return _put_in_doubt(row, found)


def _put_in_doubt(row: Partnership, found: Quote) -> bool:
    _answer(found, QuoteState.UNSURE)
    tell(row, Side.CAPACITY, NoticeKind.QUOTE_UNSURE, about=f"{found.key}:{found.version}")
    record_change(thing=found, verb=Verb.CHANGED, actor=None, enterprise=row.capacity.enterprise)
    return True


def lapse_quotes(*, on: date) -> int:
    """End standing quotes whose last day was before ``on``; their makers are told. Returns how many."""
    return sum(_lapse(quote, on) for quote in lapsed_quotes(on=on).select_related("partnership"))


@unit_of_work
def _lapse(quote: Quote, on: date) -> bool:
    row = locked(quote.partnership)
    found = lapsed_quotes(on=on).filter(pk=quote.pk).first()
    if found is None:
        return False
    _answer(found, QuoteState.LAPSED)
    tell(row, Side.CAPACITY, NoticeKind.QUOTE_LAPSED, about=found.key)
    record_change(thing=found, verb=Verb.EXPIRED, actor=None, enterprise=row.capacity.enterprise)
    return True


def require_same_measure(posting: Posting, unit: Unit | None) -> None:
    """Invalid unless ``unit`` measures the same as the posting's."""
    if unit is None:
        raise Invalid({"unit": Reason.REFUSAL_REQUIRED})
    if posting.unit is not None and unit.dimension != posting.unit.dimension:
        raise Invalid({"unit": Reason.REFUSAL_UNIT_OTHER}, {"unit": {"unit": posting.unit.name}})


def require_sure(quote: Quote, need: Posting) -> None:
    """Refuses quote_unsure after a change of the need that the quote's maker has not confirmed."""
    if quote.state == QuoteState.UNSURE or quote.need_terms != terms_digest(need):
        raise Refused(Reason.REFUSAL_QUOTE_UNSURE)


def _standing(
    partnership: Partnership, actor: User, act: Act, enterprise: Enterprise | None
) -> tuple[Partnership, Quote, Side]:
    """The locked row, its standing quote, and the side on which ``actor`` does ``act``."""
    row = locked(partnership)
    require(can_act(actor, row, act))
    quote = Deal(row).quote
    if quote is None:
        raise Refused(Reason.REFUSAL_NOTHING_WAITS)
    return row, quote, side_acted_on(actor, row, act, enterprise)


def _answer(quote: Quote, state: QuoteState) -> None:
    quote.state = state
    quote.version += 1
    quote.save()
