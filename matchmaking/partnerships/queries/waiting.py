"""What a firm's workbench tells: what a deal waits for from it once both were introduced, how many postings it has."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When, Window

from accounts.models import Enterprise
from matchmaking.partnerships.choices import BOUND, TALKING, Act, AgreementState, OutcomeState, QuoteState, Side, State
from matchmaking.partnerships.models import Agreement, Milestone, Outcome, OutcomeStatement, PartnershipEvent, Quote
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS
from matchmaking.partnerships.querysets import sealed_needs
from matchmaking.postings.choices import Direction, Status, Subject

OWN_COUNTS = {
    "needs": Q(status=Status.PUBLISHED, direction=Direction.NEED),
    "capacities": Q(status=Status.PUBLISHED, direction=Direction.CAPACITY),
    "all_needs": Q(direction=Direction.NEED),
    "all_capacities": Q(direction=Direction.CAPACITY),
    "in_review": Q(status=Status.IN_REVIEW),
}
"""What of one's own postings is counted."""


class NextStep(models.TextChoices):
    """What a firm is waited for with, the most pressing first."""

    SETTLE = "settle"
    SIGN = "sign"
    CONFIRM_QUOTE = "confirm_quote"
    SEND_SAMPLE = "send_sample"
    RECEIVE_SAMPLE = "receive_sample"
    JUDGE_SAMPLE = "judge_sample"
    DECIDE = "decide"
    TAKE_DELIVERY = "take_delivery"
    TELL = "tell"
    ASK_PERSON = "ask_person"


def with_next_steps(partnerships: QuerySet[Any], enterprise: Enterprise) -> QuerySet[Any]:
    """``partnerships``, each with ``next_step``: what ``enterprise``, one of its sides, is waited for with, else "".

    Told are steps of its own alone; that the other side is waited for is none. Outcomes are filled; no further query.
    """
    needs, supplies = Q(need__enterprise=enterprise), Q(capacity__enterprise=enterprise)
    here = {"partnership": OuterRef("pk")}
    proposed = Agreement.objects.filter(**here, state=AgreementState.PROPOSED)
    unsigned = Q(needs, Exists(proposed.filter(need_signed_at=None))) | Q(
        supplies, Exists(proposed.filter(capacity_signed_at=None))
    )
    unsure = Quote.objects.filter(**here, state=QuoteState.UNSURE)
    readable = Quote.objects.filter(**here, state=QuoteState.OPEN)
    readable = readable.exclude(partnership__need__in=sealed_needs().order_by().values("pk"))
    made = Milestone.objects.filter(
        agreement__partnership=OuterRef("pk"),
        agreement__state=AgreementState.IN_FORCE,
        delivered_on__isnull=False,
        accepted_on=None,
    )
    outcomes = Outcome.objects.filter(**here)
    told = OutcomeStatement.objects.filter(**here)
    both_asked = Q(Exists(outcomes.filter(state=OutcomeState.OPEN, asked_on__isnull=False)))
    by_need, by_capacity = (Q(Exists(told.filter(side=side))) for side in (Side.NEED, Side.CAPACITY))
    untold = Q(needs, ~by_need, both_asked | by_capacity) | Q(supplies, ~by_capacity, both_asked | by_need)
    people = Q(Q(capacity__subject=Subject.TALENT) | Q(need__subject=Subject.TALENT), state__in=(*TALKING, *BOUND))
    agreed = PartnershipEvent.objects.filter(**here, act=Act.PERSON_AGREED)
    sample = Q(state=State.SAMPLING)
    bound = Q(state__in=BOUND)
    steps = Case(
        When(Q(bound, Exists(outcomes.filter(state=OutcomeState.DISPUTED))), then=Value(NextStep.SETTLE)),
        When(unsigned, then=Value(NextStep.SIGN)),
        When(Q(supplies, Exists(unsure)), then=Value(NextStep.CONFIRM_QUOTE)),
        When(Q(sample, supplies, last_sample=Act.ASK_SAMPLE), then=Value(NextStep.SEND_SAMPLE)),
        When(Q(sample, needs, last_sample=Act.SEND_SAMPLE), then=Value(NextStep.RECEIVE_SAMPLE)),
        When(Q(sample, needs, last_sample=Act.RECEIVE_SAMPLE), then=Value(NextStep.JUDGE_SAMPLE)),
        When(Q(needs, ~Exists(proposed), Exists(readable), state__in=TALKING), then=Value(NextStep.DECIDE)),
        When(Q(needs, Exists(made), state=State.DELIVERING), then=Value(NextStep.TAKE_DELIVERY)),
        When(Q(bound, untold), then=Value(NextStep.TELL)),
        When(Q(supplies, people, ~Exists(agreed)), then=Value(NextStep.ASK_PERSON)),
        default=Value(""),
        output_field=CharField(),
    )
    taken = PartnershipEvent.objects.filter(**here, act__in=SAMPLE_ACTS).order_by("-pk").values("act")[:1]
    return partnerships.select_related("outcome").annotate(last_sample=Subquery(taken)).annotate(next_step=steps)


def with_own_counts(postings: QuerySet[Any]) -> QuerySet[Any]:
    """``postings`` of the reader's own enterprise, each with how many there are of all, for ``posting_counts``."""
    return postings.annotate(**{name: Window(Count("pk", filter=which)) for name, which in OWN_COUNTS.items()})


def posting_counts(rows: Sequence[Any]) -> dict[str, int]:
    """How many postings there are by ``OWN_COUNTS``, of some that ``with_own_counts`` counted; no query."""
    return {name: getattr(rows[0], name) if rows else 0 for name in OWN_COUNTS}
