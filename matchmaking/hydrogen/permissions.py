"""Who may do what about the hydrogen corridor."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.choices import Role
from accounts.permissions import can_act_for_enterprise
from accounts.querysets import Actor, is_platform_admin, review_scopes
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.hydrogen.choices import HYDROGEN_CHAIN, RoundState
from matchmaking.hydrogen.models import Round, RoundOffer
from matchmaking.postings.models import Posting
from reference.models import IndustryChain, Region


def can_keep_corridor(user: Actor, regions: Iterable[Region] = ()) -> Verdict:
    """Platform administrators, and coordinators whose right reaches the hydrogen chain and every one of ``regions``."""
    if is_platform_admin(user):
        return YES
    held = [one for one in review_scopes(user) if not one.of_parks]
    if not held:
        return no(Reason.REFUSAL_NOT_YOURS)
    chain = IndustryChain.objects.filter(code=HYDROGEN_CHAIN).values_list("pk", flat=True).first()
    scopes = [one for one in held if not one.chains or chain in one.chains]
    if not scopes:
        return no(Reason.REFUSAL_NOT_YOURS)
    for region in regions:
        if not any(not scope.stems or region.code.startswith(scope.stems) for scope in scopes):
            return no(Reason.REFUSAL_OUTSIDE_SCOPE)
    return YES


def can_publish_round(user: Actor, one: Round) -> Verdict:
    """Who keeps the corridor, once no more interest is taken, and once."""
    verdict = can_keep_corridor(user)
    return verdict and when_published(one)


def when_published(one: Round) -> Verdict:
    """Whether the result can be published now."""
    state = one.state_on(timezone.localdate())
    if state == RoundState.PUBLISHED:
        return no(Reason.REFUSAL_ALREADY_THERE)
    return YES if state == RoundState.CLOSED else no(Reason.REFUSAL_ROUND_RUNS, day=one.interest_until.isoformat())


def when_offered(one: Round) -> Verdict:
    """Whether offers are taken now."""
    is_open = one.state_on(timezone.localdate()) == RoundState.OFFERS
    return YES if is_open else no(Reason.REFUSAL_OFFERS_CLOSED, day=one.offers_until.isoformat())


def when_interested(one: Round) -> Verdict:
    """Whether interest is taken now: after the last day for offers, until the last day for interest."""
    state = one.state_on(timezone.localdate())
    if state == RoundState.OFFERS:
        return no(Reason.REFUSAL_OFFERS_OPEN, day=one.offers_until.isoformat())
    return (
        YES if state == RoundState.INTEREST else no(Reason.REFUSAL_INTEREST_CLOSED, day=one.interest_until.isoformat())
    )


def can_offer(user: Actor, one: Round, capacity: Posting) -> Verdict:
    """Editors and owners of the capacity's firm, while offers are taken."""
    return can_act_for_enterprise(user, capacity.enterprise, Role.EDITOR) and when_offered(one)


def can_take_back(user: Actor, offer: RoundOffer) -> Verdict:
    """Who may offer it, while offers are taken."""
    return can_offer(user, offer.round, offer.capacity)


def can_be_interested(user: Actor, offer: RoundOffer, need: Posting) -> Verdict:
    """Editors and owners of the need's firm, while interest is taken, in offers of other firms."""
    verdict = can_act_for_enterprise(user, need.enterprise, Role.EDITOR) and when_interested(offer.round)
    if verdict and offer.capacity.enterprise_id == need.enterprise_id:
        return no(Reason.REFUSAL_OWN_POSTING)
    return verdict
