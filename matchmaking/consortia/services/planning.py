"""Whom the plan of an overflow can ask, and what each would take."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.consortia.models import Consortium, ConsortiumMember, Overflow
from matchmaking.consortia.queries.consortia import firms_in, open_amount
from matchmaking.matching.services.carriers import ProposedShare
from matchmaking.matching.services.sets import possible_shares

OFFERED = 8
"""Suppliers that a plan chooses from."""


@dataclass(frozen=True)
class PlanChoice:
    """A capacity that can carry a part of the gap, and what the plan begins with: None for whoever is left out."""

    share: ProposedShare
    amount: Decimal | None


def plan_choices(
    *,
    overflow: Overflow,
    plan: Consortium | None,
    members: Sequence[ConsortiumMember],
    viewer: Actor,
    system_of: Enterprise | None = None,
) -> list[PlanChoice]:
    """Capacities that the plan chooses from, best first; firms that were asked before are not asked again.

    The best take as much as they can, as long as there is room for partners. ``members`` are those that stay. Writes
    nothing. Refuses as suggestions do.
    """
    found = possible_shares(
        posting=overflow.gap,
        viewer=viewer,
        without=firms_in(plan) if plan is not None else (),
        kept=[one.partnership.capacity for one in members],
        count=OFFERED,
        system_of=system_of,
    )
    open_now, room = missing(overflow, plan, members), overflow.most_partners - len(members)
    choices = []
    for one in found:
        amount = min(one.limits.most, open_now)
        is_taken = room > 0 and amount >= one.limits.least
        choices.append(PlanChoice(one, amount if is_taken else None))
        open_now, room = (open_now - amount, room - 1) if is_taken else (open_now, room)
    return choices


def missing(overflow: Overflow, plan: Consortium | None, members: Sequence[ConsortiumMember]) -> Decimal:
    """What of the gap nobody carries."""
    return overflow.gap.quantity_amount or Decimal(0) if plan is None else open_amount(plan, members)
