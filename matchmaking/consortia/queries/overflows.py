"""Overflows as their firm reads them: the needs of which each consists, its plan, and what of the gap is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.consortia.choices import UNDER_WAY, State
from matchmaking.consortia.models import Consortium, ConsortiumMember, Overflow
from matchmaking.consortia.queries.consortia import open_amount
from matchmaking.partnerships.choices import TALKING, OutcomeState
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting

HELD = (*UNDER_WAY, State.DELIVERED)
"""States of a set that is the plan of its overflow."""
LINE = ("premises", "workers")
PARTS = ("gap", *LINE)


@dataclass(frozen=True)
class OverflowLine:
    """An overflow with its plan, None as long as nobody was asked, and what of the gap nobody carries."""

    overflow: Overflow
    plan: Consortium | None
    remainder: Decimal


def overflow_of(need: Posting) -> Overflow | None:
    """The overflow whose work ``need`` gives out, else None."""
    found: Overflow | None = Overflow.objects.filter(gap=need.pk).first()
    return found


def overflows_visible_to(*, user: Actor) -> QuerySet[Any]:
    """Every overflow that ``user`` may open, newest first, with its needs."""
    return _with_needs(Overflow.objects.visible_to(user))


def overflows_of(*, user: Actor, enterprise: Enterprise) -> QuerySet[Any]:
    """Those of one firm as ``user`` may see them, each with its plan at hand for ``lines_of``."""
    return _with_plans(overflows_visible_to(user=user).filter(enterprise=enterprise))


def overflows_through(enterprise: Enterprise | None) -> QuerySet[Any]:
    """Every overflow that a system of ``enterprise`` may open, each with its plan at hand for ``lines_of``."""
    if enterprise is None:
        return Overflow.objects.none()
    return _with_plans(_with_needs(Overflow.objects.visible_through(enterprise)))


def _with_needs(rows: QuerySet[Any]) -> QuerySet[Any]:
    parts = [f"{part}__{name}" for part in PARTS for name in ("unit", "node", "region")]
    return rows.select_related("enterprise", "gap__enterprise", *parts)


def _with_plans(rows: QuerySet[Any]) -> QuerySet[Any]:
    members = Prefetch("members", ConsortiumMember.objects.active(), to_attr="carrying")
    plans = Prefetch(
        "gap__consortia", Consortium.objects.filter(state__in=HELD).prefetch_related(members), to_attr="plans"
    )
    return rows.prefetch_related(plans)


def lines_of(overflows: Iterable[Overflow]) -> list[OverflowLine]:
    """Overflows as ``overflows_of`` reads them, each with what is open of it; no query."""
    lines = []
    for one in overflows:
        plan = next(iter(getattr(one.gap, "plans", [])), None)
        whole = one.gap.quantity_amount or Decimal(0)
        lines.append(OverflowLine(one, plan, open_amount(plan, plan.carrying) if plan is not None else whole))
    return lines


def plan_of(overflow: Overflow) -> Consortium | None:
    """The set under way for the gap, else the one that has delivered it; None where nobody carries it."""
    held = Consortium.objects.filter(need=overflow.gap_id, state__in=HELD).select_related(
        "need__enterprise", "need__unit"
    )
    found: Consortium | None = held.order_by("-pk").first()
    return found


def needs_of(overflow: Overflow) -> dict[str, Posting]:
    """The needs for a line of one's own elsewhere, where it asks for them, by ``premises`` and ``workers``."""
    return {name: getattr(overflow, name) for name in LINE if getattr(overflow, name) is not None}


def all_needs_of(overflow: Overflow) -> list[Posting]:
    """The needs of which an overflow consists, as they are at hand."""
    return [need for need in (getattr(overflow, part) for part in PARTS) if need is not None]


def open_talks_of(overflow: Overflow) -> QuerySet[Partnership]:
    """Requests and talks about any of its needs that are not signed yet."""
    needs = [need.pk for need in all_needs_of(overflow)]
    rows: QuerySet[Partnership] = Partnership.objects.filter(need__in=needs, state__in=(Stage.INTERESTED, *TALKING))
    return rows.order_by("pk")


def is_closable(overflow: Overflow) -> bool:
    """Whether a need of it is not closed yet, or something about them is still to be ended."""
    if any(need.status not in (Status.DRAFT, Status.CLOSED) for need in all_needs_of(overflow)):
        return True
    return bool(open_talks_of(overflow).exists())


def talks_about(overflow: Overflow) -> dict[int, list[Partnership]]:
    """What came of each need: partnerships that are more than a suggestion, by the need; one query."""
    needs = [key for key in (overflow.gap_id, overflow.premises_id, overflow.workers_id) if key is not None]
    rows = Partnership.objects.filter(need__in=needs).exclude(state=Stage.SUGGESTED)
    found: dict[int, list[Partnership]] = {key: [] for key in needs}
    for one in rows.select_related("need__enterprise", "capacity__enterprise", "capacity__unit").order_by("pk"):
        found[one.need_id].append(one)
    return found


def confirmed_cases(codes: Iterable[str]) -> tuple[int, int]:
    """Overflows of which an outcome is confirmed by both sides and one side lies in regions with these codes, and the
    firms behind these outcomes; from confirmed outcomes alone, one query.
    """
    places = list(codes)
    there = Q(need__region__code__in=places) | Q(capacity__region__code__in=places)
    belongs = Coalesce("need__overflow", "need__overflow_housed", "need__overflow_staffed")
    rows = Partnership.objects.filter(there, outcome__state=OutcomeState.CONFIRMED).annotate(case=belongs)
    found = list(rows.exclude(case=None).values_list("case", "need__enterprise", "capacity__enterprise"))
    return len({case for case, *_firms in found}), len({firm for _case, *firms in found for firm in firms})
