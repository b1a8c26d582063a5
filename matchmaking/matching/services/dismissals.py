"""Counterparts that a posting's owner puts aside, and takes back; pairs that one side has turned down."""

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason, reasons_of
from matchmaking.matching.models import Dismissal, RefusedPair
from matchmaking.matching.permissions import can_dismiss_suggestion
from matchmaking.postings.models import Posting


@unit_of_work
def dismiss_suggestion(*, posting: Posting, counterpart: Posting, actor: User, reason: Reason) -> Dismissal:
    """Put ``counterpart`` aside for ``posting``; it is not suggested for it again until taken back.

    Said twice, the later reason stands. Refuses not_yours; Invalid for a reason that is none of end.suggestion, and for
    a counterpart of the same direction.
    """
    require(can_dismiss_suggestion(actor, posting))
    if reason not in reasons_of("end.suggestion"):
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE})
    if counterpart.direction == posting.direction:
        raise Invalid({"counterpart": Reason.REFUSAL_SAME_DIRECTION})
    dismissal, made = Dismissal.objects.update_or_create(
        posting=posting, counterpart=counterpart, defaults={"reason": reason.value, "dismissed_by": actor}
    )
    dismissal.full_clean()
    verb = Verb.CREATED if made else Verb.CHANGED
    facts: dict[str, object] = {"posting": posting.number, "counterpart": counterpart.number}
    record_change(
        thing=dismissal, verb=verb, actor=actor, enterprise=posting.enterprise, reason=reason.value, facts=facts
    )
    return dismissal


@unit_of_work
def restore_suggestion(*, posting: Posting, counterpart: Posting, actor: User) -> None:
    """Take a dismissal back; one that is not there is no error. Refuses not_yours."""
    require(can_dismiss_suggestion(actor, posting))
    dismissal = Dismissal.objects.filter(posting=posting, counterpart=counterpart).first()
    if dismissal is None:
        return
    facts: dict[str, object] = {"posting": posting.number, "counterpart": counterpart.number}
    record_change(thing=dismissal, verb=Verb.CHANGED, actor=actor, enterprise=posting.enterprise, facts=facts)
    dismissal.delete()


@unit_of_work
def put_pair_aside(*, need: Posting, capacity: Posting, reason: str) -> None:
    """Suggest the pair to neither side until one of the two postings says something else.

    Whether the pair may be turned down is asked by the partnership that calls this, whose step is the record of it.
    """
    RefusedPair.objects.bulk_create(
        [RefusedPair(need=need, capacity=capacity, reason=reason, refused_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["need", "capacity"],
        update_fields=["reason", "refused_at"],
    )
