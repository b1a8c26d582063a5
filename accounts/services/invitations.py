"""Invitations by mail: a link that works once, for one mailbox, for seven days; the row keeps only its hash."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.choices import MembershipStatus, Role, Verb
from accounts.models import Enterprise, Invitation, Membership, User
from accounts.permissions import can_accept_invitation, can_edit_enterprise
from accounts.queries import token_hash
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.outbox import note_mail_due
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text

VALID_FOR = timedelta(days=7)
MOST_OPEN = 50
"""Open invitations of one enterprise: more would be a mailing list."""
SALT = "accounts.invitation"


def token_of(invitation: Invitation) -> str:
    """The token of the mailed link, made again from the row and the secret key, so that no table holds it."""
    return salted_hmac(SALT, f"{invitation.seed}:{invitation.email}", algorithm="sha256").hexdigest()


@unit_of_work
def invite_member(*, enterprise: Enterprise, actor: User, email: str, role: Role) -> Invitation:
    """Write an invitation that is mailed afterwards; an earlier open one to the same address ends.

    Refuses already_member and limit_reached; Invalid for what is no address or role.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_edit_enterprise(actor, locked))
    if role not in Role.values:
        raise Invalid({"role": Reason.REFUSAL_UNKNOWN_CODE}, {"role": {"code": str(role)}})
    address = normalise_text(email).lower()
    readers = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user")
    if Membership.objects.active().filter(enterprise=locked, user__in=readers).exists():
        raise Refused(Reason.REFUSAL_ALREADY_MEMBER)
    now = timezone.now()
    Invitation.objects.open().filter(enterprise=locked, email=address).update(expires_at=now)
    if Invitation.objects.open().filter(enterprise=locked).count() >= MOST_OPEN:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_OPEN)
    invitation = Invitation(
        enterprise=locked, email=address, role=Role(role), invited_by=actor, expires_at=now + VALID_FOR
    )
    invitation.token_hash = token_hash(token_of(invitation))
    check_row(invitation)
    invitation.save()
    record_change(thing=invitation, verb=Verb.CREATED, actor=actor, enterprise=locked, facts={"role": str(role)})
    note_mail_due()
    return invitation


@unit_of_work
def cancel_invitation(*, invitation: Invitation, actor: User) -> Invitation:
    """End an open invitation; refuses invitation_over when it was used or has ended by itself."""
    require(can_edit_enterprise(actor, invitation.enterprise))
    if not Invitation.objects.open().filter(pk=invitation.pk).update(expires_at=timezone.now()):
        raise Refused(Reason.REFUSAL_INVITATION_OVER)
    record_change(thing=invitation, verb=Verb.REVOKED, actor=actor, enterprise=invitation.enterprise)
    return invitation


@unit_of_work
def accept_invitation(*, invitation: Invitation, actor: User) -> Membership:
    """Make ``actor`` a member in the invited role; of two who press at once, one gets in.

    Refuses invitation_over, invitation_other_address, already_member and suspended; a refusal does not use it up.
    """
    enterprise = Enterprise.objects.select_for_update().get(pk=invitation.enterprise_id)
    invitation.enterprise = enterprise
    require(can_accept_invitation(actor, invitation))
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        raise Refused(Reason.REFUSAL_INVITATION_OVER)
    membership, _made = Membership.objects.update_or_create(
        enterprise=enterprise, user=actor, defaults={"role": invitation.role, "status": MembershipStatus.ACTIVE}
    )
    facts: dict[str, object] = {"user": actor.pk, "role": invitation.role, "invited_by": invitation.invited_by_id}
    record_change(thing=membership, verb=Verb.GRANTED, actor=actor, enterprise=enterprise, facts=facts)
    return membership
