"""Members of an enterprise: their roles, leaving, and asking to join."""

from accounts.choices import MembershipStatus, NoticeKind, Role, Verb
from accounts.models import Enterprise, Membership, User
from accounts.permissions import (
    can_answer_join_request,
    can_edit_enterprise,
    can_join_enterprise,
    can_register_enterprise,
    can_remove_member,
)
from accounts.services.changes import record_change, unit_of_work
from accounts.services.names import clean_uscc
from accounts.services.notices import notify_members, notify_user
from common.errors import Invalid, Refused, require
from common.reasons import Reason

WORKBENCH = "web:accounts:workbench"


@unit_of_work
def request_to_join(*, actor: User, uscc: str) -> None:
    """Ask the owners of the enterprise with this code to let ``actor`` in; they get one notice.

    Answers alike whether or not the code is registered here, so that nobody learns it by asking. Refuses
    already_member for one's own enterprise, and codes that are none (Invalid).
    """
    code = clean_uscc(uscc)
    require(can_register_enterprise(actor, code))
    enterprise = Enterprise.objects.active().filter(uscc=code).first()
    if enterprise is None:
        return
    require(can_join_enterprise(actor, enterprise))
    membership, made = Membership.objects.get_or_create(
        enterprise=enterprise, user=actor, defaults={"role": Role.VIEWER, "status": MembershipStatus.REQUESTED}
    )
    if not made and membership.status == MembershipStatus.REQUESTED:
        return
    membership.status = MembershipStatus.REQUESTED
    membership.save(update_fields=["status", "changed_at"])
    _record(membership, actor, Verb.CREATED)
    notify_members(
        enterprise=enterprise,
        kind=NoticeKind.JOIN_REQUESTED,
        key=f"{membership.pk}:{membership.changed_at.timestamp():.0f}",
        route="web:accounts:members",
        facts={"title": str(actor)},
        roles=(Role.OWNER,),
    )


@unit_of_work
def accept_join_request(*, membership: Membership, actor: User, role: Role) -> Membership:
    """Let the person who asked act for the enterprise as ``role``, and tell them; refuses wrong_state when answered."""
    locked = _lock(membership)
    require(can_answer_join_request(actor, locked))
    locked.role, locked.status = Role(role), MembershipStatus.ACTIVE
    locked.save(update_fields=["role", "status", "changed_at"])
    _record(locked, actor, Verb.GRANTED)
    _tell(locked, NoticeKind.JOIN_ACCEPTED)
    return locked


@unit_of_work
def refuse_join_request(*, membership: Membership, actor: User) -> Membership:
    """Decline the request and tell the person, without a word about the enterprise; they may ask again."""
    locked = _lock(membership)
    require(can_answer_join_request(actor, locked))
    locked.status = MembershipStatus.FORMER
    locked.save(update_fields=["status", "changed_at"])
    _record(locked, actor, Verb.REJECTED)
    notify_user(
        user=locked.user,
        kind=NoticeKind.JOIN_REFUSED,
        key=f"{locked.pk}:{locked.changed_at.timestamp():.0f}",
        route=WORKBENCH,
    )
    return locked


@unit_of_work
def change_role(*, membership: Membership, actor: User, role: Role) -> Membership:
    """Give an active member another role; refuses last_owner when nobody would be left to own the enterprise."""
    locked = _lock(membership)
    require(can_edit_enterprise(actor, locked.enterprise))
    if role not in Role.values:
        raise Invalid({"role": Reason.REFUSAL_UNKNOWN_CODE}, {"role": {"code": str(role)}})
    if locked.status != MembershipStatus.ACTIVE:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=MembershipStatus(locked.status).label)
    if locked.role == role:
        return locked
    if locked.role == Role.OWNER:
        _keep_an_owner(locked)
    locked.role = Role(role)
    locked.save(update_fields=["role", "changed_at"])
    _record(locked, actor, Verb.CHANGED)
    _tell(locked, NoticeKind.ROLE_CHANGED)
    return locked


@unit_of_work
def remove_member(*, membership: Membership, actor: User) -> Membership:
    """End a membership, one's own or as an owner somebody else's; refuses last_owner. Done twice it changes nothing."""
    locked = _lock(membership)
    require(can_remove_member(actor, locked))
    if locked.status == MembershipStatus.FORMER:
        return locked
    if locked.status == MembershipStatus.ACTIVE and locked.role == Role.OWNER:
        _keep_an_owner(locked)
    locked.status = MembershipStatus.FORMER
    locked.save(update_fields=["status", "changed_at"])
    _record(locked, actor, Verb.REVOKED)
    if locked.user_id != actor.pk:
        _tell(locked, NoticeKind.MEMBER_REMOVED)
    return locked


def _lock(membership: Membership) -> Membership:
    """The row as it is now; the enterprise is locked first, so that two owners cannot remove each other at once."""
    enterprise = Enterprise.objects.select_for_update().get(pk=membership.enterprise_id)
    locked: Membership = Membership.objects.select_related("user").get(pk=membership.pk)
    locked.enterprise = enterprise
    return locked


def _keep_an_owner(leaving: Membership) -> None:
    owners = Membership.objects.active().filter(enterprise=leaving.enterprise, role=Role.OWNER)
    if not owners.exclude(pk=leaving.pk).exists():
        raise Refused(Reason.REFUSAL_LAST_OWNER)


def _record(membership: Membership, actor: User, verb: Verb) -> None:
    facts: dict[str, object] = {"user": membership.user_id, "role": membership.role, "status": membership.status}
    record_change(thing=membership, verb=verb, actor=actor, enterprise=membership.enterprise, facts=facts)


def _tell(membership: Membership, kind: NoticeKind) -> None:
    notify_user(
        user=membership.user,
        kind=kind,
        key=f"{membership.pk}:{membership.changed_at.timestamp():.0f}",
        route=WORKBENCH,
        facts={"title": membership.enterprise.name, "enterprise": membership.enterprise.key},
    )
