"""How much of a need its firm has agreed on, for its own side alone."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from matchmaking.partnerships.choices import BOUND, AgreementState, State
from matchmaking.partnerships.models import Agreement, Partnership
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import STEP, amount_taken, periods_in

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
    lots = Partnership.objects.filter(pk=OuterRef("partnership"), shares__starts_on__isnull=False)
    rows = rows.annotate(is_lot_by_days=Exists(lots.filter(shares__left_at=None)))
    return sum((_counted(one, need) * _part_of_days(one, need) for one in rows), Decimal(0)).quantize(STEP)


def with_signed(postings: QuerySet[Posting]) -> QuerySet[Any]:
    """``postings``, each with ``is_signed``: whether anything is signed for it as a need."""
    return postings.annotate(is_signed=Exists(Agreement.objects.filter(COUNTED, partnership__need=OuterRef("pk"))))


class Dealt(NamedTuple):
    """What needs came to in deals, over all days agreed on and in the base unit of their dimension: signed by both
    sides, and how much of it both have confirmed.
    """

    signed: Decimal
    confirmed: Decimal


def dealt_by_dimension(needs: QuerySet[Posting]) -> dict[str, Dealt]:
    """What agreements that count carry of ``needs``, by dimension; one query."""
    told: dict[str, Dealt] = {}
    rows = Agreement.objects.filter(COUNTED, partnership__need__in=needs).select_related("unit", "partnership__outcome")
    for one in rows:
        volume = _amount_of(one) * periods_in(one.period, _days_of(one)) * one.unit.factor_to_base
        known = told.get(one.unit.dimension, Dealt(Decimal(0), Decimal(0)))
        confirmed = volume if one.state == AgreementState.ENDED else Decimal(0)
        told[one.unit.dimension] = Dealt(known.signed + volume, known.confirmed + confirmed)
    return told


def _counted(agreement: Agreement, need: Posting) -> Decimal:
    amount, days = _amount_of(agreement), _days_of(agreement)
    return amount_taken(posting=need, amount=amount, unit=agreement.unit, period=agreement.period, days=days)


def _part_of_days(agreement: Any, need: Posting) -> Decimal:
    """What of the need's days a lot with days of its own covers of a rate; all else counts as through the window."""
    if not agreement.is_lot_by_days or need.period == Period.ONCE or not need.window_start or not need.window_end:
        return Decimal(1)
    days = (need.window_end - need.window_start).days + 1
    return min(Decimal(_days_of(agreement)) / days, Decimal(1))


def _amount_of(agreement: Agreement) -> Decimal:
    amount: Decimal = agreement.quantity_amount
    if agreement.state == AgreementState.ENDED and agreement.period == Period.ONCE:
        outcome = getattr(agreement.partnership, "outcome", None)
        amount = (outcome.confirmed_amount if outcome is not None else None) or amount
    return amount


def _days_of(agreement: Agreement) -> int:
    return (agreement.ends_on - agreement.starts_on).days + 1
