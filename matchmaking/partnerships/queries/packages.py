"""Requests for quotation over several needs, as their owner and as their suppliers read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.partnerships.choices import (
    INTRODUCED,
    STANDING,
    AgreementState,
    LineState,
    QuoteState,
    RfqState,
)
from matchmaking.partnerships.models import Agreement, Partnership, Quote, Rfq, RfqLine
from matchmaking.partnerships.querysets import RfqQuerySet
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting

CENT = Decimal("0.01")
MOST_LINES = 200
"""Needs of one request for quotation."""
RELATED = ("need__enterprise", "need__node", "need__region", "need__unit")
TAKEN = (Status.DRAFT, Status.PUBLISHED, Status.IN_REVIEW)
"""States in which a need can become a line of a package."""


@dataclass(frozen=True)
class Offer:
    """One supplier's quote for a line; ``price`` is for one of the need's unit, ``amount`` counted in it.

    ``agreement`` is the award: proposed, or in force.
    """

    quote: Quote
    price: Decimal
    amount: Decimal
    is_best: bool
    agreement: Agreement | None

    @property
    def supplier(self) -> Enterprise:
        """Who quotes."""
        firm: Enterprise = self.quote.partnership.capacity.enterprise
        return firm

    @property
    def awarded(self) -> Decimal | None:
        """What of it is awarded, in the need's unit; None where nothing is."""
        if self.agreement is None:
            return None
        return in_unit_of(self.quote.partnership.need, self.agreement.unit, self.agreement.quantity_amount)


@dataclass(frozen=True)
class PackageLine:
    """One line as the owner reads it: the quotes that can be read, cheapest first, and how many stand in all."""

    line: RfqLine
    offers: tuple[Offer, ...]
    quote_count: int
    state: LineState

    @property
    def need(self) -> Posting:
        """The need that it is."""
        need: Posting = self.line.need
        return need

    @property
    def awarded(self) -> Decimal:
        """What is awarded of it in all, in the need's unit."""
        return sum((offer.awarded for offer in self.offers if offer.awarded is not None), Decimal(0))


@dataclass(frozen=True)
class SupplierTotal:
    """What one supplier asks for in one currency, over all lines that it quoted; tooling and freight not counted."""

    supplier: Enterprise
    currency: str
    lines: int
    best: int
    asked: Decimal
    awarded: Decimal


@dataclass(frozen=True)
class OfferedLine:
    """One line as a supplier reads it; ``number`` counts the lines that it may see, quote and agreement are its own."""

    number: int
    line: RfqLine
    partnership: Partnership | None
    quote: Quote | None
    agreement: Agreement | None

    @property
    def need(self) -> Posting:
        """The need that it is."""
        need: Posting = self.line.need
        return need

    @property
    def price(self) -> Decimal | None:
        """What its own quote asks for one of the need's unit."""
        return None if self.quote is None else price_in_unit_of(self.need, self.quote)

    @property
    def amount(self) -> Decimal | None:
        """How much its own quote is for, in the need's unit."""
        quote = self.quote
        return None if quote is None else in_unit_of(self.need, quote.unit, quote.quantity_amount)


def in_unit_of(need: Posting, unit: Any, amount: Decimal) -> Decimal:
    """``amount`` of ``unit`` counted in the need's own unit, to a thousandth."""
    if need.unit is None or unit.pk == need.unit_id:
        return amount
    return Decimal(amount * unit.factor_to_base / need.unit.factor_to_base).quantize(Decimal("0.001"))


def price_in_unit_of(need: Posting, quote: Quote) -> Decimal:
    """The quote's price for one of the need's own unit."""
    if need.unit is None or quote.unit_id == need.unit_id:
        return quote.unit_price
    return Decimal(quote.unit_price * need.unit.factor_to_base / quote.unit.factor_to_base).quantize(Decimal("0.0001"))


def packages_of(*, enterprise: Enterprise) -> QuerySet[Rfq]:
    """All requests of the reader's own enterprise, each with ``line_count``, the newest first."""
    rows: QuerySet[Rfq] = Rfq.objects.filter(enterprise=enterprise).annotate(line_count=Count("lines"))
    return rows.order_by("-pk")


def packages_offered_to(*, enterprise: Enterprise) -> QuerySet[Rfq]:
    """Requests of others that the reader's own enterprise may quote for, the newest first."""
    rows: QuerySet[Rfq] = Rfq.objects.offered_to(enterprise).select_related("enterprise")
    return rows.order_by("-pk")


def packages_through(enterprise: Enterprise | None) -> QuerySet[Rfq]:
    """What a system of ``enterprise`` may read: its own requests and those that it may quote for, each with
    ``line_count``.
    """
    if enterprise is None:
        return Rfq.objects.none()
    rows: QuerySet[Rfq] = Rfq.objects.visible_through(enterprise).select_related("enterprise")
    return rows.annotate(line_count=Count("lines"))


def package_through(*, enterprise: Enterprise, key: str) -> Rfq | None:
    """The one under ``key`` among ``packages_through``."""
    found: Rfq | None = packages_through(enterprise).filter(key=key).first()
    return found


def package_with_key(*, user: Actor, key: str) -> Rfq | None:
    """The request that ``user`` may see under ``key``, with its firm."""
    found: Rfq | None = Rfq.objects.visible_to(user).select_related("enterprise").filter(key=key).first()
    return found


def is_offered_to(*, rfq: Rfq, enterprise: Enterprise) -> bool:
    """Whether ``enterprise`` may read the request as a supplier."""
    offered: RfqQuerySet = Rfq.objects.offered_to(enterprise)
    return offered.filter(pk=rfq.pk).exists()


def lines_of(rfq: Rfq) -> QuerySet[RfqLine]:
    """The lines of a request in their order, each with its need."""
    return RfqLine.objects.filter(rfq=rfq).select_related(*RELATED).order_by("position", "pk")


def package_lines(*, rfq: Rfq, user: Actor = None, through: Enterprise | None = None) -> list[PackageLine]:
    """Every line with the quotes for it that ``user``, or a system of the firm ``through``, may read now; four queries,
    however many lines there are.
    """
    lines = list(lines_of(rfq))
    needs = [line.need_id for line in lines]
    seen = Quote.objects.visible_to(user) if through is None else Quote.objects.visible_through(through)
    rows = seen.filter(partnership__need__in=needs, state__in=(*STANDING, QuoteState.AWARDED))
    quotes: dict[int, list[Quote]] = {}
    for quote in rows.select_related("unit", "partnership__capacity__enterprise", "partnership__need__unit"):
        quotes.setdefault(quote.partnership.need_id, []).append(quote)
    standing = Quote.objects.filter(partnership__need__in=needs, state__in=(*STANDING, QuoteState.AWARDED)).order_by()
    counts = dict(standing.values_list("partnership__need").annotate(count=Count("pk")))
    awards = _awards(partnership__need__in=needs)
    return [
        _package_line(line, quotes.get(line.need_id, []), counts.get(line.need_id, 0), awards, rfq) for line in lines
    ]


def _awards(**about: Any) -> dict[int, Agreement]:
    """The agreement of each partnership that ``about`` filters: the one in force, else the proposed one."""
    states = (AgreementState.PROPOSED, AgreementState.IN_FORCE)
    rows = Agreement.objects.filter(state__in=states, **about).select_related("unit")
    found: dict[int, Agreement] = {}
    for row in rows.order_by("pk"):
        if row.partnership_id not in found or row.state == AgreementState.IN_FORCE:
            found[row.partnership_id] = row
    return found


def _package_line(
    line: RfqLine, quotes: list[Quote], count: int, awards: dict[int, Agreement], rfq: Rfq
) -> PackageLine:
    need = line.need
    priced = sorted(((price_in_unit_of(need, quote), quote) for quote in quotes), key=lambda one: (one[0], one[1].pk))
    is_comparable = len({(quote.currency, quote.period, quote.is_tax_included) for quote in quotes}) == 1
    offers = tuple(
        Offer(
            quote=quote,
            price=price,
            amount=in_unit_of(need, quote.unit, quote.quantity_amount),
            is_best=is_comparable and price == priced[0][0],
            agreement=awards.get(quote.partnership_id),
        )
        for price, quote in priced
    )
    return PackageLine(line, offers, count, _state(need, offers, count, rfq))


def _state(need: Posting, offers: tuple[Offer, ...], count: int, rfq: Rfq) -> LineState:
    kept = {Status.DRAFT.value: LineState.DRAFT, Status.IN_REVIEW.value: LineState.IN_REVIEW}
    states = {offer.agreement.state for offer in offers if offer.agreement is not None}
    if AgreementState.IN_FORCE in states:
        return LineState.AWARDED
    if AgreementState.PROPOSED in states:
        return LineState.PROPOSED
    if need.status in kept:
        return kept[need.status]
    if need.status not in (Status.PUBLISHED, Status.PAUSED):
        return LineState.OVER
    if not count:
        return LineState.UNQUOTED
    if rfq.hides_quotes:
        return LineState.SEALED
    is_unsure = any(offer.quote.state == QuoteState.UNSURE for offer in offers)
    return LineState.UNSURE if is_unsure else LineState.QUOTED


def supplier_totals(lines: Iterable[PackageLine]) -> list[SupplierTotal]:
    """What each supplier asks for over these lines, by currency, the one with most lines first."""
    found: dict[tuple[int, str], list[Offer]] = {}
    for line in lines:
        for offer in line.offers:
            found.setdefault((offer.supplier.pk, offer.quote.currency), []).append(offer)
    totals = [
        SupplierTotal(
            supplier=offers[0].supplier,
            currency=currency,
            lines=len(offers),
            best=sum(offer.is_best for offer in offers),
            asked=sum((offer.quote.total for offer in offers), Decimal(0)),
            awarded=sum(
                ((offer.awarded * offer.price).quantize(CENT) for offer in offers if offer.awarded is not None),
                Decimal(0),
            ),
        )
        for (_firm, currency), offers in found.items()
    ]
    return sorted(totals, key=lambda total: (-total.lines, total.asked, total.supplier.pk))


def offered_lines(*, user: Actor, rfq: Rfq, enterprise: Enterprise) -> list[OfferedLine]:
    """The lines that ``enterprise`` may see, with its own partnerships and quotes and nobody else's; five queries.

    A line that is hidden from it leaves no gap in the numbers; one that it talks about stays when it is paused.
    """
    talks: dict[int, Partnership] = {}
    rows = Partnership.objects.filter(need__rfq_lines__rfq=rfq, capacity__enterprise=enterprise).exclude(state="failed")
    for row in rows.order_by("pk"):
        if row.need_id not in talks or row.state in INTRODUCED:
            talks[row.need_id] = row
    seen = Posting.objects.visible_through(enterprise).filter(pk__in=Posting.objects.visible_to(user).values("pk"))
    known = [need for need, row in talks.items() if row.state in INTRODUCED]
    lines = lines_of(rfq).filter(Q(need__in=seen.order_by().values("pk")) | Q(need__in=known))
    own = Quote.objects.filter(partnership__in=[row.pk for row in talks.values()], state__in=(*STANDING, "awarded"))
    quotes = {quote.partnership_id: quote for quote in own.select_related("unit").order_by("pk")}
    told = [(line, talks.get(line.need_id)) for line in lines]
    awards = _awards(partnership__in=[row.pk for row in talks.values()])
    return [
        OfferedLine(number, line, row, quotes.get(row.pk) if row else None, awards.get(row.pk) if row else None)
        for number, (line, row) in enumerate(told, 1)
    ]


def own_needs(*, enterprise: Enterprise, numbers: Iterable[str]) -> list[Posting]:
    """The needs of ``enterprise`` with these numbers, in any state."""
    rows = Posting.objects.filter(enterprise=enterprise, direction=Direction.NEED, number__in=set(numbers))
    return list(rows.order_by("pk"))


def supplies_from(*, lines: Iterable[OfferedLine], enterprise: Enterprise) -> list[Posting]:
    """The enterprise's live capacities, first those of its talks about ``lines``."""
    rows = Posting.objects.filter(enterprise=enterprise, direction=Direction.CAPACITY, status=Status.PUBLISHED)
    talks = [line.partnership for line in lines if line.partnership is not None]
    first = {row.capacity_id for row in talks if row.state in INTRODUCED}
    return sorted(rows.order_by("title", "pk"), key=lambda row: row.pk not in first)


def choosable_needs(*, rfq: Rfq) -> QuerySet[Posting]:
    """Needs of the request's firm that can become lines: drafts and live ones that stand in no other open request."""
    rows = Posting.objects.filter(enterprise=rfq.enterprise, direction=Direction.NEED, status__in=TAKEN)
    taken = RfqLine.objects.filter(Q(rfq=rfq) | Q(rfq__in=Rfq.objects.open()) | Q(rfq__state=RfqState.DRAFT))
    rows = rows.exclude(pk__in=taken.order_by().values("need"))
    return rows.select_related("node", "unit").order_by("-changed_at", "-pk")
