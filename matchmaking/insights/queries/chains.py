"""Chains and their nodes with what is needed and what is there."""

from dataclasses import dataclass

from django.db.models import Count, Q

from matchmaking.insights.queries.counts import Counts, Pair, live_counts, pair_at
from reference.choices import Stage
from reference.models import ChainNode, IndustryChain
from reference.queries.nodes import chains_in_use, links_of, nodes_in_use
from reference.querysets import ChainNodeQuerySet

STAGE_ORDER = (
    Stage.UPSTREAM,
    Stage.MIDSTREAM,
    Stage.DOWNSTREAM,
    Stage.PRODUCTION,
    Stage.STORAGE,
    Stage.TRANSPORT,
    Stage.REFUELLING,
    Stage.USE,
)
PROVINCES = ("500000", "510000")


@dataclass(frozen=True)
class ChainLine:
    """A chain with its number of nodes and what is live in it."""

    chain: IndustryChain
    nodes: int
    counted: Pair


@dataclass(frozen=True)
class NodeLine:
    """A node of a chain with what is live in it and below it; ``depth`` is 1 for a group, 2 for what is in it."""

    node: ChainNode
    counted: Pair
    depth: int


@dataclass(frozen=True)
class StageLines:
    """The nodes of one stage of a chain."""

    stage: Stage
    lines: tuple[NodeLine, ...]


@dataclass(frozen=True)
class Neighbours:
    """What supplies a node and what the node supplies."""

    suppliers: tuple[ChainNode, ...]
    consumers: tuple[ChainNode, ...]


@dataclass(frozen=True)
class ChainFlow:
    """A chain with what is live in each of the two provinces."""

    chain: IndustryChain
    chongqing: Pair
    sichuan: Pair


def chain_in_use(code: str) -> IndustryChain | None:
    """The chain with this code or slug, in any case of letters; None for an unknown or retired one."""
    chains = chains_in_use()
    found: IndustryChain | None = chains.filter(Q(code=code.upper()) | Q(slug=code.lower())).first()
    return found


def node_in_chain(chain_code: str, code: str) -> ChainNode | None:
    """The node with ``code`` that stands in this chain (code or slug) and is in use, in any case of letters."""
    named = Q(chain__code=chain_code.upper()) | Q(chain__slug=chain_code.lower())
    found: ChainNode | None = nodes_in_use().filter(named, code=code.upper()).first()
    return found


def nodes_below(node: ChainNode) -> ChainNodeQuerySet:
    """The nodes directly below, in the chain's order."""
    return nodes_in_use().filter(parent=node).order_by("position", "code")


def chain_lines(counts: Counts) -> list[ChainLine]:
    """All chains with their leaves, and with what is live in each of them by ``counts``."""
    counted = counts.by_node
    is_leaf = Q(nodes__is_leaf=True, nodes__retired_on__isnull=True)
    return [
        ChainLine(chain, chain.leaves, pair_at(counted, chain.code))
        for chain in chains_in_use().annotate(leaves=Count("nodes", filter=is_leaf))
    ]


def stages_of_chain(code: str) -> list[StageLines]:
    """The groups and leaves of a chain in use under their stages, in the chain's order, each with its chain."""
    counted = live_counts().by_node
    by_stage: dict[str, list[NodeLine]] = {}
    nodes = nodes_in_use().filter(chain__code=code, chain__retired_on__isnull=True, parent__isnull=False)
    for node in nodes.order_by("position", "code"):
        line = NodeLine(node, pair_at(counted, node.code), node.code.count("."))
        by_stage.setdefault(node.stage, []).append(line)
    return [StageLines(stage, tuple(by_stage[stage])) for stage in STAGE_ORDER if stage in by_stage]


def count_of_chain(chain: IndustryChain, place: str) -> Pair:
    """What is live in a chain in one province, or in both where ``place`` names none."""
    return pair_at(live_counts().by_chain_and_province, f"{chain.code} {place}") if place else count_at(chain.code)


def count_at(code: str) -> Pair:
    """What is live in the subtree of the node or chain with ``code``."""
    return pair_at(live_counts().by_node, code)


def neighbours_of(node: ChainNode) -> Neighbours:
    """What supplies the node and what it supplies, along the links of the chain."""
    links = list(links_of(node))
    suppliers = (link.supplier for link in links if link.consumer_id == node.pk)
    consumers = (link.consumer for link in links if link.supplier_id == node.pk)
    return Neighbours(tuple(suppliers), tuple(consumers))


def chain_flows() -> list[ChainFlow]:
    """Needs and capacities of each chain on either side of the border."""
    counted = live_counts().by_chain_and_province
    return [
        ChainFlow(chain, *(pair_at(counted, f"{chain.code} {province}") for province in PROVINCES))
        for chain in chains_in_use()
    ]
