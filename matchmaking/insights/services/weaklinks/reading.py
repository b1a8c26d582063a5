"""What is public of the postings, as plain values that the weak links are counted from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from common.values import band_floor
from matchmaking.engine.ranking import least_failing
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.rows import PostingRow
from matchmaking.insights.queries.coordination import without_answer
from matchmaking.insights.queries.counts import public_postings
from matchmaking.matching.services.rows import load_taxonomy, plain_rows
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import ChainNode

THOUSANDTHS = 1000
IN_ONE_QUERY = 5_000
COLUMNS = (
    "pk", "number", "direction", "enterprise", "visibility", "node__code", "region__code", "unit__dimension",
    "unit__factor_to_base", "quantity_amount", "period", "window_start", "window_end", "published_at",
)  # fmt: skip
"""What is counted of a posting; every visitor may read it, the quantity as its class."""


@dataclass(frozen=True)
class Live:
    """One public posting. ``amount`` is the floor of the quantity's class, in thousandths of the base unit per period;
    ``firm`` tells an alias from its name; ``nodes`` are those that it names, its own first.
    """

    number: str
    is_need: bool
    firm: tuple[int, str]
    nodes: tuple[str, ...]
    place: str
    dimension: str
    amount: int
    period: str
    start: date | None
    end: date | None
    published: date
    is_answered: bool


def family_of(code: str) -> str:
    """The group under a chain's head that a node belongs to: nodes of different groups never fit each other."""
    return ".".join(code.split(".")[:2])


def families_of(codes: Iterable[str]) -> frozenset[str]:
    """The groups that the nodes belong to."""
    return frozenset(map(family_of, codes))


def naming(postings: PostingQuerySet, codes: Iterable[str]) -> PostingQuerySet:
    """Those of ``postings`` that name one of the nodes or what is below it, as their own or a further one."""
    wanted = Q(pk__in=[])
    for code in codes:
        wanted |= Q(code=code) | Q(code__startswith=f"{code}.")
    keys = list(ChainNode.objects.filter(wanted).order_by().values_list("pk", flat=True))
    further = Posting.further_nodes.through.objects.filter(chainnode__in=keys).values("posting")
    return postings.filter(Q(node__in=keys) | Q(pk__in=further))


def numbered(numbers: Collection[str]) -> Iterator[PostingQuerySet]:
    """The public postings with these numbers, in pieces that one query takes."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), IN_ONE_QUERY):
        yield public_postings().filter(number__in=wanted[start : start + IN_ONE_QUERY])


def live_of(postings: PostingQuerySet) -> list[Live]:
    """Public postings as plain values, by number; three queries."""
    complete = postings.filter(node__isnull=False, region__isnull=False, unit__isnull=False).order_by()
    further: dict[int, list[str]] = defaultdict(list)
    named = Posting.further_nodes.through.objects.filter(posting__in=complete.values("pk"))
    for key, code in named.order_by("chainnode__code").values_list("posting", "chainnode__code"):
        further[key].append(code)
    waiting = set(without_answer(complete).values_list("pk", flat=True))
    found = [
        _live(row, further.get(row["pk"], []), row["pk"] not in waiting) for row in complete.values(*COLUMNS).iterator()
    ]
    return sorted(found, key=lambda one: one.number)


def _live(row: Mapping[str, Any], further: Sequence[str], is_answered: bool) -> Live:
    amount = int(band_floor(row["quantity_amount"]) * row["unit__factor_to_base"] * THOUSANDTHS)
    moment = row["published_at"]
    return Live(
        number=row["number"],
        is_need=row["direction"] == Direction.NEED,
        firm=(row["enterprise"], row["visibility"]),
        nodes=tuple(dict.fromkeys((row["node__code"], *further))),
        place=f"{row['region__code'][:2]}0000",
        dimension=row["unit__dimension"],
        amount=amount,
        period=row["period"],
        start=row["window_start"],
        end=row["window_end"],
        published=timezone.localdate(moment) if moment else timezone.localdate(),
        is_answered=is_answered,
    )


def judged(needs: Iterable[Live], *, day: date) -> dict[str, list[str]]:
    """Why no capacity fits each of ``needs``, by number: reason codes of the nearest one, none where one fits.

    Only what is public is compared, as the ranking compares it: open prices, classes of what is left. From whom a
    posting is hidden plays no part, lest a figure tell it to them. Needs are judged group by group of the chains, each
    over all postings that name one of its nodes.
    """
    by_families: dict[frozenset[str], list[str]] = defaultdict(list)
    for need in needs:
        by_families[families_of(need.nodes)].append(need.number)
    taxonomy = load_taxonomy()
    found: dict[str, list[str]] = {}
    for families in sorted(by_families, key=sorted):
        market = build_market([_bare(row) for row in plain_rows(naming(public_postings(), families))], taxonomy)
        for number in by_families[families]:
            failed = least_failing(number, market, today=day)
            if failed is not None:
                found[number] = [reason.value for reason in failed]
    return found


def _bare(row: PostingRow) -> PostingRow:
    """A row without what plays no part in whether it fits."""
    return replace(row, text="", title="", vector=b"", hidden_from=frozenset())
