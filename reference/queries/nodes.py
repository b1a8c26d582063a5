"""Industrial chains and their nodes: by code, by subtree, by path."""

from collections.abc import Iterable

from reference.models import ChainLink, ChainNode, IndustryChain
from reference.querysets import ChainLinkQuerySet, ChainNodeQuerySet, ReferenceQuerySet


def chains_in_use() -> ReferenceQuerySet:
    """The chains that may be chosen, in their order."""
    return IndustryChain.objects.in_use()


def chain_by_code(code: str) -> IndustryChain | None:
    """The chain with this code, retired or not."""
    return IndustryChain.objects.filter(code=code).first()


def chain_by_slug(slug: str) -> IndustryChain | None:
    """The chain with this slug, retired or not."""
    return IndustryChain.objects.filter(slug=slug).first()


def nodes_in_use() -> ChainNodeQuerySet:
    """All nodes that may be chosen, in the order of their chain, chains filled."""
    return ChainNode.objects.filter(retired_on__isnull=True).select_related("chain")


def leaves_in_use() -> ChainNodeQuerySet:
    """Those of them that no other stands below."""
    return nodes_in_use().filter(is_leaf=True)


def node_by_code(code: str) -> ChainNode | None:
    """The node with this code, retired or not."""
    return ChainNode.objects.select_related("chain", "parent").filter(code=code).first()


def is_whole_chain(node: ChainNode) -> bool:
    """Whether this is the head of a chain with parts below: fit for filters, too broad to be matched with."""
    return node.parent_id is None and not node.is_leaf


def nodes_by_codes(codes: Iterable[str]) -> ChainNodeQuerySet:
    """The nodes with these codes, retired ones included; unknown codes are left out."""
    return ChainNode.objects.filter(code__in=list(codes)).select_related("chain")


def node_subtree(code: str) -> ChainNodeQuerySet:
    """The node with ``code`` and all below it, retired ones included, for old rows stand there too."""
    return ChainNode.objects.subtree(code)


def node_path(code: str) -> ChainNodeQuerySet:
    """The nodes from the head of the chain down to ``code``, in that order."""
    parts = code.split(".")
    return ChainNode.objects.filter(code__in=[".".join(parts[:n]) for n in range(1, len(parts) + 1)]).order_by("code")


def links_of(node: ChainNode) -> ChainLinkQuerySet:
    """What the node supplies and what supplies it, both ends filled with their chains."""
    links = ChainLink.objects.filter(retired_on__isnull=True).select_related("supplier__chain", "consumer__chain")
    return links.filter(supplier=node) | links.filter(consumer=node)


def links_among(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Who supplies whom among the nodes with these codes, as pairs of codes."""
    wanted = list(codes)
    links = ChainLink.objects.filter(retired_on__isnull=True, supplier__code__in=wanted, consumer__code__in=wanted)
    return list(links.order_by("pk").values_list("supplier__code", "consumer__code"))
