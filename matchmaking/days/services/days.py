"""A day from its opening to its end: opened, changed, firms invited, an invitation taken back, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.days.choices import DayState, GuestState
from matchmaking.days.models import Guest, MatchDay
from matchmaking.days.permissions import (
    MOST_GUESTS,
    can_invite_firms,
    can_look_after_day,
    can_open_day,
    can_withdraw_guest,
)
from matchmaking.days.queries.plans import settled_terms
from matchmaking.days.services.falling_out import drop_meetings_of
from matchmaking.days.services.keeping import guest_now, keep_day, locked_day, note_day, note_firm, tell_firms
from matchmaking.postings.services.contacts import has_contact
from matchmaking.postings.services.flags import WEB_ADDRESS
from reference.models import IndustryChain, Region

FURTHEST = timedelta(days=366)
TOLD = (GuestState.ASKED, GuestState.ACCEPTED)
WORDS = ("title_zh", "title_en", "place")
MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Terms:
    """What a coordinator says of a day; lengths in minutes, ``slots`` and ``tables`` counted."""

    title_zh: str
    title_en: str
    day: date | None
    place: str
    begins_at: time | None
    slot_minutes: int | None
    slots: int | None
    tables: int | None
    marks_until: date | None


@unit_of_work
def open_day(
    *,
    actor: User,
    terms: Terms,
    regions: Sequence[Region] = (),
    chains: Sequence[IndustryChain] = (),
    is_sample: bool = False,
) -> MatchDay:
    """Open a day, to which firms can be invited at once.

    Refuses not_yours; Invalid for what is missing, past, too far, longer than the day, outside the scope (``regions``),
    and for contact data in the words.
    """
    require(can_open_day(actor))
    _check_scope(actor, regions, chains)
    day = MatchDay(made_by=actor, is_sample=is_sample)
    _fill(day, terms)
    day.save()
    day.regions.set(regions)
    day.chains.set(chains)
    note_day(day=day, verb=Verb.CREATED, actor=actor)
    return day


@unit_of_work
def change_day(
    *,
    day: MatchDay,
    actor: User,
    terms: Terms,
    regions: Sequence[Region] = (),
    chains: Sequence[IndustryChain] = (),
) -> MatchDay:
    """Change what is said of the day; firms that are asked or take part are told where or when it is otherwise.

    What a plan was made from stays as it was. Refuses not_yours, nothing_waits; Invalid as for a new one.
    """
    row = locked_day(day)
    require(can_look_after_day(actor, row))
    _check_scope(actor, regions, chains)
    before = _told_of(row)
    kept = {name: getattr(row, name) for name in settled_terms(row)}
    _fill(row, Terms(**{**vars(terms), **kept}), is_planned=row.state == DayState.PUBLISHED)
    keep_day(row)
    row.regions.set(regions)
    row.chains.set(chains)
    note_day(day=row, verb=Verb.CHANGED, actor=actor)
    if _told_of(row) != before:
        tell_firms(row, _concerned(row), NoticeKind.DAY_CHANGED, f"terms:{row.version}")
    return row


@unit_of_work
def invite_firms(*, day: MatchDay, actor: User, enterprises: Sequence[Enterprise]) -> list[Guest]:
    """Invite firms, whose members are told; those that are invited already are left as they are.

    Refuses not_yours, nothing_waits, wishes_closed, suspended, limit_reached.
    """
    row = locked_day(day)
    require(can_look_after_day(actor, row))
    known = {one.enterprise_id: one for one in Guest.objects.filter(day=row)}
    fresh = [one for one in enterprises if one.pk not in known or known[one.pk].state == GuestState.WITHDRAWN]
    require(can_invite_firms(actor, row, fresh))
    made = [known.get(one.pk) or Guest(day=row, enterprise=one) for one in fresh]
    for guest, enterprise in zip(made, fresh, strict=True):
        guest.enterprise, guest.state, guest.answered_at = enterprise, GuestState.ASKED, None
    standing = sum(one.state != GuestState.WITHDRAWN for one in known.values()) + sum(not one.pk for one in made)
    if standing > MOST_GUESTS:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_GUESTS)
    if not made:
        return []
    again = [guest.pk for guest in made if guest.pk]
    Guest.objects.filter(pk__in=again).update(state=GuestState.ASKED, answered_at=None, changed_at=timezone.now())
    Guest.objects.bulk_create([guest for guest in made if not guest.pk])
    for guest in made:
        note_firm(day=row, verb=Verb.GRANTED, firm=guest.enterprise, actor=None, act="invited")
    keep_day(row)
    note_day(day=row, verb=Verb.CHANGED, actor=actor, facts={"invited": len(made)})
    tell_firms(row, made, NoticeKind.DAY_INVITED, str(row.version))
    return made


@unit_of_work
def withdraw_guest(*, guest: Guest, actor: User) -> Guest:
    """Take an invitation back; the firm is told, and whom it was to meet. Refuses not_yours, nothing_waits."""
    day = locked_day(guest.day)
    row = guest_now(guest, day)
    require(can_withdraw_guest(actor, row))
    row.state = GuestState.WITHDRAWN
    row.save()
    keep_day(day)
    note_day(day=day, verb=Verb.CHANGED, actor=actor, facts={"withdrawn": row.enterprise.key})
    note_firm(day=day, verb=Verb.REVOKED, firm=row.enterprise, actor=None, act="withdrawn")
    tell_firms(day, [row], NoticeKind.DAY_WITHDRAWN, str(day.version))
    drop_meetings_of(row)
    return row


@unit_of_work
def cancel_day(*, day: MatchDay, actor: User) -> MatchDay:
    """Cancel the day; firms that are asked or take part are told. Refuses not_yours, nothing_waits."""
    row = locked_day(day)
    require(can_look_after_day(actor, row))
    row.state = DayState.CANCELLED
    keep_day(row)
    note_day(day=row, verb=Verb.CLOSED, actor=actor)
    tell_firms(row, _concerned(row), NoticeKind.DAY_OFF, "off")
    return row


def _check_scope(actor: User, regions: Sequence[Region], chains: Sequence[IndustryChain]) -> None:
    verdict = can_open_day(actor, regions, chains)
    if verdict.reason == Reason.REFUSAL_OUTSIDE_SCOPE:
        raise Invalid({"regions": Reason.REFUSAL_OUTSIDE_SCOPE})
    require(verdict)


def _concerned(day: MatchDay) -> list[Guest]:
    rows = Guest.objects.filter(day=day, state__in=TOLD, enterprise__suspended_at=None)
    return list(rows.select_related("enterprise").order_by("pk"))


def _told_of(day: MatchDay) -> tuple[object, ...]:
    """What firms are told of when it changes."""
    return tuple(getattr(day, name) for name in ("day", "place", "begins_at", "slot_minutes", "slots", "marks_until"))


def _fill(day: MatchDay, terms: Terms, *, is_planned: bool = False) -> None:
    today, before = timezone.localdate(), day.marks_until
    missing = [name for name, value in vars(terms).items() if value in (None, "")]
    if missing:
        raise Invalid(dict.fromkeys(missing, Reason.REFUSAL_REQUIRED))
    for name, value in vars(terms).items():
        setattr(day, name, normalise_text(value).strip() if name in WORDS else value)
    wrong: dict[str, Reason | str] = {}
    facts: dict[str, dict[str, object]] = {}
    for name in WORDS:
        text = getattr(day, name)
        if has_contact(text) or WEB_ADDRESS.search(text):
            wrong[name] = Reason.REFUSAL_CONTACT_HERE
    if day.day <= today and not is_planned:
        wrong["day"] = Reason.REFUSAL_DAY_NOT_AHEAD
    elif day.day < today:
        wrong["day"] = Reason.REFUSAL_WINDOW_PAST
    elif day.day > today + FURTHEST:
        wrong["day"], facts["day"] = Reason.REFUSAL_DAY_TOO_FAR, {"day": (today + FURTHEST).isoformat()}
    if day.marks_until >= day.day:
        last = day.day - timedelta(days=1)
        wrong["marks_until"], facts["marks_until"] = Reason.REFUSAL_DAY_TOO_FAR, {"day": last.isoformat()}
    elif day.marks_until < today and day.marks_until != before:
        wrong["marks_until"] = Reason.REFUSAL_WINDOW_PAST
    if wrong:
        raise Invalid(wrong, facts)
    check_row(day, exclude=["made_by"])
    minutes = day.begins_at.hour * 60 + day.begins_at.minute + day.slots * day.slot_minutes
    if minutes > MIDNIGHT:
        most = (MIDNIGHT - day.begins_at.hour * 60 - day.begins_at.minute) // day.slot_minutes
        raise Invalid({"slots": Reason.REFUSAL_LIMIT_REACHED}, {"slots": {"limit": most}})
