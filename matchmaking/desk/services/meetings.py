"""Meetings of two firms: a coordinator proposes times, each side says which suit, the earliest common one is agreed."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_user
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.desk.choices import MeetingState
from matchmaking.desk.models import Meeting, MeetingTime
from matchmaking.desk.permissions import answering_sides, can_answer_meeting, can_call_meeting, can_call_off_meeting
from matchmaking.desk.queries.meetings import common_time
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import posting_of
from matchmaking.partnerships.services.moving import locked, tell

PAGE = "web:desk:meeting"
MOST_TIMES = 6
FURTHEST = timedelta(days=366)
BOTH = (Side.NEED, Side.CAPACITY)


@unit_of_work
def call_meeting(
    *, partnership: Partnership, actor: User, topic: str, place: str, minutes: int, times: Sequence[datetime]
) -> Meeting:
    """Propose times to both firms, which are told. Refuses not_yours, wrong_state, already_there; Invalid for no time,
    more than ``MOST_TIMES``, or one that is past or too far.
    """
    row = locked(partnership)
    require(can_call_meeting(actor, row))
    meeting = Meeting(partnership=row, called_by=actor, minutes=minutes)
    meeting.topic, meeting.place = normalise_text(topic).strip(), normalise_text(place).strip()
    check_row(meeting, exclude=["partnership", "called_by"])
    meeting.save()
    for begins_at in _checked(times):
        MeetingTime.objects.create(meeting=meeting, begins_at=begins_at)
    _record(meeting, Verb.CREATED, actor)
    for side in BOTH:
        _tell(meeting, side, NoticeKind.MEETING_CALLED)
    return meeting


@unit_of_work
def answer_meeting(*, meeting: Meeting, actor: User, suiting: Collection[int], side: Side | None = None) -> Meeting:
    """Say for one's side at which of the proposed times (row numbers) one can; none of them is an answer too.

    ``side`` where the actor stands on both. Once both have answered, the earliest common time is agreed; where there is
    none, who called the meeting is told. Refuses not_yours, nothing_waits.
    """
    partnership = locked(meeting.partnership)
    row = _locked(meeting, partnership)
    require(can_answer_meeting(actor, row))
    able = answering_sides(actor, row)
    acting = side if side in able else able[0]
    column = f"suits_{acting}"
    row.times.update(**{column: False})
    row.times.filter(pk__in=list(suiting)).update(**{column: True})
    setattr(row, f"{acting}_answered_at", timezone.now())
    found = common_time(row) if row.need_answered_at and row.capacity_answered_at else None
    if found is not None:
        row.state, row.agreed_for, row.settled_at = MeetingState.AGREED, found.begins_at, timezone.now()
    _keep(row)
    _record(row, Verb.CONFIRMED if found else Verb.CHANGED, actor, posting_of(partnership, acting).enterprise_id)
    if found is not None:
        for each in BOTH:
            _tell(row, each, NoticeKind.MEETING_AGREED)
    if row.called_by is not None and row.need_answered_at and row.capacity_answered_at:
        kind = NoticeKind.MEETING_AGREED if found else NoticeKind.MEETING_UNMATCHED
        facts: dict[str, object] = {"title": row.topic}
        notify_user(user=row.called_by, kind=kind, key=_key(row), route=PAGE, thing_key=row.key, facts=facts)
    return row


@unit_of_work
def call_off_meeting(*, meeting: Meeting, actor: User) -> Meeting:
    """Call it off; both firms are told, and other times can be proposed. Refuses not_yours, nothing_waits."""
    row = _locked(meeting, locked(meeting.partnership))
    require(can_call_off_meeting(actor, row))
    row.state = MeetingState.CALLED_OFF
    _keep(row)
    _record(row, Verb.CLOSED, actor)
    for side in BOTH:
        _tell(row, side, NoticeKind.MEETING_OFF)
    return row


def _locked(meeting: Meeting, partnership: Partnership) -> Meeting:
    row = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("called_by").get(pk=meeting.pk)
    row.partnership = partnership
    return row


def _keep(row: Meeting) -> None:
    row.version += 1
    row.save()


def _key(row: Meeting) -> str:
    return f"{row.key}:{row.version}"


def _checked(times: Sequence[datetime]) -> list[datetime]:
    found = sorted(set(times))
    if not found:
        raise Invalid({"times": Reason.REFUSAL_REQUIRED})
    if len(found) > MOST_TIMES:
        raise Invalid({"times": Reason.REFUSAL_LIMIT_REACHED}, {"times": {"limit": MOST_TIMES}})
    now = timezone.now()
    if found[0] <= now:
        raise Invalid({"times": Reason.REFUSAL_WINDOW_PAST})
    if found[-1] > now + FURTHEST:
        raise Invalid({"times": Reason.REFUSAL_NOT_A_DAY})
    return found


def _tell(meeting: Meeting, side: Side, kind: NoticeKind) -> None:
    """A notice to the members on ``side`` that leads to the meeting's own page."""
    tell(
        meeting.partnership,
        side,
        kind,
        about=f"meeting:{meeting.key}:{meeting.version}",
        route=PAGE,
        more={"note": meeting.topic},
        thing_key=meeting.key,
    )


def _record(meeting: Meeting, verb: Verb, actor: User, own: int | None = None) -> None:
    """A line for each firm; the name of who answered stays with their own firm (key ``own``)."""
    for side in BOTH:
        firm = posting_of(meeting.partnership, side).enterprise
        shown = actor if own is None or own == firm.pk else None
        record_change(
            thing=meeting, verb=verb, actor=shown, enterprise=firm, facts={"partnership": meeting.partnership.key}
        )
