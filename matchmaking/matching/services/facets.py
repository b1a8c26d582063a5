"""Counts beside the filters of a list of postings, from the market that the search box looks into.

Every count is the number of rows that the list would show with that value chosen and the other filters as they are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from threading import Lock
from typing import Any

from django.utils import timezone

from accounts.models import Enterprise, Membership
from accounts.querysets import COORDINATES, Actor, held_firms, is_platform_admin
from common.values import BAND_EDGES
from matchmaking.engine.listing import AmountRange, FacetCounts, Listed, Offered, facet_counts
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.rows import Taxonomy
from matchmaking.matching.services.rows import THOUSANDTHS
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.choices import Direction, Subject
from matchmaking.postings.filters import MOST_FOUND, PostingFilter, filter_choices
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import region_known
from reference.queries.measures import units_in_use

MOST_KEPT = 500
"""Answers kept for one market: beginning anew is cheaper than choosing which to drop."""


@dataclass
class Kept:
    """Counts of the market that they were made of."""

    market: Market | None = None
    counts: dict[str, FacetCounts] = field(default_factory=dict)


_kept, _lock = Kept(), Lock()
TOLD_FEW = "<3"
"""Stands for a count that is not told, because fewer than three firms are behind it."""


@dataclass(frozen=True)
class FacetValue:
    """A value of a filter and how many postings choosing it would show; None where that is not told."""

    code: str
    count: int | None

    @property
    def shown(self) -> str:
        """The count as people read it."""
        return TOLD_FEW if self.count is None else str(self.count)


@dataclass(frozen=True)
class Facets:
    """Counts by filter, in the order in which the panel offers the values.

    ``node`` holds the nodes one level below the chosen node, or below the one chain chosen; ``above`` is the node to
    go back to, empty at the top.
    """

    total: int
    chain: tuple[FacetValue, ...]
    node: tuple[FacetValue, ...]
    region: tuple[FacetValue, ...]
    subject: tuple[FacetValue, ...]
    certificates: tuple[FacetValue, ...]
    above: str


def facets_of(
    *,
    filters: PostingFilter,
    viewer: Actor,
    direction: str,
    system_of: Enterprise | None = None,
) -> Facets:
    """The counts for the filters of a list as ``viewer`` sees it; for a partner system what ``system_of`` may see.

    Certificates are left out where the list does not narrow by them: capacities, for who may not read details. Two
    queries at most, whatever the size of the market; another where words cannot be looked up. Writes nothing.
    """
    market = current_market()
    everything = sees_all(viewer, system_of)
    early = None if everything else early_in_scope(viewer, system_of)
    firms = firms_in_standing(viewer, system_of)
    asked = listed_of(filters, firms, direction, sees_all=everything, early=early)
    choices = filter_choices()
    chains = [code for code, *_names in choices["chain"]]
    children = children_of(asked, market.taxonomy)
    offered = Offered(
        children=children,
        regions=[code for name in ("province", "region") for code, *_names in choices[name]],
        subjects=Subject.values,
        certificates=[code for code, *_names in choices["certificates"]] if tells_papers(filters, direction) else (),
    )
    counts = _counted(asked, offered, market)
    return _shown(counts, offered, chains, asked)


def _counted(asked: Listed, offered: Offered, market: Market) -> FacetCounts:
    """What the engine counts, kept as long as nothing in the market changes; words are counted anew each time."""
    if asked.keys is not None:
        return facet_counts(asked, offered, market)
    key = repr((asked, offered))
    with _lock:
        if _kept.market is not market or len(_kept.counts) >= MOST_KEPT:
            _kept.market, _kept.counts = market, {}
        found = _kept.counts.get(key)
    if found is None:
        found = facet_counts(asked, offered, market)
        with _lock:
            if _kept.market is market:
                _kept.counts[key] = found
    return found


def listed_of(
    filters: PostingFilter,
    firms: Mapping[int, bool],
    direction: str,
    *,
    sees_all: bool = False,
    early: Collection[str] | None = (),
) -> Listed:
    """The filters of a list as the engine reads them, for the reader of ``firms`` (key to whether in good standing).

    ``early`` are postings shown to the reader before they open, beside those of networks that a firm is in.
    """
    given: Mapping[str, Any] = filters.applied
    regions = [region_known(region, filters.reads_details) for region in given.get("region", ())]
    node = given.get("node")
    amounts = amounts_of(given)
    return Listed(
        today=timezone.localdate(),
        direction=direction,
        readers=() if sees_all else frozenset(firms),
        own=frozenset(key for key, is_open in firms.items() if is_open),
        early=early,
        keys=keys_of(filters) if "q" in given else None,
        chains=[chain.code for chain in given.get("chain", ())],
        node=node.code if node else "",
        regions=[region.code for region in regions],
        subjects=list(given.get("subject", ())),
        certificates=[paper.code for paper in given.get("certificates", ()) if tells_papers(filters, direction)],
        start=given.get("window_from"),
        end=given.get("window_to"),
        amounts=amounts,
        edges=() if filters.reads_details else [edge * int(THOUSANDTHS) for edge in BAND_EDGES],
    )


def tells_papers(filters: PostingFilter, direction: str) -> bool:
    """Whether the reader narrows by certificates: the papers of a firm would tell a visitor who is behind an alias."""
    return filters.reads_details or direction == Direction.NEED


def keys_of(filters: PostingFilter) -> Sequence[str]:
    """Numbers of the postings that the words of the list find, as many as a list with other filters looks at."""
    rows = filters.filter_words(filters.queryset, "q", filters.applied["q"])
    if filters.found is not None:
        return filters.found[:MOST_FOUND]
    return list(rows.order_by().values_list("number", flat=True))


def amounts_of(given: Mapping[str, Any]) -> list[AmountRange] | None:
    """The amounts between which a list is narrowed, for each unit of the dimension where a unit is chosen."""
    least, most, unit = given.get("quantity_min"), given.get("quantity_max"), given.get("unit")
    if unit is None:
        return None if least is None and most is None else [AmountRange("", _up(least), _down(most))]
    factors = {
        row.code: unit.factor_to_base / row.factor_to_base for row in units_in_use() if row.dimension == unit.dimension
    }
    return [
        AmountRange(
            code, _up(None if least is None else least * factor), _down(None if most is None else most * factor)
        )
        for code, factor in factors.items()
    ]


def firms_in_standing(viewer: Actor, system_of: Enterprise | None) -> Mapping[int, bool]:
    """The firms of the viewer, or of the system, and whether each is in good standing."""
    if system_of is not None:
        return {system_of.pk: True}
    if viewer.is_anonymous:
        return {}
    known = held_firms(viewer)
    if known is not None:
        return known
    rows = Membership.objects.active().filter(user=viewer).values_list("enterprise", "enterprise__suspended_at")
    return {key: suspended is None for key, suspended in rows}


def children_of(asked: Listed, taxonomy: Taxonomy) -> list[str]:
    """Codes of the nodes one level below the chosen node, or below the one chain chosen."""
    head = asked.node or (asked.chains[0] if len(asked.chains) == 1 else "")
    return [node.code for node in taxonomy.nodes if node.parent == head] if head else []


def early_in_scope(viewer: Actor, system_of: Enterprise | None) -> tuple[str, ...]:
    """Numbers of the postings in the viewer's scope that are not open yet; no query where the door told that there is
    none.
    """
    if system_of is not None or viewer.is_anonymous or not getattr(viewer, COORDINATES, True):
        return ()
    return tuple(sorted(Posting.objects.early_in_scope_of(viewer).values_list("number", flat=True)))


def sees_all(viewer: Actor, system_of: Enterprise | None) -> bool:
    """Whether nothing is hidden from the viewer."""
    return system_of is None and is_platform_admin(viewer)


def _up(amount: Decimal | None) -> int | None:
    return None if amount is None else max(int((amount * THOUSANDTHS).to_integral_value(ROUND_CEILING)), 1)


def _down(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * THOUSANDTHS).to_integral_value(ROUND_FLOOR))


def _shown(counts: FacetCounts, offered: Offered, chains: Sequence[str], asked: Listed) -> Facets:
    in_chain = {
        chain: sum(count for node, count in counts.nodes.items() if f"{node}.".startswith(f"{chain}."))
        for chain in chains
    }
    above = asked.node.rpartition(".")[0]
    return Facets(
        total=counts.total,
        chain=tuple(FacetValue(chain, in_chain[chain]) for chain in chains),
        node=tuple(FacetValue(code, counts.below[code]) for code in offered.children if counts.below[code]),
        region=tuple(FacetValue(code, counts.regions[code]) for code in offered.regions),
        subject=tuple(FacetValue(code, counts.subjects[code]) for code in offered.subjects),
        certificates=tuple(
            FacetValue(code, None if code in counts.few else counts.certificates[code]) for code in offered.certificates
        ),
        above="" if above in asked.chains else above,
    )
