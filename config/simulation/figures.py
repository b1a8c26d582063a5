"""What came of a simulated market, read from the rows and events that the services wrote."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Count

from common.values import gini
from config.simulation.trading import Trade
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.choices import REACHING, Act, AgreementState, State
from matchmaking.partnerships.models import Agreement, PartnershipEvent

HELD = (State.AGREED, State.DELIVERING, State.COMPLETED)
ANSWERS = (Act.ACCEPT, Act.DECLINE)
SOON = timedelta(days=5)


@dataclass(frozen=True)
class MarketFigures:
    """One market: shares from 0 to 1, hours as medians, None where nothing was there to count.

    ``filled_share`` is the volume under agreements that were kept or still run, of all that was asked for;
    ``confirmed_share`` the part of it that both sides confirmed. ``optimum`` is known to one of two markets alone.
    """

    filled_share: float
    confirmed_share: float
    needs_answered_in_5_days: float
    answer_hours: float | None
    answered_share: float | None
    gini_of_exposure: float
    cross_border_share: float | None
    requests: int
    agreements: int
    optimum: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return asdict(self)


def figures_of(trade: Trade) -> MarketFigures:
    """The figures of a market whose last day is over."""
    world = trade.world
    asked = float(sum(need.amount for need in world.needs)) or 1.0
    kept = Agreement.objects.filter(partnership__state__in=HELD).exclude(state=AgreementState.TAKEN_BACK)
    rows = list(
        kept.values_list(
            "quantity_amount",
            "partnership__state",
            "partnership__need__region__code",
            "partnership__capacity__region__code",
        )
    )
    filled = float(sum(amount for amount, *_rest in rows))
    confirmed = float(sum(amount for amount, state, *_rest in rows if state == State.COMPLETED))
    crossing = float(sum(amount for amount, _state, here, there in rows if here[:2] != there[:2]))
    hours, requests, soon = _answers(trade)
    return MarketFigures(
        filled_share=filled / asked,
        confirmed_share=confirmed / asked,
        needs_answered_in_5_days=soon / max(len(world.needs), 1),
        answer_hours=median(hours) if hours else None,
        answered_share=len(hours) / requests if requests else None,
        gini_of_exposure=_gini_of_exposure(trade),
        cross_border_share=crossing / filled if filled else None,
        requests=requests,
        agreements=len(rows),
        optimum=trade.hindsight.filled_share() if trade.hindsight else None,
    )


def _answers(trade: Trade) -> tuple[list[float], int, int]:
    """Hours from each answered request to its answer, the number of requests, and the needs with an answer soon."""
    events = PartnershipEvent.objects.filter(act__in=(*REACHING, *ANSWERS)).order_by("pk")
    began: dict[int, Any] = {}
    hours: list[float] = []
    soon: set[int] = set()
    published = {key: search.posting.published_at or trade.clock.moment for key, search in trade.searches.items()}
    for act, partnership, need, moment in events.values_list("act", "partnership", "partnership__need", "happened_at"):
        if act in REACHING:
            began[partnership] = moment
            continue
        hours.append((moment - began[partnership]).total_seconds() / 3600)
        if moment - published[need] <= SOON:
            soon.add(need)
    return hours, len(began), len(soon)


def _gini_of_exposure(trade: Trade) -> float:
    """Of the needs for which each capacity was shown; those never shown count as none."""
    rows = Suggestion.objects.order_by().values("counterpart").annotate(shown=Count("pk"))
    shown = dict(rows.values_list("counterpart", "shown"))
    return gini(shown.get(posting.pk, 0) for posting in trade.world.capacities)
