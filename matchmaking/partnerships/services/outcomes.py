"""Outcomes: each side tells its own, equal ones are confirmed, different ones settled, silent ones end unconfirmed."""

from datetime import date
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from accounts.choices import NoticeKind, Role, Verb
from accounts.models import Enterprise, User
from accounts.permissions import can_act_for_enterprise
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.links import OUTCOME, told_by_link
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.partnerships.choices import BOUND, Act, Answer, OutcomeState, Side, ValueBand
from matchmaking.partnerships.models import Outcome, OutcomeStatement, Partnership
from matchmaking.partnerships.permissions import can_act, can_suggest_outcome, side_acted_on
from matchmaking.partnerships.queries.deal import (
    Deal,
    is_within_tolerance,
    outcomes_overdue,
    outcomes_to_ask,
    outcomes_to_remind,
)
from matchmaking.partnerships.queries.partnerships import RELATED, failing_reasons, posting_of, side_of
from matchmaking.partnerships.services.agreeing import end_deal
from matchmaking.partnerships.services.moving import lock_firms, locked, move, tell, tell_other

BOTH = (Side.NEED, Side.CAPACITY)


@unit_of_work
def state_outcome(
    *,
    partnership: Partnership,
    actor: User,
    answer: Answer | str,
    delivered_amount: Decimal | None = None,
    value_band: ValueBand | str = "",
    reason: Reason | str = "",
    note: str = "",
    enterprise: Enterprise | None = None,
) -> Outcome:
    """Tell for one's own side what came of it; ``delivered_amount`` in the agreement's unit, in total.

    Two yes within tolerance confirm it and complete the partnership; two failures end it; a yes against a failure or
    another amount is disputed. Saying it again replaces one's own statement. Refuses not_yours, suspended, wrong_state;
    Invalid for a yes without an amount and a failure without a reason.
    """
    lock_firms(partnership)
    row = locked(partnership)
    require(can_act(actor, row, Act.STATE_OUTCOME))
    side = side_acted_on(actor, row, Act.STATE_OUTCOME, enterprise)
    statement = OutcomeStatement.objects.filter(partnership=row, side=side).first()
    statement = statement or OutcomeStatement(partnership=row, side=side)
    statement.answer = answer if answer in Answer.values else ""
    statement.delivered_amount = delivered_amount if answer == Answer.YES else None
    statement.value_band = value_band
    statement.reason = _checked_reason(reason) if answer == Answer.FAILED else ""
    statement.note, statement.stated_by = normalise_text(note), actor
    if answer == Answer.YES and delivered_amount is None:
        raise Invalid({"delivered_amount": Reason.REFUSAL_REQUIRED})
    if answer == Answer.YES and delivered_amount is not None and delivered_amount <= 0:
        raise Invalid({"delivered_amount": Reason.REFUSAL_NOT_POSITIVE})
    check_row(statement, exclude=["stated_by"])
    statement.save()
    move(partnership=row, act=Act.STATE_OUTCOME, side=side, actor=actor, reason=statement.reason, note=statement.answer)
    outcome = Outcome.objects.select_for_update(of=("self",), no_key=True).get(partnership=row)
    _judge(row, outcome, actor, side)
    return outcome


def outcome_of_link(*, token: str) -> tuple[Partnership, User, Enterprise]:
    """The partnership whose outcome a mailed link asks for, the person it was sent to, the firm that they speak for.

    Refuses link_over when it is too old, not ours, or that firm has told its outcome (*not yet* aside, and unless the
    two statements differ), so that a link that went astray changes nothing that was said.
    """
    key, user = told_by_link(act=OUTCOME, token=token)
    row = Partnership.objects.select_related(*RELATED).filter(key=key).first()
    if row is None or not can_act(user, row, Act.STATE_OUTCOME):
        raise Refused(Reason.REFUSAL_LINK_OVER)
    side = side_acted_on(user, row, Act.STATE_OUTCOME)
    said = OutcomeStatement.objects.filter(partnership=row, side=side).exclude(answer=Answer.NOT_YET)
    if said.exists() and not Outcome.objects.filter(partnership=row, state=OutcomeState.DISPUTED).exists():
        raise Refused(Reason.REFUSAL_LINK_OVER)
    return row, user, posting_of(row, side).enterprise


def _judge(row: Partnership, outcome: Outcome, actor: User, side: Side) -> None:
    said = {one.side: one for one in OutcomeStatement.objects.filter(partnership=row)}
    told = f"outcome:{row.events.count()}"
    if len(said) < len(BOTH):
        tell_other(row, side, NoticeKind.OUTCOME_STATED, about=told)
        return
    need, capacity = said[Side.NEED], said[Side.CAPACITY]
    amounts = [one.delivered_amount for one in (need, capacity) if one.delivered_amount is not None]
    answers = {need.answer, capacity.answer}
    if Answer.NOT_YET in answers:
        _put(outcome, OutcomeState.OPEN)
        tell_other(row, side, NoticeKind.OUTCOME_STATED, about=told)
    elif answers == {Answer.YES} and is_within_tolerance(*amounts):
        _confirm(row, outcome, min(amounts), actor)
    elif answers == {Answer.FAILED}:
        _put(outcome, OutcomeState.FAILED)
        _end(row, actor, need.reason)
    else:
        outcome.asked_on = outcome.asked_on or timezone.localdate()
        _put(outcome, OutcomeState.DISPUTED)
        for each in BOTH:
            tell(row, each, NoticeKind.OUTCOME_DISPUTED, about=told)


def _confirm(row: Partnership, outcome: Outcome, amount: Decimal, actor: User) -> None:
    outcome.confirmed_amount, outcome.confirmed_on = amount, timezone.localdate()
    _put(outcome, OutcomeState.CONFIRMED)
    end_deal(row=row, actor=actor, deal=Deal(row), delivered=amount)
    firms = [posting_of(row, side).enterprise_id for side in BOTH]
    for firm in sorted(firms):
        Enterprise.objects.filter(pk=firm).update(confirmed_outcomes=F("confirmed_outcomes") + 1)
    move(partnership=row, act=Act.COMPLETE, side=Side.PLATFORM, actor=None)
    for each in BOTH:
        tell(row, each, NoticeKind.OUTCOME_CONFIRMED)


def _end(row: Partnership, actor: User | None, reason: str) -> None:
    deal = Deal(row)
    end_deal(row=row, actor=actor, deal=deal, delivered=deal.delivered)
    move(partnership=row, act=Act.LAPSE, side=Side.PLATFORM, actor=None, reason=reason)
    for each in BOTH:
        tell(row, each, NoticeKind.PARTNERSHIP_ENDED)


@unit_of_work
def suggest_outcome(*, partnership: Partnership, actor: User, amount: Decimal | None, note: str) -> Outcome:
    """A coordinator's suggestion for two statements that differ; both sides read it and tell theirs anew.

    Refuses not_yours outside the scope, nothing_waits unless it is disputed; Invalid without a ``note`` in words.
    """
    row = locked(partnership)
    require(can_suggest_outcome(actor, row))
    told = normalise_text(note)
    if not told:
        raise Invalid({"note": Reason.REFUSAL_REQUIRED})
    outcome = Outcome.objects.select_for_update(of=("self",), no_key=True).get(partnership=row)
    if amount is None:
        raise Invalid({"amount": Reason.REFUSAL_REQUIRED})
    outcome.proposed_amount, outcome.proposal_note, outcome.proposed_by = amount, told, actor
    check_row(outcome, {"proposed_amount": "amount", "proposal_note": "note"}, exclude=["proposed_by", "partnership"])
    outcome.save()
    move(partnership=row, act=Act.SUGGEST_OUTCOME, side=Side.PLATFORM, actor=actor, note=told)
    for each in BOTH:
        tell(row, each, NoticeKind.OUTCOME_SUGGESTED, about=f"suggested:{row.events.count()}")
    return outcome


@unit_of_work
def release_outcome(*, partnership: Partnership, actor: User, enterprise: Enterprise, is_public: bool) -> Outcome:
    """Let the public read of a confirmed outcome, or no longer; shown once both sides allow it. Refuses not_yours."""
    row = locked(partnership)
    require(can_act_for_enterprise(actor, enterprise, Role.EDITOR))
    side = side_of(row, enterprise)
    if side is None:
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    outcome = Outcome.objects.select_for_update(of=("self",), no_key=True).filter(partnership=row).first()
    if outcome is None or outcome.state != OutcomeState.CONFIRMED:
        raise Refused(Reason.REFUSAL_NOTHING_WAITS)
    setattr(outcome, f"is_public_for_{side}", is_public)
    outcome.save()
    record_change(
        thing=row, verb=Verb.CHANGED, actor=actor, enterprise=enterprise, facts={"outcome_is_public": is_public}
    )
    return outcome


def follow_outcomes(*, on: date) -> dict[str, int]:
    """What time does to outcomes: both sides are asked after the last day, reminded, and at the limit it ends
    unconfirmed. Repeating on a day changes nothing. Returns how many by what was done.
    """
    ended = sum(_end_unconfirmed(outcome, on) for outcome in outcomes_overdue(on=on).select_related("partnership"))
    asked = sum(_ask(outcome, on) for outcome in outcomes_to_ask(on=on).select_related("partnership"))
    reminded = sum(_remind(outcome, on) for outcome in outcomes_to_remind(on=on).select_related("partnership"))
    return {"asked": asked, "reminded": reminded, "ended": ended}


@unit_of_work
def _ask(outcome: Outcome, on: date) -> bool:
    row = locked(outcome.partnership)
    waiting = Outcome.objects.filter(pk=outcome.pk, asked_on=None, state=OutcomeState.OPEN)
    if row.state not in BOUND or not waiting.update(asked_on=on):
        return False
    for each in BOTH:
        tell(row, each, NoticeKind.OUTCOME_ASKED, about=f"asked:{on}")
    return True


@unit_of_work
def _remind(outcome: Outcome, on: date) -> bool:
    row = locked(outcome.partnership)
    if row.state not in BOUND or not outcomes_to_remind(on=on).filter(pk=outcome.pk).update(asked_on=on):
        return False
    final = OutcomeStatement.objects.filter(partnership=row).exclude(answer=Answer.NOT_YET)
    said = set(final.values_list("side", flat=True))
    silent = [side for side in BOTH if side not in said or outcome.state == OutcomeState.DISPUTED]
    for each in silent:
        tell(row, each, NoticeKind.OUTCOME_ASKED, about=f"asked:{on}")
    return bool(silent)


@unit_of_work
def _end_unconfirmed(outcome: Outcome, on: date) -> bool:
    row = locked(outcome.partnership)
    found = Outcome.objects.select_for_update(of=("self",), no_key=True).filter(pk=outcome.pk).first()
    is_over = found is not None and found.due_on < on and row.state in BOUND
    if found is None or not is_over or found.state not in (OutcomeState.OPEN, OutcomeState.DISPUTED):
        return False
    _put(found, OutcomeState.UNCONFIRMED)
    end_deal(row=row, actor=None, deal=Deal(row), delivered=None)
    move(
        partnership=row,
        act=Act.LAPSE,
        side=Side.PLATFORM,
        actor=None,
        reason=Reason.END_PARTNERSHIP_UNCONFIRMED.value,
    )
    for each in BOTH:
        tell(row, each, NoticeKind.OUTCOME_UNCONFIRMED)
    return True


def _checked_reason(reason: Reason | str) -> str:
    if not reason:
        raise Invalid({"reason": Reason.REFUSAL_REQUIRED})
    if reason not in failing_reasons():
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)[:60]}})
    return str(Reason(reason).value)


def _put(outcome: Outcome, state: OutcomeState) -> None:
    outcome.state = state
    outcome.save()
