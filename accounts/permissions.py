"""Who may do what now in accounts."""

from accounts.choices import Role
from accounts.models import Enterprise, Membership, User
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason

RANK = {Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}


def role_in(user: Actor, enterprise: Enterprise) -> Role | None:
    """The role that ``user`` holds in ``enterprise`` today, None for a stranger."""
    if user.is_anonymous:
        return None
    held = Membership.objects.active().filter(user=user, enterprise=enterprise).values_list("role", flat=True).first()
    return Role(held) if held else None


def can_act_for_enterprise(user: Actor, enterprise: Enterprise, role: Role = Role.EDITOR) -> Verdict:
    """Whether ``user`` holds at least ``role`` in ``enterprise`` and it is not suspended."""
    held = role_in(user, enterprise)
    if held is None or RANK[held] < RANK[role]:
        return no(Reason.REFUSAL_NOT_YOURS)
    if enterprise.suspended_at is not None:
        return no(Reason.REFUSAL_SUSPENDED)
    return YES


def can_edit_enterprise(user: Actor, enterprise: Enterprise) -> Verdict:
    """Owners change the profile, members, certificates and visibility."""
    return can_act_for_enterprise(user, enterprise, Role.OWNER)


def can_verify_enterprise(user: User, enterprise: Enterprise) -> Verdict:
    """Platform administrators check who an enterprise is."""
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)
