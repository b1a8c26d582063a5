"""A need that no supplier carries alone, suppliers that carry it together, and the set that they form."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.queries.consortia import active_members
from matchmaking.consortia.services.consenting import consent_to_share
from matchmaking.consortia.services.forming import Share, form_consortium
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today

AMOUNTS = (9000, 4000, 3000)
"""What three suppliers offer: the first two carry 13,000 of the 15,000 that the need asks for."""


@dataclass
class Together:
    """A need of 15,000 in all with its owner, and suppliers with theirs."""

    need: Posting
    owner: User
    capacities: list[Posting]
    suppliers: list[User]

    def form(self, *amounts: int, own: int = 0) -> Consortium:
        """The set of the first suppliers, one for each amount."""
        shares = [Share(one, Decimal(amount)) for one, amount in zip(self.capacities, amounts, strict=False)]
        return form_consortium(need=self.need, shares=shares, actor=self.owner, own=Decimal(own))

    def member(self, consortium: Consortium, place: int) -> ConsortiumMember:
        """The share of the supplier at this place, as the database has it."""
        shares = active_members(consortium)
        return next(one for one in shares if one.partnership.capacity_id == self.capacities[place].pk)

    def consent(self, consortium: Consortium, place: int) -> Consortium:
        """The consent of the supplier at this place."""
        return consent_to_share(member=self.member(consortium, place), actor=self.suppliers[place])


def together(*amounts: int, total: int = 15_000, **need: Any) -> Together:
    """Suppliers of these amounts, by default of ``AMOUNTS``, none of which carries the need alone."""
    posted = PostingFactory(quantity_amount=Decimal(total), period="once", **{"consortium_allowed": True, **need})
    capacities = [
        PostingFactory(capacity=True, quantity_amount=Decimal(amount), period="once") for amount in amounts or AMOUNTS
    ]
    return Together(
        need=posted,
        owner=MembershipFactory(enterprise=posted.enterprise).user,
        capacities=capacities,
        suppliers=[MembershipFactory(enterprise=one.enterprise).user for one in capacities],
    )


def one_after_the_other(**need: Any) -> Together:
    """A need of 1,000 a month for six months from the next one on; one supplier carries it until the third of them is
    over, another from the fourth on.
    """
    first, middle, after = month(1), month(4), month(7)
    days = {"window_start": first, "window_end": after - timedelta(days=1)}
    posted = PostingFactory(**{"quantity_amount": Decimal(1000), "consortium_allowed": True, **days, **need})
    free = [(month(0), middle - timedelta(days=1)), (middle, month(9))]
    capacities = [
        PostingFactory(capacity=True, quantity_amount=Decimal(1000), window_start=start, window_end=end)
        for start, end in free
    ]
    return Together(
        need=posted,
        owner=MembershipFactory(enterprise=posted.enterprise).user,
        capacities=capacities,
        suppliers=[MembershipFactory(enterprise=one.enterprise).user for one in capacities],
    )


def month(ahead: int) -> date:
    """The first day of the month so many months from today's."""
    day = days_from_today(0).replace(day=1)
    for _step in range(ahead):
        day = (day + timedelta(days=31)).replace(day=1)
    return day
