"""Plans of a market as their coordinator reads them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from accounts.querysets import Actor
from matchmaking.insights.clearings import rounded
from matchmaking.insights.models import MarketPlan, PlanLine
from matchmaking.insights.queries.coordination import Scope
from reference.models import IndustryChain, Unit
from reference.queries.nodes import chains_in_use


@dataclass(frozen=True)
class PlanFigures:
    """Totals of one dimension, in its base unit: what the plan places of what is asked for, and what deals came to."""

    unit: Unit | None
    asked: Decimal
    placed: Decimal
    needs: int
    filled: int
    partly: int
    open: int
    signed: Decimal
    confirmed: Decimal

    @property
    def percent(self) -> Decimal:
        """Share of the volume that is placed, to a tenth."""
        return (100 * self.placed / self.asked).quantize(Decimal("0.1")) if self.asked else Decimal(0)


def chains_to_plan(scope: Scope) -> list[IndustryChain]:
    """The chains that a plan can be asked for: those that a right of the scope reaches."""
    chains = list(chains_in_use())
    if scope.is_everywhere or any(not grant.chains.all() for grant in scope.grants):
        return chains
    reached = {chain.pk for grant in scope.grants for chain in grant.chains.all()}
    return [chain for chain in chains if chain.pk in reached]


def plans_of(user: Actor) -> QuerySet[MarketPlan]:
    """One's own plans, newest first."""
    return MarketPlan.objects.visible_to(user).select_related("chain")


def figures_of_plan(plan: MarketPlan) -> list[PlanFigures]:
    """Totals by dimension."""
    units = Unit.objects.in_bulk([told["unit"] for told in plan.figures], field_name="code")
    return [
        PlanFigures(
            units.get(told["unit"]),
            rounded(Decimal(told["asked"])),
            rounded(Decimal(told["placed"])),
            *(told[name] for name in ("needs", "filled", "partly", "open")),
            # Plans made before deals stood beside them hold none.
            *(rounded(Decimal(told.get(name, 0))) for name in ("signed", "confirmed")),
        )
        for told in plan.figures
    ]


def lines_of_plan(scope: Scope, plan: MarketPlan, *, is_open: bool) -> QuerySet[PlanLine]:
    """Its shares, or what stays open; only of postings that are still in the scope and shown to it."""
    inside = scope.postings.order_by().values("pk")
    rows = PlanLine.objects.filter(plan=plan, need__in=inside, capacity__isnull=is_open)
    related: tuple[Any, ...] = ("need__enterprise", "need__unit", "capacity__enterprise")
    return rows.filter(Q(capacity=None) | Q(capacity__in=inside)).select_related(*related).order_by("pk")
