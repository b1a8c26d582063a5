"""Who may ask for a plan of a market, and whose task an open need may be."""

from collections.abc import Collection

from accounts.permissions import firms_of
from accounts.queries import grants_of
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.postings.models import Posting
from reference.models import IndustryChain


def can_ask_market_plan(user: Actor, chain: IndustryChain) -> Verdict:
    """Platform administrators, and coordinators with a right that reaches the chain today."""
    if is_platform_admin(user):
        return YES
    for grant in grants_of(user):
        chains = list(grant.chains.all())
        if not chains or chain in chains:
            return YES
    return no(Reason.REFUSAL_NOT_YOURS)


def can_own_needs(user: Actor, needs: Collection[int]) -> Verdict:
    """Who looks after every one of these postings, by key; nobody those of a firm of their own."""
    reached = Posting.objects.in_scope_of(user).filter(pk__in=needs).exclude(enterprise__in=firms_of(user))
    return YES if reached.count() == len(set(needs)) else no(Reason.REFUSAL_NOT_YOURS)
