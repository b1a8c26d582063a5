"""What becomes of a set when a member's partnership has ended, however it ended, or when all have delivered."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Refused, require
from common.values import plain_amount
from matchmaking.consortia.choices import UNDER_WAY, State
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.permissions import can_dissolve_consortium
from matchmaking.consortia.queries.consortia import (
    active_members,
    consents_due,
    consortia_to_settle,
    firms_in,
    has_lapsed,
    open_amount,
    open_parts,
    reader_for,
)
from matchmaking.consortia.queries.overflows import overflow_of
from matchmaking.consortia.services.keeping import locked_consortium, note, put, tell_member, tell_owner
from matchmaking.matching.services.sets import SupplierSets, supplier_sets
from matchmaking.partnerships.choices import State as Stage
from matchmaking.postings.choices import Status
from reference.queries.workdays import working_day_after


def settle_consortia(*, keys: Iterable[str] | None = None) -> int:
    """Settle every set that waits for it, of partnerships with these ``keys`` where given. Repeating changes nothing.

    Returns how many changed.
    """
    rows = list(consortia_to_settle(keys))
    return sum(settle_consortium(consortium=row).state != row.state for row in rows)


def settle_consortium(*, consortium: Consortium) -> Consortium:
    """Take members whose partnership has ended, or who let the day of consent pass, out of the set; where others can
    fill their part it is open again and the need's firm is asked to choose, else the set is dissolved. Whoever stays
    keeps partnership and agreement.

    The plan of an overflow is open again in any case, since its firm may put the part on a line of its own. The search
    runs before anything is locked.
    """
    found = replacements(consortium=consortium)
    return _settle(consortium=consortium, is_replaceable=found is not None and bool(found.sets))


def replacements(
    *, consortium: Consortium, viewer: User | None = None, system_of: Enterprise | None = None
) -> SupplierSets | None:
    """Suppliers that could carry what is open in the set beside the members that stay, firms asked before left out; of
    several stretches of days what is open in the earliest.

    None where nothing is open, nobody stays, or the suggestions of the need may not be read (now).
    """
    today = timezone.localdate()
    members = [one for one in active_members(consortium) if not _is_gone(one, today)]
    missing = next((one for one in open_parts(consortium, members) if one.amount > 0), None)
    reader = viewer or reader_for(consortium)
    if missing is None or not members or reader is None:
        return None
    try:
        return supplier_sets(
            posting=consortium.need,
            viewer=reader,
            amount=missing.amount,
            days=missing.days,
            without=firms_in(consortium),
            kept=[one.partnership.capacity for one in members],
            fewest=1,
            system_of=system_of,
        )
    except Refused:
        return None


@unit_of_work
def _settle(*, consortium: Consortium, is_replaceable: bool) -> Consortium:
    row = locked_consortium(consortium)
    if row.state not in UNDER_WAY:
        return row
    members = active_members(row)
    today = timezone.localdate()
    gone = [one for one in members if _is_gone(one, today)]
    staying = [one for one in members if not _is_gone(one, today)]
    if not gone:
        if row.state == State.COMPLETE and all(one.partnership.state == Stage.COMPLETED for one in members):
            put(consortium=row, state=State.DELIVERED, actor=None, act="deliver")
        return row
    for one in gone:
        one.left_at = timezone.now()
        one.save()
    is_planned = row.need.status == Status.PUBLISHED and overflow_of(row.need) is not None
    state = State.SHORT if is_planned or (staying and is_replaceable) else State.DISSOLVED
    put(consortium=row, state=state, actor=None, act="leave")
    kind = NoticeKind.CONSORTIUM_SHORT if state == State.SHORT else NoticeKind.CONSORTIUM_DISSOLVED
    for one in gone:
        if one.partnership.state != Stage.FAILED:
            note(consortium=row, firm=one.partnership.capacity.enterprise, actor=None, act="lapse")
            tell_member(row, one, NoticeKind.CONSORTIUM_LAPSED)
    for one in staying:
        tell_member(row, one, kind)
    tell_owner(row, kind, more={"open": plain_amount(open_amount(row, staying))})
    return row


def _is_gone(member: ConsortiumMember, today: date) -> bool:
    """Whether a member is in the set no longer: its partnership has ended, or it let the day of consent pass."""
    return member.partnership.state == Stage.FAILED or has_lapsed(member, on=today)


def remind_of_consents(*, on: date) -> int:
    """Remind firms that were introduced already on the working day before their consent is due and on that day, once
    each; other requests are reminded of as interests. Repeating changes nothing. Returns how many are due.
    """
    return sum(_remind(one, on) for one in consents_due(on=on, until=working_day_after(on, 1)))


@unit_of_work
def _remind(member: ConsortiumMember, on: date) -> int:
    row = locked_consortium(member.consortium)
    now = ConsortiumMember.objects.active().filter(pk=member.pk, consented_at=None).first()
    if row.state not in UNDER_WAY or now is None:
        return 0
    due = member.asked_until
    tell_member(row, member, NoticeKind.CONSORTIUM_DUE, about=f"due:{due}:{'today' if due == on else 'ahead'}")
    return 1


@unit_of_work
def dissolve_consortium(*, consortium: Consortium, actor: User) -> Consortium:
    """End the set by the need's firm: the members are told, and each partnership goes on alone as it stands.

    Refuses not_yours, suspended, wrong_state.
    """
    row = locked_consortium(consortium)
    require(can_dissolve_consortium(actor, row))
    put(consortium=row, state=State.DISSOLVED, actor=actor, act="dissolve")
    for one in active_members(row):
        tell_member(row, one, NoticeKind.CONSORTIUM_DISSOLVED)
    return row
