"""Who may do what about a matchmaking day."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from accounts.choices import Role
from accounts.models import Enterprise
from accounts.permissions import can_act_for_enterprise, firms_of
from accounts.queries import coordinates
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.days.choices import DayState, GuestState, PlanState
from matchmaking.days.models import DayMeeting, DayPlan, Guest, MatchDay
from matchmaking.days.queries.days import LEAST_FIRMS
from matchmaking.days.querysets import coordinated_scopes
from matchmaking.postings.models import Posting
from reference.models import IndustryChain, Region

MOST_GUESTS = 120
"""Firms invited to one day at most: a plan of as many stays a matter of a minute."""


def can_open_day(user: Actor, regions: Sequence[Region] = (), chains: Sequence[IndustryChain] = ()) -> Verdict:
    """Coordinators, for regions and chains of which one at least is theirs; naming none keeps the day to its maker."""
    if not coordinates(user):
        return no(Reason.REFUSAL_NOT_YOURS)
    if is_platform_admin(user):
        return YES
    for scope in coordinated_scopes(user):
        in_region = not (scope.stems and regions) or any(one.code.startswith(scope.stems) for one in regions)
        in_chain = not (scope.chains and chains) or any(one.pk in scope.chains for one in chains)
        if in_region and in_chain:
            return YES
    return no(Reason.REFUSAL_OUTSIDE_SCOPE)


def can_look_after_day(user: Actor, day: MatchDay) -> Verdict:
    """Who looks after it, as long as it is neither cancelled nor over."""
    return _may_coordinate(user, day) and when_looked_after(day)


def when_looked_after(day: MatchDay) -> Verdict:
    """Whether something about the day can be changed at all: neither cancelled nor over."""
    is_ahead = day.state != DayState.CANCELLED and day.day >= timezone.localdate()
    return YES if is_ahead else no(Reason.REFUSAL_NOTHING_WAITS)


def _may_coordinate(user: Actor, day: MatchDay) -> Verdict:
    found = MatchDay.objects.coordinated_by(user).filter(pk=day.pk).exists()
    return YES if found else no(Reason.REFUSAL_NOT_YOURS)


def can_invite_firms(user: Actor, day: MatchDay, firms: Iterable[Enterprise] = ()) -> Verdict:
    """Who looks after the day, until wishes end: firms that are here and not suspended, none of one's own."""
    verdict = can_look_after_day(user, day) and when_invited(day)
    if not verdict:
        return verdict
    own = firms_of(user)
    for firm in firms:
        if firm.suspended_at is not None:
            return no(Reason.REFUSAL_SUSPENDED)
        if firm.is_unclaimed or firm.pk in own:
            return no(Reason.REFUSAL_NOT_YOURS)
    return YES


def when_invited(day: MatchDay) -> Verdict:
    """Whether firms are invited, answer and wish: until the last day for wishes."""
    if day.state == DayState.CANCELLED:
        return no(Reason.REFUSAL_INVITATION_OVER)
    if day.state != DayState.OPEN or day.marks_until < timezone.localdate():
        return no(Reason.REFUSAL_WISHES_CLOSED, day=day.marks_until.isoformat())
    return YES


def can_withdraw_guest(user: Actor, guest: Guest) -> Verdict:
    """Who looks after the day, as long as the firm is asked or takes part."""
    verdict = can_look_after_day(user, guest.day)
    if verdict and guest.state not in (GuestState.ASKED, GuestState.ACCEPTED):
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return verdict


def can_answer_invitation(user: Actor, guest: Guest) -> Verdict:
    """Editors and owners of the firm, until the last day for wishes."""
    verdict = can_act_for_enterprise(user, guest.enterprise, Role.EDITOR)
    if verdict and guest.state == GuestState.WITHDRAWN:
        return no(Reason.REFUSAL_INVITATION_OVER)
    return verdict and when_invited(guest.day)


def can_give_up_place(user: Actor, guest: Guest) -> Verdict:
    """Editors and owners of a firm that takes part, until the day is over."""
    verdict = can_act_for_enterprise(user, guest.enterprise, Role.EDITOR)
    if not verdict:
        return verdict
    is_ahead = guest.day.state != DayState.CANCELLED and guest.day.day >= timezone.localdate()
    if guest.state != GuestState.ACCEPTED or not is_ahead:
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return YES


def can_mark(user: Actor, guest: Guest) -> Verdict:
    """Editors and owners of a firm that takes part, until the last day for wishes."""
    verdict = can_answer_invitation(user, guest)
    if verdict and guest.state != GuestState.ACCEPTED:
        return no(Reason.REFUSAL_WRONG_STATE, state=GuestState(guest.state).label)
    return verdict


def can_plan_day(user: Actor, day: MatchDay) -> Verdict:
    """Who looks after the day, once wishes have ended and before a plan is published, for three firms at least.

    Earlier, two plans with one answer between them would tell what it was.
    """
    coming = Guest.objects.filter(day=day).coming()
    return can_look_after_day(user, day) and when_planned(day, coming.count())


def when_planned(day: MatchDay, coming: int) -> Verdict:
    """Whether a plan can be made for so many firms that come."""
    verdict = when_looked_after(day)
    if not verdict:
        return verdict
    if day.state != DayState.OPEN:
        return no(Reason.REFUSAL_ALREADY_THERE)
    if day.marks_until >= timezone.localdate():
        return no(Reason.REFUSAL_WISHES_OPEN, day=day.marks_until.isoformat())
    return YES if coming >= LEAST_FIRMS else no(Reason.REFUSAL_FEW_FIRMS, least=LEAST_FIRMS)


def can_publish_plan(user: Actor, plan: DayPlan) -> Verdict:
    """Who may plan the day, a plan that is ready."""
    verdict = can_plan_day(user, plan.day)
    return no(Reason.REFUSAL_NOTHING_WAITS) if verdict and plan.state != PlanState.READY else verdict


def can_note_meetings(user: Actor, day: MatchDay) -> Verdict:
    """Who looks after the day, from the day itself on."""
    return _may_coordinate(user, day) and when_noted(day)


def when_noted(day: MatchDay) -> Verdict:
    """Whether the meetings of the day take place or have."""
    is_there = day.state == DayState.PUBLISHED and day.day <= timezone.localdate()
    return YES if is_there else no(Reason.REFUSAL_NOTHING_WAITS)


def can_follow_meeting(user: Actor, meeting: DayMeeting, *postings: Posting) -> Verdict:
    """Who looks after the day, for a meeting that took place and from which no pair was suggested yet; ``postings``,
    where they are told, are one of each firm.
    """
    verdict = can_note_meetings(user, meeting.plan.day)
    if not verdict:
        return verdict
    if meeting.hand_pair_id is not None:
        return no(Reason.REFUSAL_ALREADY_THERE)
    if meeting.is_held is not True or meeting.is_off:
        return no(Reason.REFUSAL_NOTHING_WAITS)
    firms = {meeting.first.enterprise_id, meeting.second.enterprise_id}
    return no(Reason.REFUSAL_NOT_YOURS) if postings and {one.enterprise_id for one in postings} != firms else YES
