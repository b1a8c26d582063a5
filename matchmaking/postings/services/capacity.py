"""Quantities agreed upon and requests waiting: nothing is sold twice.

What is agreed of a stock, or by the year, is one figure that a single conditional statement writes; what comes anew
each month is agreed by month.
"""

from decimal import ROUND_UP, Decimal

from django.db.models import DecimalField, F, Value
from django.db.models.functions import Least
from django.utils import timezone

from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.postings.choices import Direction, Period
from matchmaking.postings.models import Posting
from matchmaking.postings.services.months import Days, book_months, recorded
from reference.models import Unit

DAYS_OF_MONTH, DAYS_OF_YEAR = Decimal("30.4375"), Decimal("365.25")
STEP = Decimal("0.001")


def amount_taken(*, posting: Posting, amount: Decimal, unit: Unit, period: Period | str, days: int) -> Decimal:
    """What ``amount`` per ``period`` over ``days`` takes of ``posting``, in its own unit and period, rounded up.

    Both units measure the same; the posting's is filled.
    """
    own = posting.unit or unit
    converted = amount * unit.factor_to_base / own.factor_to_base
    if period != posting.period:
        converted = converted * periods_in(period, days) / periods_in(posting.period, days)
    return converted.quantize(STEP, ROUND_UP)


def periods_in(period: Period | str, days: int) -> Decimal:
    """How often an amount per ``period`` is due in ``days``."""
    if period == Period.ONCE:
        return Decimal(1)
    return days / (DAYS_OF_MONTH if period == Period.MONTH else DAYS_OF_YEAR)


@unit_of_work
def reserve_capacity(*, posting: Posting, amount: Decimal, days: Days, actor: User | None = None) -> Posting:
    """Take ``amount`` (in the posting's own unit and period) off what is left in ``days``.

    Refuses gap.capacity.booked when less is left, in any month for what comes monthly. Whether the actor may agree is
    asked by the partnership that calls this.
    """
    _require_positive(amount)
    if posting.period == Period.MONTH:
        book_months(posting, amount, days)
    else:
        left = Posting.objects.filter(pk=posting.pk, reserved_amount__lte=F("quantity_amount") - amount)
        if not left.update(reserved_amount=F("reserved_amount") + amount, changed_at=timezone.now()):
            raise Refused(Reason.GAP_CAPACITY_BOOKED)
    return recorded(posting=posting, actor=actor, facts={"reserved": str(amount)})


@unit_of_work
def release_capacity(*, posting: Posting, amount: Decimal, days: Days, actor: User | None = None) -> Posting:
    """Give back ``amount`` that had been taken in ``days``; more than was taken is refused as already_there."""
    _require_positive(amount)
    if posting.period == Period.MONTH:
        book_months(posting, -amount, days)
    else:
        taken = Posting.objects.filter(pk=posting.pk, reserved_amount__gte=amount)
        if not taken.update(reserved_amount=F("reserved_amount") - amount, changed_at=timezone.now()):
            raise Refused(Reason.REFUSAL_ALREADY_THERE)
    return recorded(posting=posting, actor=actor, facts={"released": str(amount)})


@unit_of_work
def note_signed(*, posting: Posting, amount: Decimal) -> None:
    """Keep how much of a need is signed, in its own unit and period, at most all of it. Where that is news, the change
    has the market read the need again.
    """
    now = Least(Value(amount, output_field=DecimalField()), F("quantity_amount"))
    rows = Posting.objects.filter(pk=posting.pk, direction=Direction.NEED, quantity_amount__isnull=False)
    if rows.exclude(reserved_amount=now).update(reserved_amount=now, changed_at=timezone.now()):
        recorded(posting=posting, actor=None, facts={"signed": str(amount)})


@unit_of_work
def note_interest(*, posting: Posting, delta: int) -> None:
    """Count one more or one less open request at ``posting``; never under zero. The busy mark follows once a day."""
    counted = Posting.objects.filter(pk=posting.pk, open_interest_count__gte=max(0, -delta))
    counted.update(open_interest_count=F("open_interest_count") + delta)


def _require_positive(amount: Decimal) -> None:
    if amount <= 0:
        raise Invalid({"amount": Reason.REFUSAL_NOT_POSITIVE})
