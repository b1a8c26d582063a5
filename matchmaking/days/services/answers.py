"""What an invited firm does: it takes part or not, says whom it wishes to meet, gives up its place."""

from collections.abc import Mapping

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason
from matchmaking.days.choices import GuestState, Wish
from matchmaking.days.models import Guest, Mark
from matchmaking.days.permissions import can_answer_invitation, can_give_up_place, can_mark
from matchmaking.days.queries.days import others_at
from matchmaking.days.services.falling_out import drop_meetings_of
from matchmaking.days.services.keeping import guest_now, keep_day, locked_day, note_firm

MOST_MUSTS = 5
"""Firms that one may call a must: a firm that must meet all of them would be put before those that chose."""


@unit_of_work
def answer_invitation(*, guest: Guest, actor: User, accepts: bool, most: int | None = None) -> Guest:
    """Take part, with at most ``most`` meetings where it is told, or not; either can be changed until wishes end.

    Refuses not_yours, suspended, invitation_over, wishes_closed; Invalid for ``most`` beyond the slots.
    """
    day = locked_day(guest.day)
    row = guest_now(guest, day)
    require(can_answer_invitation(actor, row))
    if most is not None and not 1 <= most <= day.slots:
        raise Invalid({"most": Reason.REFUSAL_LIMIT_REACHED}, {"most": {"limit": day.slots}})
    row.state = GuestState.ACCEPTED if accepts else GuestState.REFUSED
    row.most, row.answered_at = most if accepts else row.most, timezone.now()
    row.save()
    keep_day(day)
    verb = Verb.CONFIRMED if accepts else Verb.REJECTED
    note_firm(day=day, verb=verb, firm=row.enterprise, actor=actor, act="accepted" if accepts else "refused")
    return row


@unit_of_work
def mark_firms(*, guest: Guest, actor: User, wishes: Mapping[int, str]) -> Guest:
    """Say whom one's firm wishes to meet: ``wishes`` by the row number of the other guest; it replaces what was said of
    those that take part, and who is not named in it is left open.

    Refuses not_yours, suspended, wishes_closed, wrong_state; Invalid for a guest or wish that is none, and for more
    musts than ``MOST_MUSTS`` (``wishes``).
    """
    day = locked_day(guest.day)
    row = guest_now(guest, day)
    require(can_mark(actor, row))
    others = {one.pk for one in others_at(row)}
    if not set(wishes) <= others or not set(wishes.values()) <= set(Wish.values):
        raise Invalid({"wishes": Reason.REFUSAL_UNKNOWN_CODE}, {"wishes": {"code": ""}})
    if sum(wish == Wish.MUST for wish in wishes.values()) > MOST_MUSTS:
        raise Invalid({"wishes": Reason.REFUSAL_LIMIT_REACHED}, {"wishes": {"limit": MOST_MUSTS}})
    row.marks.filter(about__in=others).delete()
    Mark.objects.bulk_create([Mark(guest=row, about_id=about, wish=wish) for about, wish in sorted(wishes.items())])
    row.marked_at = timezone.now()
    row.save()
    note_firm(day=day, verb=Verb.CHANGED, firm=row.enterprise, actor=actor, act="marked")
    return row


@unit_of_work
def give_up_place(*, guest: Guest, actor: User) -> Guest:
    """Take part no longer, also after the plan is out: its meetings fall out and whom it was to meet is told.

    Refuses not_yours, suspended, nothing_waits.
    """
    day = locked_day(guest.day)
    row = guest_now(guest, day)
    require(can_give_up_place(actor, row))
    row.state, row.answered_at = GuestState.LEFT, timezone.now()
    row.save()
    keep_day(day)
    note_firm(day=day, verb=Verb.REVOKED, firm=row.enterprise, actor=actor, act="left")
    drop_meetings_of(row)
    return row
