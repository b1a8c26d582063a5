"""A capacity that nobody has yet, at a node and a place: which live needs it would meet, and what keeps others out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.permissions import firms_of
from accounts.querysets import Actor
from common.reasons import DROPPING
from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.types.results import Dropped, Note
from matchmaking.engine.types.rows import Period, PostingRow
from matchmaking.matching.services.rows import NO_EXPIRY, THOUSANDTHS
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import suggested_postings
from reference.models import ChainNode, Region, Unit

SHOWN = 50
"""Firms whose needs are told; how many there are in all is told beside."""
NOBODY = 0
"""The enterprise of a capacity that no firm has."""


@dataclass(frozen=True)
class Investment:
    """What somebody thinks of building: an amount of ``unit`` once, a month or a year, with certificates (codes)."""

    node: ChainNode
    region: Region
    unit: Unit
    amount: Decimal
    period: Period
    certificates: Sequence[str] = ()


@dataclass(frozen=True)
class NeedMet:
    """A need that it would meet, with how many more of the same firm."""

    posting: Posting
    more_from_firm: int


@dataclass(frozen=True)
class NeedMissed:
    """A need that it would almost meet, and which conditions it fails."""

    posting: Posting
    gaps: Sequence[Note]


@dataclass(frozen=True)
class Filled:
    """Needs met, the best first, at most ``SHOWN`` of ``firms``; needs almost met; what keeps the others out."""

    firms: int
    met: Sequence[NeedMet]
    missed: Sequence[NeedMissed]
    dropped: Sequence[Dropped]


def filled_by(investment: Investment, *, viewer: Actor) -> Filled:
    """What ``investment`` would fill of the needs that ``viewer`` may see, judged as any posted capacity would be.

    Writes nothing; a fixed number of queries.
    """
    postings: dict[str, Posting] = {}

    def seeable(numbers: Sequence[str]) -> Mapping[str, Posting]:
        found = suggested_postings(user=viewer, system_of=None, numbers=numbers, as_cards=True)
        postings.update({row.number: row for row in found if not row.is_met})
        return postings

    question = Question(_row(investment), timezone.localdate(), limit=SHOWN, readers=firms_of(viewer))
    ranking = answer(question, current_market(), seeable)
    return Filled(
        firms=ranking.firms,
        met=[NeedMet(postings[one.key], one.more_from_firm) for one in ranking.matches],
        missed=[
            NeedMissed(postings[one.key], [gap for gap in one.gaps if gap.reason in DROPPING])
            for one in ranking.near_misses
        ],
        dropped=ranking.dropped,
    )


def _row(investment: Investment) -> PostingRow:
    node, size = investment.node, investment.unit.factor_to_base * THOUSANDTHS
    return PostingRow(
        key="",
        direction="capacity",
        enterprise=NOBODY,
        node=node.code,
        region=investment.region.code,
        dimension=investment.unit.dimension,
        quantity=int(investment.amount * size),
        confirmed=timezone.localdate(),
        period=investment.period,
        unit=investment.unit.code,
        unit_size=max(int(size), 1),
        certificates_held=tuple((code, NO_EXPIRY) for code in investment.certificates),
        text=f"{node.name_zh} {node.name_en}",
        title=node.name_zh,
    )
