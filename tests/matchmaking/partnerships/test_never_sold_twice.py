"""Many people sign at the same moment over one capacity: what is left is given out once, and no more; no step is lost.

``SIGNERS`` and ``SIGNING_ROUNDS`` of the environment make it as large as a long run wants, which then prints what it
counted; docs/speed.md has the figures of the last one.
"""

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
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
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.months import most_agreed
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SIGNERS = int(os.environ.get("SIGNERS", "12"))
ROUNDS = int(os.environ.get("SIGNING_ROUNDS", "1"))
EACH = 1000
FITTING = SIGNERS * 3 // 4
DIGEST = "0" * 64


@dataclass
class Market:
    """A supplier with as many people as buyers with a need each."""

    supplier: Any = field(default_factory=EnterpriseFactory)
    people: list[Any] = field(init=False)
    needs: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.people = [MembershipFactory(enterprise=self.supplier).user for _ in range(SIGNERS)]
        self.needs = [PostingFactory() for _ in range(SIGNERS)]
        for need in self.needs:
            MembershipFactory(enterprise=need.enterprise)

    def proposed(self, period: Period) -> tuple[Posting, list[Agreement]]:
        """A capacity that three quarters of the proposals use up; each is signed by its buyer, as rows alone."""
        capacity = PostingFactory(
            capacity=True, enterprise=self.supplier, quantity_amount=Decimal(FITTING * EACH), period=period
        )
        now, day = timezone.now(), timezone.localdate()
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
                period=period,
                starts_on=day,
                ends_on=day + timedelta(days=364),
                digest=DIGEST,
                need_signed_at=now,
            )
            for pair in pairs
        )
        Milestone.objects.bulk_create(
            Milestone(agreement=one, title="示例", planned_on=one.ends_on) for one in agreements
        )
        return capacity, agreements


def sign_together(market: Market, period: Period) -> Counter[str]:
    """One round: all sign at the same moment. What the database says afterwards, by what is counted."""
    capacity, agreements = market.proposed(period)
    keys = [one.partnership_id for one in agreements]
    before = time.perf_counter()
    acts = [
        lambda a=one, who=person: sign_agreement(partnership=a.partnership, actor=who, seen=DIGEST)
        for one, person in zip(agreements, market.people, strict=True)
    ]
    told = at_once(*acts)
    busy = [place for place, one in enumerate(told) if is_busy(one)]
    for place in busy:  # the page asks them to press again
        told[place] = at_once(acts[place])[0]
    seconds = time.perf_counter() - before
    events = PartnershipEvent.objects.filter(partnership__in=keys)
    lines = Change.objects.filter(thing_key__in=[one.partnership.key for one in agreements])
    sold = most_agreed(Posting.objects.get(pk=capacity.pk))
    return Counter(
        {
            "rounds": 1,
            "signed": told.count(None),
            "refused": told.count(Reason.GAP_CAPACITY_BOOKED),
            "other answers": sum(one not in (None, Reason.GAP_CAPACITY_BOOKED) for one in told),
            "sold": int(sold),
            "oversold": int(max(sold - FITTING * EACH, 0)),
            "agreed": Partnership.objects.filter(pk__in=keys, state=State.AGREED).count(),
            "in force": Agreement.objects.filter(partnership__in=keys, state=AgreementState.IN_FORCE).count(),
            "sign events": events.filter(act=Act.SIGN).count(),
            "agree events": events.filter(act=Act.AGREE).count(),
            "recorded lines": lines.count(),
            "turned away by a busy file": len(busy),
            "milliseconds": int(seconds * 1000),
        }
    )


def is_busy(answer: Any) -> bool:
    """Whether SQLite let somebody wait for its file in vain: it serves writers in no order. PostgreSQL does not."""
    return connection.vendor == "sqlite" and isinstance(answer, OperationalError) and "locked" in str(answer)


def is_kept(found: Counter[str], rounds: int) -> bool:
    """Whether exactly as many signed as fit, nobody else was told anything else, and every step is there once."""
    fits = FITTING * rounds
    wanted = {
        "signed": fits,
        "refused": (SIGNERS - FITTING) * rounds,
        "other answers": 0,
        "sold": fits * EACH,
        "oversold": 0,
        "agreed": fits,
        "in force": fits,
        "sign events": fits,
        "agree events": fits,
        "recorded lines": 4 * fits,
    }
    return all(found[name] == count for name, count in wanted.items())


@pytest.mark.parametrize("period", [Period.ONCE, Period.MONTH])
def test_what_is_left_is_given_out_once_however_many_sign_together(period, capsys):
    market, found = Market(), Counter()
    for turn in range(1, ROUNDS + 1):
        found += sign_together(market, period)
        assert is_kept(found, turn), dict(found)
    if ROUNDS > 1:
        with capsys.disabled():
            print(f"\n{connection.vendor}, {SIGNERS} at once, counted {period}: {dict(found)}")


def test_a_booking_that_trusts_what_was_read_before_is_found_out(monkeypatch):
    """The same round with the lock and the condition of the statement taken out."""

    def careless(*, posting, amount, days, actor=None):
        if amount > left:
            raise Refused(Reason.GAP_CAPACITY_BOOKED)
        Posting.objects.filter(pk=posting.pk).update(reserved_amount=F("reserved_amount") + amount)
        return posting

    left = FITTING * EACH
    monkeypatch.setattr(agreeing, "reserve_capacity", careless)
    assert not is_kept(sign_together(Market(), Period.ONCE), 1)
