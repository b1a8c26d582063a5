"""The months of a capacity that comes anew each month: what it carries, what is agreed and what is free.

The posting's row is locked while its months are read and written, so that nothing is sold twice.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import MAX_AMOUNT, plain_amount
from matchmaking.postings.models import CapacityMonth, Posting
from matchmaking.postings.permissions import can_plan_months
from matchmaking.postings.queries.months import carried

STEP = Decimal("0.001")
Days = tuple[date, date]
"""First and last day, both included."""


@unit_of_work
def plan_months(*, posting: Posting, plan: Mapping[date, Decimal | None], actor: User) -> Posting:
    """Say what a monthly capacity can carry in the months of ``plan`` (their first days); None means what was posted.

    Refuses what ``can_plan_months`` refuses, and as Invalid, by the month's first day, amounts below 0, above what can
    be written, or below what is agreed there.
    """
    require(can_plan_months(actor, posting))
    row = _locked(posting)
    known = _months_of(row, plan)
    plan = {month: amount for month, amount in plan.items() if known[month].planned_amount != amount}
    if not plan:
        return row
    months = {month: known[month] for month in plan}
    problems: dict[str, Reason] = {}
    facts: dict[str, dict[str, object]] = {}
    for month, amount in plan.items():
        name, agreed = month.isoformat(), months[month].booked_amount + row.reserved_amount
        if amount is not None and not 0 <= amount <= MAX_AMOUNT:
            problems[name] = Reason.REFUSAL_NOT_POSITIVE if amount < 0 else Reason.REFUSAL_TOO_LARGE
        elif carried(row, amount) < agreed:
            problems[name] = Reason.REFUSAL_BELOW_AGREED
            facts[name] = {"amount": plain_amount(agreed)}
        months[month].planned_amount = amount
    if problems:
        raise Invalid(problems, facts)
    _keep(months)
    Posting.objects.filter(pk=row.pk).update(changed_at=timezone.now())
    told = {f"{month:%Y-%m}": "" if amount is None else plain_amount(amount) for month, amount in plan.items()}
    return recorded(posting=row, actor=actor, facts={"planned": told})


def month_shares(amount: Decimal, days: Days) -> dict[date, Decimal]:
    """What ``amount`` a month takes of each month that ``days`` touch, by its first day: by days, rounded up."""
    first, last = days
    shares = {}
    month = first.replace(day=1)
    while month <= last:
        length = monthrange(month.year, month.month)[1]
        end = month + timedelta(days=length - 1)
        touched = (min(end, last) - max(month, first)).days + 1
        shares[month] = (amount * touched / length).quantize(STEP, ROUND_UP)
        month = end + timedelta(days=1)
    return shares


def book_months(posting: Posting, amount: Decimal, days: Days) -> None:
    """Add what ``amount`` takes of each month to what is agreed there; a negative one gives it back."""
    row = _locked(posting)
    shares = month_shares(abs(amount), days)
    months = _months_of(row, shares)
    for month, share in shares.items():
        one = months[month]
        one.booked_amount += share if amount > 0 else -share
        if one.booked_amount < 0:
            raise Refused(Reason.REFUSAL_ALREADY_THERE)
        if amount > 0 and one.booked_amount + row.reserved_amount > carried(row, one.planned_amount):
            raise Refused(Reason.GAP_CAPACITY_BOOKED, month=f"{month:%Y-%m}")
    _keep(months)
    Posting.objects.filter(pk=row.pk).update(changed_at=timezone.now())


def _locked(posting: Posting) -> Posting:
    row: Posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    return row


def _months_of(posting: Posting, wanted: Mapping[date, object]) -> dict[date, CapacityMonth]:
    """The rows of these months, new ones unsaved."""
    known = {one.month: one for one in CapacityMonth.objects.filter(posting=posting, month__in=list(wanted))}
    return {month: known.get(month) or CapacityMonth(posting=posting, month=month) for month in wanted}


def _keep(months: Mapping[date, CapacityMonth]) -> None:
    """Write months in two statements, however many there are."""
    told = list(months.values())
    CapacityMonth.objects.bulk_update(
        [one for one in told if one.pk], ["planned_amount", "booked_amount"], batch_size=200
    )
    CapacityMonth.objects.bulk_create([one for one in told if not one.pk], batch_size=200)


def recorded(*, posting: Posting, actor: User | None, facts: dict[str, object]) -> Posting:
    """The posting as it stands now, with the change recorded."""
    row: Posting = Posting.objects.select_related("enterprise").get(pk=posting.pk)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise, facts=facts)
    return row
