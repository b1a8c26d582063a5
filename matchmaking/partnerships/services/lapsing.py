"""What time does to interests: one that nobody answers, or whose posting is over, ends by itself."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.services.changes import unit_of_work
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import (
    RELATED,
    lapse_reason,
    other_side,
    overdue_interests,
    posting_of,
)
from matchmaking.partnerships.services.answering import next_match
from matchmaking.partnerships.services.moving import locked, move, tell, tell_other
from matchmaking.postings.services.capacity import note_interest

NEXT_PAGE = "web:partnerships:next"


def end_overdue_interests(*, keys: Iterable[str] | None = None) -> int:
    """End interests, all or those with ``keys``, whose day of answer is over, or of which a posting is closed, over,
    taken back or its firm suspended; both sides are told why, once. Repeating changes nothing. Returns how many ended.
    """
    overdue = list(overdue_interests(on=timezone.localdate(), keys=keys).select_related(*RELATED))
    return sum(end_overdue_interest(partnership, offer=_offer(partnership)) for partnership in overdue)


def _offer(partnership: Partnership) -> str:
    """Title of the next firm's posting, for who asked; the page behind the notice looks again."""
    panel = next_match(partnership=partnership)
    return panel.cards[0].posting.title if panel else ""


@unit_of_work
def end_overdue_interest(partnership: Partnership, offer: str = "") -> bool:
    """End one interest that nobody will answer any more and tell both sides; False where it does not end. Who asked is
    offered the next firm, by the title ``offer`` of its posting.

    By night each in a transaction of its own: somebody may answer at this moment, and few rows are held at a time.
    """
    row = locked(partnership)
    reason = lapse_reason(row, on=timezone.localdate())
    if reason is None:
        return False
    asker, has_reached = Side(row.opened_by), row.state == State.INTERESTED
    move(partnership=row, act=Act.LAPSE, side=Side.PLATFORM, actor=None, reason=reason.value)
    tell(row, asker, NoticeKind.INTEREST_LAPSED, route=NEXT_PAGE, more={"next": offer} if offer else {})
    if has_reached:
        note_interest(posting=posting_of(row, other_side(asker)), delta=-1)
        tell_other(row, asker, NoticeKind.INTEREST_LAPSED)
    return True
