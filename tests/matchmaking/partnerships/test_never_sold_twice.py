"""Many people sign at the same moment over one capacity: what is left is given out once, and no more; no step is lost.

The long form signs fifty at once, two hundred times, and prints what it counted; docs/speed.md has the last figures.
"""

import itertools
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone

from accounts.models import Change
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, AgreementState, State
from matchmaking.partnerships.models import Agreement, Milestone, Partnership, PartnershipEvent
from matchmaking.partnerships.services import agreeing
from matchmaking.partnerships.services.agreeing import sign_agreement
from matchmaking.postings.choices import Period
from matchmaking.postings.models import CapacityMonth, Posting
from matchmaking.postings.queries.months import most_agreed
from matchmaking.postings.services import capacity as booking
from matchmaking.postings.services.months import month_shares
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(12, 1), pytest.param(50, 200, marks=pytest.mark.long)]
"""How many sign at once, and how often."""
EACH = 1000
DIGEST = "0" * 64


@dataclass
class Market:
    """A supplier with as many people as buyers with a need each."""

    signers: int
    supplier: Any = field(default_factory=EnterpriseFactory)
    people: list[Any] = field(init=False)
    needs: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.people = [MembershipFactory(enterprise=self.supplier).user for _ in range(self.signers)]
        self.needs = [PostingFactory() for _ in range(self.signers)]
        for need in self.needs:
            MembershipFactory(enterprise=need.enterprise)

    @property
    def fitting(self) -> int:
        """How many of the proposals fit: three quarters."""
        return self.signers * 3 // 4

    def capacity(self, period: Period) -> Posting:
        """What ``fitting`` of the proposals use up."""
        amount = Decimal(self.fitting * EACH)
        made: Posting = PostingFactory(capacity=True, enterprise=self.supplier, quantity_amount=amount, period=period)
        return made

    def proposed(self, capacity: Posting, windows: Sequence[tuple[date, date]] = ()) -> list[Agreement]:
        """An agreement with each buyer, signed by it, as rows alone; for ``windows`` in turn, or a year from today."""
        now, day = timezone.now(), timezone.localdate()
        turns = itertools.cycle(windows or [(day, day + timedelta(days=364))])
        pairs = Partnership.objects.bulk_create(
            Partnership(need=need, capacity=capacity, state=State.INTRODUCED, introduced_at=now, opened_by="need")
            for need in self.needs
        )
        agreements = Agreement.objects.bulk_create(
            Agreement(
                partnership=pair,
                proposed_on_side="need",
                quantity_amount=Decimal(EACH),
                unit=capacity.unit,
                period=capacity.period,
                starts_on=starts_on,
                ends_on=ends_on,
                digest=DIGEST,
                need_signed_at=now,
            )
            for pair, (starts_on, ends_on) in zip(pairs, turns, strict=False)
        )
        Milestone.objects.bulk_create(
            Milestone(agreement=one, title="示例", planned_on=one.ends_on) for one in agreements
        )
        return list(agreements)


def sign_together(market: Market, period: Period) -> Counter[str]:
    """One round: all sign at the same moment. What the database says afterwards, by what is counted."""
    capacity = market.capacity(period)
    found = signed_at_once(market, market.proposed(capacity))
    sold, room = most_agreed(Posting.objects.get(pk=capacity.pk)), market.fitting * EACH
    return found + Counter({"sold": int(sold), "oversold": int(max(sold - room, 0))})


def signed_at_once(market: Market, agreements: list[Agreement]) -> Counter[str]:
    """All sign at the same moment: what they were told, and the steps that the database has afterwards."""
    keys = [one.partnership_id for one in agreements]
    before = time.perf_counter()
    acts = [
        lambda a=one, who=person: sign_agreement(partnership=a.partnership, actor=who, seen=DIGEST)
        for one, person in zip(agreements, market.people, strict=True)
    ]
    told = at_once(*acts)
    busy = [place for place, one in enumerate(told) if is_busy(one)]
    for place in busy:  # they press again, one after the other
        told[place] = at_once(acts[place])[0]
    seconds = time.perf_counter() - before
    others = [one for one in told if one not in (None, Reason.GAP_CAPACITY_BOOKED)]
    events = PartnershipEvent.objects.filter(partnership__in=keys)
    lines = Change.objects.filter(thing_key__in=[one.partnership.key for one in agreements])
    return Counter(
        {
            "rounds": 1,
            "signed": told.count(None),
            "refused": told.count(Reason.GAP_CAPACITY_BOOKED),
            "other answers": len(others),
            "agreed": Partnership.objects.filter(pk__in=keys, state=State.AGREED).count(),
            "in force": Agreement.objects.filter(partnership__in=keys, state=AgreementState.IN_FORCE).count(),
            "sign events": events.filter(act=Act.SIGN).count(),
            "agree events": events.filter(act=Act.AGREE).count(),
            "recorded lines": lines.count(),
            "waited in vain": len(busy),
            "milliseconds": int(seconds * 1000),
        }
    ) + Counter(f"{type(one).__name__}: {one}"[:120] for one in others)


def is_busy(answer: Any) -> bool:
    """Whether somebody waited in vain: for the file of SQLite, which serves writers in no order, on PostgreSQL longer
    for a row than its patience of five seconds.
    """
    words = {"sqlite": "locked", "postgresql": "lock timeout"}[connection.vendor]
    return isinstance(answer, OperationalError) and words in str(answer)


def is_kept(found: Counter[str], market: Market, rounds: int = 1) -> bool:
    """Whether exactly as many signed as fit, nobody else was told anything else, and every step is there once."""
    fits = market.fitting * rounds
    wanted = {"signed": fits, "sold": fits * EACH, "oversold": 0}
    return all(found[name] == count for name, count in wanted.items()) and no_step_is_lost(found, market, rounds)


def no_step_is_lost(found: Counter[str], market: Market, rounds: int = 1) -> bool:
    """Whether all were told that they signed or that nothing is left, and who signed has every step once."""
    fits = found["signed"]
    wanted = {
        "refused": market.signers * rounds - fits,
        "other answers": 0,
        "agreed": fits,
        "in force": fits,
        "sign events": fits,
        "agree events": fits,
        "recorded lines": 4 * fits,
    }
    return all(found[name] == count for name, count in wanted.items())


def tell(capsys: Any, found: Counter[str], market: Market, counted: str) -> None:
    """What a long run counted, on the screen."""
    if found["rounds"] > 1:
        with capsys.disabled():
            print(f"\n{connection.vendor}, {market.signers} at once, counted {counted}: {dict(found)}")


@pytest.mark.parametrize("period", [Period.ONCE, Period.MONTH])
@pytest.mark.parametrize(("signers", "rounds"), SIZES)
def test_what_is_left_is_given_out_once_however_many_sign_together(signers, rounds, period, capsys):
    market, found = Market(signers), Counter()
    for turn in range(1, rounds + 1):
        found += sign_together(market, period)
        assert is_kept(found, market, turn), dict(found)
    tell(capsys, found, market, f"by {period}")


@dataclass
class Calendar:
    """A monthly capacity with another amount in each of six months, for agreements over two or three of them."""

    market: Market
    capacity: Posting = field(init=False)
    months: list[date] = field(init=False)

    def __post_init__(self) -> None:
        self.capacity = self.market.capacity(Period.MONTH)
        self.months = [months_on(timezone.localdate(), ahead) for ahead in range(1, 7)]
        shares = (4, 2, 3, 5, 1, 4)
        CapacityMonth.objects.bulk_create(
            CapacityMonth(
                posting=self.capacity, month=month, planned_amount=Decimal(self.market.signers * EACH * share // 16)
            )
            for month, share in zip(self.months, shares, strict=True)
        )

    def windows(self) -> list[tuple[date, date]]:
        """Whole months, and such as begin or end within one."""
        ends = [months_on(month, 1) - timedelta(days=1) for month in self.months]
        whole = [(self.months[place], ends[place + 1]) for place in range(5)]
        parts = [(self.months[place] + timedelta(days=10), ends[place + 2] - timedelta(days=7)) for place in range(4)]
        return [window for pair in itertools.zip_longest(whole, parts) for window in pair if window is not None]

    def agreed(self, state: AgreementState) -> list[dict[date, Decimal]]:
        """What each agreement in ``state`` takes of each month."""
        rows = Agreement.objects.filter(partnership__capacity=self.capacity, state=state)
        return [month_shares(one.quantity_amount, (one.starts_on, one.ends_on)) for one in rows]

    def faults(self) -> list[str]:
        """Months that are sold more than they carry, or whose sum is not that of what is in force; and proposals turned
        away though there is room.
        """
        carried = {one.month: one for one in CapacityMonth.objects.filter(posting=self.capacity)}
        sums: Counter[date] = Counter()
        for shares in self.agreed(AgreementState.IN_FORCE):
            for month, share in shares.items():
                sums[month] += share
        found = [f"oversold {month}" for month, one in carried.items() if one.booked_amount > one.planned_amount]
        found += [f"lost {month}" for month, one in carried.items() if one.booked_amount != sums[month]]
        for shares in self.agreed(AgreementState.PROPOSED):
            if all(
                carried[month].booked_amount + share <= carried[month].planned_amount for month, share in shares.items()
            ):
                found.append(f"turned away in vain {min(shares)}")
        return found


def months_on(day: date, count: int) -> date:
    """The first day of the month ``count`` months after that of ``day``."""
    place = day.year * 12 + day.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


@pytest.mark.parametrize(("signers", "rounds"), SIZES)
def test_no_month_of_a_calendar_is_sold_twice_however_many_sign_for_months_that_overlap(signers, rounds, capsys):
    market, found = Market(signers), Counter()
    for _turn in range(rounds):
        calendar = Calendar(market)
        told = signed_at_once(market, market.proposed(calendar.capacity, calendar.windows()))
        assert calendar.faults() == []
        assert 0 < told["signed"] < signers
        assert no_step_is_lost(told, market), dict(told)
        found += told
    tell(capsys, found, market, "over a calendar")


def test_a_calendar_that_trusts_what_was_read_before_is_found_out(monkeypatch):
    """The same round where months are judged as they were before anybody wrote: only the check of the database is left,
    and whoever meets it is told nothing that helps.
    """

    def careless(posting, amount, days):
        for month, share in month_shares(amount, days).items():
            if share > before[month].planned_amount:
                raise Refused(Reason.GAP_CAPACITY_BOOKED)
            CapacityMonth.objects.filter(pk=before[month].pk).update(booked_amount=F("booked_amount") + share)

    market = Market(12)
    calendar = Calendar(market)
    before = {one.month: one for one in CapacityMonth.objects.filter(posting=calendar.capacity)}
    monkeypatch.setattr(booking, "book_months", careless)
    told = signed_at_once(market, market.proposed(calendar.capacity, calendar.windows()))
    assert calendar.faults() or not no_step_is_lost(told, market)


def test_a_booking_that_trusts_what_was_read_before_is_found_out(monkeypatch):
    """The same round with the lock and the condition of the statement taken out."""

    def careless(*, posting, amount, days, actor=None):
        if amount > left:
            raise Refused(Reason.GAP_CAPACITY_BOOKED)
        Posting.objects.filter(pk=posting.pk).update(reserved_amount=F("reserved_amount") + amount)
        return posting

    market = Market(12)
    left = market.fitting * EACH
    monkeypatch.setattr(agreeing, "reserve_capacity", careless)
    assert not is_kept(sign_together(market, Period.ONCE), market)
