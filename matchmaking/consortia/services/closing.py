"""The end of an overflow: all of its needs, its plan, and what is not signed yet, in one act."""

from dataclasses import dataclass

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason
from matchmaking.consortia.choices import UNDER_WAY, State
from matchmaking.consortia.models import Overflow
from matchmaking.consortia.permissions import can_close_overflow
from matchmaking.consortia.queries.consortia import active_members
from matchmaking.consortia.queries.overflows import PARTS, all_needs_of, open_talks_of, plan_of
from matchmaking.consortia.services.keeping import locked_consortium, put, tell_member
from matchmaking.partnerships.choices import BOUND
from matchmaking.partnerships.services.interest import end_with_posting
from matchmaking.partnerships.services.moving import locked_postings
from matchmaking.postings.choices import Direction
from matchmaking.postings.permissions import CLOSABLE
from matchmaking.postings.services.publishing import close_posting, closing_reasons


@dataclass(frozen=True)
class ClosedOverflow:
    """How many needs were closed, and how many requests and talks have ended."""

    needs: int
    talks: int


@unit_of_work
def close_overflow(*, overflow: Overflow, actor: User, reason: Reason | str) -> ClosedOverflow:
    """Close every need of an overflow for one of the reasons of a need, dissolve its plan, and end what is not signed;
    the other sides are told. Agreements stand, and go on as they are.

    Refuses not_yours, suspended, nothing_waits; Invalid for any other reason.
    """
    require(can_close_overflow(actor, overflow))
    if not reason:
        raise Invalid({"reason": Reason.REFUSAL_REQUIRED})
    if reason not in closing_reasons(Direction.NEED):
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)[:60]}})
    Enterprise.objects.select_for_update(no_key=True).get(pk=overflow.enterprise_id)
    known = list(open_talks_of(overflow))
    # All rows at once, in the one order: others hold a capacity while they wait for a need of these.
    held = locked_postings(*(need.pk for need in all_needs_of(overflow)), *(one.capacity_id for one in known))
    row = Overflow.objects.select_related("enterprise", *PARTS).get(pk=overflow.pk)
    require(can_close_overflow(actor, row))
    open_needs = [need for need in all_needs_of(row) if need.status in CLOSABLE]
    for need in open_needs:
        close_posting(posting=need, actor=actor, reason=reason)
    talks = [one for one in open_talks_of(row) if one.capacity_id in held]
    ended = sum(end_with_posting(partnership=one, posting=held[one.need_id], actor=actor) for one in talks)
    _dissolve(row, actor)
    facts: dict[str, object] = {"act": "close", "need": row.gap.number}
    record_change(thing=row, verb=Verb.CLOSED, actor=actor, enterprise=row.enterprise, reason=str(reason), facts=facts)
    return ClosedOverflow(len(open_needs), ended)


def _dissolve(overflow: Overflow, actor: User) -> None:
    """End the plan; whoever has an agreement is told that it goes on, the others know of their end."""
    plan = plan_of(overflow)
    if plan is None or plan.state not in UNDER_WAY:
        return
    row = locked_consortium(plan)
    put(consortium=row, state=State.DISSOLVED, actor=actor, act="dissolve")
    for one in active_members(row):
        if one.partnership.state in BOUND:
            tell_member(row, one, NoticeKind.CONSORTIUM_DISSOLVED)
