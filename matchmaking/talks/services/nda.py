"""The confidentiality agreement, accepted by an owner of each firm, once for all talks of the pair."""

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import other_side, posting_of
from matchmaking.partnerships.services.moving import locked
from matchmaking.talks.choices import NDA_HOLDS, NDA_VERSION
from matchmaking.talks.models import NdaAcceptance
from matchmaking.talks.permissions import can_accept_nda, side_owned
from matchmaking.talks.queries.nda import nda_digest
from matchmaking.talks.services.messages import tell_firm


@unit_of_work
def accept_nda(
    *, partnership: Partnership, actor: User, seen: str, enterprise: Enterprise | None = None
) -> NdaAcceptance:
    """Accept the agreement for one's firm toward the other; it holds for both once the other accepted it, too.

    ``seen`` is the digest of the text that was read; the door has asked for password or code. Refuses not_yours but to
    owners, suspended, wrong_state, already_there, and terms_changed for another text.
    """
    row = locked(partnership)
    side = side_owned(actor, row, enterprise)
    require(can_accept_nda(actor, row, side))
    if side is None or seen != nda_digest():
        raise Refused(Reason.REFUSAL_TERMS_CHANGED)
    own, other = posting_of(row, side).enterprise, posting_of(row, other_side(side)).enterprise
    today = timezone.localdate()
    acceptance = NdaAcceptance(
        enterprise=own,
        counterpart=other,
        version=NDA_VERSION,
        digest=seen,
        accepted_by=actor,
        expires_on=today + NDA_HOLDS,
    )
    acceptance.full_clean()
    acceptance.save()
    facts: dict[str, object] = {"agreement": "nda", "version": NDA_VERSION, "digest": seen}
    record_change(thing=row, verb=Verb.GRANTED, actor=actor, enterprise=own, facts=facts)
    record_change(thing=row, verb=Verb.GRANTED, actor=None, enterprise=other, facts=facts)
    tell_firm(row, other_side(side), NoticeKind.NDA_ACCEPTED, f"{row.key}:{acceptance.pk}")
    return acceptance
