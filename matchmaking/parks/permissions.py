"""Who may do what now with a park."""

from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.parks.choices import PairState
from matchmaking.parks.models import Park, ParkBatch, ParkIndicator, ParkPartnership


def administers_a_park(user: Actor) -> bool:
    """Whether ``user`` runs any park today; platform administrators look after all of them."""
    return is_platform_admin(user) or (bool(user.is_active) and Park.objects.administered_by(user).exists())


def can_administer_park(user: Actor, park: Park) -> Verdict:
    """People who hold a grant for the park today, and platform administrators."""
    if user.is_active and Park.objects.administered_by(user).filter(pk=park.pk).exists():
        return YES
    return no(Reason.REFUSAL_NOT_YOURS)


def can_report_indicator(user: Actor, indicator: ParkIndicator) -> Verdict:
    """Those who run the park, while the quarter is not locked."""
    verdict = can_administer_park(user, indicator.park)
    if verdict and indicator.is_locked:
        return no(Reason.REFUSAL_PERIOD_LOCKED)
    return verdict


def can_correct_indicator(user: Actor, indicator: ParkIndicator) -> Verdict:
    """Those who run the park, once the quarter is locked; before that a figure is simply reported anew."""
    verdict = can_administer_park(user, indicator.park)
    if verdict and not indicator.is_locked:
        return no(Reason.REFUSAL_WRONG_STATE, state="")
    return verdict


def can_change_partnership(user: Actor, partnership: ParkPartnership) -> Verdict:
    """Those who run one of its two parks."""
    if user.is_active and ParkPartnership.objects.administered_by(user).filter(pk=partnership.pk).exists():
        return YES
    return no(Reason.REFUSAL_NOT_YOURS)


def can_answer_partnership(user: Actor, partnership: ParkPartnership) -> Verdict:
    """Those who run the park that was asked, while it waits; whoever proposed does not confirm their own word."""
    verdict = can_change_partnership(user, partnership)
    if verdict and partnership.state != PairState.PROPOSED:
        return no(Reason.REFUSAL_WRONG_STATE, state=PairState(partnership.state).label)
    if verdict and not ParkPartnership.objects.waiting_for(user).filter(pk=partnership.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    return verdict


def can_complete_batch(user: Actor, batch: ParkBatch) -> Verdict:
    """Platform administrators."""
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)


def can_grant_park(user: Actor, park: Park) -> Verdict:
    """Platform administrators say who runs a park."""
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)
