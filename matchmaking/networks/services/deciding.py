"""Same firm or two: decided once, used at every later file."""

from accounts.choices import Verb
from accounts.models import Enterprise, SamenessDecision, User
from accounts.services.changes import record_change, unit_of_work
from common.errors import require
from matchmaking.networks.permissions import can_keep_list


@unit_of_work
def decide_sameness(*, buyer: Enterprise, actor: User, mark: str, other: str, is_same: bool) -> SamenessDecision:
    """Keep what was decided of two marks of ``sameness.Called`` (or ``firm:`` with a public key); said again, it is
    changed. Refuses not_yours, suspended.
    """
    require(can_keep_list(actor, buyer))
    told = {"is_same": is_same, "decided_by": actor}
    decision, made = SamenessDecision.objects.update_or_create(buyer=buyer, mark=mark, other=other, defaults=told)
    verb = Verb.CREATED if made else Verb.CHANGED
    record_change(thing=decision, verb=verb, actor=actor, enterprise=buyer, facts={"is_same": is_same})
    return decision
