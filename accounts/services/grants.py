"""The right to coordinate in regions and chains: given and taken back by the platform."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import CoordinatorGrant, User
from accounts.permissions import can_grant_coordination
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Refused, require
from common.reasons import Reason
from reference.models import IndustryChain, Region


@unit_of_work
def grant_coordination(
    *,
    user: User,
    regions: Iterable[Region],
    chains: Iterable[IndustryChain],
    actor: User,
    ends_on: date | None = None,
) -> CoordinatorGrant:
    """Let ``user`` coordinate there until ``ends_on`` (included); an empty list means everywhere. Refuses not_yours."""
    require(can_grant_coordination(actor, user))
    grant = CoordinatorGrant(user=user, granted_by=actor, ends_on=ends_on)
    check_row(grant)
    grant.save()
    grant.regions.set(regions)
    grant.chains.set(chains)
    record_change(thing=grant, verb=Verb.GRANTED, actor=actor, facts=facts_of(grant))
    return grant


@unit_of_work
def change_coordination(
    *,
    grant: CoordinatorGrant,
    regions: Iterable[Region],
    chains: Iterable[IndustryChain],
    actor: User,
    ends_on: date | None = None,
) -> CoordinatorGrant:
    """Give the right another scope or last day; one that was taken back stays so. Refuses not_yours, wrong_state."""
    require(can_grant_coordination(actor, grant.user))
    row: CoordinatorGrant = CoordinatorGrant.objects.select_for_update().get(pk=grant.pk)
    if row.revoked_at is not None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=Verb.REVOKED.label)
    before = facts_of(row)
    row.ends_on = ends_on
    check_row(row)
    row.save()
    row.regions.set(regions)
    row.chains.set(chains)
    if facts_of(row) != before:
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, facts={**facts_of(row), "before": before})
    return row


@unit_of_work
def revoke_coordination(*, grant: CoordinatorGrant, actor: User) -> CoordinatorGrant:
    """Take the right back; done twice it changes nothing. Refuses not_yours."""
    require(can_grant_coordination(actor, grant.user))
    if grant.revoked_at is None:
        grant.revoked_at = timezone.now()
        grant.save(update_fields=["revoked_at", "changed_at"])
        record_change(thing=grant, verb=Verb.REVOKED, actor=actor, facts=facts_of(grant))
    return grant


def facts_of(grant: CoordinatorGrant) -> dict[str, object]:
    """What the record tells of a grant: to whom, where and until when."""
    return {
        "user": grant.user_id,
        "regions": sorted(grant.regions.values_list("code", flat=True)),
        "chains": sorted(grant.chains.values_list("code", flat=True)),
        "ends_on": str(grant.ends_on or ""),
    }
