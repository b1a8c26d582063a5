"""Interest of one firm in another's posting: declared, accepted, declined, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.matching.services.dismissals import put_pair_aside
from matchmaking.matching.services.suggestions import meets_all_musts
from matchmaking.partnerships.choices import BOUND, TALKING, WAITING, Act, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import (
    can_act,
    can_declare_interest,
    side_acted_on,
)
from matchmaking.partnerships.queries.deal import Deal
from matchmaking.partnerships.queries.partnerships import (
    acting_sides,
    changed_since_interest,
    declining_reasons,
    failing_reasons,
    open_partnership,
    other_side,
    posting_of,
    versions_now,
)
from matchmaking.partnerships.queries.queueing import must_queue
from matchmaking.partnerships.services.agreeing import end_deal
from matchmaking.partnerships.services.moving import locked, locked_postings, move, tell, tell_other
from matchmaking.partnerships.services.queueing import let_in
from matchmaking.postings.choices import Subject
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import note_interest
from matchmaking.postings.services.contacts import has_contact
from matchmaking.postings.services.flags import people_named
from reference.queries.workdays import working_day_after

LONGEST_NOTE = 500


@unit_of_work
def declare_interest(
    *, posting: Posting, counterpart: Posting, actor: User, note: str = "", is_told: bool = True
) -> Partnership:
    """Ask ``counterpart``'s firm for a talk about one's own ``posting``; meeting its own interest accepts it, and where
    it has accepted ahead both are introduced at once.

    The other side has ``answer_within_working_days`` of its posting to answer, and its members get a notice. Where it
    has ``MOST_OPEN`` requests to answer already, this one waits in its queue. ``is_told`` is off where the caller tells
    it more: such a request waits in no queue. Refuses not_yours, suspended, own_posting, same_direction, hidden_from,
    wrong_state, window_past, already_there, declined_before, busy_until, first_contacts_used, too_many_waiting, and
    posting_changed where it would accept; Invalid for a note that is too long or holds contact data.
    """
    own, other = _locked_pair(posting, counterpart, queues=is_told)
    require(can_declare_interest(actor, own, other))
    told = _checked_note(note, about_people=Subject.TALENT in (posting.subject, counterpart.subject))
    need, capacity = (own, other) if own.is_need else (other, own)
    side = Side.NEED if own.is_need else Side.CAPACITY
    existing = open_partnership(need=need, capacity=capacity)
    if existing is not None and existing.state in WAITING:
        waits = let_in(partnership=existing) if existing.state == State.QUEUED else existing
        return accept_interest(partnership=waits, actor=actor, note=told)
    partnership = existing or Partnership(need=need, capacity=capacity)
    partnership.opened_by, partnership.note, partnership.snoozed_until = side, told, None
    partnership.need_version, partnership.capacity_version = need.version, capacity.version
    is_ahead = is_accepted_ahead(own, other)
    if is_told and not is_ahead and must_queue(other):
        return _queue(partnership, side, actor)
    partnership.answer_by = working_day_after(timezone.localdate(), other.answer_within_working_days)
    _keep_new(partnership)
    move(partnership=partnership, act=Act.DECLARE_INTEREST, side=side, actor=actor, note=told)
    if is_ahead:
        move(partnership=partnership, act=Act.ACCEPT_AHEAD, side=other_side(side), actor=other.accepts_ahead_by)
        return _introduce(partnership)
    note_interest(posting=other, delta=1)
    if is_told:
        tell_other(partnership, side, NoticeKind.INTEREST_RECEIVED)
    return partnership


def _queue(partnership: Partnership, side: Side, actor: User) -> Partnership:
    """Put a request behind those that wait; its note goes to the other side once it is let in."""
    partnership.answer_by, partnership.queued_at = None, timezone.now()
    _keep_new(partnership)
    return move(partnership=partnership, act=Act.QUEUE, side=side, actor=actor)


def _keep_new(partnership: Partnership) -> None:
    if partnership.pk is None:
        partnership.full_clean()
        partnership.save()


@unit_of_work
def accept_interest(
    *, partnership: Partnership, actor: User, note: str = "", seen: tuple[int, int] | None = None
) -> Partnership:
    """Agree to be introduced: mutual interest and the introduction in one step, told to both sides.

    ``seen`` are the versions of the need and the capacity that the actor looked at; without them those of the interest
    count. From here on both see names and contact data. Refuses not_yours, suspended, wrong_state, other_side, and
    posting_changed when a posting is no longer as it was seen.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.ACCEPT))
    if seen != versions_now(row) if seen else changed_since_interest(row):
        raise Refused(Reason.REFUSAL_POSTING_CHANGED)
    side = acting_sides(row, Act.ACCEPT)[0]
    asked = posting_of(row, side)
    move(
        partnership=row,
        act=Act.ACCEPT,
        side=side,
        actor=actor,
        note=_checked_note(note, about_people=Deal(row).offers_people),
    )
    note_interest(posting=asked, delta=-1)
    return _introduce(row)


def _introduce(row: Partnership) -> Partnership:
    row.introduced_at = timezone.now()
    move(partnership=row, act=Act.INTRODUCE, side=Side.PLATFORM, actor=None)
    for each in (Side.NEED, Side.CAPACITY):
        tell(row, each, NoticeKind.INTRODUCED)
    return row


def is_accepted_ahead(posting: Posting, counterpart: Posting) -> bool:
    """Whether ``counterpart``'s firm has agreed ahead to be introduced to ``posting``'s: both are verified and nothing
    that either asks for is missed, judged on the locked rows.
    """
    if counterpart.accepts_ahead_at is None or not (
        posting.enterprise.is_verified and counterpart.enterprise.is_verified
    ):
        return False
    need, capacity = (posting, counterpart) if posting.is_need else (counterpart, posting)
    return meets_all_musts(need=need, capacity=capacity)


@unit_of_work
def decline_interest(*, partnership: Partnership, actor: User, reason: Reason | str, note: str = "") -> Partnership:
    """Turn an interest down for one of ``declining_reasons``; who asked is told the reason, and the pair is suggested
    to neither side until one of the two postings says something else.

    Refuses not_yours, suspended, wrong_state, other_side; Invalid for any other reason.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.DECLINE))
    code = _checked_reason(reason, declining_reasons())
    side = acting_sides(row, Act.DECLINE)[0]
    asked = posting_of(row, side)
    move(partnership=row, act=Act.DECLINE, side=side, actor=actor, reason=code, note=_checked_note(note))
    put_pair_aside(need=row.need, capacity=row.capacity, reason=code)
    note_interest(posting=asked, delta=-1)
    tell_other(row, side, NoticeKind.INTEREST_DECLINED)
    return row


@dataclass(frozen=True)
class Declined:
    """What came of turning several interests down: how many, and why the others were not, by their keys."""

    done: int
    refused: dict[str, Refused]


def decline_interests(
    *, partnerships: Iterable[Partnership], actor: User, reason: Reason | str, note: str = ""
) -> Declined:
    """Turn several interests down for one reason, each as ``decline_interest`` does and in a unit of work of its own:
    one that was answered meanwhile is told, and keeps none of the others. Invalid as there, before any is declined.
    """
    _checked_reason(reason, declining_reasons())
    _checked_note(note)
    refused: dict[str, Refused] = {}
    done = 0
    for partnership in partnerships:
        try:
            decline_interest(partnership=partnership, actor=actor, reason=reason, note=note)
        except Refused as refusal:
            refused[partnership.key] = refusal
        else:
            done += 1
    return Declined(done, refused)


@unit_of_work
def withdraw_interest(*, partnership: Partnership, actor: User, note: str = "") -> Partnership:
    """Take one's interest back while it waits; who was asked is told, unless it never reached them.

    Refuses not_yours, suspended, wrong_state, other_side.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.WITHDRAW))
    side = acting_sides(row, Act.WITHDRAW)[0]
    code, has_reached = Reason.END_PARTNERSHIP_WITHDRAWN.value, row.state == State.INTERESTED
    move(partnership=row, act=Act.WITHDRAW, side=side, actor=actor, reason=code, note=_checked_note(note))
    if has_reached:
        note_interest(posting=posting_of(row, other_side(side)), delta=-1)
        tell_other(row, side, NoticeKind.INTEREST_WITHDRAWN)
    return row


@unit_of_work
def end_partnership(
    *,
    partnership: Partnership,
    actor: User,
    reason: Reason | str,
    note: str = "",
    enterprise: Enterprise | None = None,
) -> Partnership:
    """End talks or an agreement for one of ``failing_reasons``: contact data close, what was booked is free again and
    the others are told.

    ``enterprise`` says for which firm somebody acts who belongs to both. Refuses not_yours, suspended, wrong_state;
    Invalid for any other reason.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.END))
    code = _checked_reason(reason, failing_reasons() if row.state in BOUND else declining_reasons())
    side = side_acted_on(actor, row, Act.END, enterprise)
    deal = Deal(row)
    end_deal(row=row, actor=actor, deal=deal, delivered=deal.delivered)
    move(partnership=row, act=Act.END, side=side, actor=actor, reason=code, note=_checked_note(note))
    put_pair_aside(need=row.need, capacity=row.capacity, reason=code)
    tell_other(row, side, NoticeKind.PARTNERSHIP_ENDED)
    return row


@unit_of_work
def end_with_posting(*, partnership: Partnership, posting: Posting, actor: User) -> bool:
    """End what is not signed yet because one's own ``posting`` is over: a request of one's own is taken back, one of
    the other side turned down, talks end; the other side is told why, and the pair is not put aside. False where there
    is nothing to end: an agreement stands. Refuses not_yours, suspended.
    """
    row = locked(partnership)
    side = Side.NEED if row.need_id == posting.pk else Side.CAPACITY
    if row.state == State.QUEUED and row.opened_by == side:
        withdraw_interest(partnership=row, actor=actor)
        return True
    if row.state == State.INTERESTED and row.opened_by == side:
        act, kind, verdict = Act.WITHDRAW, NoticeKind.INTEREST_WITHDRAWN, can_act(actor, row, Act.WITHDRAW)
    elif row.state == State.INTERESTED:
        act, kind, verdict = Act.DECLINE, NoticeKind.INTEREST_DECLINED, can_act(actor, row, Act.DECLINE)
    elif row.state in TALKING:
        act, kind, verdict = Act.END, NoticeKind.PARTNERSHIP_ENDED, can_act(actor, row, Act.END)
    else:
        return False
    require(verdict)
    if row.state == State.INTERESTED:
        note_interest(posting=posting_of(row, other_side(row.opened_by)), delta=-1)
    else:
        end_deal(row=row, actor=actor, deal=Deal(row), delivered=None)
    code = Reason.END_PARTNERSHIP_POSTING_OVER.value
    move(partnership=row, act=act, side=side, actor=actor, reason=code)
    tell_other(row, side, kind)
    return True


def _locked_pair(posting: Posting, counterpart: Posting, *, queues: bool) -> tuple[Posting, Posting]:
    """Both rows, locked after the asking firm: its colleagues come one by one, so that no limit is passed at once.

    The asked firm is locked too where its queue is looked at, both in the order of their numbers.
    """
    firms = {posting.enterprise_id, counterpart.enterprise_id} if queues else {posting.enterprise_id}
    list(Enterprise.objects.select_for_update(no_key=True).filter(pk__in=firms).order_by("pk").values_list("pk"))
    found = locked_postings(posting.pk, counterpart.pk)
    return found[posting.pk], found[counterpart.pk]


def _checked_note(note: str, *, about_people: bool = False) -> str:
    plain = normalise_text(note)
    if len(plain) > LONGEST_NOTE:
        raise Invalid({"note": Reason.REFUSAL_TOO_LONG}, {"note": {"limit": LONGEST_NOTE}})
    if has_contact(plain):
        raise Invalid({"note": Reason.REFUSAL_CONTACT_IN_TEXT})
    if about_people and people_named(plain):
        raise Invalid({"note": Reason.REFUSAL_PERSON_IN_TEXT})
    return plain


def _checked_reason(reason: Reason | str, known: list[Reason]) -> str:
    if not reason:
        raise Invalid({"reason": Reason.REFUSAL_REQUIRED})
    if reason not in known:
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)[:60]}})
    return str(Reason(reason).value)
