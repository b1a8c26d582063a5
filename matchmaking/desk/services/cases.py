"""Cases: something stuck is taken up, given another day or department, handed over, and closed with a reason."""

from datetime import date

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_user
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.desk.choices import CaseAct, CaseEnd
from matchmaking.desk.models import Case, CaseEvent
from matchmaking.desk.permissions import can_open_case, can_receive_case, can_work_case
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.moving import locked, locked_postings
from matchmaking.postings.models import Posting

PAGE = "web:desk:case"


@unit_of_work
def open_case(*, thing: Posting | Partnership, actor: User, subject: str, department: str, due_on: date | None) -> Case:
    """Take up what is stuck; it is with ``actor`` then. Refuses not_yours, already_there; Invalid for a day gone by."""
    row = locked_postings(thing.pk)[thing.pk] if isinstance(thing, Posting) else locked(thing)
    require(can_open_case(actor, row))
    about = {"posting": row} if isinstance(row, Posting) else {"partnership": row}
    case = Case(owner=actor, **about)
    _fill(case, subject, department, due_on)
    case.save()
    _step(case, CaseAct.OPENED, actor, note=case.subject)
    record_change(thing=case, verb=Verb.CREATED, actor=actor)
    return case


@unit_of_work
def change_case(*, case: Case, actor: User, subject: str, department: str, due_on: date | None) -> Case:
    """Another department, day or wording. Refuses not_yours, nothing_waits; Invalid for a day gone by."""
    row = _locked(case)
    require(can_work_case(actor, row))
    _fill(row, subject, department, due_on)
    _keep(row)
    _step(row, CaseAct.CHANGED, actor, note=row.subject)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor)
    return row


@unit_of_work
def hand_over_case(*, case: Case, actor: User, receiver: User, note: str) -> Case:
    """Give the case to another coordinator whose scope reaches it, who is told. Refuses not_yours, nothing_waits,
    already_there for who has it; Invalid without a ``note``.
    """
    row = _locked(case)
    require(can_work_case(actor, row))
    require(can_receive_case(receiver, row))
    told = _told(note)
    row.owner = receiver
    _keep(row)
    _step(row, CaseAct.HANDED, actor, note=told, handed_to=receiver)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, facts={"handed_to": receiver.pk})
    notify_user(
        user=receiver,
        kind=NoticeKind.CASE_HANDED,
        key=f"{row.key}:{row.version}",
        route=PAGE,
        thing_key=row.key,
        facts={"title": row.subject},
    )
    return row


@unit_of_work
def close_case(*, case: Case, actor: User, end: CaseEnd | str, note: str) -> Case:
    """Close the case for a reason and say what came of it. Refuses not_yours, nothing_waits; Invalid without either."""
    row = _locked(case)
    require(can_work_case(actor, row))
    row.end, row.end_note, row.closed_on = str(end), _told(note), timezone.localdate()
    if row.end not in CaseEnd.values:
        raise Invalid({"end": Reason.REFUSAL_REQUIRED})
    check_row(row, {"end_note": "note"}, exclude=["posting", "partnership", "owner"])
    _keep(row)
    _step(row, CaseAct.CLOSED, actor, note=row.end_note)
    record_change(thing=row, verb=Verb.CLOSED, actor=actor, facts={"end": row.end})
    return row


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


def _told(note: str) -> str:
    told = normalise_text(note).strip()
    if not told:
        raise Invalid({"note": Reason.REFUSAL_REQUIRED})
    return told


def _fill(case: Case, subject: str, department: str, due_on: date | None) -> None:
    case.subject, case.department = normalise_text(subject).strip(), normalise_text(department).strip()
    if due_on is None:
        raise Invalid({"due_on": Reason.REFUSAL_REQUIRED})
    if due_on < timezone.localdate():
        raise Invalid({"due_on": Reason.REFUSAL_WINDOW_PAST})
    case.due_on = due_on
    check_row(case, exclude=["posting", "partnership", "owner"])


def _keep(case: Case) -> None:
    case.version += 1
    case.save()


def _step(case: Case, act: CaseAct, actor: User, *, note: str, handed_to: User | None = None) -> None:
    event = CaseEvent(
        case=case, act=act, actor=actor, handed_to=handed_to, note=note, department=case.department, due_on=case.due_on
    )
    check_row(event, exclude=["case", "actor", "handed_to"])
    event.save()
