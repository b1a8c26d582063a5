"""The queue before a firm under a flood: who waits is let in, in the order of asking, as others are answered."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise
from accounts.services.changes import unit_of_work
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import lapse_reason, other_side, posting_of
from matchmaking.partnerships.queries.queueing import AskedFirm, firms_with_queue, has_room, queue_before
from matchmaking.partnerships.services.moving import locked, move, tell, tell_other
from matchmaking.postings.queries.postings import busy_until
from matchmaking.postings.services.capacity import note_interest
from reference.queries.workdays import working_day_after


def let_waiting_in(*, keys: Iterable[str] | None = None) -> int:
    """Let in who waits before firms that have room again, all of them or those asked in partnerships with ``keys``.

    Whoever says to be busy until a day is asked nothing before. Repeating changes nothing. Returns how many came in.
    """
    done = 0
    for firm in firms_with_queue(keys):
        while _let_next_in(firm):
            done += 1
    return done


@unit_of_work
def _let_next_in(firm: AskedFirm) -> bool:
    """One request, in a transaction of its own: rows of one pair are held at a time. The firm is locked before, so
    that nobody asks or is let in meanwhile.
    """
    Enterprise.objects.select_for_update(no_key=True).get(pk=firm.enterprise)
    if not has_room(firm):
        return False
    today = timezone.localdate()
    able = (
        one
        for one in queue_before(firm)
        if lapse_reason(one, on=today) is None and busy_until(posting_of(one, other_side(one.opened_by))) is None
    )
    found = next(able, None)
    if found is None:
        return False
    row = locked(found)
    if row.state != State.QUEUED:
        # Taken back at this moment: whoever did so lets the next one in.
        return False
    let_in(partnership=row)
    tell_other(row, Side(row.opened_by), NoticeKind.INTEREST_RECEIVED)
    tell(row, Side(row.opened_by), NoticeKind.INTEREST_LET_IN)
    return True


def let_in(*, partnership: Partnership) -> Partnership:
    """Bring one request that waits before the other side; its time to answer begins. Both postings are locked.

    Telling is for who calls. Refuses wrong_state for one that does not wait in a queue.
    """
    asked = posting_of(partnership, other_side(partnership.opened_by))
    partnership.answer_by = working_day_after(timezone.localdate(), asked.answer_within_working_days)
    move(partnership=partnership, act=Act.LET_IN, side=Side.PLATFORM, actor=None, note=partnership.note)
    note_interest(posting=asked, delta=1)
    return partnership
