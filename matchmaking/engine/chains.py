"""How close two nodes of the industrial chains are, over the tree and over supply links."""

import numpy as np

from matchmaking.engine.types.columns import Ints
from matchmaking.engine.types.rows import Taxonomy

SAME = 10_000
NARROWER = (8_500, 7_000, 5_500)
"""The capacity stands one, two or three steps below the node asked for: a speciality of it."""
BROADER = (7_500, 5_000)
"""The capacity stands one or two steps above the node asked for: it may or may not do this."""
FITTING = 5_000
"""From here on a node is an answer; anything less is only near."""
SIBLING, LINKED = 2_000, 1_500
"""Another node under the same parent (chain roots apart), and a neighbour by a supply link: near, never an answer."""


def closeness_of(need: str, capacity: str, taxonomy: Taxonomy) -> int:
    """Closeness of one pair of node codes, 0 to 10,000. A chain's root is too broad to stand for what is below it."""
    if need == capacity:
        return SAME
    if need not in taxonomy.node_index or capacity not in taxonomy.node_index:
        return 0
    if capacity.startswith(f"{need}.") and "." in need:
        return NARROWER[min(capacity.count(".") - need.count("."), len(NARROWER)) - 1]
    if need.startswith(f"{capacity}.") and "." in capacity:
        steps = need.count(".") - capacity.count(".")
        return BROADER[steps - 1] if steps <= len(BROADER) else SIBLING
    parent = need.rpartition(".")[0]
    if parent == capacity.rpartition(".")[0] and "." in parent:
        return SIBLING
    return LINKED if (need, capacity) in _links(taxonomy) else 0


def closeness_table(taxonomy: Taxonomy) -> Ints:
    """Closeness of all pairs, (nodes, nodes), need by capacity, in the order of ``taxonomy.nodes``."""
    codes = [node.code for node in taxonomy.nodes]
    place = taxonomy.node_index
    table = np.zeros((len(codes), len(codes)), dtype=np.int64)
    for one, other in taxonomy.links:
        if one in place and other in place:
            table[place[one], place[other]] = table[place[other], place[one]] = LINKED
    families: dict[str, list[str]] = {}
    for code in codes:
        families.setdefault(code.rpartition(".")[0], []).append(code)
    for need in codes:
        parts = need.split(".")
        relatives = families.get(need.rpartition(".")[0], []) + [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
        for capacity in relatives:
            if capacity in place:
                near = closeness_of(need, capacity, taxonomy)
                table[place[need], place[capacity]] = max(near, table[place[need], place[capacity]])
        for broader in (".".join(parts[:n]) for n in range(2, len(parts))):
            if broader in place:
                table[place[broader], place[need]] = closeness_of(broader, need, taxonomy)
    table.setflags(write=False)
    return table


def _links(taxonomy: Taxonomy) -> frozenset[tuple[str, str]]:
    cached = taxonomy.__dict__.get("both_ways")
    if cached is None:
        cached = frozenset(taxonomy.links) | frozenset((consumer, supplier) for supplier, consumer in taxonomy.links)
        taxonomy.__dict__["both_ways"] = cached
    return cached
