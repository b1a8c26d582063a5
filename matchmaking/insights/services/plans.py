"""Plans of a market: asked for by a coordinator, computed by the worker, kept with what they were made from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import require
from matchmaking.engine.scoring.building import rows_of, with_changes
from matchmaking.engine.types.columns import Market
from matchmaking.insights.choices import PlanState
from matchmaking.insights.models import MarketPlan, PlanLine
from matchmaking.insights.permissions import can_ask_market_plan
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.insights.services.assigning import Asked, Outcome, assigned
from matchmaking.matching.queries import put_aside
from matchmaking.matching.services.rematching.jobs import best_counterparts
from matchmaking.matching.services.snapshots import current_market, prepare_process
from matchmaking.partnerships.queries.needs import Dealt, dealt_by_dimension
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import IndustryChain, Unit

KEPT = 10
"""Plans that are left of one person; older ones go when another is asked for."""
LOST_AFTER = timedelta(minutes=30)
"""A plan that is open longer has lost its worker for good, and may be asked for anew."""
THOUSANDTHS = Decimal(1000)
NOTHING = Dealt(Decimal(0), Decimal(0))
IN_ONE_QUERY = 5_000


@unit_of_work
def ask_plan(*, chain: IndustryChain, actor: User) -> MarketPlan:
    """A plan of the chain in the scope of ``actor``, to be made by the worker; one that is still open is not doubled.

    Refuses not_yours for a chain that no right of ``actor`` reaches.
    """
    require(can_ask_market_plan(actor, chain))
    own, mark = MarketPlan.objects.filter(asked_by=actor), scope_of(actor).mark
    open_ones = own.filter(state__in=(PlanState.ASKED, PlanState.RUNNING), created_at__gt=timezone.now() - LOST_AFTER)
    waiting: MarketPlan | None = open_ones.filter(chain=chain, scope_mark=mark).first()
    if waiting:
        return waiting
    plan = MarketPlan(chain=chain, asked_by=actor, scope_mark=mark)
    plan.full_clean()
    plan.save()
    own.filter(pk__in=list(own.values_list("pk", flat=True)[KEPT:])).delete()
    record_change(thing=plan, verb=Verb.CREATED, actor=actor, facts={"chain": chain.code})
    return plan


def make_plan(*, key: str) -> MarketPlan | None:
    """Compute a plan that was asked for; running twice gives the same lines. None when it is gone or ready.

    A scope that was changed meanwhile fails it: what was asked for may no longer be seen.
    """
    prepare_process()
    plan = MarketPlan.objects.select_related("chain", "asked_by").filter(key=key).exclude(state=PlanState.READY).first()
    if plan is None:
        return None
    MarketPlan.objects.filter(pk=plan.pk).update(state=PlanState.RUNNING)
    scope = scope_of(plan.asked_by)
    if scope.mark != plan.scope_mark:
        MarketPlan.objects.filter(pk=plan.pk).update(state=PlanState.FAILED)
        return plan
    try:
        dealt = dealt_by_dimension(scope.postings.needs().filter(node__chain=plan.chain).order_by())
        keep_plan(plan=plan, asked=asked_in(postings=scope.postings, chain=plan.chain), dealt=dealt)
    except Exception:
        MarketPlan.objects.filter(pk=plan.pk).update(state=PlanState.FAILED)
        raise
    return plan


def asked_in(*, postings: PostingQuerySet, chain: IndustryChain) -> Asked:
    """The needs and capacities of the chain that are live among ``postings``, ranked over nothing else."""
    inside = postings.live().filter(node__chain=chain).order_by()
    numbers = set(inside.values_list("number", flat=True))
    gone = set(Posting.objects.live().order_by().values_list("number", flat=True)) - numbers
    needs = sorted(inside.needs().values_list("number", flat=True))
    return read_market(market=with_changes(current_market(), gone=gone), needs=needs, day=timezone.localdate())


def read_market(*, market: Market, needs: Sequence[str], day: date) -> Asked:
    """``needs`` ranked over the market as of ``day``, with the rows of all that came up."""
    lists = best_counterparts(numbers=needs, market=market, day=day, aside=put_aside(needs))
    found = {pair.key for one in lists.values() for pair in (*one.matches, *one.near_misses[:1])}
    return Asked(market, day, rows_of(market, {*lists, *found}), lists)


@unit_of_work
def keep_plan(*, plan: MarketPlan, asked: Asked, dealt: Mapping[str, Dealt]) -> None:
    """Write the lines of a plan in place of any earlier ones, beside it what deals came to, and mark it as ready."""
    outcome = assigned(asked)
    PlanLine.objects.filter(plan=plan).delete()
    PlanLine.objects.bulk_create([PlanLine(plan=plan, **told) for _need, told in placed(outcome)])
    figures = _figures(asked, outcome, dealt)
    MarketPlan.objects.filter(pk=plan.pk).update(state=PlanState.READY, as_of=timezone.now(), figures=figures)
    record_change(thing=plan, verb=Verb.CHANGED, actor=None, facts={"lines": len(outcome.shares)})


def placed(outcome: Outcome) -> list[tuple[str, dict[str, Any]]]:
    """The shares of an outcome, then what stays open, as columns of a line, each with the number of its need."""
    numbers = sorted({*outcome.volumes, *(share.supply for share in outcome.shares)})
    rows: dict[str, tuple[int, Decimal]] = {}
    for start in range(0, len(numbers), IN_ONE_QUERY):
        found = Posting.objects.filter(number__in=numbers[start : start + IN_ONE_QUERY]).order_by()
        rows |= {row[0]: row[1:] for row in found.values_list("number", "pk", "unit__factor_to_base")}

    def line(need: str, volume: int, **rest: Any) -> tuple[str, dict[str, Any]]:
        key, factor = rows[need]
        amounts = (Decimal(number) / THOUSANDTHS / factor for number in (volume, outcome.volumes[need]))
        amount, asked = (number.quantize(Decimal("0.001")) for number in amounts)
        return need, {"need_id": key, "amount": amount, "asked": asked, **rest}

    shares = [
        line(one.demand, one.volume, capacity_id=rows[one.supply][0])
        for one in outcome.shares
        if one.demand in rows and one.supply in rows
    ]
    rests = [
        line(one.need, one.volume, reason=one.note.reason.value, facts=dict(one.note.facts))
        for one in outcome.rests
        if one.need in rows
    ]
    return shares + rests


def _figures(asked: Asked, outcome: Outcome, dealt: Mapping[str, Dealt]) -> list[dict[str, Any]]:
    """Totals of each dimension, in the order of its name; volumes as text in the base unit."""
    bases = dict(Unit.objects.filter(base=None).order_by("-position", "-code").values_list("dimension", "code"))
    placed: dict[str, int] = defaultdict(int)
    for share in outcome.shares:
        placed[share.demand] += share.volume
    by_dimension: dict[str, list[str]] = {dimension: [] for dimension in dealt}
    for number in outcome.volumes:
        by_dimension.setdefault(asked.rows[number].dimension, []).append(number)
    return [
        {
            "unit": bases.get(dimension, ""),
            "asked": str(Decimal(sum(outcome.volumes[number] for number in numbers)) / THOUSANDTHS),
            "placed": str(Decimal(sum(placed[number] for number in numbers)) / THOUSANDTHS),
            "needs": len(numbers),
            "filled": sum(placed[number] == outcome.volumes[number] for number in numbers),
            "partly": sum(0 < placed[number] < outcome.volumes[number] for number in numbers),
            "open": sum(not placed[number] for number in numbers),
            "signed": str(dealt.get(dimension, NOTHING).signed),
            "confirmed": str(dealt.get(dimension, NOTHING).confirmed),
        }
        for dimension, numbers in sorted(by_dimension.items())
    ]
