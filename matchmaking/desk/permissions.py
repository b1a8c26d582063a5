"""Who may do what at the desk."""

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import RANK
from accounts.querysets import Actor
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.desk.choices import MeetingState
from matchmaking.desk.models import Case, Meeting
from matchmaking.partnerships.choices import BOUND, TALKING, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import can_coordinate_partnership, can_coordinate_posting
from matchmaking.partnerships.queries.partnerships import is_declined_unchanged, open_partnership, roles_of_user
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting

MEETABLE = (*TALKING, *BOUND)
"""States of a partnership in which both firms know each other and something is still to be settled."""


def can_open_case(user: Actor, thing: Posting | Partnership) -> Verdict:
    """Who coordinates the thing, unless a case about it is open."""
    if isinstance(thing, Posting):
        verdict = can_coordinate_posting(user, thing)
    else:
        verdict = can_coordinate_partnership(user, thing)
    if verdict and thing.cases.filter(closed_on=None).exists():
        return no(Reason.REFUSAL_ALREADY_THERE)
    return verdict


def can_work_case(user: Actor, case: Case) -> Verdict:
    """Who coordinates what the case is about, as long as it is open."""
    if not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    return YES if case.closed_on is None else no(Reason.REFUSAL_NOTHING_WAITS)


def can_receive_case(user: Actor, case: Case) -> Verdict:
    """Who could work on the case, and has not got it already."""
    if isinstance(user, User) and case.owner_id == user.pk:
        return no(Reason.REFUSAL_ALREADY_THERE)
    return can_work_case(user, case)


def can_call_meeting(user: Actor, partnership: Partnership) -> Verdict:
    """Who coordinates it, once both firms know each other, unless times are proposed already."""
    verdict = can_coordinate_partnership(user, partnership)
    if not verdict:
        return verdict
    if partnership.state not in MEETABLE:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(partnership.state).label)
    if partnership.meetings.filter(state=MeetingState.PROPOSED).exists():
        return no(Reason.REFUSAL_ALREADY_THERE)
    return YES


def can_call_off_meeting(user: Actor, meeting: Meeting) -> Verdict:
    """Who coordinates the partnership, until it is called off."""
    if meeting.state == MeetingState.CALLED_OFF:
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return can_coordinate_partnership(user, meeting.partnership)


def can_answer_meeting(user: Actor, meeting: Meeting) -> Verdict:
    """Editors and owners of either side, until a time is agreed, the meeting is called off or the talks are over."""
    if not answering_sides(user, meeting):
        return no(Reason.REFUSAL_NOT_YOURS)
    is_open = meeting.state == MeetingState.PROPOSED and meeting.partnership.state in MEETABLE
    return YES if is_open else no(Reason.REFUSAL_NOTHING_WAITS)


def answering_sides(user: Actor, meeting: Meeting) -> list[Side]:
    """The sides for which ``user`` may answer."""
    roles = roles_of_user(meeting.partnership, user)
    return [side for side, role in roles.items() if RANK[role] >= RANK[Role.EDITOR]]


def can_suggest_pair(user: Actor, need: Posting, capacity: Posting) -> Verdict:
    """Who coordinates one of two published postings, neither of an own firm, that the two firms may see of each other.

    What one side turned down is not suggested again until one of the postings says something else.
    """
    if not need.is_need or capacity.is_need:
        return no(Reason.REFUSAL_SAME_DIRECTION)
    if not (can_coordinate_posting(user, need) or can_coordinate_posting(user, capacity)):
        return no(Reason.REFUSAL_NOT_YOURS)
    if Posting.objects.filter(pk__in=(need.pk, capacity.pk)).of_member(user).exists():
        return no(Reason.REFUSAL_OWN_POSTING)
    if need.enterprise_id == capacity.enterprise_id:
        return no(Reason.REFUSAL_OWN_POSTING)
    for one, other in ((need, capacity), (capacity, need)):
        if one.enterprise.suspended_at is not None:
            return no(Reason.REFUSAL_SUSPENDED)
        if one.status != Status.PUBLISHED:
            return no(Reason.REFUSAL_WRONG_STATE, state=Status(one.status).label)
        if one.hidden_from.filter(pk=other.enterprise_id).exists():
            return no(Reason.REFUSAL_HIDDEN_FROM)
        # Whoever is a member is the two firms' own business, so it is not asked here.
        if one.asks_network_first:
            return no(Reason.REFUSAL_NETWORK_FIRST, day=str(one.opens_on))
    return _is_new_pair(need, capacity)


def _is_new_pair(need: Posting, capacity: Posting) -> Verdict:
    known = open_partnership(need=need, capacity=capacity)
    if known is not None and known.state != State.SUGGESTED:
        return no(Reason.REFUSAL_ALREADY_THERE)
    if need.hand_pairs_as_need.filter(capacity=capacity).exists():
        return no(Reason.REFUSAL_ALREADY_THERE)
    declined = is_declined_unchanged(posting=need, counterpart=capacity, side=Side.NEED) or is_declined_unchanged(
        posting=capacity, counterpart=need, side=Side.CAPACITY
    )
    return no(Reason.REFUSAL_DECLINED_BEFORE) if declined else YES
