"""Who may keep a firm's list of suppliers, and invite those that are not here yet."""

from accounts.models import Enterprise, ListedFirm
from accounts.permissions import can_act_for_enterprise
from accounts.querysets import Actor
from common.errors import YES, Verdict, no
from common.reasons import Reason


def can_keep_list(user: Actor, buyer: Enterprise) -> Verdict:
    """Editors and owners keep the list of their own firm."""
    return can_act_for_enterprise(user, buyer)


def can_invite_supplier(user: Actor, listed: ListedFirm) -> Verdict:
    """Editors and owners of a verified firm invite whom they list and who is not here yet."""
    verdict = can_keep_list(user, listed.buyer)
    if not verdict:
        return verdict
    if not listed.buyer.is_verified:
        return no(Reason.REFUSAL_NOT_VERIFIED)
    if listed.firm_id is not None:
        return no(Reason.REFUSAL_ALREADY_THERE)
    return no(Reason.REFUSAL_WRONG_STATE, state=str(listed.left_on)) if listed.left_on is not None else YES
