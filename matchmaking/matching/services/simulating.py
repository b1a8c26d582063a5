"""A seeded market in which needs take the first supplier in turn: what the filter and the load penalty are worth."""

from dataclasses import dataclass, replace
from datetime import date

from matchmaking.engine.market import generated_rows
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market, with_changes
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.rows import PostingRow
from matchmaking.matching.services.rows import load_taxonomy

CROWD = "EQUIP.PROC."
"""Nodes of the simulated market: one trade, where many ask for the same."""
ROOM = 3
"""Needs that one capacity can serve in the simulation."""
BUSY_FROM = 2
"""Needs taken from which on a capacity counts as busy in the simulation; one makes it half busy."""


@dataclass(frozen=True)
class Simulated:
    """How many needs of those that anybody could serve were filled, by relevance alone and with load in the order."""

    needs: int
    by_relevance: int
    by_load: int


def simulate_load(*, needs: int, capacities: int, seed: int, today: date) -> Simulated:
    """Needs come one after another and ask the first in their list, who serves ``ROOM`` of them and no more.

    By relevance alone nobody learns that a supplier is full; else full ones are booked and busy ones lose points.
    """
    taxonomy = load_taxonomy()
    crowded = replace(taxonomy, nodes=tuple(node for node in taxonomy.nodes if node.code.startswith(CROWD)))
    rows = generated_rows(crowded, needs=needs, capacities=capacities, seed=seed, today=today)
    free = {row.key: replace(row, booked=0, load=0) for row in rows if row.direction == "capacity"}
    market = build_market(list(free.values()), taxonomy)
    askers = [row for row in rows if row.direction == "need"]
    served = [asker for asker in askers if rank(asker, market, today=today, limit=1).matches]
    return Simulated(len(served), *(_filled(served, free, market, today, with_load=load) for load in (False, True)))


def _filled(
    askers: list[PostingRow], free: dict[str, PostingRow], market: Market, today: date, *, with_load: bool
) -> int:
    taken = dict.fromkeys(free, 0)
    filled = 0
    for asker in askers:
        matches = rank(asker, market, today=today, limit=1, fit_only=not with_load).matches
        if not matches:
            continue
        key = matches[0].key
        filled += taken[key] < ROOM
        taken[key] += 1
        if with_load:
            row, is_full = free[key], taken[key] >= ROOM
            load = min(taken[key], BUSY_FROM)
            market = with_changes(market, rows=[replace(row, load=load, booked=row.quantity if is_full else 0)])
    return filled
