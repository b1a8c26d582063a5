"""The ranking in use: every candidate judged at once in columns, exactly as ``oracle`` defines it.

Only postings whose nodes are near at all are looked at. Text, the dearest factor, is computed for pairs that can be
shown. Rows of the snapshot and rows changed since are judged by the same code and merged.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.reasons import Reason
from matchmaking.engine.kernels.lists import rank_compiled
from matchmaking.engine.kernels.readiness import is_ready
from matchmaking.engine.scoring.building import KEY
from matchmaking.engine.scoring.factors import Pairs, Side, parts_of, verdicts
from matchmaking.engine.scoring.questions import Asked, question_of, rows_apart, stored_question
from matchmaking.engine.scoring.texts import text_channels, text_fits
from matchmaking.engine.text.blending import blended_columns
from matchmaking.engine.text.manner import crossings
from matchmaking.engine.types.columns import Block, Flags, Ints, Market
from matchmaking.engine.types.results import (
    BIT,
    CHANNELS,
    FACTORS,
    MATCHES,
    MUSTS,
    NEAR_MISSES,
    NEIGHBOURS,
    SILENT,
    WEIGHTS,
    Ranked,
    RankedLists,
    Weights,
)
from matchmaking.engine.types.rows import PostingRow

NODE = BIT[Reason.GAP_NODE_MISMATCH]
POPULATION = np.array([bits.bit_count() for bits in range(1 << len(MUSTS))], dtype=np.int64)
"""How many musts a verdict fails."""


class Judged:
    """Verdicts, parts and channels of all candidates, (m,), (m, 9) and (m, 4); only verdicts are filled where a row
    cannot be shown.

    ``firms`` tells a firm's alias from its name, so that what is counted never joins the two.
    """

    def __init__(self, keys: NDArray[Any], firms: Ints, bits: Ints, parts: Ints, channels: Ints) -> None:
        self.keys, self.firms, self.bits, self.parts, self.channels = keys, firms, bits, parts, channels
        self.scores = parts.sum(axis=1)

    @classmethod
    def merged(cls, several: "list[Judged]") -> "Judged":
        """All candidates of several blocks."""
        return cls(
            np.concatenate([one.keys for one in several]),
            np.concatenate([one.firms for one in several]),
            np.concatenate([one.bits for one in several]),
            np.concatenate([one.parts for one in several]),
            np.concatenate([one.channels for one in several]),
        )

    def best_per_firm(self, chosen: Ints, limit: int) -> tuple[list[Ranked], Ints]:
        """Best of each firm among ``chosen`` places: the first ``limit`` of them, and all these firms (f,)."""
        order = chosen[np.lexsort((self.keys[chosen], -self.scores[chosen], POPULATION[self.bits[chosen]]))]
        firms, firsts, counts = np.unique(self.firms[order], return_index=True, return_counts=True)
        ranks = np.argsort(firsts)[:limit]
        return [self._ranked(int(order[firsts[rank]]), int(counts[rank]) - 1) for rank in ranks], firms

    def _ranked(self, at: int, more: int) -> Ranked:
        parts = tuple(int(part) for part in self.parts[at])
        firm, alias = divmod(int(self.firms[at]), 2)
        channels = tuple(self.channels[at].tolist())
        return Ranked(self.keys[at].decode(), firm, sum(parts), parts, int(self.bits[at]), more, bool(alias), channels)


def rank(
    asker: PostingRow,
    market: Market,
    *,
    today: date,
    weights: Weights = WEIGHTS,
    limit: int = MATCHES,
    others_under: int | None = None,
    fit_only: bool = False,
    excluded: Collection[str] = frozenset(),
    readers: Collection[int] = frozenset(),
) -> RankedLists:
    """Best counterparts of ``asker``, one per firm, near misses, neighbours along the chain, and what was dropped.

    Both directions: a need asks capacities, a capacity asks needs; a pair's verdict and score are the same from either
    side. ``excluded`` keys, postings hidden from the asker or from another firm among ``readers``, the asker's own
    firm, postings not open to the asker's firm yet, and named postings of firms that the asker hides from are silently
    absent; what an asker hides changes nothing about an alias. An asker that is not open yet meets named postings of
    the firms that it asks first. ``fit_only`` leaves the load out. Near misses and neighbours are listed where fewer
    than ``others_under`` firms fit. Order: score, then public key.
    """
    question = question_of(
        asker, market, today=today, weights=weights, fit_only=fit_only, excluded=excluded, readers=readers
    )
    return _ranked(question, market, limit, others_under)


def rank_briefly(
    key: str, market: Market, *, today: date, excluded: Collection[str] = frozenset(), limit: int = MATCHES
) -> RankedLists | None:
    """What ``rank`` says for a posting of the market itself, much quicker: near misses and neighbours only where
    nothing matches. None for a key that the market does not hold.
    """
    question = stored_question(key, market, today=today, excluded=excluded)
    return None if question is None else _ranked(question, market, limit, 1)


def _ranked(question: Asked, market: Market, limit: int, others_under: int | None) -> RankedLists:
    form = rank_compiled if is_ready() else rank_in_columns
    return form(question, market, limit, others_under=others_under)


def rank_in_columns(
    question: Asked, market: Market, limit: int = MATCHES, *, others_under: int | None = None
) -> RankedLists:
    """The same lists from numpy alone, every candidate judged at once: used where nothing is compiled yet."""
    judged = _all_judged(question, market)
    matches, served = judged.best_per_firm(np.flatnonzero(judged.bits == 0), limit)
    unserved = ~np.isin(judged.firms, served)
    if others_under is not None and len(served) >= others_under:
        are_left = bool((unserved & (_near(judged.bits) | (judged.bits == NODE))).any())
        return RankedLists(tuple(matches), (), (), _dropped(judged), len(served), are_left)
    near_misses, _ = judged.best_per_firm(np.flatnonzero(unserved & _near(judged.bits)), NEAR_MISSES)
    neighbours, _ = judged.best_per_firm(np.flatnonzero(unserved & (judged.bits == NODE)), NEIGHBOURS)
    return RankedLists(tuple(matches), tuple(near_misses), tuple(neighbours), _dropped(judged), len(served))


def least_failing(key: str, market: Market, *, today: date) -> tuple[Reason, ...] | None:
    """Musts that the nearest counterpart of a posting of the market fails, in the order of ``MUSTS``.

    None of them where one fits, the node alone where nobody stands at a node that does. Nearest is who fails fewest,
    and of those equally near who fails the earliest musts. None for a key that the market does not hold.
    """
    question = stored_question(key, market, today=today)
    if question is None:
        return None
    blocks = [(market.base, market.alive), (market.delta, np.ones(len(market.delta), dtype=np.bool_))]
    told = [
        verdicts(_pairs(question, block, *_candidates(question, block, alive))) for block, alive in blocks if len(block)
    ]
    bits = np.concatenate(told)
    bits = bits[(bits & NODE) == 0]
    if not len(bits):
        return (Reason.GAP_NODE_MISMATCH,)
    least = int(bits[np.lexsort((bits, POPULATION[bits]))[0]])
    return tuple(must for must in MUSTS if least & BIT[must])


def failing_one(question: Asked, market: Market, limit: int) -> dict[Reason, list[str]]:
    """Keys of at most ``limit`` postings that fail one must alone, best first, by that must.

    Postings of firms that fit with another one, and other products, are left out.
    """
    judged = _all_judged(question, market)
    served = np.unique(judged.firms[judged.bits == 0])
    unserved = ~np.isin(judged.firms, served)
    found = {}
    for must in MUSTS:
        places = np.flatnonzero(unserved & (judged.bits == BIT[must]) & (judged.bits != NODE))
        best = places[np.lexsort((judged.keys[places], -judged.scores[places]))[:limit]]
        found[must] = [key.decode() for key in judged.keys[best]]
    return {must: keys for must, keys in found.items() if keys}


def _all_judged(question: Asked, market: Market) -> Judged:
    blocks = [(market.base, market.alive), (market.delta, np.ones(len(market.delta), dtype=np.bool_))]
    return Judged.merged([_judged(question, block, alive) for block, alive in blocks])


def _near(bits: Ints) -> Flags:
    failed = POPULATION[bits]
    return ((bits & NODE) == 0) & (failed >= 1) & (failed <= 2)


def _dropped(judged: Judged) -> tuple[tuple[Reason, int], ...]:
    counts = ((must, len(np.unique(judged.firms[(judged.bits & BIT[must]) != 0]))) for must in MUSTS)
    return tuple((must, firms) for must, firms in counts if firms)


def _candidates(question: Asked, block: Block, alive: Flags) -> tuple[Ints, Ints]:
    """Rows of ``block`` that the asker may see and whose nodes are near at all, and that closeness; (m,) both."""
    columns, mine, near = block.columns, question.mine, question.near
    closeness = near[columns["node"]]
    further = block.lists["further"]
    if len(further.columns["node"]):
        owners = np.repeat(np.arange(len(block)), np.diff(further.starts))
        np.maximum.at(closeness, owners, near[further.columns["node"]])
    seen = alive & (closeness > 0) & (columns["direction"] != mine.columns["direction"][0])
    seen &= columns["enterprise"] != mine.columns["enterprise"][0]
    seen &= ~np.isin(columns["firm"], 2 * mine.lists["hidden"].columns["enterprise"])
    hidden = block.lists["hidden"]
    against = np.flatnonzero(np.isin(hidden.columns["enterprise"], list(question.readers)))
    seen[np.searchsorted(hidden.starts, against, side="right") - 1] = False
    seen[rows_apart(question, block)] = False
    rows = np.flatnonzero(seen)
    if question.excluded:
        rows = rows[~np.isin(columns["key"][rows], np.array(sorted(question.excluded), dtype=KEY))]
    return rows, closeness[rows]


def _judged(question: Asked, block: Block, alive: Flags) -> Judged:
    rows, closeness = _candidates(question, block, alive)
    bits = verdicts(_pairs(question, block, rows, closeness))
    shown = np.flatnonzero((bits == 0) | (bits == NODE) | _near(bits))
    channels = np.full((len(rows), len(CHANNELS)), SILENT, dtype=np.int64)
    channels[shown] = text_channels(question, block, rows[shown])
    across = crossings(question.manner, block.columns["manner"][rows[shown]])
    fits = text_fits(question, block, rows[shown])
    text = blended_columns(channels[shown], question.weights.channels, across, fits)
    pairs = _pairs(question, block, rows[shown], closeness[shown])
    parts = np.zeros((len(rows), len(FACTORS)), dtype=np.int64)
    parts[shown] = parts_of(pairs, text, question.weights, fit_only=question.fit_only)
    return Judged(block.columns["key"][rows], block.columns["firm"][rows], bits, parts, channels)


def _pairs(question: Asked, block: Block, rows: Ints, closeness: Ints) -> Pairs:
    me, others = Side(question.mine, np.zeros(len(rows), dtype=np.int64)), Side(block, rows)
    need, capacity = (me, others) if question.needs else (others, me)
    return Pairs(need, capacity, closeness, question.today.toordinal())
