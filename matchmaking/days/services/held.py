"""After the day: who met, and a pair of postings that is suggested to both because they did."""

from collections.abc import Mapping

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import require
from matchmaking.days.models import DayMeeting, MatchDay
from matchmaking.days.permissions import can_follow_meeting, can_note_meetings
from matchmaking.days.queries.plans import meeting_of
from matchmaking.days.services.keeping import locked_day, note_day
from matchmaking.desk.services.pairs import suggest_pair
from matchmaking.postings.models import Posting


@unit_of_work
def note_meetings(*, day: MatchDay, actor: User, held: Mapping[str, bool]) -> int:
    """Say by their keys which meetings took place and which did not; others stay as they were. Gives how many changed.

    Refuses not_yours, nothing_waits before the day and without a published plan.
    """
    row = locked_day(day)
    require(can_note_meetings(actor, row))
    rows = DayMeeting.objects.filter(plan__day=row, plan__published_at__isnull=False, key__in=held).standing()
    changed = [one for one in rows if one.is_held is not held[one.key]]
    for one in changed:
        one.is_held = held[one.key]
    DayMeeting.objects.bulk_update(changed, ["is_held"])
    if changed:
        note_day(day=row, verb=Verb.NOTED, actor=actor, facts={"meetings": len(changed)})
    return len(changed)


@unit_of_work
def follow_meeting(*, meeting: DayMeeting, actor: User, need: Posting, capacity: Posting, reason: str) -> DayMeeting:
    """Suggest two postings of the firms that met to both, as any pair by hand.

    Refuses not_yours, nothing_waits unless they met, already_there, and what a pair by hand is refused for; not_yours
    too where the postings are not one of each firm.
    """
    day = locked_day(meeting.plan.day)
    row = meeting_of(day, meeting.key) or meeting
    require(can_follow_meeting(actor, row, need, capacity))
    row.hand_pair = suggest_pair(need=need, capacity=capacity, actor=actor, reason=reason)
    row.save()
    note_day(day=day, verb=Verb.NOTED, actor=actor, facts={"pair": row.hand_pair.key})
    return row
