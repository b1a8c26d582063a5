"""Firms and institutes of the hydrogen chain by stage, counted live; no published figure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from accounts.choices import EnterpriseKind
from matchmaking.insights.queries.chains import StageLines
from matchmaking.insights.queries.counts import Group, live_counts
from reference.choices import Stage

Firm = tuple[int, str]
"""Key and kind."""


@dataclass(frozen=True)
class StageFirms:
    """Who has something open at one stage of the chain; ``node`` is the group whose list shows it.

    A firm that is at several stages counts at each.
    """

    stage: Stage
    node: str
    firms: Group
    institutes: Group


@dataclass(frozen=True)
class ChainFirms:
    """Firms and institutes with something open anywhere in the chain, each counted once, and by stage."""

    all: Group
    stages: tuple[StageFirms, ...]


def firms_of_chain(stages: Sequence[StageLines]) -> ChainFirms:
    """The live counts of the chain with these stages, without a query; groups under three are not told apart."""
    at_node = live_counts().firms_at
    found = {one.stage: _firms_at(one, at_node) for one in stages}
    return ChainFirms(
        _group(frozenset().union(*found.values())),
        tuple(
            StageFirms(
                one.stage,
                next(line.node.code for line in one.lines if line.depth == 1),
                _group({firm for firm in found[one.stage] if firm[1] != EnterpriseKind.INSTITUTE}),
                _group({firm for firm in found[one.stage] if firm[1] == EnterpriseKind.INSTITUTE}),
            )
            for one in stages
        ),
    )


def _firms_at(stage: StageLines, at_node: Mapping[str, frozenset[Firm]]) -> frozenset[Firm]:
    return frozenset().union(*(at_node.get(line.node.code, frozenset()) for line in stage.lines))


def _group(firms: Set[Firm]) -> Group:
    return Group(len(firms), len(firms))
