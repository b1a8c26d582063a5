"""Who may do what now with a posting."""

from accounts.choices import Role
from accounts.models import Enterprise, User
from accounts.permissions import can_act_for_enterprise
from accounts.queries import is_member
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.postings.choices import Direction, Period, Status, Visibility
from matchmaking.postings.models import Posting, SavedSearch
from matchmaking.postings.queries.postings import reads_details

EDITABLE = (Status.DRAFT, Status.PUBLISHED, Status.PAUSED, Status.IN_REVIEW)
RENEWABLE = (Status.PUBLISHED, Status.PAUSED, Status.EXPIRED)
OPEN = (Status.PUBLISHED, Status.PAUSED, Status.IN_REVIEW)
"""States in which a posting still waits for something; they count against a new firm's quota."""
CONFIRMABLE = (Status.PUBLISHED, Status.PAUSED)
CLOSABLE = (*OPEN, Status.EXPIRED)


def _can_change(user: Actor, posting: Posting, states: tuple[Status, ...]) -> Verdict:
    verdict = can_act_for_enterprise(user, posting.enterprise, Role.EDITOR)
    if verdict and posting.status not in states:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    return verdict


def can_write_posting(user: Actor, enterprise: Enterprise) -> Verdict:
    """Editors and owners of an enterprise that is not suspended begin postings for it."""
    return can_act_for_enterprise(user, enterprise, Role.EDITOR)


def can_edit_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, until it is closed or over."""
    return _can_change(user, posting, EDITABLE)


def can_plan_months(user: Actor, posting: Posting) -> Verdict:
    """The months of a capacity that comes anew each month: its own side, until it is closed or over."""
    if posting.is_need or posting.period != Period.MONTH:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    return _can_change(user, posting, EDITABLE)


def can_publish_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, from a draft."""
    return _can_change(user, posting, (Status.DRAFT,))


def can_pause_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, while it is published."""
    return _can_change(user, posting, (Status.PUBLISHED,))


def can_resume_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, while it is paused."""
    return _can_change(user, posting, (Status.PAUSED,))


def can_confirm_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, while it is published or paused."""
    return _can_change(user, posting, CONFIRMABLE)


def can_renew_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, also when its window is over."""
    return _can_change(user, posting, RENEWABLE)


def can_close_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, once it has left the drafts and is not closed yet."""
    return _can_change(user, posting, CLOSABLE)


def can_accept_ahead(user: Actor, posting: Posting) -> Verdict:
    """Its own side, once the platform has checked who that is, until the posting is closed or over."""
    verdict = _can_change(user, posting, EDITABLE)
    return verdict if not verdict or posting.enterprise.is_verified else no(Reason.REFUSAL_NOT_VERIFIED)


def can_stop_accepting_ahead(user: Actor, posting: Posting) -> Verdict:
    """Its own side, in every state."""
    return can_act_for_enterprise(user, posting.enterprise, Role.EDITOR)


def can_set_busy(user: Actor, posting: Posting) -> Verdict:
    """Its own side, while it is published."""
    return _can_change(user, posting, (Status.PUBLISHED,))


def can_open_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, while it is published to the firm's network alone."""
    verdict = _can_change(user, posting, (Status.PUBLISHED,))
    return verdict if not verdict or posting.asks_network_first else no(Reason.REFUSAL_ALREADY_THERE)


def can_meet(posting: Posting, enterprise: Enterprise) -> Verdict:
    """Whether ``posting`` may be brought to another ``enterprise``: it is open, or asks this firm first."""
    if not posting.asks_network_first or is_member(enterprise, posting.enterprise):
        return YES
    return no(Reason.REFUSAL_NETWORK_FIRST, day=str(posting.opens_on))


def can_pair(posting: Posting, counterpart: Posting) -> Verdict:
    """Whether a firm's ``posting`` and another's may be brought together although one of them is not open yet.

    Before it opens one's own is never brought to an alias: the answer would tell whether a member stands behind it.
    """
    if posting.asks_network_first and counterpart.visibility == Visibility.ALIAS:
        return no(Reason.REFUSAL_NETWORK_FIRST, day=str(posting.opens_on))
    verdict = can_meet(posting, counterpart.enterprise)
    return can_meet(counterpart, posting.enterprise) if verdict else verdict


def can_delete_draft(user: Actor, posting: Posting) -> Verdict:
    """Its own side, while nobody else has ever seen it."""
    return _can_change(user, posting, (Status.DRAFT,))


def can_copy_posting(user: Actor, posting: Posting) -> Verdict:
    """Its own side, in every state."""
    return can_act_for_enterprise(user, posting.enterprise, Role.EDITOR)


def can_read_details(user: Actor, posting: Posting) -> Verdict:
    """Text, exact quantity and open prices: members of any enterprise in good standing, coordinators in scope."""
    if reads_details(user):
        return YES
    coordinates = not user.is_anonymous and user.coordinator_grants.in_force().exists()
    if coordinates and Posting.objects.in_scope_of(user).filter(pk=posting.pk).exists():
        return YES
    return no(Reason.REFUSAL_NO_ENTERPRISE)


def can_review_posting(user: Actor, posting: Posting) -> Verdict:
    """Whoever reviews where it lies, while it waits for a check; nobody reviews a posting of their own firm."""
    if posting.status != Status.IN_REVIEW:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    within = Posting.objects.reviewable_by(user).filter(pk=posting.pk).exists()
    return YES if within else no(Reason.REFUSAL_NOT_YOURS)


def can_withhold_posting(user: Actor, posting: Posting) -> Verdict:
    """Whoever reviews it gives it back; platform administrators also while it is published or paused."""
    if posting.status == Status.IN_REVIEW:
        return can_review_posting(user, posting)
    if not is_platform_admin(user) or not Posting.objects.reviewable_by(user).filter(pk=posting.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    if posting.status not in OPEN:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    return YES


def can_restore_posting(user: Actor, posting: Posting) -> Verdict:
    """Whoever reviews where it lies, after an appeal; the appeal itself is asked about apart."""
    within = Posting.objects.reviewable_by(user).filter(pk=posting.pk).exists()
    return YES if within else no(Reason.REFUSAL_NOT_YOURS)


def can_save_search(user: User, direction: Direction) -> Verdict:
    """Everybody who is signed in keeps searches of both directions for themselves."""
    return no(Reason.REFUSAL_NOT_YOURS) if user.is_anonymous or direction not in Direction.values else YES


def can_delete_search(user: User, search: SavedSearch) -> Verdict:
    """Its owner."""
    return YES if search.user_id == user.pk else no(Reason.REFUSAL_NOT_YOURS)


STATES_FOR = {
    "edit": EDITABLE,
    "publish": (Status.DRAFT,),
    "pause": (Status.PUBLISHED,),
    "resume": (Status.PAUSED,),
    "confirm": CONFIRMABLE,
    "renew": RENEWABLE,
    "close": CLOSABLE,
    "delete": (Status.DRAFT,),
    "copy": tuple(Status),
    "accept_ahead": EDITABLE,
    "set_busy": (Status.PUBLISHED,),
    "open": (Status.PUBLISHED,),
}
"""In which states the owner's side may do what, by the name that pages and answers give it."""


def acts_allowed(user: Actor, posting: Posting) -> set[str]:
    """What ``user`` may do with the posting now, for showing only the buttons that will work."""
    if not can_copy_posting(user, posting):
        return set()
    may = {act for act, states in STATES_FOR.items() if posting.status in states}
    return may if posting.asks_network_first else may - {"open"}
