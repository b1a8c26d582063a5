"""How much of a need its firm has agreed on, for its own side alone."""

from decimal import Decimal

from django.db.models import Q

from matchmaking.partnerships.choices import BOUND, AgreementState, State
from matchmaking.partnerships.models import Agreement
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import amount_taken


def agreed_of_need(need: Posting) -> Decimal:
    """What is signed for ``need``, in its own unit and period: agreements in force, and those of which both sides have
    confirmed the outcome, which of a quantity agreed on once is what was delivered. What is measured otherwise does not
    count. One query; its unit is filled.
    """
    running = Q(state=AgreementState.IN_FORCE, partnership__state__in=BOUND)
    kept = Q(state=AgreementState.ENDED, partnership__state=State.COMPLETED)
    rows = Agreement.objects.filter(running | kept, partnership__need=need)
    if need.unit is not None:
        rows = rows.filter(unit__dimension=need.unit.dimension)
    return sum((_counted(one, need) for one in rows.select_related("unit", "partnership__outcome")), Decimal(0))


def _counted(agreement: Agreement, need: Posting) -> Decimal:
    amount = agreement.quantity_amount
    if agreement.state == AgreementState.ENDED and agreement.period == Period.ONCE:
        outcome = getattr(agreement.partnership, "outcome", None)
        amount = (outcome.confirmed_amount if outcome is not None else None) or amount
    days = (agreement.ends_on - agreement.starts_on).days + 1
    return amount_taken(posting=need, amount=amount, unit=agreement.unit, period=agreement.period, days=days)
