"""Agreements: proposed by one side, signed by both, amended by a next version; what is agreed is booked at once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.choices import Evidence, NoticeKind
from accounts.models import Enterprise, ListedFirm, SupplyRelation, User
from accounts.services.changes import unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text, plain_amount
from matchmaking.partnerships.choices import Act, AgreementState, OutcomeState, QuoteState, Side
from matchmaking.partnerships.models import Agreement, Milestone, Outcome, OutcomeStatement, Partnership
from matchmaking.partnerships.permissions import can_act, side_acted_on
from matchmaking.partnerships.queries.deal import Deal, Plan
from matchmaking.partnerships.services.moving import locked, move, tell, tell_other
from matchmaking.partnerships.services.quoting import require_same_measure, require_sure
from matchmaking.postings.choices import Period
from matchmaking.postings.services.capacity import amount_taken, release_capacity, reserve_capacity

TERMS = (
    "cooperation_type", "quantity_amount", "unit", "period", "value", "currency", "starts_on", "ends_on", "terms",
    "floor_area", "workers", "opens_on", "people", "months", "mode",
)  # fmt: skip
"""What is agreed on, by the names of the agreement's fields; what is signed is the digest of these and the plan."""
MOST_MILESTONES = 36
LONGEST_TERM = timedelta(days=36525)
"""A hundred years; a day beyond is a slip of the keyboard."""
OUTCOME_WITHIN = timedelta(days=30)
"""How long after the last day both sides may take to tell what came of it."""


@unit_of_work
def propose_agreement(
    *,
    partnership: Partnership,
    actor: User,
    terms: Mapping[str, Any],
    plan: Sequence[Plan] = (),
    enterprise: Enterprise | None = None,
    tells: bool = True,
) -> Agreement:
    """Put an agreement, or the next version of the one in force, before both sides; an open proposal is replaced.

    ``tells`` says whether the other side gets a notice; who awards many lines at once tells of them together.

    ``terms`` are values by ``TERMS``; without a ``plan`` one delivery at the end is planned. Refuses not_yours,
    suspended, wrong_state, other_side, deadline_ahead while quotes are sealed; Invalid for values that do not fit.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.PROPOSE))
    side = side_acted_on(actor, row, Act.PROPOSE, enterprise)
    deal = Deal(row)
    if deal.proposed is not None:
        _put(deal.proposed, AgreementState.TAKEN_BACK)
    newest = row.agreements.aggregate(newest=Max("version"))["newest"] or 0
    given = {name: terms[name] for name in TERMS if name in terms}
    agreement = Agreement(partnership=row, version=newest + 1, proposed_on_side=side, **given)
    agreement.terms = normalise_text(agreement.terms)
    require_same_measure(row.capacity, agreement.unit if agreement.unit_id else None)
    _check_days(agreement, plan)
    milestones = sorted(plan, key=attrgetter("planned_on")) or [Plan(row.need.title, agreement.ends_on)]
    check_row(agreement, exclude=["digest"])
    agreement.digest = _digest(agreement, milestones)
    agreement.save()
    for one in milestones:
        milestone = Milestone(
            agreement=agreement, title=one.title, planned_on=one.planned_on, quantity_amount=one.amount
        )
        check_row(milestone, dict.fromkeys(("title", "planned_on", "quantity_amount"), "plan"))
        milestone.save()
    move(partnership=row, act=Act.PROPOSE, side=side, actor=actor)
    if tells:
        tell_other(row, side, NoticeKind.AGREEMENT_PROPOSED, about=agreement.key)
    return agreement


@unit_of_work
def take_back_agreement(
    *, partnership: Partnership, actor: User, note: str = "", enterprise: Enterprise | None = None
) -> Partnership:
    """Drop the proposed version, by either side. Refuses not_yours, suspended, wrong_state, nothing_waits."""
    row = locked(partnership)
    require(can_act(actor, row, Act.TAKE_BACK))
    proposed = _proposed(Deal(row))
    side = side_acted_on(actor, row, Act.TAKE_BACK, enterprise)
    _put(proposed, AgreementState.TAKEN_BACK)
    move(partnership=row, act=Act.TAKE_BACK, side=side, actor=actor, note=normalise_text(note)[:500])
    tell_other(row, side, NoticeKind.AGREEMENT_DROPPED, about=proposed.key)
    return row


@unit_of_work
def sign_agreement(
    *, partnership: Partnership, actor: User, seen: str, enterprise: Enterprise | None = None
) -> Agreement:
    """Sign the proposed version; the second signature puts it in force and takes its quantity off the capacity.

    ``seen`` is the digest of the terms that the actor read; the door has asked for password or code. Refuses
    not_yours, suspended, wrong_state, nothing_waits, already_there, terms_changed, window_past, quote_unsure, and
    gap.capacity.booked when less is left: nobody has signed then.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.SIGN))
    deal = Deal(row)
    agreement = _proposed(deal)
    if seen != agreement.digest:
        raise Refused(Reason.REFUSAL_TERMS_CHANGED)
    if agreement.ends_on < timezone.localdate():
        raise Refused(Reason.REFUSAL_WINDOW_PAST)
    side = side_acted_on(actor, row, Act.SIGN, enterprise)
    setattr(agreement, f"{side}_signed_at", timezone.now())
    setattr(agreement, f"{side}_signed_by", actor)
    agreement.save()
    move(partnership=row, act=Act.SIGN, side=side, actor=actor)
    if agreement.need_signed_at and agreement.capacity_signed_at:
        _put_in_force(row, agreement, deal, actor)
    else:
        tell_other(row, side, NoticeKind.AGREEMENT_PROPOSED, about=f"{agreement.key}:signed")
    return agreement


def _put_in_force(row: Partnership, agreement: Agreement, deal: Deal, actor: User) -> None:
    quote = deal.quote
    if quote is not None:
        require_sure(quote, row.need)
        quote.state = QuoteState.AWARDED
        quote.version += 1
        quote.save()
    require_same_measure(row.capacity, agreement.unit)
    gone = _gone(row, deal)
    if deal.in_force is not None:
        give_back(row=row, agreement=deal.in_force, actor=actor, delivered=Decimal(0))
        _put(deal.in_force, AgreementState.REPLACED)
        _carry_over(deal, agreement)
        OutcomeStatement.objects.filter(partnership=row).delete()
    days = (agreement.ends_on - agreement.starts_on).days + 1
    taken = amount_taken(
        posting=row.capacity,
        amount=agreement.quantity_amount,
        unit=agreement.unit,
        period=agreement.period,
        days=days,
    )
    agreement.booked_amount = max(taken, gone)
    reserve_capacity(posting=row.capacity, amount=agreement.booked_amount, days=_days(agreement), actor=actor)
    _put(agreement, AgreementState.IN_FORCE)
    due_on = agreement.ends_on + OUTCOME_WITHIN
    Outcome.objects.update_or_create(
        partnership=row,
        defaults={
            "due_on": due_on,
            "state": OutcomeState.OPEN,
            "asked_on": None,
            "proposed_amount": None,
            "proposal_note": "",
        },
    )
    _relate(row, agreement)
    move(partnership=row, act=Act.AGREE, side=Side.PLATFORM, actor=None)
    for each in (Side.NEED, Side.CAPACITY):
        tell(row, each, NoticeKind.AGREEMENT_IN_FORCE, about=agreement.key)


def _gone(row: Partnership, deal: Deal) -> Decimal:
    """What of a stock was delivered under the version before, in the capacity's unit; nothing of what comes anew."""
    before = deal.in_force
    if before is None or row.capacity.period != Period.ONCE:
        return Decimal(0)
    delivered = deal.delivered
    if delivered is None:
        return before.booked_amount
    return amount_taken(posting=row.capacity, amount=delivered, unit=before.unit, period=Period.ONCE, days=1)


def give_back(*, row: Partnership, agreement: Agreement, actor: User | None, delivered: Decimal | None) -> None:
    """Free what ``agreement`` holds of the capacity. Of a stock what was ``delivered`` (in total, in the agreement's
    unit; None where nobody knows) is gone; what comes anew each month or year is free again.
    """
    kept = Decimal(0)
    if row.capacity.period == Period.ONCE and delivered is None:
        kept = agreement.booked_amount
    elif row.capacity.period == Period.ONCE and delivered:
        unit, once = agreement.unit, Period.ONCE
        taken = amount_taken(posting=row.capacity, amount=delivered, unit=unit, period=once, days=1)
        kept = min(agreement.booked_amount, taken)
    free = agreement.booked_amount - kept
    if free > 0:
        release_capacity(posting=row.capacity, amount=free, days=_days(agreement), actor=actor)
    agreement.booked_amount = kept


def _days(agreement: Agreement) -> tuple[date, date]:
    return agreement.starts_on, agreement.ends_on


def end_deal(*, row: Partnership, actor: User | None, deal: Deal, delivered: Decimal | None) -> None:
    """End what the pair has open: the version in force, freeing what it holds, a proposal, a quote, the outcome.

    ``delivered`` as for ``give_back``.
    """
    Outcome.objects.filter(partnership=row, state__in=(OutcomeState.OPEN, OutcomeState.DISPUTED)).update(
        state=OutcomeState.ENDED
    )
    if deal.quote is not None:
        deal.quote.state = QuoteState.LAPSED
        deal.quote.save()
    if deal.proposed is not None:
        _put(deal.proposed, AgreementState.TAKEN_BACK)
    if deal.in_force is not None and deal.in_force.state == AgreementState.IN_FORCE:
        give_back(row=row, agreement=deal.in_force, actor=actor, delivered=delivered)
        _put(deal.in_force, AgreementState.ENDED)


def _carry_over(deal: Deal, agreement: Agreement) -> None:
    """What was delivered under the version before counts under the new one, and is accepted there."""
    Milestone.objects.bulk_create(
        Milestone(
            agreement=agreement,
            title=one.title,
            planned_on=one.planned_on,
            quantity_amount=one.quantity_amount,
            delivered_on=one.delivered_on,
            accepted_on=one.accepted_on,
        )
        for one in deal.milestones
        if one.delivered_on is not None
    )


def _relate(row: Partnership, agreement: Agreement) -> None:
    """Both firms know of each other as buyer and supplier from the agreement's first day on; where the buyer's own list
    has the supplier, under its name there.
    """
    buyer, supplier = row.need.enterprise, row.capacity.enterprise
    listed = ListedFirm.objects.in_force().filter(buyer=buyer, firm=supplier).first()
    relation, made = SupplyRelation.objects.get_or_create(
        buyer=buyer,
        supplier=None if listed else supplier,
        listed=listed,
        role="supplier",
        node=row.need.node,
        defaults={"since": agreement.starts_on, "evidence": Evidence.AGREED_HERE},
    )
    if not made and (relation.evidence != Evidence.AGREED_HERE or relation.ended_on is not None):
        relation.evidence, relation.ended_on = Evidence.AGREED_HERE, None
        relation.save()


def _check_days(agreement: Agreement, plan: Sequence[Plan]) -> None:
    if len(plan) > MOST_MILESTONES:
        raise Invalid({"plan": Reason.REFUSAL_LIMIT_REACHED}, {"plan": {"limit": MOST_MILESTONES}})
    for name in ("starts_on", "ends_on"):
        if getattr(agreement, name) is None:
            raise Invalid({name: Reason.REFUSAL_REQUIRED})
    if agreement.ends_on < agreement.starts_on:
        raise Invalid(
            {"ends_on": Reason.REFUSAL_WINDOW_REVERSED}, {"ends_on": {"start": agreement.starts_on.isoformat()}}
        )
    today = timezone.localdate()
    if agreement.ends_on < today:
        raise Invalid({"ends_on": Reason.REFUSAL_WINDOW_PAST})
    if agreement.ends_on > today + LONGEST_TERM:
        raise Invalid({"ends_on": Reason.REFUSAL_NOT_A_DAY})
    if any(abs(one.planned_on - today) > LONGEST_TERM for one in plan):
        raise Invalid({"plan": Reason.REFUSAL_NOT_A_DAY})


def _digest(agreement: Agreement, plan: Sequence[Plan]) -> str:
    told: list[object] = [agreement.partnership.key, agreement.version]
    for name in TERMS:
        value = getattr(agreement, name)
        plain = plain_amount(value) if isinstance(value, Decimal) else value
        told.append(getattr(plain, "code", plain))
    told += [(one.title, one.planned_on, one.amount and plain_amount(one.amount)) for one in plan]
    return hashlib.sha256(repr([str(one) for one in told]).encode()).hexdigest()


def _proposed(deal: Deal) -> Agreement:
    if deal.proposed is None:
        raise Refused(Reason.REFUSAL_NOTHING_WAITS)
    return deal.proposed


def _put(agreement: Agreement, state: AgreementState) -> None:
    agreement.state = state
    agreement.save()
