"""What belongs to a deal: request, quotes, sample, agreement, deliveries and outcome of one partnership."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.querysets import Actor
from common.values import plain_amount
from matchmaking.partnerships.choices import (
    BOUND,
    STANDING,
    TALKING,
    Act,
    AgreementState,
    OutcomeState,
    QuoteState,
    RfqState,
    Side,
    State,
)
from matchmaking.partnerships.models import (
    Agreement,
    Milestone,
    Outcome,
    OutcomeStatement,
    Partnership,
    PartnershipEvent,
    Quote,
    Rfq,
)
from matchmaking.postings.models import Posting

REMIND_AFTER = timedelta(days=7)
MOST_QUOTES = 10
"""Quotes that may stand open on one need."""
TOLERANCE_PERCENT = 10
"""How far two deliveries may differ, in percent of the larger, to be called the same."""
SAMPLE_ACTS = (Act.ASK_SAMPLE, Act.SEND_SAMPLE, Act.RECEIVE_SAMPLE, Act.PASS_SAMPLE, Act.FAIL_SAMPLE)
TERM_COLUMNS = ("quantity_amount", "unit_id", "period", "window_start", "window_end", "node_id")


@dataclass(frozen=True)
class Deal:
    """What belongs to one partnership now; ``quote`` is the standing one, whoever may read it."""

    rfq: Rfq | None = None
    quote: Quote | None = None
    sample: PartnershipEvent | None = None
    proposed: Agreement | None = None
    in_force: Agreement | None = None
    earlier: tuple[Agreement, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    outcome: Outcome | None = None
    statements: dict[Side, OutcomeStatement] = field(default_factory=dict)

    @property
    def undelivered(self) -> tuple[Milestone, ...]:
        """Milestones that are still to be delivered."""
        return tuple(one for one in self.milestones if one.delivered_on is None)

    @property
    def delivered(self) -> Decimal | None:
        """What was delivered so far, in the agreement's unit; None where a delivery does not say how much."""
        amounts = [one.quantity_amount for one in self.milestones if one.delivered_on is not None]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(amounts) else None

    @property
    def unaccepted(self) -> tuple[Milestone, ...]:
        """Deliveries that the other side has not accepted yet."""
        return tuple(one for one in self.milestones if one.delivered_on is not None and one.accepted_on is None)


NOTHING = Deal()


class Plan(NamedTuple):
    """One delivery that is planned; ``amount`` in the agreement's unit, None where it is no quantity."""

    title: str
    planned_on: date
    amount: Decimal | None = None


def deal_of(partnership: Partnership, events: Sequence[PartnershipEvent] | None = None) -> Deal:
    """What belongs to ``partnership``, by a fixed number of queries, one less with its ``events`` at hand; none before
    the introduction.
    """
    if partnership.introduced_at is None and partnership.state not in (*TALKING, *BOUND, State.COMPLETED):
        return NOTHING
    agreements = list(agreements_of(partnership))
    in_force = next((one for one in agreements if one.state == AgreementState.IN_FORCE), None)
    ended = next((one for one in agreements if one.state == AgreementState.ENDED), None)
    outcome = getattr(partnership, "outcome", None)
    rows = OutcomeStatement.objects.filter(partnership=partnership).order_by("pk") if outcome else ()
    shown = in_force or ended
    return Deal(
        rfq=open_rfq_of(partnership.need),
        quote=Quote.objects.filter(partnership=partnership, state__in=STANDING).select_related("unit").first(),
        sample=_last_sample(partnership, events),
        proposed=next((one for one in agreements if one.state == AgreementState.PROPOSED), None),
        in_force=shown,
        earlier=tuple(one for one in agreements if one is not shown and one.state != AgreementState.PROPOSED),
        milestones=tuple(Milestone.objects.filter(agreement=shown).numbered()) if shown else (),
        outcome=outcome,
        statements={Side(row.side): row for row in rows},
    )


def agreements_of(partnership: Partnership) -> QuerySet[Agreement]:
    """All versions, the newest first."""
    return Agreement.objects.filter(partnership=partnership).select_related("unit")


def signed_agreements_of_member(user: Actor) -> QuerySet[Agreement]:
    """Versions that both sides have signed, of partnerships in which an enterprise of ``user`` is a side.

    Partnership, postings with their firms, and signers are filled.
    """
    rows: QuerySet[Agreement] = Agreement.objects.of_member(user)
    both = rows.exclude(need_signed_at=None).exclude(capacity_signed_at=None)
    return both.select_related(
        "partnership__need__enterprise", "partnership__capacity__enterprise", "unit", "need_signed_by",
        "capacity_signed_by",
    )  # fmt: skip


def milestones_of(agreement: Agreement) -> list[Milestone]:
    """The deliveries that ``agreement`` plans, by day, each with its number."""
    return list(Milestone.objects.filter(agreement=agreement).numbered())


def open_rfq_of(need: Posting) -> Rfq | None:
    """The newest request for quotation in which the need stands, one that is closed too; no draft."""
    found: Rfq | None = Rfq.objects.filter(lines__need=need).exclude(state=RfqState.DRAFT).order_by("-pk").first()
    return found


def _last_sample(partnership: Partnership, events: Sequence[PartnershipEvent] | None) -> PartnershipEvent | None:
    if events is not None:
        return next((event for event in reversed(events) if event.act in SAMPLE_ACTS), None)
    rows = PartnershipEvent.objects.filter(partnership=partnership, act__in=SAMPLE_ACTS)
    found: PartnershipEvent | None = rows.order_by("-pk").first()
    return found


def quotes_shown(*, user: Actor, partnership: Partnership) -> list[Quote]:
    """The quotes of a partnership that ``user`` may read, the newest first."""
    return list(Quote.objects.visible_to(user).filter(partnership=partnership).select_related("unit"))


def quotes_for_need(*, user: Actor, need: Posting) -> list[Quote]:
    """The standing and awarded quotes for ``need`` that ``user`` may read, each with its supplier, cheapest first."""
    rows = Quote.objects.visible_to(user).filter(partnership__need=need, state__in=(*STANDING, QuoteState.AWARDED))
    rows = rows.select_related("unit", "partnership__capacity__enterprise", "partnership__need__enterprise")
    return sorted(rows, key=lambda quote: quote.unit_price / quote.unit.factor_to_base)


def standing_quote_count(need: Posting) -> int:
    """How many quotes stand open on ``need``; told to both sides also while they are sealed."""
    return int(Quote.objects.filter(partnership__need=need, state__in=STANDING).count())


def terms_digest(need: Posting) -> str:
    """A digest of the terms of ``need`` that a quote depends on: quantity, window, node and certificates."""
    papers = sorted(need.required_certificates.values_list("certification_id", "is_must"))
    told = [getattr(need, name) for name in TERM_COLUMNS]
    amount = plain_amount(need.quantity_amount) if need.quantity_amount is not None else ""
    return hashlib.sha256(repr([amount, *map(str, told[1:]), papers]).encode()).hexdigest()[:32]


def standing_quotes_at(numbers: Iterable[str]) -> QuerySet[Quote]:
    """Open quotes for the needs with these numbers."""
    rows = Quote.objects.filter(partnership__need__number__in=list(numbers), state=QuoteState.OPEN)
    return rows.select_related("partnership__need")


def lapsed_quotes(*, on: date) -> QuerySet[Quote]:
    """Standing quotes whose last day was before ``on``."""
    return Quote.objects.filter(state__in=STANDING, valid_until__lt=on)


def is_within_tolerance(one: Decimal, other: Decimal) -> bool:
    """Whether two deliveries differ by ``TOLERANCE_PERCENT`` of the larger at most."""
    return abs(one - other) * 100 <= max(one, other) * TOLERANCE_PERCENT


def outcomes_to_ask(*, on: date) -> QuerySet[Outcome]:
    """Open outcomes whose agreement is over and whose sides were not asked yet."""
    return Outcome.objects.filter(state=OutcomeState.OPEN, asked_on=None, partnership__state__in=BOUND).filter(
        partnership__agreements__state=AgreementState.IN_FORCE, partnership__agreements__ends_on__lt=on
    )


def outcomes_overdue(*, on: date) -> QuerySet[Outcome]:
    """Outcomes that were not confirmed by their day."""
    late = Q(state__in=(OutcomeState.OPEN, OutcomeState.DISPUTED), due_on__lt=on)
    return Outcome.objects.filter(late, partnership__state__in=BOUND)


def outcomes_to_remind(*, on: date) -> QuerySet[Outcome]:
    """Outcomes that still wait ``REMIND_AFTER`` the day on which both were asked last."""
    waiting = Outcome.objects.filter(state__in=(OutcomeState.OPEN, OutcomeState.DISPUTED), partnership__state__in=BOUND)
    return waiting.filter(asked_on__lte=on - REMIND_AFTER)


def is_disputed(partnership: Partnership) -> bool:
    """Whether the sides differ about the outcome and still can settle it."""
    waits = Outcome.objects.filter(partnership=partnership, state=OutcomeState.DISPUTED)
    return partnership.state in BOUND and waits.exists()


def disputes_in_scope(*, user: Actor) -> QuerySet[Outcome]:
    """Outcomes on which the sides differ, of partnerships that ``user`` looks after."""
    inside = Partnership.objects.in_scope_of(user).values("pk")
    return Outcome.objects.filter(state=OutcomeState.DISPUTED, partnership__in=inside, partnership__state__in=BOUND)
