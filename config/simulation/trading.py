"""The days of a simulated market: buyers look and ask, suppliers answer and quote, both agree, deliver and tell."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from common.errors import Refused
from common.reasons import Reason
from config.clock import Clock
from config.simulation.people import (
    LOOKS_AT_FIRST,
    Order,
    answer_to,
    answers_a_day,
    buyer_of,
    days_to_deliver,
    is_delivered,
)
from config.simulation.world import Firm, PlannedNeed, World, post
from matchmaking.insights.services.hindsight import Hindsight, Unaware, market_unaware_of_load
from matchmaking.matching.services.snapshots import build_snapshot, is_snapshot_behind
from matchmaking.matching.services.suggestions import record_shown, suggestions_for
from matchmaking.partnerships.choices import WAITING, Answer, QuoteState, State
from matchmaking.partnerships.models import Agreement, Partnership, Quote
from matchmaking.partnerships.queries.partnerships import RELATED
from matchmaking.partnerships.services.agreeing import propose_agreement, sign_agreement
from matchmaking.partnerships.services.answering import remind_of_answers
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    end_partnership,
    withdraw_interest,
)
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from matchmaking.partnerships.services.outcomes import state_outcome
from matchmaking.partnerships.services.queueing import let_waiting_in
from matchmaking.partnerships.services.quoting import make_quote
from matchmaking.postings.choices import Direction, Period, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.life import expire_postings
from matchmaking.postings.services.publishing import close_posting, confirm_posting
from reference.queries.workdays import is_working_day

NIGHT, MORNING, AFTERNOON = 1.0, 9.0, 14.0
"""Hours at which the nightly round runs, buyers sit down, and suppliers answer."""
CONFIRMED_EVERY = 25
"""Days after which suppliers confirm their capacity, before the platform asks."""
LEAST_SHARE = Decimal("0.2")
"""Of a need that several may share; the platform's own default."""
QUOTE_HOLDS = timedelta(days=10)
PRICE = Decimal("10.00")
ONLY = 1
"""Number of the delivery of an agreement that names no days between its first and its last."""


@dataclass
class Search:
    """A posted need and how its buyer gets on."""

    plan: PlannedNeed
    posting: Posting
    asked: int = 0
    is_over: bool = False


@dataclass
class Trade:
    """One market on its way through the days; ``order`` says what suggestions are ordered by."""

    world: World
    clock: Clock
    order: Order
    searches: dict[int, Search] = field(default_factory=dict)
    due: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    hindsight: Hindsight | None = None
    unaware: Unaware | None = None

    def run(self, after_day: Callable[[int], object] = lambda _day: None) -> None:
        """All days, one after another; ``after_day`` is told each that is done."""
        numbers = [posting.number for posting in self.world.capacities]
        build_snapshot()
        if self.order == Order.PLATFORM:
            self.hindsight = Hindsight(market_unaware_of_load(numbers), numbers)
        for day in range(self.world.size.days):
            self._night(day)
            self.clock.turn_to(day, MORNING)
            if self.order == Order.RELEVANCE_ONLY:
                self.unaware = market_unaware_of_load(numbers)
            self._publish(day)
            if is_working_day(timezone.localdate()):
                self._buyers(day)
                self.clock.turn_to(day, AFTERNOON)
                self._suppliers()
            self._deliveries(day)
            after_day(day)

    def _night(self, day: int) -> None:
        self.clock.turn_to(day, NIGHT)
        expire_postings()
        end_overdue_interests()
        let_waiting_in()
        remind_of_answers(on=timezone.localdate())
        if day and day % CONFIRMED_EVERY == 0:
            for firm, posting in zip(self.world.suppliers, self.world.capacities, strict=True):
                confirm_posting(posting=posting, actor=firm.user)
        if is_snapshot_behind():
            build_snapshot()

    def _publish(self, day: int) -> None:
        for plan in self.world.needs:
            if plan.day == day:
                posting = post(self.world.size, plan.firm, Direction.NEED, plan.values)
                self.searches[posting.pk] = Search(plan, posting)
                if self.hindsight is not None:
                    self.hindsight.note(posting)

    def _buyers(self, day: int) -> None:
        states = (*WAITING, State.INTRODUCED, State.QUOTING)
        talks: dict[int, list[Partnership]] = defaultdict(list)
        for row in Partnership.objects.filter(state__in=states).select_related(*RELATED).order_by("pk"):
            talks[row.need_id].append(row)
        searching = {key: search for key, search in self.searches.items() if not search.is_over}
        now = Posting.objects.select_related("enterprise", "node", "region", "unit").in_bulk(searching)
        for key, search in searching.items():
            search.posting = now[key]
            if search.posting.status != Status.PUBLISHED:
                search.is_over = True
                continue
            quoted = [row for row in talks[key] if row.state == State.QUOTING]
            if not any(self._agree(search, row, talks[key], day) for row in quoted):
                self._look(search, talks[key])

    def _look(self, search: Search, talks: Sequence[Partnership]) -> None:
        """Read the first suggestions, ask as many firms as this buyer asks at a time, or give up after enough."""
        habit = buyer_of(self.world.size.seed, search.plan.place)
        room = min(habit.at_once - len(talks), habit.in_all - search.asked)
        if room <= 0:
            if not talks and search.asked >= habit.in_all:
                self._close(search, Reason.END_NEED_NONE_SUITABLE)
            return
        user = search.plan.firm.user
        is_plain = self.order == Order.RELEVANCE_ONLY
        found = suggestions_for(
            posting=search.posting, viewer=user, limit=LOOKS_AT_FIRST, fit_only=is_plain, market=self.unaware
        )
        record_shown(posting=search.posting, shown=found.shown, viewer=user)
        underway = set(Partnership.objects.filter(need=search.posting).values_list("capacity", flat=True))
        for match in found.matches:
            if room and match.posting.pk not in underway and self._ask(search, match.posting):
                room -= 1

    def _ask(self, search: Search, capacity: Posting) -> bool:
        """Whether the platform took the request; a limit sends the buyer to the next in the list."""
        try:
            declare_interest(posting=search.posting, counterpart=capacity, actor=search.plan.firm.user)
        except Refused:
            return False
        search.asked += 1
        return True

    def _agree(self, search: Search, row: Partnership, talks: Sequence[Partnership], day: int) -> bool:
        """Sign what was quoted; False where the supplier has sold it meanwhile and the talk ends."""
        buyer, supplier = search.plan.firm, self._supplier(row)
        quote = Quote.objects.get(partnership=row, state=QuoteState.OPEN)
        today, plan = timezone.localdate(), search.plan
        days = days_to_deliver(self.world.size.seed, plan.place, supplier.place)
        ends_on = today + timedelta(days=days)
        terms: dict[str, Any] = {"quantity_amount": quote.quantity_amount, "unit": quote.unit, "period": Period.ONCE}
        terms |= {"starts_on": today, "ends_on": ends_on}
        agreement = propose_agreement(partnership=row, actor=buyer.user, terms=terms)
        sign_agreement(partnership=row, actor=buyer.user, seen=agreement.digest)
        try:
            sign_agreement(partnership=row, actor=supplier.user, seen=agreement.digest)
        except Refused:
            end_partnership(partnership=row, actor=supplier.user, reason=Reason.END_PARTNERSHIP_QUANTITY)
            return False
        self.due[day + days].append(row.pk)
        self._turn_away([one for one in talks if one.pk != row.pk], buyer)
        search.posting.refresh_from_db(fields=["reserved_amount"])
        if still_open(search.posting) <= 0:
            self._close(search, Reason.END_NEED_FILLED_HERE)
        return True

    def _turn_away(self, talks: Sequence[Partnership], buyer: Firm) -> None:
        for row in talks:
            if row.state in WAITING:
                withdraw_interest(partnership=row, actor=buyer.user)
            else:
                end_partnership(partnership=row, actor=buyer.user, reason=Reason.END_PARTNERSHIP_OTHER_CHOSEN)

    def _close(self, search: Search, reason: Reason) -> None:
        close_posting(posting=search.posting, actor=search.plan.firm.user, reason=reason)
        search.is_over = True

    def _suppliers(self) -> None:
        """Each supplier answers the oldest requests, as many as the day allows, and quotes what it accepts."""
        waiting: dict[int, list[Partnership]] = defaultdict(list)
        for row in Partnership.objects.filter(state=State.INTERESTED).select_related(*RELATED).order_by("pk"):
            waiting[row.capacity_id].append(row)
        promised: dict[int, Decimal] = defaultdict(Decimal)
        for quote in Quote.objects.filter(state=QuoteState.OPEN).select_related("partnership"):
            promised[quote.partnership.capacity_id] += quote.quantity_amount
        for rows in waiting.values():
            able = answers_a_day(self.world.size.seed, self._supplier(rows[0]).place)
            for row in rows:
                if able > 0:
                    able -= self._answer(row, promised)

    def _answer(self, row: Partnership, promised: dict[int, Decimal]) -> bool:
        """Whether the supplier spent time on it."""
        supplier, capacity = self._supplier(row), row.capacity
        search = self.searches[row.need_id]
        mood = answer_to(self.world.size.seed, search.plan.place, supplier.place)
        if mood == "ignore":
            return False
        left = still_open(capacity) - promised[row.capacity_id]
        asked = still_open(row.need)
        least = asked * LEAST_SHARE if row.need.consortium_allowed else asked
        if mood == "decline" or left < least:
            reason = Reason.END_PARTNERSHIP_QUANTITY if left < least else Reason.END_PARTNERSHIP_NOT_SUITABLE
            decline_interest(partnership=row, actor=supplier.user, reason=reason)
            return True
        amount = min(left, asked)
        accept_interest(partnership=row, actor=supplier.user)
        terms: dict[str, Any] = {
            "quantity_amount": amount,
            "unit": row.need.unit,
            "period": Period.ONCE,
            "unit_price": PRICE,
        }
        terms |= {"valid_until": timezone.localdate() + QUOTE_HOLDS}
        make_quote(partnership=row, actor=supplier.user, terms=terms)
        promised[row.capacity_id] += amount
        return True

    def _deliveries(self, day: int) -> None:
        rows = Partnership.objects.select_related(*RELATED).in_bulk(self.due.pop(day, []))
        for row in rows.values():
            buyer, supplier = self.searches[row.need_id].plan, self._supplier(row)
            agreement = Agreement.objects.get(partnership=row)
            is_kept = is_delivered(self.world.size.seed, buyer.place, supplier.place)
            if is_kept:
                deliver(partnership=row, milestone=ONLY, actor=supplier.user)
                row.refresh_from_db(fields=["state"])
                accept_delivery(partnership=row, milestone=ONLY, actor=buyer.firm.user)
            told = {"answer": Answer.YES, "delivered_amount": agreement.quantity_amount}
            failed = {"answer": Answer.FAILED, "reason": Reason.END_PARTNERSHIP_NOT_DELIVERED}
            for actor in (supplier.user, buyer.firm.user):
                state_outcome(partnership=row, actor=actor, **(told if is_kept else failed))

    def _supplier(self, row: Partnership) -> Firm:
        return self._by_capacity[row.capacity_id]

    @cached_property
    def _by_capacity(self) -> dict[int, Firm]:
        """Suppliers by the row number of their capacity."""
        pairs = zip(self.world.capacities, self.world.suppliers, strict=True)
        return {posting.pk: firm for posting, firm in pairs}


def still_open(posting: Posting) -> Decimal:
    """What a published posting still asks for or offers."""
    return (posting.quantity_amount or Decimal(0)) - posting.reserved_amount
