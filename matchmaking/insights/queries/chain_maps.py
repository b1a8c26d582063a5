"""A chain as its map and table show it: every node with its state and counts at a place, and who supplies whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from accounts.choices import Verification
from accounts.querysets import Actor
from matchmaking.insights.choices import Coverage
from matchmaking.insights.models import WeakLink, WeakLinkRun, WeakLinkWeek
from matchmaking.insights.queries.chains import STAGE_ORDER, neighbours_of, nodes_below
from matchmaking.insights.queries.counts import NOBODY, Group, kept, live_counts, pair_at, public_postings
from matchmaking.insights.queries.figures import newest_postings
from matchmaking.insights.queries.weak_links import WEEKS_SHOWN
from matchmaking.postings.choices import Direction, Visibility
from matchmaking.postings.models import PostingCertificate
from reference.choices import Stage
from reference.models import Certification, ChainLink, ChainNode, IndustryChain
from reference.queries.nodes import nodes_in_use

GENERAL_STAGES = 3
"""Upstream, midstream and downstream; a chain that names more stages than these is shown in bands of them."""
FIRMS_SHOWN, NEWEST_READ = 12, 200
COLUMNS = ("node_id", "coverage", "score", "needs", "need_firms", "capacities", "suppliers")


@dataclass(frozen=True)
class NodeState:
    """A node at a place: its needs and capacities with those below it; without ``coverage`` it is not counted yet."""

    node: ChainNode
    needs: Group = NOBODY
    capacities: Group = NOBODY
    coverage: Coverage | None = None
    score: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is a group of nodes rather than one that the map draws."""
        return not self.node.is_leaf

    @property
    def is_idle(self) -> bool:
        """Whether nothing is posted there."""
        return not (self.needs.postings or self.capacities.postings)


@dataclass(frozen=True)
class ChainStates:
    """The nodes of a chain below its head, in their order; ``links`` join codes of supplier and consumer."""

    nodes: tuple[NodeState, ...]
    links: tuple[tuple[str, str], ...]
    as_of: datetime | None

    @property
    def leaves(self) -> list[NodeState]:
        """What the map draws; nothing before the first count."""
        return [one for one in self.nodes if one.node.is_leaf and one.coverage is not None]

    @property
    def stages(self) -> list[tuple[Stage, list[NodeState]]]:
        """The nodes under their stages, groups included."""
        found = [(stage, [one for one in self.nodes if one.node.stage == stage]) for stage in STAGE_ORDER]
        return [(stage, nodes) for stage, nodes in found if nodes]

    @property
    def bands(self) -> list[Stage]:
        """The stages that the map shows as bands; none where there are only the three general ones."""
        there = {one.node.stage for one in self.leaves}
        found = [stage for stage in STAGE_ORDER if stage in there]
        return found if len(found) > GENERAL_STAGES else []

    @property
    def counted(self) -> Mapping[Coverage, int]:
        """How many leaves stand in each state, the best first."""
        found = Counter(one.coverage for one in self.leaves)
        return {state: found[state] for state in reversed(Coverage)}

    @property
    def covered(self) -> int:
        """Leaves that three firms and more supply."""
        return self.counted[Coverage.ONE_SIDE] + self.counted[Coverage.BOTH_SIDES]

    @property
    def missing(self) -> int:
        """Leaves that nobody supplies."""
        return self.counted[Coverage.MISSING]

    @property
    def weakest(self) -> list[NodeState]:
        """The leaves, the weakest first."""
        return sorted(self.leaves, key=lambda one: (-(one.score or 0), one.node.code))


@dataclass(frozen=True)
class Around:
    """What supplies a node, what it supplies, and what stands directly below it."""

    suppliers: tuple[ChainNode, ...]
    consumers: tuple[ChainNode, ...]
    below: tuple[ChainNode, ...]


@dataclass(frozen=True)
class Firm:
    """A firm as its capacities name it."""

    name: str
    is_verified: bool


@dataclass(frozen=True)
class Asked:
    """A certificate with the needs that ask for it."""

    certification: Certification
    needs: Group


def states_of_chain(*, chain: IndustryChain, place: str) -> ChainStates:
    """The chain at a place, from the summary of the weak links alone, which is public.

    One query while nothing was counted anew, four else. Before the first count there are the counts of now, no states.
    """
    run = WeakLinkRun.objects.first()
    as_of = run.as_of if run else None
    return kept(
        f"chain.{chain.code}.{place}.{as_of.timestamp() if as_of else 0}", lambda: _read_states(chain, place, as_of)
    )


def _read_states(chain: IndustryChain, place: str, as_of: datetime | None) -> ChainStates:
    found = _rows(AnonymousUser(), place).filter(node__chain=chain).values(*COLUMNS)
    nodes = nodes_in_use().filter(chain=chain, parent__isnull=False).order_by("position", "code")
    links = ChainLink.objects.filter(retired_on__isnull=True, supplier__chain=chain, consumer__chain=chain)
    return ChainStates(
        nodes=tuple(_states(nodes, {row["node_id"]: row for row in found}, place)),
        links=tuple(links.order_by("pk").values_list("supplier__code", "consumer__code")),
        as_of=as_of,
    )


def around(node: ChainNode) -> Around:
    """What stands around a node in its chain; kept for a minute."""

    def read() -> Around:
        neighbours = neighbours_of(node)
        return Around(neighbours.suppliers, neighbours.consumers, tuple(nodes_below(node)))

    return kept(f"around.{node.code}", read)


def nodes_with_weak_links(
    *, user: Actor, nodes: Sequence[ChainNode], place: str
) -> tuple[list[NodeState], WeakLink | None]:
    """These nodes at a place, and the weak link of the first of them for both provinces together; one query."""
    found = list(WeakLink.objects.visible_to(user).filter(node__in=nodes, place__in={place, ""}).order_by())
    rows = {row.node_id: {name: getattr(row, name) for name in COLUMNS} for row in found if row.place == place}
    first = next((row for row in found if row.node_id == nodes[0].pk and not row.place), None)
    return list(_states(nodes, rows, place)), first


def _rows(user: Actor, place: str) -> Any:
    return WeakLink.objects.visible_to(user).filter(place=place).order_by()


def _states(nodes: Iterable[ChainNode], rows: Mapping[int, Mapping[str, Any]], place: str) -> Iterable[NodeState]:
    counted = live_counts().by_node if not rows and not place else {direction: {} for direction in Direction.values}
    for node in nodes:
        row = rows.get(node.pk)
        if row is None:
            pair = pair_at(counted, node.code)
            yield NodeState(node, pair.needs, pair.capacities)
        else:
            yield NodeState(
                node,
                Group(row["needs"], row["need_firms"]),
                Group(row["capacities"], row["suppliers"]),
                Coverage(row["coverage"]),
                row["score"],
            )


def weeks_at(*, user: Actor, node: ChainNode, place: str = "") -> list[tuple[date, int]]:
    """The score of a node in each of the last weeks, the oldest first."""
    rows = WeakLinkWeek.objects.visible_to(user).filter(node=node, place=place).order_by("-week")
    return list(reversed(rows.values_list("week", "score")[:WEEKS_SHOWN]))


def firms_at(*, user: Actor, node: ChainNode) -> list[Firm]:
    """Firms of the newest live capacities at the node, or below it, that ``user`` may see, under the names that they
    chose there; at most one more than ``FIRMS_SHOWN``. A firm that posts under both its names is two, as for outsiders.

    Only ``NEWEST_READ`` capacities are read: at a node of thousands the others stand in the list.
    """
    rows = newest_postings(user=user, direction=Direction.CAPACITY, node_code=node.code).select_related(None)
    columns = ("visibility", "enterprise__name", "enterprise__alias", "enterprise__verification")
    shown = (
        Firm(alias if way == Visibility.ALIAS else name, state == Verification.VERIFIED)
        for way, name, alias, state in rows.values_list(*columns)[:NEWEST_READ]
    )
    return list(dict.fromkeys(shown))[: FIRMS_SHOWN + 1]


def _at(node: ChainNode) -> Q:
    return Q(node__code=node.code) | Q(node__code__startswith=f"{node.code}.")


def certificates_asked(*, node: ChainNode) -> list[Asked]:
    """Certificates that public needs at the node or below it ask for, those of most needs first; kept for a minute."""

    def read() -> list[Asked]:
        needs = public_postings().filter(_at(node), direction=Direction.NEED).order_by()
        rows = (
            PostingCertificate.objects.filter(posting__in=needs.values("pk"))
            .order_by()
            .values_list("certification__code", "certification__name_zh", "certification__name_en")
            .annotate(needs=Count("posting", distinct=True), firms=Count("posting__enterprise", distinct=True))
        )
        asked = (
            Asked(Certification(code=code, name_zh=zh, name_en=en), Group(count, firms))
            for code, zh, en, count, firms in rows
        )
        return sorted(asked, key=lambda one: (-(one.needs.shown or 0), one.certification.code))

    return kept(f"certificates.{node.code}", read)
