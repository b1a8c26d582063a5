"""Who may put suppliers together, consent to a share, leave a set or dissolve it."""

from accounts.choices import Role
from accounts.permissions import can_act_for_enterprise
from accounts.querysets import Actor
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.consortia.choices import GATHERING, UNDER_WAY, State
from matchmaking.consortia.models import Consortium, ConsortiumMember, Overflow
from matchmaking.consortia.queries.consortia import consortium_of
from matchmaking.consortia.queries.overflows import is_closable
from matchmaking.partnerships.choices import State as Stage
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting


def can_form_consortium(user: Actor, need: Posting) -> Verdict:
    """Editors and owners of a published need's firm, where it allows several suppliers and none are together yet."""
    verdict = can_act_for_enterprise(user, need.enterprise, Role.EDITOR)
    if not verdict:
        return verdict
    if not need.is_need or need.status != Status.PUBLISHED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(need.status).label)
    if not need.consortium_allowed:
        return no(Reason.REFUSAL_NOT_SHARED)
    return no(Reason.REFUSAL_ALREADY_THERE) if consortium_of(need) is not None else YES


def can_add_suppliers(user: Actor, consortium: Consortium) -> Verdict:
    """Editors and owners of the need's firm, while a part is open and the need is published."""
    verdict = can_act_for_enterprise(user, consortium.need.enterprise, Role.EDITOR)
    if verdict and consortium.state not in GATHERING:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(consortium.state).label)
    if verdict and consortium.need.status != Status.PUBLISHED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(consortium.need.status).label)
    return verdict


def can_plan_overflow(user: Actor, overflow: Overflow, plan: Consortium | None) -> Verdict:
    """Editors and owners of its firm, while the work is published and a part of it is open; ``plan`` as it stands."""
    if plan is not None:
        return can_add_suppliers(user, plan)
    verdict = can_act_for_enterprise(user, overflow.enterprise, Role.EDITOR)
    if verdict and overflow.gap.status != Status.PUBLISHED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(overflow.gap.status).label)
    return verdict


def can_close_overflow(user: Actor, overflow: Overflow) -> Verdict:
    """Editors and owners of its firm, while a need of it is not closed or something is not signed yet."""
    verdict = can_act_for_enterprise(user, overflow.enterprise, Role.EDITOR)
    if verdict and not is_closable(overflow):
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return verdict


def can_dissolve_consortium(user: Actor, consortium: Consortium) -> Verdict:
    """Editors and owners of the need's firm, while the set is under way."""
    verdict = can_act_for_enterprise(user, consortium.need.enterprise, Role.EDITOR)
    if verdict and consortium.state not in UNDER_WAY:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(consortium.state).label)
    return verdict


def can_consent_to_share(user: Actor, member: ConsortiumMember) -> Verdict:
    """Editors and owners of the supplier's firm, once, while the set is under way and the partnership stands."""
    verdict = _may_act_on(user, member)
    if verdict and member.consented_at is not None:
        return no(Reason.REFUSAL_ALREADY_THERE)
    return verdict


def can_leave_consortium(user: Actor, member: ConsortiumMember) -> Verdict:
    """Editors and owners of the supplier's firm, until it has delivered."""
    verdict = _may_act_on(user, member)
    if verdict and member.partnership.state == Stage.COMPLETED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Stage(member.partnership.state).label)
    return verdict


def _may_act_on(user: Actor, member: ConsortiumMember) -> Verdict:
    verdict = can_act_for_enterprise(user, member.partnership.capacity.enterprise, Role.EDITOR)
    if not verdict:
        return verdict
    if member.left_at is not None or member.partnership.state == Stage.FAILED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Stage(member.partnership.state).label)
    if member.consortium.state not in UNDER_WAY:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(member.consortium.state).label)
    return YES
