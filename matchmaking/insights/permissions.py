"""Who may ask for a plan of a market."""

from accounts.queries import grants_of
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
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
