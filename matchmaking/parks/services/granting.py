"""Who runs a park: granted and taken back by the platform."""

from datetime import date

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import require
from matchmaking.parks.models import Park, ParkAdministrator
from matchmaking.parks.permissions import can_grant_park


@unit_of_work
def grant_park(*, park: Park, user: User, actor: User, ends_on: date | None = None) -> ParkAdministrator:
    """Let ``user`` run ``park`` in the administration until ``ends_on`` (included). Refuses not_yours.

    A grant that was taken back or has ended comes into force again. The user may open the administration from now on.
    """
    require(can_grant_park(actor, park))
    grant = ParkAdministrator.objects.filter(park=park, user=user).first() or ParkAdministrator(park=park, user=user)
    grant.granted_by, grant.ends_on, grant.revoked_at = actor, ends_on, None
    grant.full_clean()
    grant.save()
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    record_change(thing=park, verb=Verb.GRANTED, actor=actor, facts={"user": user.pk, "ends_on": str(ends_on or "")})
    return grant


@unit_of_work
def revoke_park(*, grant: ParkAdministrator, actor: User) -> ParkAdministrator:
    """Take the right to run a park back. Refuses not_yours.

    Who runs no other park and has no other office loses the door to the administration as well.
    """
    require(can_grant_park(actor, grant.park))
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at", "changed_at"])
    user = grant.user
    others = ParkAdministrator.objects.filter(user=user, revoked_at=None).exclude(pk=grant.pk)
    has_other_office = user.is_superuser or user.groups.exists() or user.coordinator_grants.in_force().exists()
    if user.is_staff and not has_other_office and not others.exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])
    record_change(thing=grant.park, verb=Verb.REVOKED, actor=actor, facts={"user": user.pk})
    return grant
