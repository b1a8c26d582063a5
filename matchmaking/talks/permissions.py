"""Who may write to whom in talks, and read along."""

from accounts.choices import Role
from accounts.models import Enterprise
from accounts.permissions import RANK
from accounts.querysets import Actor
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.partnerships.choices import CONSENTED, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import is_introduced, posting_of, roles_of_user


def can_read_thread(user: Actor, partnership: Partnership) -> Verdict:
    """Members of the two firms from mutual interest on, also after an end; nobody else, whatever they run here."""
    if not roles_of_user(partnership, user):
        return no(Reason.REFUSAL_NOT_YOURS)
    if not is_introduced(partnership):
        return no(Reason.REFUSAL_WRONG_STATE, state=State(partnership.state).label)
    return YES


def can_write_in_thread(user: Actor, partnership: Partnership) -> Verdict:
    """Editors and owners of the two firms while both agree to talk: from mutual interest on, not after an end."""
    able = _able_sides(user, partnership)
    if not able:
        return no(Reason.REFUSAL_NOT_YOURS)
    if partnership.state not in CONSENTED:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(partnership.state).label)
    firms = (partnership.need.enterprise, partnership.capacity.enterprise)
    return no(Reason.REFUSAL_SUSPENDED) if any(firm.suspended_at is not None for firm in firms) else YES


def side_written_on(user: Actor, partnership: Partnership, enterprise: Enterprise | None = None) -> Side:
    """The side on which ``user`` writes: that of ``enterprise`` where they may write for both, else the only one.

    Whether they may at all was asked before.
    """
    able = _able_sides(user, partnership)
    return next((side for side in able if posting_of(partnership, side).enterprise == enterprise), able[0])


def _able_sides(user: Actor, partnership: Partnership) -> list[Side]:
    roles = roles_of_user(partnership, user)
    return [side for side, role in roles.items() if RANK[role] >= RANK[Role.EDITOR]]
