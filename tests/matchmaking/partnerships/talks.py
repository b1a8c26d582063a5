"""Two firms in talks, and the acts that bring them further; shared by the tests of the deal."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Change, User
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.models import Agreement, Partnership, PartnershipEvent
from matchmaking.partnerships.services.agreeing import propose_agreement, sign_agreement
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.services.quoting import make_quote
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory


@dataclass
class Talks:
    """A partnership after the introduction, with an owner of each side."""

    partnership: Partnership
    buyer: User
    seller: User

    @property
    def now(self) -> Partnership:
        """The row as the database has it."""
        return Partnership.objects.select_related(
            "need__enterprise", "need__unit", "capacity__enterprise", "capacity__unit"
        ).get(pk=self.partnership.pk)

    def quote(self, **changed: Any) -> Any:
        """The seller's quote."""
        return make_quote(partnership=self.now, actor=self.seller, terms=quote_terms(self.partnership, **changed))

    def propose(self, **changed: Any) -> Agreement:
        """The buyer's proposal."""
        return propose_agreement(
            partnership=self.now, actor=self.buyer, terms=agreement_terms(self.partnership, **changed)
        )

    def sign(self, agreement: Agreement) -> None:
        """Both signatures, the buyer's first."""
        for actor in (self.buyer, self.seller):
            sign_agreement(partnership=self.now, actor=actor, seen=agreement.digest)

    def agree(self, **changed: Any) -> Agreement:
        """A proposal that both sign."""
        agreement = self.propose(**changed)
        self.sign(agreement)
        agreement.refresh_from_db()
        return agreement


def talks(partnership: Partnership | None = None, **traits: Any) -> Talks:
    """Two firms that were introduced."""
    row = partnership or PartnershipFactory(introduced=True, **traits)
    return Talks(
        row,
        MembershipFactory(enterprise=row.need.enterprise).user,
        MembershipFactory(enterprise=row.capacity.enterprise).user,
    )


def quote_terms(partnership: Partnership, **changed: Any) -> dict[str, Any]:
    """What a supplier fills in: 8,000 a month at 12.50."""
    return {
        "quantity_amount": Decimal(8000),
        "unit": partnership.need.unit,
        "period": "month",
        "unit_price": Decimal("12.50"),
        "valid_until": timezone.localdate() + timedelta(days=30),
        "lead_time_days": 30,
        **changed,
    }


def agreement_terms(partnership: Partnership, **changed: Any) -> dict[str, Any]:
    """What both agree on: 8,000 a month for a year."""
    day = timezone.localdate()
    return {
        "quantity_amount": Decimal(8000),
        "unit": partnership.need.unit,
        "period": "month",
        "starts_on": day,
        "ends_on": day + timedelta(days=364),
        **changed,
    }


def refusal_of(**arguments: object) -> Reason:
    """Why ``declare_interest`` refuses; checks that it then left nothing behind."""
    before = (Partnership.objects.count(), PartnershipEvent.objects.count(), Change.objects.count())
    with pytest.raises(Refused) as refusal:
        declare_interest(**arguments)
    assert (Partnership.objects.count(), PartnershipEvent.objects.count(), Change.objects.count()) == before
    return refusal.value.reason
