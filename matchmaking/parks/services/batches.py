"""Batches as announced: complete once every announced park stands in a source by name."""

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.parks.models import Park, ParkBatch
from matchmaking.parks.permissions import can_complete_batch


@unit_of_work
def complete_batch(*, batch: ParkBatch, actor: User) -> ParkBatch:
    """Say that all parks of a batch are named. Refuses not_yours, and batch_incomplete while names are missing."""
    row = ParkBatch.objects.select_for_update().get(pk=batch.pk)
    require(can_complete_batch(actor, row))
    require_complete(row)
    row.is_complete = True
    row.full_clean()
    row.save()
    record_change(thing=row, verb=Verb.CONFIRMED, actor=actor, facts={"batch": row.number})
    return row


def named_in(batch: ParkBatch) -> int:
    """How many parks of the batch are named in a source."""
    return Park.objects.filter(batch=batch.number, is_sample=False).count()


def require_complete(batch: ParkBatch) -> None:
    """Refuses batch_incomplete, with the numbers, unless as many parks are named as were announced."""
    named = named_in(batch)
    if named != batch.size:
        missing = max(batch.size - named, 0)
        raise Refused(Reason.REFUSAL_BATCH_INCOMPLETE, named=named, size=batch.size, missing=missing)
