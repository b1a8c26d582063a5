"""Invitations of listed firms that are not here yet: one mail that says who asks and where to register."""

from datetime import timedelta

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Enterprise, ListedFirm, SupplierInvitation, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.outbox import note_mail_due
from common.errors import Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.networks.permissions import can_invite_supplier

MOST_A_DAY = 20
"""Invitations that one firm sends within a day: more would be a mailing list."""
AGAIN_AFTER = timedelta(days=30)
"""Who was invited, or an address that was, may be again after this time."""


@unit_of_work
def invite_supplier(*, listed: ListedFirm, actor: User, email: str) -> SupplierInvitation:
    """Write an invitation that is mailed afterwards.

    Refuses not_yours, suspended, not_verified, already_there for a firm that is here, wrong_state for one that left,
    asked_lately, limit_reached; Invalid for what is no address.
    """
    Enterprise.objects.select_for_update().get(pk=listed.buyer_id)
    require(can_invite_supplier(actor, listed))
    now, address = timezone.now(), normalise_text(email).lower()
    row = SupplierInvitation(listed=listed, email=address, invited_by=actor)
    check_row(row, exclude=("listed", "invited_by"))
    lately = SupplierInvitation.objects.filter(listed__buyer=listed.buyer_id, created_at__gt=now - AGAIN_AFTER)
    if lately.filter(listed=listed).exists() or lately.filter(email=address).exists():
        raise Refused(Reason.REFUSAL_ASKED_LATELY, days=AGAIN_AFTER.days)
    if lately.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_A_DAY)
    row.save()
    record_change(thing=row, verb=Verb.CREATED, actor=actor, enterprise=listed.buyer)
    note_mail_due()
    return row
