"""How much of a need its firm has agreed on, for its own side alone."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from matchmaking.partnerships.choices import BOUND, AgreementState, State
from matchmaking.partnerships.models import Agreement
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import amount_taken

COUNTED = Q(state=AgreementState.IN_FORCE, partnership__state__in=BOUND) | Q(
    state=AgreementState.ENDED, partnership__state=State.COMPLETED
)
"""Agreements that count: in force, and those whose outcome both sides have confirmed."""


def agreed_of_need(need: Posting) -> Decimal:
    """What is signed for ``need``, in its own unit and period: agreements in force, and those of which both sides have
    confirmed the outcome, which of a quantity agreed on once is what was delivered. What is measured otherwise does not
    count. One query; its unit is filled.
    """
    rows = Agreement.objects.filter(COUNTED, partnership__need=need).select_related("unit", "partnership__outcome")
    if need.unit is not None:
        rows = rows.filter(unit__dimension=need.unit.dimension)
    return sum((_counted(one, need) for one in rows), Decimal(0))


def with_signed(postings: QuerySet[Posting]) -> QuerySet[Any]:
    """``postings``, each with ``is_signed``: whether anything is signed for it as a need."""
    return postings.annotate(is_signed=Exists(Agreement.objects.filter(COUNTED, partnership__need=OuterRef("pk"))))


def _counted(agreement: Agreement, need: Posting) -> Decimal:
    amount = agreement.quantity_amount
    if agreement.state == AgreementState.ENDED and agreement.period == Period.ONCE:
        outcome = getattr(agreement.partnership, "outcome", None)
        amount = (outcome.confirmed_amount if outcome is not None else None) or amount
    days = (agreement.ends_on - agreement.starts_on).days + 1
    return amount_taken(posting=need, amount=amount, unit=agreement.unit, period=agreement.period, days=days)
