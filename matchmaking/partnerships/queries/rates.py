"""How firms answer and what becomes of quotes, from recorded steps alone, as everybody may know it.

A step counts only where the firm's posting stood under its own name when it was taken. Neither such steps nor a posting
that goes under an alias, or comes back, move a figure: it would tell who stands behind the alias.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from accounts.models import Enterprise
from common.reasons import Reason
from matchmaking.partnerships.choices import REACHING, Act, QuoteState, Side
from matchmaking.partnerships.models import PartnershipEvent, Quote
from matchmaking.postings.choices import Visibility
from matchmaking.postings.models import Posting

FEWEST_FIRMS = 3
"""Other firms that must stand behind a figure; with fewer it would tell of one of them."""
FEWEST_CASES = 5
"""Cases that a figure is made of at least; of fewer it would say little, and say it as if it were much."""
LOOKED_BACK = timedelta(days=365)
MOST_ROWS = 2000
"""The newest cases that a figure is made of."""
ANSWERS = (Act.ACCEPT, Act.DECLINE)
DECIDED = (QuoteState.AWARDED, QuoteState.REFUSED, QuoteState.LAPSED)
"""States of a quote after which it is known whether it was taken."""


@dataclass(frozen=True)
class Rates:
    """Figures of the last year; None where it has fewer than ``FEWEST_CASES`` or ``FEWEST_FIRMS``.

    ``answer_hours`` is the median from interest to answer, ``answered_percent`` the share answered of the interests
    that were answered or let run out; ``bought_percent`` the share of quotes received that the firm took, and
    ``sold_percent`` the share of its own quotes that were taken.
    """

    answer_hours: int | None
    answered_percent: int | None
    bought_percent: int | None
    sold_percent: int | None

    @property
    def answer_days(self) -> int:
        """The median in days."""
        return round((self.answer_hours or 0) / 24)


def public_rates(enterprise: Enterprise) -> Rates:
    """The figures of one firm, by three queries."""
    answers, silences = _answers(enterprise)
    all_cases = [*answers, *silences]
    return Rates(
        answer_hours=figure_of(answers, lambda: round(median(hours for _firm, hours in answers))),
        answered_percent=figure_of(all_cases, lambda: round(100 * len(answers) / len(all_cases))),
        bought_percent=_taken(enterprise, Side.NEED),
        sold_percent=_taken(enterprise, Side.CAPACITY),
    )


One = tuple[int, float]
"""The other firm of a case and a number that belongs to it."""


def figure_of(cases: Sequence[One], figure: Callable[[], int]) -> int | None:
    """``figure`` of the cases, None where too few cases or firms are behind it."""
    is_enough = len(cases) >= FEWEST_CASES and len({firm for firm, _number in cases}) >= FEWEST_FIRMS
    return figure() if is_enough else None


def _answers(enterprise: Enterprise) -> tuple[list[One], list[One]]:
    """Interests at the firm's named postings that it answered, with hours since they reached it, and that it let run
    out; what waits in the queue before it counts for nothing.
    """
    asked_need = Q(partnership__opened_by=Side.CAPACITY, partnership__need__enterprise=enterprise)
    asked_capacity = Q(partnership__opened_by=Side.NEED, partnership__capacity__enterprise=enterprise)
    asked_need &= Q(need_then=Visibility.NAMED)
    asked_capacity &= Q(capacity_then=Visibility.NAMED)
    ended = Q(act__in=ANSWERS) | Q(act=Act.LAPSE, reason=Reason.END_PARTNERSHIP_NO_ANSWER.value)
    rows = PartnershipEvent.objects.alias(
        need_then=as_it_stood("visibility", "partnership__need", "happened_at"),
        capacity_then=as_it_stood("visibility", "partnership__capacity", "happened_at"),
    ).filter(ended, asked_need | asked_capacity, happened_at__gte=since())
    declared = PartnershipEvent.objects.filter(
        partnership=OuterRef("partnership"), act__in=REACHING, pk__lt=OuterRef("pk")
    )
    asker = Case(
        When(partnership__opened_by=Side.NEED, then=F("partnership__need__enterprise")),
        default=F("partnership__capacity__enterprise"),
    )
    rows = rows.annotate(asked_at=Subquery(declared.order_by("-pk").values("happened_at")[:1]), asker=asker).exclude(
        asked_at=None
    )
    answers: list[One] = []
    silences: list[One] = []
    for act, firm, began, ended_at in rows.order_by("-pk").values_list("act", "asker", "asked_at", "happened_at")[
        :MOST_ROWS
    ]:
        case = (firm, (ended_at - began).total_seconds() / 3600)
        (answers if act in ANSWERS else silences).append(case)
    return answers, silences


def _taken(enterprise: Enterprise, side: Side) -> int | None:
    """Percent of the decided quotes on ``side`` of the firm that were taken, one case a partnership."""
    other = "capacity" if side == Side.NEED else "need"
    own = f"partnership__{side.value}"
    quotes = Quote.objects.filter(state__in=DECIDED, changed_at__gte=since(), **{f"{own}__enterprise": enterprise})
    quotes = quotes.alias(then=as_it_stood("visibility", own, "changed_at")).filter(then=Visibility.NAMED)
    columns = ("partnership", f"partnership__{other}__enterprise", "state")
    newest: dict[int, tuple[int, str]] = {}
    for partnership, firm, state in quotes.order_by("-pk").values_list(*columns)[:MOST_ROWS]:
        newest.setdefault(partnership, (firm, state))
    cases = [(firm, float(state == QuoteState.AWARDED)) for firm, state in newest.values()]
    return figure_of(cases, lambda: round(100 * sum(taken for _firm, taken in cases) / len(cases)))


def as_it_stood(column: str, posting: str, moment: str) -> Subquery:
    """What ``column`` of the posting that a row leads to held at the row's ``moment``, from the versions kept of it."""
    versions = Posting.history.filter(id=OuterRef(posting), history_date__lte=OuterRef(moment))
    return Subquery(versions.order_by("-history_date", "-history_id").values(column)[:1])


def since() -> datetime:
    """The moment from which on cases count."""
    return timezone.now() - LOOKED_BACK
