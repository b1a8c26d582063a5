"""Quantities agreed upon and requests waiting, written by single conditional statements: nothing is sold twice."""

from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.postings.models import Posting


@unit_of_work
def reserve_capacity(*, posting: Posting, amount: Decimal, actor: User | None = None) -> Posting:
    """Take ``amount`` (in the posting's own unit) off what is left. Refuses gap.capacity.booked when less is left.

    Whether the actor may agree is asked by the partnership that calls this.
    """
    _require_positive(amount)
    left = Posting.objects.filter(pk=posting.pk, reserved_amount__lte=F("quantity_amount") - amount)
    if not left.update(reserved_amount=F("reserved_amount") + amount, changed_at=timezone.now()):
        raise Refused(Reason.GAP_CAPACITY_BOOKED)
    return _recorded(posting=posting, actor=actor, facts={"reserved": str(amount)})


@unit_of_work
def release_capacity(*, posting: Posting, amount: Decimal, actor: User | None = None) -> Posting:
    """Give back ``amount`` that had been taken; more than was taken is refused as already_there."""
    _require_positive(amount)
    taken = Posting.objects.filter(pk=posting.pk, reserved_amount__gte=amount)
    if not taken.update(reserved_amount=F("reserved_amount") - amount, changed_at=timezone.now()):
        raise Refused(Reason.REFUSAL_ALREADY_THERE)
    return _recorded(posting=posting, actor=actor, facts={"released": str(amount)})


@unit_of_work
def note_interest(*, posting: Posting, delta: int) -> None:
    """Count one more or one less open request at ``posting``; never under zero. The busy mark follows once a day."""
    counted = Posting.objects.filter(pk=posting.pk, open_interest_count__gte=max(0, -delta))
    counted.update(open_interest_count=F("open_interest_count") + delta)


def _require_positive(amount: Decimal) -> None:
    if amount <= 0:
        raise Invalid({"amount": Reason.REFUSAL_NOT_POSITIVE})


def _recorded(*, posting: Posting, actor: User | None, facts: dict[str, object]) -> Posting:
    row: Posting = Posting.objects.select_related("enterprise").get(pk=posting.pk)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise, facts=facts)
    return row
