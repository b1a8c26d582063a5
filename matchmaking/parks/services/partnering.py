"""Partnerships of parks: proposed by one, answered by the other, their kind changed by a notice, never deleted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from accounts.choices import NoticeKind, Verb
from accounts.models import User
from accounts.querysets import is_platform_admin
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_platform, notify_user
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.parks.choices import PairState, SourceStatus
from matchmaking.parks.models import Park, ParkAdministrator, ParkPartnership
from matchmaking.parks.permissions import can_administer_park, can_answer_partnership, can_change_partnership
from matchmaking.parks.services.profiles import check, write_row

LONGEST_ANSWER = 400
CARRIED = ("from_park", "to_park", "direction", "pair_status", "source", "note", "clusters", "state", "proposed_by")
"""What a partnership whose kind changed keeps of the one before."""
PAGE = "admin:parks_parkpartnership_change"
"""Where a notice about a partnership leads."""


@unit_of_work
def write_partnership(
    *,
    partnership: ParkPartnership,
    values: Mapping[str, Any],
    actor: User,
    kind_from: date | None = None,
    seen_version: int | None = None,
) -> ParkPartnership:
    """Begin or change a partnership of one's own park; a new one waits for the yes of the other park.

    Another kind needs a new ``notice`` in ``values`` and ``kind_from``, the day from which it holds: the partnership
    ends there and the returned one follows it. Refuses not_yours, notice_wanted; Invalid; Stale.
    """
    if partnership.pk is None:
        return _propose(partnership, dict(values), actor)
    row = ParkPartnership.objects.select_for_update().get(pk=partnership.pk)
    require(can_change_partnership(actor, row))
    kind = values.get("cooperation_type", row.cooperation_type)
    if kind == row.cooperation_type:
        return write_row(
            row=row,
            values={k: v for k, v in values.items() if k not in ("from_park", "to_park")},
            actor=actor,
            seen_version=seen_version,
        )
    notice = normalise_text(str(values.get("notice", ""))).strip()
    if not notice or notice == row.notice or kind_from is None:
        raise Refused(Reason.REFUSAL_NOTICE_WANTED)
    return _follow(row, {**values, "notice": notice}, kind_from, actor, seen_version)


@unit_of_work
def confirm_partnership(*, partnership: ParkPartnership, actor: User) -> ParkPartnership:
    """Say for the asked park that the partnership stands. Refuses not_yours, wrong_state."""
    row = ParkPartnership.objects.select_for_update().get(pk=partnership.pk)
    require(can_answer_partnership(actor, row))
    return _answer(row, PairState.CONFIRMED, actor, Verb.CONFIRMED, "")


@unit_of_work
def decline_partnership(*, partnership: ParkPartnership, actor: User, answer: str) -> ParkPartnership:
    """Say for the asked park that the partnership does not stand, and in ``answer`` why.

    Where it was to follow another kind, the earlier partnership goes on. Refuses not_yours, wrong_state; Invalid
    without an answer.
    """
    row = ParkPartnership.objects.select_for_update().get(pk=partnership.pk)
    require(can_answer_partnership(actor, row))
    plain = normalise_text(answer).strip()
    if not plain:
        raise Invalid({"answer": Reason.REFUSAL_REQUIRED})
    if len(plain) > LONGEST_ANSWER:
        raise Invalid({"answer": Reason.REFUSAL_TOO_LONG}, {"answer": {"limit": LONGEST_ANSWER}})
    declined = _answer(row, PairState.DECLINED, actor, Verb.REJECTED, plain)
    if row.follows_id is not None:
        earlier = ParkPartnership.objects.select_for_update().get(pk=row.follows_id)
        if earlier.ended_on == row.agreed_on:
            write_row(row=earlier, values={"ended_on": None}, actor=actor)
    return declined


def _side_of(*, actor: User, from_park: Park, to_park: Park) -> tuple[str, Park | None]:
    """Where a new partnership stands and whose word it is: nobody has to answer what the platform or one person for
    both parks writes. Refuses not_yours.
    """
    mine = [park for park in (from_park, to_park) if can_administer_park(actor, park)]
    if not mine:
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    if is_platform_admin(actor):
        return PairState.ANNOUNCED, None
    return (PairState.CONFIRMED, None) if len(mine) > 1 else (PairState.PROPOSED, mine[0])


def _propose(row: ParkPartnership, values: dict[str, Any], actor: User) -> ParkPartnership:
    """A partnership that is new here."""
    missing = [name for name in ("from_park", "to_park") if values.get(name) is None]
    if missing:
        raise Invalid(dict.fromkeys(missing, Reason.REFUSAL_REQUIRED))
    state, proposed_by = _side_of(actor=actor, from_park=values["from_park"], to_park=values["to_park"])
    how_sure = SourceStatus.SOURCED if state == PairState.ANNOUNCED else SourceStatus.OPEN
    stated = {"pair_status": how_sure, "type_status": how_sure, "agreed_on": timezone.localdate()}
    begun = write_row(row=row, values={**stated, **values, "state": state, "proposed_by": proposed_by}, actor=actor)
    _tell_asked(begun, actor)
    return begun


def _follow(
    row: ParkPartnership, values: Mapping[str, Any], kind_from: date, actor: User, seen_version: int | None
) -> ParkPartnership:
    """End ``row`` on the day from which the other kind holds and begin the one that follows."""
    if row.agreed_on is not None and kind_from <= row.agreed_on:
        raise Invalid({"kind_from": Reason.REFUSAL_WINDOW_REVERSED}, {"kind_from": {"start": str(row.agreed_on)}})
    carried = {name: getattr(row, name) for name in CARRIED}
    write_row(row=row, values={"ended_on": kind_from}, actor=actor, seen_version=seen_version)
    state, proposed_by = _side_of(actor=actor, from_park=row.from_park, to_park=row.to_park)
    changed = {name: value for name, value in values.items() if name not in ("from_park", "to_park", "ended_on")}
    begun = {"type_status": SourceStatus.OPEN, **changed, "agreed_on": kind_from, "follows": row}
    following = write_row(
        row=ParkPartnership(), values={**carried, **begun, "state": state, "proposed_by": proposed_by}, actor=actor
    )
    _tell_asked(following, actor)
    return following


def _answer(row: ParkPartnership, state: PairState, actor: User, verb: Verb, answer: str) -> ParkPartnership:
    """Keep the answer of the asked park."""
    row.state, row.answer = state, answer
    row.answered_by, row.answered_at = actor, timezone.now()
    row.version += 1
    check(row)
    row.save()
    record_change(thing=row, verb=verb, actor=actor, facts={"from": row.from_park.slug, "to": row.to_park.slug})
    kind = NoticeKind.PAIR_CONFIRMED if state == PairState.CONFIRMED else NoticeKind.PAIR_DECLINED
    if row.proposed_by is not None:
        _tell(row.proposed_by, kind, row, actor)
    return row


def _tell_asked(row: ParkPartnership, actor: User) -> None:
    """Tell the people of the park that is to answer; nobody where the partnership waits for no answer."""
    if row.state == PairState.PROPOSED:
        asked = row.to_park if row.proposed_by == row.from_park else row.from_park
        _tell(asked, NoticeKind.PAIR_PROPOSED, row, actor)


def _tell(park: Park, kind: NoticeKind, row: ParkPartnership, actor: User) -> None:
    """Tell everybody else who runs ``park`` today, each in their language; the platform where nobody runs it."""
    grants = ParkAdministrator.objects.in_force().filter(park=park, user__is_active=True).select_related("user")
    for grant in grants.exclude(user=actor):
        with override(grant.user.language):
            title = str(row)
        notify_user(
            user=grant.user, kind=kind, key=str(row.pk), route=PAGE, thing_key=str(row.pk), facts={"title": title}
        )
    if not grants.exists():
        notify_platform(kind=kind, key=str(row.pk), route=PAGE, thing_key=str(row.pk), facts={"title": str(row)})
