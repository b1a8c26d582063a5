"""What coordinators do for firms: remind, write notes, and look, at contact data only with a reason that is told."""

from django.utils import timezone

from accounts.choices import LookedBy, NoticeKind, Verb
from accounts.models import User
from accounts.permissions import firms_of
from accounts.querysets import is_platform_admin
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.looks import firms_behind, leave_trace
from accounts.services.notices import notify_members
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.partnerships.models import CoordinationNote, Partnership
from matchmaking.partnerships.permissions import (
    can_coordinate_partnership,
    can_coordinate_posting,
    can_look_at_partnership,
    can_remind_of_interest,
    can_remind_of_posting,
)
from matchmaking.partnerships.queries.partnerships import Contact, contact_of_posting, other_side, posting_of
from matchmaking.partnerships.services.moving import PAGE, locked, locked_postings
from matchmaking.postings.models import Posting

POSTING_PAGE = "web:postings:posting"
LOOKS_PAGE = "web:accounts:looks"
LONGEST_REASON = 400


def _role(actor: User) -> LookedBy:
    return LookedBy.PLATFORM if is_platform_admin(actor) else LookedBy.COORDINATOR


@unit_of_work
def look_at_posting(*, posting: Posting, actor: User, part: str = "") -> None:
    """Write down for its firm that somebody looked after the posting, or at a ``part`` of what belongs to it.

    Of one's own firm's nothing is written. Refuses not_yours outside the scope.
    """
    if posting.enterprise_id in firms_of(actor):
        return
    require(can_coordinate_posting(actor, posting))
    leave_trace(thing=posting, firms=[posting.enterprise], actor=actor, by=_role(actor), part=part)


@unit_of_work
def look_at_partnership(*, partnership: Partnership, actor: User) -> None:
    """Write down for both firms that somebody looked after their partnership. Refuses not_yours outside the scope."""
    require(can_look_at_partnership(actor, partnership))
    leave_trace(thing=partnership, firms=firms_behind(partnership), actor=actor, by=_role(actor))


@unit_of_work
def record_export(*, actor: User, part: str, rows: int, query: str = "") -> None:
    """Write down that ``actor`` took so many rows of a list home as a file, under which filters."""
    facts: dict[str, object] = {"part": part, "rows": rows, "query": query}
    record_change(thing=actor, verb=Verb.EXPORTED, actor=actor, facts=facts)


@unit_of_work
def reveal_contact(*, posting: Posting, actor: User, reason: str) -> Contact:
    """Contact data of the posting's firm, which reads when, as what and why somebody of the platform looked.

    Refuses not_yours outside the scope; Invalid without a ``reason`` in words.
    """
    require(can_coordinate_posting(actor, posting))
    note = normalise_text(reason).strip()
    if not note:
        raise Invalid({"reason": Reason.REFUSAL_REQUIRED})
    if len(note) > LONGEST_REASON:
        raise Invalid({"reason": Reason.REFUSAL_TOO_LONG}, {"reason": {"limit": LONGEST_REASON}})
    firm = posting.enterprise
    leave_trace(
        thing=posting, firms=[firm], actor=actor, by=_role(actor), verb=Verb.REVEALED, part="contact", note=note
    )
    notify_members(
        enterprise=firm,
        kind=NoticeKind.CONTACT_REVEALED,
        key=f"{posting.number}:{timezone.now():%Y%m%d%H%M%S%f}",
        route=LOOKS_PAGE,
        facts={"title": posting.title, "note": note},
    )
    return contact_of_posting(posting)


@unit_of_work
def remind_of_posting(*, posting: Posting, actor: User) -> Posting:
    """Ask its firm again to confirm a posting that is due. Refuses not_yours, nothing_waits, reminded_lately."""
    row = locked_postings(posting.pk)[posting.pk]
    require(can_remind_of_posting(actor, row))
    _remind(row, row, POSTING_PAGE, row.number, actor)
    return row


@unit_of_work
def remind_of_interest(*, partnership: Partnership, actor: User) -> Partnership:
    """Remind the firm that was asked of the interest that waits. Refuses not_yours, nothing_waits, reminded_lately."""
    row = locked(partnership)
    require(can_remind_of_interest(actor, row))
    _remind(row, posting_of(row, other_side(row.opened_by)), PAGE, row.key, actor)
    return row


def _remind(thing: Posting | Partnership, posting: Posting, route: str, key: str, actor: User) -> None:
    notify_members(
        enterprise=posting.enterprise,
        kind=NoticeKind.REMINDED,
        key=f"{key}:{timezone.now():%Y%m%d%H%M%S}",
        route=route,
        thing_key=key,
        facts={"title": posting.title},
    )
    record_change(
        thing=thing, verb=Verb.REMINDED, actor=actor, enterprise=posting.enterprise, facts={"by": _role(actor).value}
    )


@unit_of_work
def annotate_posting(*, posting: Posting, actor: User, text: str) -> CoordinationNote:
    """Add a note for those who look after the posting; it stays as written. Refuses not_yours; Invalid if empty."""
    require(can_coordinate_posting(actor, posting))
    return _annotate(CoordinationNote(posting=posting, author=actor), posting, text, actor)


@unit_of_work
def annotate_partnership(*, partnership: Partnership, actor: User, text: str) -> CoordinationNote:
    """Add a note for those who look after the partnership. Refuses not_yours; Invalid if empty."""
    require(can_coordinate_partnership(actor, partnership))
    return _annotate(CoordinationNote(partnership=partnership, author=actor), partnership, text, actor)


def _annotate(note: CoordinationNote, thing: Posting | Partnership, text: str, actor: User) -> CoordinationNote:
    note.text = normalise_text(text).strip()
    check_row(note)
    note.save()
    # Without the firm, whose own feed this line would otherwise reach.
    record_change(thing=thing, verb=Verb.NOTED, actor=actor, facts={"note": note.pk})
    return note
