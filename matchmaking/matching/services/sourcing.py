"""Second sources: which live capacities would meet what a firm buys at a node, without a need being posted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.models import Enterprise
from accounts.permissions import firms_of
from accounts.querysets import Actor
from common.reasons import DROPPING
from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.types.results import Dropped, Note
from matchmaking.engine.types.rows import Period, PostingRow
from matchmaking.matching.services.rows import THOUSANDTHS
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.choices import Visibility
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import suggested_postings
from reference.models import ChainNode, Unit

SHOWN = 10
ASKED = 30
"""Capacities that the matcher is asked for, since those of present suppliers are left out of them."""


@dataclass(frozen=True)
class Wanted:
    """What a firm would buy at a node from a second source: an amount of ``unit`` once, a month or a year."""

    buyer: Enterprise
    node: ChainNode
    unit: Unit
    amount: Decimal
    period: Period


@dataclass(frozen=True)
class Source:
    """A capacity that would meet it, or almost: what speaks for it and which conditions it fails."""

    posting: Posting
    reasons: Sequence[Note]
    gaps: Sequence[Note]


@dataclass(frozen=True)
class Sources:
    """Sources that fit, the best first, at most ``SHOWN``; those that almost fit; what keeps others out."""

    fitting: Sequence[Source]
    near: Sequence[Source]
    dropped: Sequence[Dropped]


def second_sources(wanted: Wanted, *, viewer: Actor, suppliers: Collection[int]) -> Sources:
    """Live capacities for ``wanted`` that ``viewer`` may see, judged as for a posted need, the other province first.

    Named postings of ``suppliers`` (keys of enterprises), whom the firm has already, are left out; one under an alias
    is not, else its absence would tell whose it is. Writes nothing; a fixed number of queries.
    """
    postings: dict[str, Posting] = {}
    known = set(suppliers)

    def seeable(numbers: Sequence[str]) -> Mapping[str, Posting]:
        found = suggested_postings(user=viewer, system_of=None, numbers=numbers)
        shown = [row for row in found if row.visibility != Visibility.NAMED or row.enterprise_id not in known]
        postings.update({row.number: row for row in shown})
        return postings

    question = Question(_row(wanted), timezone.localdate(), limit=ASKED, readers=firms_of(viewer))
    ranking = answer(question, current_market(), seeable)
    return Sources(
        fitting=[Source(postings[one.key], one.reasons, one.gaps) for one in ranking.matches if one.key in postings][
            :SHOWN
        ],
        near=[
            Source(postings[one.key], one.reasons, [gap for gap in one.gaps if gap.reason in DROPPING])
            for one in ranking.near_misses
            if one.key in postings
        ],
        dropped=ranking.dropped,
    )


def _row(wanted: Wanted) -> PostingRow:
    node, size = wanted.node, wanted.unit.factor_to_base * THOUSANDTHS
    return PostingRow(
        key="",
        direction="need",
        enterprise=wanted.buyer.pk,
        node=node.code,
        region=wanted.buyer.region.code,
        dimension=wanted.unit.dimension,
        quantity=int(wanted.amount * size),
        confirmed=timezone.localdate(),
        period=wanted.period,
        unit=wanted.unit.code,
        unit_size=max(int(size), 1),
        region_rule="any",
        split_allowed=True,
        text=f"{node.name_zh} {node.name_en}",
        title=node.name_zh,
    )
