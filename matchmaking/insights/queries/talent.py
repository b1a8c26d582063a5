"""Talent across the border: who is offered and sought for which chain where, and what came of it by direction."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.querysets import Actor
from matchmaking.insights.choices import Place
from matchmaking.insights.queries.counts import (
    LEAST_FIRMS,
    NOBODY,
    Counted,
    Pair,
    grouped,
    kept,
    public_postings,
)
from matchmaking.partnerships.choices import CONSENTED, OutcomeState
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Direction, Subject
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.talent import talent_postings
from reference.models import IndustryChain
from reference.queries.nodes import chains_in_use

TALENT_NODE = "SVC.TALENT"
PROVINCES = (Place.SICHUAN, Place.CHONGQING)


@dataclass(frozen=True)
class ChainLine:
    """Live postings of people for one chain, by province."""

    chain: IndustryChain
    pairs: tuple[tuple[Place, Pair], ...]


@dataclass(frozen=True)
class Dealt:
    """Pairs of a need and a capacity of people in one direction: introduced, and confirmed by both sides."""

    supply: Place
    need: Place
    introduced: int | None
    confirmed: int | None


@dataclass(frozen=True)
class TalentFigures:
    """All figures of the page."""

    lines: tuple[ChainLine, ...]
    dealt: tuple[Dealt, ...]


def talent_listed(
    *, user: Actor, direction: str = "", province: str = "", mode: str = "", paper: str = "", chain: str = ""
) -> QuerySet[Posting]:
    """Live postings of people that ``user`` may see, newest first, narrowed by what is given."""
    rows = talent_postings(Posting.objects.visible_to(user).live(), mode=mode, paper=paper, chain=chain)
    if direction:
        rows = rows.filter(direction=direction)
    if province:
        rows = rows.filter(region__code__startswith=province[:2])
    return rows.select_related("enterprise", "node", "region__parent", "unit").order_by("-published_at", "-pk")


def talent_figures() -> TalentFigures:
    """The figures of now, kept for a minute."""
    return kept("talent", read_figures)


def read_figures() -> TalentFigures:
    """The figures, read from the tables: a posting counts for the chain of its node and of each further node."""
    rows = list(
        public_postings()
        .filter(subject=Subject.TALENT)
        .order_by()
        .values_list("pk", "direction", "node__chain__code", "region__code", "enterprise")
    )
    further: dict[int, set[str]] = {}
    links = Posting.further_nodes.through.objects.filter(posting__in=public_postings().filter(subject=Subject.TALENT))
    for key, chain in links.values_list("posting", "chainnode__chain__code"):
        further.setdefault(key, set()).add(chain)
    counted = grouped(
        (way, f"{chain} {at[:2]}0000", firm, 1)
        for key, way, first, at, firm in rows
        for chain in {first, *further.get(key, ())}
    )
    lines = [
        ChainLine(chain, tuple((at, pair_of(counted, f"{chain.code} {at}")) for at in PROVINCES))
        for chain in chains_in_use()
    ]
    told = tuple(line for line in lines if any(pair != Pair() for _at, pair in line.pairs))
    return TalentFigures(told, tuple(read_dealt()))


def pair_of(counted: Counted, key: str) -> Pair:
    """Both directions at one key."""
    return Pair(counted.get(Direction.NEED, {}).get(key, NOBODY), counted.get(Direction.CAPACITY, {}).get(key, NOBODY))


def read_dealt() -> Iterable[Dealt]:
    """Introductions and confirmed outcomes by direction; fewer than three firms on a side are told neither by number
    nor by the difference of both.
    """
    columns = ("region__code", "enterprise")
    both = [f"{side}__{column}" for column in columns for side in ("capacity", "need")]
    people = Q(capacity__subject=Subject.TALENT) & (Q(state__in=CONSENTED) | Q(introduced_at__isnull=False))
    rows = list(Partnership.objects.filter(people).values_list(*both, "outcome__state"))
    for supply in PROVINCES:
        for need in PROVINCES:
            here = [row for row in rows if (row[0][:2], row[1][:2]) == (supply[:2], need[:2])]
            confirmed = [row for row in here if row[4] == OutcomeState.CONFIRMED]
            rest = told_number([row for row in here if row[4] != OutcomeState.CONFIRMED])
            yield Dealt(supply, need, told_number(here), None if rest is None else told_number(confirmed))


def told_number(rows: list[tuple[str, ...]]) -> int | None:
    """How many there are; None where they are there and too few firms stand behind them on either side."""
    small = rows and min(len({row[2] for row in rows}), len({row[3] for row in rows})) < LEAST_FIRMS
    return None if small else len(rows)
