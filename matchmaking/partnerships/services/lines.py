"""Several lines of a package at once: quoted by a supplier, awarded by the owner; one notice for all of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import MAX_AMOUNT, plain_amount
from matchmaking.partnerships.choices import INTRODUCED, Act, QuoteState, Side, State
from matchmaking.partnerships.models import Agreement, Partnership, Quote, Rfq
from matchmaking.partnerships.permissions import can_decide_package, can_join_line, can_quote_package
from matchmaking.partnerships.queries.packages import (
    Offer,
    OfferedLine,
    PackageLine,
    offered_lines,
    package_lines,
)
from matchmaking.partnerships.queries.partnerships import open_partnership
from matchmaking.partnerships.services.agreeing import propose_agreement
from matchmaking.partnerships.services.moving import locked, locked_postings, move
from matchmaking.partnerships.services.queueing import let_in
from matchmaking.partnerships.services.quoting import make_quote, require_sure, tell_firm
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import note_interest

CENT = Decimal("0.01")
SAID_ONCE = (
    "is_tax_included", "tax_rate", "lead_time_days", "valid_until", "freight_payer", "delivery_place", "payment_days",
    "takes_bank_acceptance", "metal_index", "note",
)  # fmt: skip
"""Terms that a supplier gives once for all lines, by the names of the quote's fields."""


@dataclass(frozen=True)
class LinePrice:
    """What a supplier asks for one line: price for one of the need's unit, and how much, all of it where not said."""

    unit_price: Decimal
    amount: Decimal | None = None


@unit_of_work
def quote_lines(
    *,
    rfq: Rfq,
    actor: User,
    enterprise: Enterprise,
    prices: Mapping[int, LinePrice],
    terms: Mapping[str, Any],
    capacity: Posting | None = None,
) -> list[Quote]:
    """Quote for the lines with these row numbers under the same ``terms``, each an ordinary quote of its own; the
    owner gets one notice. All lines or none; a quote that says the same already stays as it is, and is not given back.

    A line that ``enterprise`` does not talk about yet joins its talks with the owner, supplied from ``capacity``, else
    from that of the talks there are. Refuses not_yours, suspended, deadline_over; Invalid for none, by field for a
    term, and as ``<row number>.<field>`` for a line.
    """
    row: Rfq = Rfq.objects.select_for_update(of=("self",), no_key=True).select_related("enterprise").get(pk=rfq.pk)
    require(can_quote_package(actor, row, enterprise))
    offered = {one.line.pk: one for one in offered_lines(user=actor, rfq=row, enterprise=enterprise)}
    if not prices:
        raise Invalid({"lines": Reason.REFUSAL_REQUIRED})
    if unseen := [key for key in prices if key not in offered]:
        raise Invalid({f"{key}.": Reason.REFUSAL_NOT_YOURS for key in unseen})
    wanted = {key: offered[key] for key in sorted(prices) if not _says_the_same(offered[key], prices[key], terms)}
    if not wanted:
        return []
    source = _source(offered, capacity, enterprise)
    keys = {one.need.pk for one in wanted.values()} | ({source.pk} if source else set())
    keys |= {one.partnership.capacity_id for one in wanted.values() if one.partnership is not None}
    rows = locked_postings(*keys)
    made: list[Quote] = []
    problems: dict[str, Reason | str] = {}
    facts: dict[str, Mapping[str, object]] = {}
    for key, one in wanted.items():
        try:
            talks = _talks_about(row, one, source, rows, actor)
            told = {**terms, **_line_terms(rows[one.need.pk], prices[key])}
            made.append(make_quote(partnership=talks, actor=actor, terms=told, enterprise=enterprise, tells=False))
        except Invalid as error:
            for name, reason in error.fields.items():
                place = name if name in terms else f"{key}.{'amount' if name == 'quantity_amount' else name}"
                problems[place], facts[place] = reason, error.facts.get(name, {})
        except Refused as refusal:
            problems[f"{key}."], facts[f"{key}."] = refusal.reason, refusal.facts
    if problems:
        raise Invalid(problems, facts)
    about = _digest(quote.key for quote in made)
    tell_firm(row, row.enterprise, NoticeKind.QUOTE_RECEIVED, about=about, by=enterprise)
    return made


def _source(offered: Mapping[int, OfferedLine], capacity: Posting | None, enterprise: Enterprise) -> Posting | None:
    """The capacity from which lines are supplied that are not talked about yet."""
    if capacity is not None:
        if capacity.enterprise_id != enterprise.pk:
            raise Refused(Reason.REFUSAL_NOT_YOURS)
        return capacity
    talks = [one.partnership for one in offered.values() if one.partnership and one.partnership.state in INTRODUCED]
    return talks[0].capacity if talks else None


def _says_the_same(one: OfferedLine, price: LinePrice, terms: Mapping[str, Any]) -> bool:
    """Whether the open quote of a line says just this; a term that is left out is what a new quote has there."""
    quote = one.quote
    amount = one.need.quantity_amount if price.amount is None else price.amount
    if quote is None or quote.state != QuoteState.OPEN or (price.unit_price, amount) != (one.price, one.amount):
        return False
    blank = Quote()
    told = {name: terms.get(name, getattr(blank, name)) for name in SAID_ONCE}
    return all(_filled(told[name]) == _filled(getattr(quote, name)) for name in SAID_ONCE)


def _filled(value: Any) -> Any:
    return None if value == "" else value


def _line_terms(need: Posting, price: LinePrice) -> dict[str, Any]:
    return {
        "unit_price": price.unit_price,
        "quantity_amount": need.quantity_amount if price.amount is None else price.amount,
        "unit": need.unit,
        "period": need.period,
    }


def _talks_about(
    row: Rfq, one: OfferedLine, source: Posting | None, rows: Mapping[int, Posting], actor: User
) -> Partnership:
    """The talks in which a line is quoted: those that there are, else new ones with ``source``; ``rows`` are locked."""
    talks = one.partnership
    if talks is not None and talks.state in INTRODUCED:
        return talks
    if source is None:
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    capacity = rows[source.pk if talks is None else talks.capacity_id]
    return _join(row, rows[one.need.pk], capacity, actor)


def _join(row: Rfq, need: Posting, capacity: Posting, actor: User) -> Partnership:
    """Bring a pair of two firms that know each other to talks: by publishing the package its owner asked for quotes
    from everybody whom it has been introduced to about one of the lines.
    """
    require(can_join_line(actor, need, capacity))
    held = open_partnership(need=need, capacity=capacity)
    talks = locked(held) if held is not None else Partnership(need=need, capacity=capacity)
    if talks.state in INTRODUCED:
        return talks
    if talks.state == State.QUEUED:
        let_in(partnership=talks)
    if talks.state == State.INTERESTED and talks.opened_by == Side.NEED:
        move(partnership=talks, act=Act.ACCEPT, side=Side.CAPACITY, actor=actor)
        note_interest(posting=capacity, delta=-1)
    else:
        if talks.state == State.INTERESTED:
            note_interest(posting=need, delta=-1)
        else:
            _declare(talks, actor)
        move(partnership=talks, act=Act.ACCEPT_AHEAD, side=Side.NEED, actor=row.made_by)
    talks.introduced_at = timezone.now()
    return move(partnership=talks, act=Act.INTRODUCE, side=Side.PLATFORM, actor=None)


def _declare(talks: Partnership, actor: User) -> None:
    talks.opened_by = Side.CAPACITY
    talks.need_version, talks.capacity_version = talks.need.version, talks.capacity.version
    if talks.pk is None:
        talks.full_clean()
        talks.save()
    move(partnership=talks, act=Act.DECLARE_INTEREST, side=Side.CAPACITY, actor=actor)


@unit_of_work
def award_lines(
    *, rfq: Rfq, actor: User, awards: Mapping[str, Decimal], starts_on: date | None, ends_on: date | None
) -> list[Agreement]:
    """Propose an agreement for each quote that gets a line or a part of it: ``awards`` are amounts in the need's unit
    by the quote's key. Each supplier gets one notice. All or none; both sides then sign each as always.

    Refuses not_yours, suspended, wrong_state for a draft, deadline_ahead while sealed; Invalid for none, for days that
    do not fit, and by the quote's key for one that is none, an amount above what it offers or the line asks for, and
    one to be confirmed.
    """
    row: Rfq = Rfq.objects.select_for_update(of=("self",), no_key=True).select_related("enterprise").get(pk=rfq.pk)
    require(can_decide_package(actor, row))
    if row.hides_quotes:
        raise Refused(Reason.REFUSAL_DEADLINE_AHEAD, day=timezone.localtime(row.due_at).date().isoformat())
    wanted = _awarded(package_lines(user=actor, rfq=row), awards)
    if not wanted:
        raise Invalid({"awards": Reason.REFUSAL_REQUIRED})
    pairs = [offer.quote.partnership for _line, offer, _amount in wanted]
    locked_postings(*{key for pair in pairs for key in (pair.need_id, pair.capacity_id)})
    made: dict[int, list[Agreement]] = {}
    problems: dict[str, Reason | str] = {}
    facts: dict[str, Mapping[str, object]] = {}
    for line, offer, amount in wanted:
        key = offer.quote.key
        try:
            proposed = _propose(row, line, offer, amount, actor, (starts_on, ends_on))
            made.setdefault(offer.supplier.pk, []).append(proposed)
        except Invalid as error:
            for name, reason in error.fields.items():
                place = name if name in ("starts_on", "ends_on") else key
                problems[place], facts[place] = reason, error.facts.get(name, {})
        except Refused as refusal:
            problems[key], facts[key] = refusal.reason, refusal.facts
    if problems:
        raise Invalid(problems, facts)
    for agreements in made.values():
        firm = agreements[0].partnership.capacity.enterprise
        tell_firm(row, firm, NoticeKind.AGREEMENT_PROPOSED, about=_digest(one.key for one in agreements))
    return [one for agreements in made.values() for one in agreements]


def _awarded(lines: list[PackageLine], awards: Mapping[str, Decimal]) -> list[tuple[PackageLine, Offer, Decimal]]:
    """What is awarded, each with its line; Invalid for an amount above what a quote offers, where a line would get
    more than it asks for, and for a key that names no quote to award.
    """
    found: list[tuple[PackageLine, Offer, Decimal]] = []
    known = {offer.quote.key for line in lines for offer in line.offers}
    if unknown := [key for key in awards if key not in known]:
        raise Invalid(dict.fromkeys(unknown, Reason.REFUSAL_UNKNOWN_CODE), {key: {"code": key} for key in unknown})
    for line in lines:
        given = [(offer, awards[offer.quote.key]) for offer in line.offers if offer.quote.key in awards]
        kept = [offer.awarded or Decimal(0) for offer in line.offers if offer.quote.key not in awards]
        is_comparable = all(offer.quote.period == line.need.period for offer, _amount in given)
        asked = line.need.quantity_amount if is_comparable else None
        left = MAX_AMOUNT if asked is None else asked - sum(kept, Decimal(0))
        for offer, amount in given:
            key, most = offer.quote.key, min(offer.amount, left)
            if amount <= 0:
                raise Invalid({key: Reason.REFUSAL_NOT_POSITIVE})
            if amount > most:
                raise Invalid({key: Reason.REFUSAL_LIMIT_REACHED}, {key: {"limit": plain_amount(most)}})
            left -= amount
            found.append((line, offer, amount))
    return found


def _propose(
    row: Rfq, line: PackageLine, offer: Offer, amount: Decimal, actor: User, days: tuple[date | None, date | None]
) -> Agreement:
    quote = offer.quote
    require_sure(quote, line.need)
    terms = {
        "quantity_amount": amount,
        "unit": line.need.unit,
        "period": quote.period,
        "value": (amount * offer.price).quantize(CENT, rounding=ROUND_HALF_UP),
        "currency": quote.currency,
        "starts_on": days[0],
        "ends_on": days[1],
    }
    return propose_agreement(
        partnership=quote.partnership, actor=actor, terms=terms, enterprise=row.enterprise, tells=False
    )


def _digest(keys: Any) -> str:
    """One short name for a set of things that one notice is about."""
    return hashlib.sha256(",".join(sorted(keys)).encode()).hexdigest()[:16]
