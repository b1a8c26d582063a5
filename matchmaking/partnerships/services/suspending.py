"""Shutting a firm out: its doors close and its interests end in the same act."""

from django.db.models import Q
from django.utils import timezone

from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from accounts.services.verification import suspend_enterprise
from common.reasons import Reason
from matchmaking.partnerships.queries.partnerships import overdue_interests
from matchmaking.partnerships.services.lapsing import end_overdue_interest
from matchmaking.partnerships.services.moving import locked_postings


@unit_of_work
def suspend_firm(*, enterprise: Enterprise, actor: User, reason: Reason, note: str) -> Enterprise:
    """Take a firm off every page, close its sessions and tokens, and end the interests that wait at or from it, all in
    one transaction. The other firms are told that the posting is no longer open, its owners why and how to appeal.

    Refuses not_yours; Invalid without a note or for a reason that nobody is suspended for. Twice changes nothing.
    """
    suspended = suspend_enterprise(enterprise=enterprise, actor=actor, reason=reason, note=note)
    waiting = overdue_interests(on=timezone.localdate()).filter(
        Q(need__enterprise=suspended) | Q(capacity__enterprise=suspended)
    )
    partnerships = list(waiting.only("need", "capacity"))
    locked_postings(*{key for one in partnerships for key in (one.need_id, one.capacity_id)})
    for partnership in partnerships:
        end_overdue_interest(partnership)
    return suspended
