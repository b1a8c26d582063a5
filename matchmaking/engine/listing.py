"""What a list of live postings shows and how many postings each value of its filters would leave, from the columns.

The reader's own view decides first: what is hidden from one of their firms is neither listed nor counted.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np

from common.values import RegionCode
from matchmaking.engine.constraints import day_number
from matchmaking.engine.scoring.building import DIRECTIONS, KEY
from matchmaking.engine.scoring.indexing import rows_hidden_from, rows_not_open
from matchmaking.engine.types.columns import OPEN_END, OPEN_START, UNKNOWN, Block, Flags, Ints, Market
from matchmaking.engine.types.results import FIRMS_SHOWN
from matchmaking.engine.types.rows import Taxonomy, code_number

CHAIN, NODE, REGION, SUBJECT, CERTIFICATES = FACETS = ("chain", "node", "region", "subject", "certificates")
"""The filters whose values are counted; each is counted with all filters but itself."""
SAMPLED = 200
"""Rows of a certificate whose firms are looked at first."""
SUCCESSIONS = 2
"""Changes of a region's code that a filter by region looks back over."""


@dataclass(frozen=True)
class AmountRange:
    """Least and most amount, both included, in thousandths of the row's unit; of one unit, or of any where empty."""

    unit: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Listed:
    """The filters of a list and who reads it; what is empty narrows nothing.

    ``readers`` are the firms of the reader, ``own`` those whose postings are shown whatever they are hidden from, and
    which may be asked first. ``early`` are keys of postings shown although they are not open to any of these yet, None
    for who sees all of them.
    ``keys`` are the postings that words found, None where no word was given. One of ``amounts`` must hold, where there
    are any; ``edges`` are the amounts that alone the reader tells apart, in thousandths, empty for all.
    """

    today: date
    direction: str = ""
    readers: Collection[int] = ()
    own: Collection[int] = ()
    early: Collection[str] | None = ()
    keys: Collection[str] | None = None
    chains: Sequence[str] = ()
    node: str = ""
    regions: Sequence[str] = ()
    subjects: Sequence[str] = ()
    certificates: Sequence[str] = ()
    start: date | None = None
    end: date | None = None
    amounts: Sequence[AmountRange] | None = None
    edges: Sequence[int] = ()


@dataclass
class FacetCounts:
    """Postings by value, (chain or node code, region code, subject, certificate), and all that the filters leave.

    ``few`` names certificates of capacities that fewer than three firms hold among them, none included: their count is
    not told, for the papers of a firm together would tell who stands behind an alias.
    """

    total: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    below: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    certificates: Counter[str] = field(default_factory=Counter)
    few: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offered:
    """The values whose counts are asked for; nodes at and below ``children`` count for each of these."""

    children: Sequence[str] = ()
    regions: Sequence[str] = ()
    subjects: Sequence[str] = ()
    certificates: Sequence[str] = ()


def listed_keys(asked: Listed, market: Market) -> set[str]:
    """Keys of the live postings that the reader sees under all filters."""
    found: set[str] = set()
    for block, alive in _blocks(market):
        flags = _seen(asked, block, alive)
        for one in _filters(asked, block, market.taxonomy).values():
            flags &= one
        found.update(key.decode() for key in block.columns["key"][flags])
    return found


def facet_counts(asked: Listed, offered: Offered, market: Market) -> FacetCounts:
    """How many postings each offered value would show with the other filters as they are."""
    counts = FacetCounts()
    firms: dict[str, set[int]] = {code: set() for code in offered.certificates}
    for block, alive in _blocks(market):
        _count(asked, offered, market.taxonomy, block, alive, counts, firms)
    if asked.direction != "need":
        counts.few = frozenset(code for code, holders in firms.items() if len(holders) < FIRMS_SHOWN)
    return counts


def _blocks(market: Market) -> tuple[tuple[Block, Flags], tuple[Block, Flags]]:
    return (market.base, market.alive), (market.delta, np.ones(len(market.delta), dtype=np.bool_))


def _seen(asked: Listed, block: Block, alive: Flags) -> Flags:
    """Rows of one direction that are not over, and neither hidden from the reader nor open to others alone, (n,)."""
    columns = block.columns
    seen: Flags = alive & (columns["end"] >= asked.today.toordinal())
    if asked.direction:
        seen &= columns["direction"] == DIRECTIONS[asked.direction]
    seen[rows_hidden_from(block, asked.readers, asked.own)] = False
    if asked.early is not None:
        seen[unless_named(asked.early, block, rows_not_open(block, asked.own, asked.today.toordinal()))] = False
    if asked.keys is not None:
        seen &= _named(asked.keys, block)
    if asked.start is not None:
        seen &= columns["end"] >= day_number(asked.start, OPEN_START)
    if asked.end is not None:
        seen &= columns["start"] <= day_number(asked.end, OPEN_END)
    if asked.amounts is not None:
        seen &= _amounts(asked, block)
    return seen


def unless_named(keys: Collection[str], block: Block, rows: Ints) -> Ints:
    """Those of ``rows`` that have none of ``keys``."""
    if not keys or not len(rows):
        return rows
    return rows[~np.isin(block.columns["key"][rows], np.array(sorted(keys), dtype=KEY))]


def _named(keys: Collection[str], block: Block) -> Flags:
    flags = np.zeros(len(block), dtype=np.bool_)
    if len(block) and keys:
        names, by_key = block.columns["key"], block.columns["by_key"]
        wanted = np.array(list(keys), dtype=KEY)
        places = np.minimum(np.searchsorted(names, wanted, sorter=by_key), len(block) - 1)
        rows = by_key[places]
        flags[rows[names[rows] == wanted]] = True
    return flags


def _amounts(asked: Listed, block: Block) -> Flags:
    amounts = block.columns["amount"]
    if asked.edges:
        edges = np.array(asked.edges, dtype=np.int64)
        amounts = edges[np.maximum(np.searchsorted(edges, amounts, side="right") - 1, 0)] * (amounts >= edges[0])
    flags = np.zeros(len(block), dtype=np.bool_)
    for one in asked.amounts or ():
        here = np.ones(len(block), dtype=np.bool_)
        if one.unit:
            here &= block.columns["unit"] == code_number(one.unit)
        if one.least is not None:
            here &= amounts >= one.least
        if one.most is not None:
            here &= amounts <= one.most
        flags |= here
    return flags


def _filters(asked: Listed, block: Block, taxonomy: Taxonomy) -> dict[str, Flags]:
    """What each filter in use that is counted leaves, (n,) each."""
    columns, found = block.columns, {}
    if asked.chains:
        found[CHAIN] = _below(tuple(asked.chains), taxonomy)[columns["node"]]
    if asked.node:
        table = _below((asked.node,), taxonomy)
        found[NODE] = table[columns["node"]].copy()
        owners, nodes = _further(block)
        found[NODE][owners[table[nodes]]] = True
    if asked.regions:
        codes = {code for region in asked.regions for code in regions_within(region, taxonomy)}
        found[REGION] = np.isin(columns["stated"], [int(code) for code in codes])
    if asked.subjects:
        found[SUBJECT] = np.isin(columns["subject"], [code_number(subject) for subject in asked.subjects])
    if asked.certificates:
        found[CERTIFICATES] = np.ones(len(block), dtype=np.bool_)
        for code in asked.certificates:
            having = np.zeros(len(block), dtype=np.bool_)
            having[_papers(asked, block, [code])[0]] = True
            found[CERTIFICATES] &= having
    return found


def _count(
    asked: Listed,
    offered: Offered,
    taxonomy: Taxonomy,
    block: Block,
    alive: Flags,
    counts: FacetCounts,
    firms: dict[str, set[int]],
) -> None:
    """Add the rows of one block to ``counts``, and the holders of each certificate to ``firms``."""
    seen, filters, columns = _seen(asked, block, alive), _filters(asked, block, taxonomy), block.columns

    def left_by_others(facet: str) -> Flags:
        flags = seen.copy()
        for name, one in filters.items():
            if name != facet:
                flags &= one
        return flags

    counts.total += int(left_by_others("").sum())
    rows = np.flatnonzero(left_by_others(CHAIN))
    _add(counts.nodes, columns["node"][rows], {at: node.code for at, node in enumerate(taxonomy.nodes)})
    for place, number in _of_children(offered.children, taxonomy, block, left_by_others(NODE)):
        counts.below[offered.children[place]] += number
    stated: Counter[str] = Counter()
    _add(stated, columns["stated"][left_by_others(REGION)], None)
    for region in offered.regions:
        counts.regions[region] += sum(stated[code] for code in regions_within(region, taxonomy) if code in stated)
    here = columns["subject"][left_by_others(SUBJECT)]
    for subject in offered.subjects:
        counts.subjects[subject] += int((here == code_number(subject)).sum())
    if offered.certificates:
        having, places = _papers(asked, block, offered.certificates)
        held = np.zeros((len(block), len(offered.certificates)), dtype=np.bool_)
        held[having, places] = True
        held &= left_by_others(CERTIFICATES)[:, None]
        for place, code in enumerate(offered.certificates):
            rows = np.flatnonzero(held[:, place])
            counts.certificates[code] += len(rows)
            firms[code].update(_few_firms(columns["enterprise"][rows]))


def _few_firms(enterprises: Ints) -> set[int]:
    """Enough of the firms to tell whether there are three: those of a few rows where these do, else all."""
    some = set(enterprises[:SAMPLED].tolist())
    return some if len(some) >= FIRMS_SHOWN else set(np.unique(enterprises).tolist())


def _add(counts: Counter[str], numbers: Ints, names: Mapping[int, str] | None) -> None:
    """Count equal ``numbers``, all small, under their names, or as six digits; UNKNOWN is not counted."""
    times = np.bincount(numbers + 1)
    for place in np.flatnonzero(times):
        name = f"{place - 1:06d}" if names is None else names.get(int(place) - 1)
        if name is not None:
            counts[name] += int(times[place])


def _of_children(children: Sequence[str], taxonomy: Taxonomy, block: Block, flags: Flags) -> list[tuple[int, int]]:
    """Place of each child node and rows at or below it, by their first or a further node, each once."""
    if not children:
        return []
    child_of = np.full(len(taxonomy.nodes) + 1, UNKNOWN, dtype=np.int64)
    for place, child in enumerate(children):
        child_of[_below((child,), taxonomy)] = place
    owners, nodes = _further(block)
    rows = np.concatenate([np.arange(len(block), dtype=np.int64), owners])
    places = np.concatenate([child_of[block.columns["node"]], child_of[nodes]])
    counted = (places != UNKNOWN) & flags[rows]
    pairs = np.unique(rows[counted] * len(children) + places[counted])
    return list(enumerate(np.bincount(pairs % len(children), minlength=len(children)).tolist()))


def _further(block: Block) -> tuple[Ints, Ints]:
    """Row and node of every further node."""
    further = block.lists["further"]
    return np.repeat(np.arange(len(block), dtype=np.int64), np.diff(further.starts)), further.columns["node"]


def _papers(asked: Listed, block: Block, codes: Sequence[str]) -> tuple[Ints, Ints]:
    """Row, and place among ``codes``, of every certificate that a need asks for or a capacity's firm holds today."""
    numbers = np.array([code_number(code) for code in codes], dtype=np.int64)
    order = np.argsort(numbers)
    rows, places = [], []
    for name in ("asked_certificates", "held_certificates"):
        papers = block.lists[name]
        spots = np.minimum(np.searchsorted(numbers[order], papers.columns["code"]), len(codes) - 1)
        known = numbers[order][spots] == papers.columns["code"]
        if name == "held_certificates":
            known &= papers.columns["until"] >= asked.today.toordinal()
        at = np.flatnonzero(known)
        rows.append(np.searchsorted(papers.starts, at, side="right") - 1)
        places.append(order[spots[at]])
    return np.concatenate(rows), np.concatenate(places)


@lru_cache(maxsize=512)
def _below(codes: tuple[str, ...], taxonomy: Taxonomy) -> Flags:
    """Which nodes stand at or below one of ``codes``, (nodes + 1,); the last place is that of an unknown node."""
    heads = tuple(f"{code}." for code in codes)
    return np.array([*(f"{node.code}.".startswith(heads) for node in taxonomy.nodes), False], dtype=np.bool_)


@lru_cache(maxsize=1024)
def regions_within(region: str, taxonomy: Taxonomy) -> frozenset[str]:
    """Codes of the region, of all inside it, and of closed ones that went into any of these (two changes back)."""
    stem = RegionCode(region).stem
    found = set()
    for one in taxonomy.regions:
        code, steps = one.code, SUCCESSIONS
        while not code.startswith(stem) and steps and (known := taxonomy.region_of.get(code)) and known.successor:
            code, steps = known.successor, steps - 1
        if code.startswith(stem):
            found.add(one.code)
    return frozenset(found)
