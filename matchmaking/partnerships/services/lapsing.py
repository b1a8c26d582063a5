"""What time does to interests: one that nobody answers, or whose posting is over, ends by itself."""

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.services.changes import unit_of_work
from matchmaking.partnerships.choices import Act, Side
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import lapse_reason, other_side, overdue_interests, posting_of
from matchmaking.partnerships.services.moving import locked, move, tell
from matchmaking.postings.services.capacity import note_interest


def end_overdue_interests() -> int:
    """End the interests whose day of answer is over, or of which a posting is closed, over, taken back or its firm
    suspended; both sides are told why, once. Repeating changes nothing. Returns how many ended.
    """
    overdue = list(overdue_interests(on=timezone.localdate()).only("need", "capacity"))
    return sum(end_overdue_interest(partnership) for partnership in overdue)


@unit_of_work
def end_overdue_interest(partnership: Partnership) -> bool:
    """End one interest that nobody will answer any more and tell both sides; False where it does not end.

    By night each in a transaction of its own: somebody may answer at this moment, and few rows are held at a time.
    """
    row = locked(partnership)
    reason = lapse_reason(row, on=timezone.localdate())
    if reason is None:
        return False
    move(partnership=row, act=Act.LAPSE, side=Side.PLATFORM, actor=None, reason=reason.value)
    note_interest(posting=posting_of(row, other_side(row.opened_by)), delta=-1)
    for side in (Side.NEED, Side.CAPACITY):
        tell(row, side, NoticeKind.INTEREST_LAPSED)
    return True
