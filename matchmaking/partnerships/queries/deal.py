"""What belongs to a deal: request, quotes, sample, agreement, deliveries and outcome of one partnership."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain
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
from matchmaking.postings.choices import Subject
from matchmaking.postings.models import Posting

REMIND_AFTER = timedelta(days=7)
MOST_QUOTES = 10
"""Quotes that may stand open on one need."""
TOLERANCE_PERCENT = 10
"""How far two deliveries may differ, in percent of the larger, to be called the same."""
SAMPLE_ACTS = (Act.ASK_SAMPLE, Act.SEND_SAMPLE, Act.RECEIVE_SAMPLE, Act.PASS_SAMPLE, Act.FAIL_SAMPLE)
TERM_COLUMNS = ("quantity_amount", "unit_id", "period", "window_start", "window_end", "node_id")


class Deal:
    """What belongs to one partnership now, each part read when it is first asked for; nothing before the introduction.

    Parts stay as they were read. With the partnership's ``events`` at hand the last step of a sample is not read.
    """

    def __init__(self, partnership: Partnership, events: Sequence[PartnershipEvent] | None = None) -> None:
        self._partnership, self._events = partnership, events
        begun = (*TALKING, *BOUND, State.COMPLETED)
        self._is_begun = partnership.introduced_at is not None or partnership.state in begun

    @cached_property
    def rfq(self) -> Rfq | None:
        """The request for quotation in which the need stands."""
        return open_rfq_of(self._partnership.need) if self._is_begun else None

    @cached_property
    def quote(self) -> Quote | None:
        """The standing quote, whoever may read it."""
        if not self._is_begun:
            return None
        rows = Quote.objects.filter(partnership=self._partnership, state__in=STANDING)
        found: Quote | None = rows.select_related("unit").first()
        return found

    @cached_property
    def sample(self) -> PartnershipEvent | None:
        """The last step of a sample."""
        return _last_sample(self._partnership, self._events) if self._is_begun else None

    @cached_property
    def person_agreed(self) -> PartnershipEvent | None:
        """When the supplier recorded that the people offered agreed to be named; None too where none are offered."""
        if not self.offers_people:
            return None
        rows = PartnershipEvent.objects.filter(partnership=self._partnership, act=Act.PERSON_AGREED)
        found: PartnershipEvent | None = rows.order_by("pk").first()
        return found

    @property
    def waits_for_consent(self) -> bool:
        """Whether people are offered who have not agreed yet to be named."""
        return self.offers_people and self.person_agreed is None

    @property
    def offers_people(self) -> bool:
        """Whether it is about people, whose names are theirs to give: by what either firm posted."""
        sides = (self._partnership.capacity, self._partnership.need)
        return any(posting.subject == Subject.TALENT for posting in sides)

    @cached_property
    def proposed(self) -> Agreement | None:
        """The version that waits for a signature."""
        return next((one for one in self._agreements if one.state == AgreementState.PROPOSED), None)

    @cached_property
    def in_force(self) -> Agreement | None:
        """The version in force, after the end of the deal the one that was."""
        in_force = (one for one in self._agreements if one.state == AgreementState.IN_FORCE)
        ended = (one for one in self._agreements if one.state == AgreementState.ENDED)
        return next(chain(in_force, ended), None)

    @cached_property
    def earlier(self) -> tuple[Agreement, ...]:
        """Versions that were replaced or taken back, the newest first."""
        others = (one for one in self._agreements if one is not self.in_force)
        return tuple(one for one in others if one.state != AgreementState.PROPOSED)

    @cached_property
    def milestones(self) -> tuple[Milestone, ...]:
        """The deliveries of ``in_force``."""
        return tuple(milestones_of(self.in_force)) if self.in_force else ()

    @cached_property
    def outcome(self) -> Outcome | None:
        """What is asked for or known of the outcome."""
        return getattr(self._partnership, "outcome", None) if self._is_begun else None

    @cached_property
    def statements(self) -> dict[Side, OutcomeStatement]:
        """What each side says of the outcome."""
        rows = OutcomeStatement.objects.filter(partnership=self._partnership).order_by("pk") if self.outcome else ()
        return {Side(row.side): row for row in rows}

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

    @cached_property
    def _agreements(self) -> list[Agreement]:
        return list(agreements_of(self._partnership)) if self._is_begun else []


class Plan(NamedTuple):
    """One delivery that is planned; ``amount`` in the agreement's unit, None where it is no quantity."""

    title: str
    planned_on: date
    amount: Decimal | None = None


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
