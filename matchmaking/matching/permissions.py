"""Who may read a posting's suggestions, and who may put one aside."""

from accounts.choices import Role
from accounts.permissions import can_act_for_enterprise
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting


def can_read_suggestions(user: Actor, posting: Posting) -> Verdict:
    """Members of its enterprise, coordinators in whose scope it lies and platform administrators, while it is live."""
    verdict = can_act_for_enterprise(user, posting.enterprise, Role.VIEWER)
    if not verdict and verdict.reason != Reason.REFUSAL_SUSPENDED and _looks_after(user, posting):
        verdict = YES
    if verdict and posting.status != Status.PUBLISHED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    return verdict


def can_dismiss_suggestion(user: Actor, posting: Posting) -> Verdict:
    """Editors and owners of the enterprise whose posting it is."""
    return can_act_for_enterprise(user, posting.enterprise, Role.EDITOR)


def _looks_after(user: Actor, posting: Posting) -> bool:
    if is_platform_admin(user):
        return True
    return not user.is_anonymous and Posting.objects.in_scope_of(user).filter(pk=posting.pk).exists()
