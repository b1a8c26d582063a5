"""One step of a partnership through the table of moves, with its event and its line in the record of changes."""

from accounts.choices import LookedBy, NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change
from accounts.services.checks import check_values
from accounts.services.notices import notify_members
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import BOUND, MOVES, Act, Side, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.queries.needs import agreed_of_need
from matchmaking.partnerships.queries.partnerships import counterpart_name, other_side, posting_of
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import note_signed

PAGE = "web:partnerships:detail"


def locked(partnership: Partnership) -> Partnership:
    """The row as it stands now, kept from others until the unit of work ends; both firms and postings filled.

    Every act takes its locks in one order, lest two wait for each other for ever: both postings by their numbers, then
    the partnership. An interest takes its own firm before them.
    """
    locked_postings(partnership.need_id, partnership.capacity_id)
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True).select_related(
        "need__enterprise", "capacity__enterprise"
    )
    found: Partnership = rows.get(pk=partnership.pk)
    return found


def lock_firms(partnership: Partnership) -> None:
    """Keep both firms from others before ``locked``, for acts that change them too: firms come first in the order."""
    firms = (partnership.need.enterprise_id, partnership.capacity.enterprise_id)
    list(Enterprise.objects.select_for_update(no_key=True).filter(pk__in=firms).order_by("pk").values_list("pk"))


def locked_postings(*keys: int) -> dict[int, Posting]:
    """Postings by row number, locked in the order of their numbers; rows that point at them can be added meanwhile."""
    rows = Posting.objects.select_for_update(of=("self",), no_key=True).select_related("enterprise")
    return {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}


def move(
    *,
    partnership: Partnership,
    act: Act,
    side: Side,
    actor: User | None,
    reason: str = "",
    note: str = "",
) -> Partnership:
    """Take one step and append its event. Refuses wrong_state where the table knows no such move."""
    came_from = State(partnership.state)
    step = MOVES.get((came_from, act))
    if step is None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=came_from.label)
    if step.to != came_from:
        partnership.state = step.to
        partnership.version += 1
        if step.to == State.FAILED:
            partnership.end_reason = reason
        check_values(partnership)
        partnership.save()
    firm = None if side == Side.PLATFORM else posting_of(partnership, side).enterprise
    event = PartnershipEvent(
        partnership=partnership,
        act=act,
        from_state=came_from,
        to_state=step.to,
        side=side,
        actor=actor,
        enterprise=firm,
        reason=reason,
        note=note,
    )
    check_values(event)
    event.save()
    _record(partnership, event)
    if act == Act.AGREE or (came_from in BOUND and step.to not in BOUND):
        need = partnership.need
        note_signed(posting=need, amount=agreed_of_need(need))
    return partnership


def _record(partnership: Partnership, event: PartnershipEvent) -> None:
    """One line for each side, so that both find the step in their feed; a person's name stays with their own firm.

    Whose contact data were looked at reads that beside the looks of the platform.
    """
    verb = Verb.SEEN if event.act == Act.VIEW_CONTACT else Verb.MOVED
    facts: dict[str, object] = {
        "act": event.act,
        "from": event.from_state,
        "to": event.to_state,
        "need": partnership.need.number,
        "capacity": partnership.capacity.number,
    }
    for side in (Side.NEED, Side.CAPACITY):
        posting = posting_of(partnership, side)
        firm = posting.enterprise
        is_looked_at = verb == Verb.SEEN and event.side != side
        looked = {"by": LookedBy.COUNTERPART.value, "title": posting.title, "part": "contact"} if is_looked_at else {}
        record_change(
            thing=partnership,
            verb=verb,
            actor=event.actor if event.enterprise_id in (None, firm.pk) else None,
            enterprise=firm,
            reason=event.reason,
            facts=facts | looked,
        )


def tell(
    partnership: Partnership,
    side: Side,
    kind: NoticeKind,
    *,
    about: str = "",
    route: str = PAGE,
    thing_key: str = "",
    more: dict[str, object] | None = None,
) -> None:
    """A notice to the members on ``side`` about their posting and the other firm, under the name that they may know.

    ``about`` names what of the partnership is news, where its version does not change with it; ``more`` facts;
    ``thing_key`` the thing on the page ``route``, where it is not the partnership.
    """
    posting = posting_of(partnership, side)
    firm: Enterprise = posting.enterprise
    facts: dict[str, object] = {"title": posting.title, "name": counterpart_name(partnership, firm), **(more or {})}
    if partnership.end_reason:
        facts["reason"] = partnership.end_reason
    notify_members(
        enterprise=firm,
        kind=kind,
        key=f"{partnership.key}:{about or partnership.version}",
        route=route,
        thing_key=thing_key or partnership.key,
        facts=facts,
    )


def tell_other(partnership: Partnership, side: Side, kind: NoticeKind, *, about: str = "") -> None:
    """A notice to the members across the table from ``side``."""
    tell(partnership, other_side(side), kind, about=about)
