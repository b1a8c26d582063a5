"""A member's own word: it consents to its share, or leaves."""

from django.utils import timezone

from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.permissions import can_consent_to_share, can_leave_consortium
from matchmaking.consortia.services.keeping import complete_when_all_consent, locked_consortium, note
from matchmaking.consortia.services.settling import settle_consortium
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.queries.partnerships import versions_now
from matchmaking.partnerships.services.interest import accept_interest, decline_interest, end_partnership
from matchmaking.partnerships.services.moving import locked


@unit_of_work
def consent_to_share(*, member: ConsortiumMember, actor: User, seen: tuple[int, int] | None = None) -> Consortium:
    """Agree to carry one's share: where the request still waits, this accepts it and introduces the two firms.

    With the last consent the set is complete, all are told and the members learn each other's names. ``seen`` as for an
    interest. Refuses not_yours, suspended, wrong_state, already_there, posting_changed.
    """
    partnership = locked(member.partnership)
    consortium = locked_consortium(member.consortium)
    row = _now(member, consortium)
    row.partnership = partnership
    require(can_consent_to_share(actor, row))
    if partnership.state == Stage.INTERESTED:
        row.partnership = accept_interest(partnership=partnership, actor=actor, seen=seen)
    elif seen not in (None, versions_now(partnership)):
        raise Refused(Reason.REFUSAL_POSTING_CHANGED)
    row.consented_at, row.consented_by = timezone.now(), actor
    row.save()
    note(consortium=consortium, firm=partnership.capacity.enterprise, actor=actor, act="consent")
    complete_when_all_consent(consortium=consortium)
    return consortium


def leave_consortium(*, member: ConsortiumMember, actor: User, reason: Reason | str, note: str = "") -> Consortium:
    """Give one's share up for a reason: the partnership ends, what was agreed in it is freed, and the others go on with
    a replacement or without the set.

    Refuses not_yours, suspended, wrong_state, disputed; Invalid for an unknown reason.
    """
    _leave(member=member, actor=actor, reason=reason, note=note)
    return settle_consortium(consortium=member.consortium)


@unit_of_work
def _leave(*, member: ConsortiumMember, actor: User, reason: Reason | str, note: str) -> None:
    partnership = locked(member.partnership)
    row = _now(member, locked_consortium(member.consortium))
    row.partnership = partnership
    require(can_leave_consortium(actor, row))
    if partnership.state == Stage.INTERESTED:
        decline_interest(partnership=partnership, actor=actor, reason=reason, note=note)
    else:
        firm = partnership.capacity.enterprise
        end_partnership(partnership=partnership, actor=actor, reason=reason, note=note, enterprise=firm)


def _now(member: ConsortiumMember, consortium: Consortium) -> ConsortiumMember:
    row: ConsortiumMember = ConsortiumMember.objects.get(pk=member.pk)
    row.consortium = consortium
    return row
