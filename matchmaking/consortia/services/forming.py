"""Putting suppliers together for one need: asked for their shares all at once, or for a part that is open again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.querysets import Actor
from accounts.services.changes import unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import plain_amount
from matchmaking.consortia.choices import MOST_SUPPLIERS, State
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.permissions import can_add_suppliers, can_form_consortium
from matchmaking.consortia.queries.consortia import OpenPart, active_members, firms_in, open_amount, open_parts
from matchmaking.consortia.queries.overflows import overflow_of
from matchmaking.consortia.services.keeping import (
    complete_when_all_consent,
    locked_consortium,
    note,
    put,
    tell_member,
)
from matchmaking.matching.services.limits import Days, firm_of, kept_apart, limits_for_all
from matchmaking.matching.services.lots import days_ahead
from matchmaking.matching.services.sets import SupplierSets, supplier_sets
from matchmaking.partnerships.choices import WAITING, Side
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import open_partnership
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.services.moving import locked_postings
from matchmaking.partnerships.services.queueing import let_in
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from reference.queries.workdays import working_day_after

FEWEST = 2
"""Suppliers of a set at least; the plan of an overflow may have one beside the firm's own line, or none."""


@dataclass(frozen=True)
class Share:
    """A capacity and what it is asked to carry, in the need's own unit and period; without ``days`` through the need's
    window.
    """

    capacity: Posting
    amount: Decimal
    days: Days | None = None


@unit_of_work
def form_consortium(*, need: Posting, shares: Sequence[Share], actor: User, own: Decimal = Decimal(0)) -> Consortium:
    """Ask two to four suppliers for their shares of ``need``; ``own`` is the part that its firm makes itself.

    Each is asked by an interest of its own, so all limits of interests hold, and told of nobody but the need's firm.
    The need of an overflow takes one supplier too, and no more than its firm wants.
    Refuses what an interest refuses, not_shared, already_there where a set is under way; Invalid for shares that do not
    add up to the need, are below the least share, above what the capacity may be counted on for, or do not fit.
    """
    Enterprise.objects.select_for_update(no_key=True).get(pk=need.enterprise_id)
    rows = locked_postings(need.pk, *(one.capacity.pk for one in shares))
    row = rows[need.pk]
    require(can_form_consortium(actor, row))
    total = row.quantity_amount or Decimal(0)
    own = _checked_own(total, own)
    asked = [Share(rows[one.capacity.pk], one.amount, one.days) for one in shares]
    _check_set(asked, present=0, bounds=_bounds(row))
    _check_days(row, asked)
    consortium = Consortium(need=row, total_amount=total, own_amount=own, made_by=actor)
    if row.period != Period.ONCE and any(one.days for one in asked):
        consortium.starts_on, consortium.ends_on = days_ahead(row) or (None, None)
    _check_sum(consortium, asked, [])
    _check_shares(row, asked, [])
    check_row(consortium)
    consortium.save()
    note(consortium=consortium, firm=row.enterprise, actor=actor, act="form")
    _ask_all(consortium, asked, actor)
    return consortium


@unit_of_work
def add_suppliers(
    *, consortium: Consortium, shares: Sequence[Share], actor: User, own: Decimal | None = None
) -> Consortium:
    """Ask further suppliers for all that is open in a set, after somebody has left it; with ``own`` its firm makes that
    much itself from now on, and nobody has to be asked where that covers the rest.

    Refuses as ``form_consortium`` does, and wrong_state where nothing is open.
    """
    Enterprise.objects.select_for_update(no_key=True).get(pk=consortium.need.enterprise_id)
    row = locked_consortium(consortium, *(one.capacity.pk for one in shares))
    require(can_add_suppliers(actor, row))
    members = active_members(row)
    if open_amount(row, members) <= 0:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=State(row.state).label)
    row.own_amount = _checked_own(row.total_amount, row.own_amount if own is None else own)
    missing = open_parts(row, members)
    if {firm_of(one.capacity) for one in shares} & firms_in(row):
        raise Refused(Reason.REFUSAL_ALREADY_THERE)
    is_open = False
    if shares or missing:
        _check_days(row.need, shares)
        is_open = _check_sum(row, shares, members)
        _check_set(shares, present=len(members), bounds=_bounds(row.need))
        _check_shares(row.need, shares, [one.partnership.capacity for one in members])
    put(consortium=row, state=State.SHORT if is_open else State.FORMING, actor=actor, act="add")
    _ask_all(row, shares, actor)
    complete_when_all_consent(consortium=row)
    return row


def proposed_sets(
    *, need: Posting, viewer: Actor, own: Decimal = Decimal(0), system_of: Enterprise | None = None
) -> SupplierSets:
    """Who carries ``need`` but the part that its firm makes itself, alone or together. Refuses as suggestions do;
    Invalid for a part that leaves nothing to others.
    """
    total = need.quantity_amount or Decimal(0)
    amount = total - _checked_own(total, own)
    return supplier_sets(posting=need, viewer=viewer, amount=amount, system_of=system_of)


def _checked_own(total: Decimal, own: Decimal) -> Decimal:
    if not 0 <= own < total:
        raise Invalid({"own": Reason.REFUSAL_NOT_POSITIVE if own < 0 else Reason.REFUSAL_NO_GAP})
    return own


def _bounds(need: Posting) -> tuple[int, int]:
    """How many suppliers at least and at most carry ``need`` together."""
    overflow = overflow_of(need)
    return (FEWEST, MOST_SUPPLIERS) if overflow is None else (1, overflow.most_partners)


def _check_set(shares: Sequence[Share], *, present: int, bounds: tuple[int, int]) -> None:
    firms, (fewest, most) = {firm_of(one.capacity) for one in shares}, bounds
    if len(firms) < len(shares) or not shares or not fewest <= present + len(shares) <= most:
        raise Invalid({"shares": Reason.REFUSAL_SET_SIZE}, {"shares": {"fewest": fewest, "most": most}})


def _check_days(need: Posting, shares: Sequence[Share]) -> None:
    """Days of a lot lie inside the need's window, in their order."""
    window = days_ahead(need)
    wrong = {
        f"amount_{one.capacity.number}": Reason.REFUSAL_LOT_DAYS
        for one in shares
        if one.days and (window is None or not window[0] <= one.days[0] <= one.days[1] <= window[1])
    }
    if wrong:
        raise Invalid(wrong)


def _check_sum(consortium: Consortium, shares: Sequence[Share], members: Sequence[ConsortiumMember]) -> bool:
    """Shares fill what ``members`` leave open: all of it, or of a set by days all of the earliest stretch, and never
    more than is open. Returns whether a later stretch is still open.
    """
    asked = [ConsortiumMember(amount=one.amount, **_days_told(one)) for one in shares]
    before, after = open_parts(consortium, members), open_parts(consortium, [*members, *asked])
    over = next((one for one in after if one.amount < 0), None)
    is_first_left = bool(after and before) and _first_day(after[0]) > _first_day(before[0])
    if not after or (over is None and members and is_first_left):
        return bool(after)
    wrong = over or after[0]
    wanted = consortium.total_amount - consortium.own_amount
    if wrong.days is None:
        wanted -= sum((one.amount for one in members), Decimal(0))
        facts: dict[str, object] = {"sum": plain_amount(wanted - wrong.amount), "total": plain_amount(wanted)}
        raise Invalid({"shares": Reason.REFUSAL_SHARES_SUM}, {"shares": facts})
    facts = {"sum": plain_amount(wanted - wrong.amount), "total": plain_amount(wanted)}
    facts |= {"start": wrong.days[0].isoformat(), "end": wrong.days[1].isoformat()}
    raise Invalid({"shares": Reason.REFUSAL_SHARES_DAYS}, {"shares": facts})


def _first_day(part: OpenPart) -> date:
    return part.days[0] if part.days else date.min


def _days_told(share: Share) -> dict[str, date]:
    return {"starts_on": share.days[0], "ends_on": share.days[1]} if share.days else {}


def _check_shares(need: Posting, shares: Sequence[Share], kept: Sequence[Posting]) -> None:
    """Every supplier meets what the need must have, carries a share within its limits, and may meet the others."""
    days = {one.capacity.number: one.days for one in shares if one.days}
    limits = limits_for_all(need=need, capacities=[one.capacity for one in shares], days=days)
    wrong: dict[str, Reason | str] = {}
    facts: dict[str, dict[str, object]] = {}
    apart = kept_apart([*kept, *(one.capacity for one in shares)])
    for one in shares:
        found, field = limits.get(one.capacity.number), f"amount_{one.capacity.number}"
        if found is None or one.capacity.number in apart:
            wrong[field] = Reason.REFUSAL_SHARE_UNFIT
        elif one.amount < found.least:
            wrong[field], facts[field] = Reason.REFUSAL_SHARE_SMALL, {"least": plain_amount(found.least)}
        elif one.amount > found.most:
            wrong[field], facts[field] = Reason.REFUSAL_SHARE_LARGE, {"most": plain_amount(found.most)}
    if wrong:
        raise Invalid(wrong, facts)


def _ask_all(consortium: Consortium, shares: Sequence[Share], actor: User) -> None:
    for one in shares:
        try:
            partnership = _asked(consortium.need, one.capacity, actor)
        except Refused as refusal:
            raise Refused(refusal.reason, **{**refusal.facts, "capacity": one.capacity.number}) from refusal
        due = working_day_after(timezone.localdate(), one.capacity.answer_within_working_days)
        member = ConsortiumMember(
            consortium=consortium, partnership=partnership, amount=one.amount, consent_by=due, **_days_told(one)
        )
        check_row(member)
        member.save()
        note(consortium=consortium, firm=one.capacity.enterprise, actor=None, act="ask")
        tell_member(consortium, member, NoticeKind.CONSORTIUM_ASKED)


def _asked(need: Posting, capacity: Posting, actor: User) -> Partnership:
    """The partnership that stands between both, else a new interest; one that they have delivered is no way back."""
    existing = open_partnership(need=need, capacity=capacity)
    if existing is not None and existing.state == Stage.COMPLETED:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=Stage(existing.state).label)
    if existing is not None and existing.state == Stage.QUEUED and existing.opened_by == Side.NEED:
        return let_in(partnership=existing)
    if existing is not None and existing.state != Stage.SUGGESTED:
        is_theirs = existing.state in WAITING and existing.opened_by == Side.CAPACITY
        if not is_theirs:
            return existing
    return declare_interest(posting=need, counterpart=capacity, actor=actor, is_told=False)
