"""A ranking with its words: what the pages and the API show."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from matchmaking.engine.constraints import masked
from matchmaking.engine.explanation.hints import lifting, raising
from matchmaking.engine.explanation.wording import Seen, gaps_for, reasons_for
from matchmaking.engine.oracle import World, judge
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.text.words import shared_terms
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import (
    ENGINE_VERSION,
    FACTORS,
    FIRMS_SHOWN,
    MATCHES,
    WEIGHTS,
    Dropped,
    Match,
    Part,
    Ranked,
    Ranking,
    Weights,
    grade_of,
)
from matchmaking.engine.types.rows import PostingRow

Seeable = Callable[[Sequence[str]], Collection[str]]
"""Tells which of the keys to be shown the asker may see; the others are left out of the ranking."""

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Question:
    """Who asks, when, and by which weights; ``readers`` are further firms of whoever reads the answer.

    Of matches at most ``limit`` are told; near misses and neighbours are where fewer than ``others_under`` firms fit.
    """

    asker: PostingRow
    today: date
    weights: Weights = WEIGHTS
    limit: int = MATCHES
    others_under: int | None = None
    fit_only: bool = False
    excluded: Collection[str] = frozenset()
    readers: Collection[int] = frozenset()

    @cached_property
    def masked_asker(self) -> PostingRow:
        """The asker as words may tell it."""
        return masked(self.asker)


def answer(question: Question, market: Market, seeable: Seeable) -> Ranking:
    """The ranking for a posting with points, reasons, gaps and hints; ``seeable`` is called once."""
    lists = rank(
        question.asker,
        market,
        today=question.today,
        weights=question.weights,
        limit=max(question.limit, 1),
        others_under=question.others_under,
        fit_only=question.fit_only,
        excluded=question.excluded,
        readers=question.readers,
    )
    matches = lists.matches[: question.limit]
    keys = [pair.key for pair in (*matches, *lists.near_misses, *lists.neighbours)]
    rows, seen = rows_of(market, keys), set(seeable(keys))
    world = World(market.taxonomy, market.vocabulary, question.today)

    def words(pairs: tuple[Ranked, ...]) -> tuple[Match, ...]:
        return tuple(explained(question, rows[pair.key], pair, world) for pair in pairs if pair.key in seen)

    return Ranking(
        matches=words(matches),
        near_misses=words(lists.near_misses),
        neighbours=words(lists.neighbours),
        dropped=tuple(Dropped(reason, *told_firms(firms)) for reason, firms in lists.dropped),
        firms=lists.firms,
        others_apart=lists.others_apart,
        engine_version=ENGINE_VERSION,
        weights_version=question.weights.version,
    )


def told_firms(firms: int) -> tuple[int, str]:
    """How many firms are told, as a number (0 for fewer than FIRMS_SHOWN) and as text ("<3")."""
    return (firms, str(firms)) if firms >= FIRMS_SHOWN else (0, f"<{FIRMS_SHOWN}")


def answer_pair(question: Question, row: PostingRow, market: Market) -> Match:
    """Verdict, points and words of one pair alone, whatever its nodes: for support and for tests."""
    world = World(market.taxonomy, market.vocabulary, question.today)
    pair = judge(question.masked_asker, masked(row), world, question.weights, question.fit_only)
    return explained(question, masked(row), pair, world)


def explained(question: Question, row: PostingRow, pair: Ranked, world: World) -> Match:
    """One ranked pair with its words, told from rows whose hidden figures are masked, as ``row`` is in a market."""
    asker, other = question.masked_asker, row
    need, capacity = (asker, other) if asker.direction == "need" else (other, asker)
    seen = Seen(need, capacity, other, dict(zip(FACTORS, pair.parts, strict=True)), pair.verdict, pair.channels)
    changes = lifting(need, capacity, pair.verdict, world) if pair.verdict else raising(need, capacity, world)
    points, parts = shown_points(pair.parts, question.weights)
    return Match(
        key=pair.key,
        enterprise=pair.enterprise,
        score=pair.score,
        points=points,
        grade=grade_of(pair.score),
        parts=parts,
        reasons=reasons_for(seen, world),
        gaps=gaps_for(seen, world, question.weights),
        hints=tuple(change.hint for change in changes),
        more_from_firm=pair.more_from_firm,
        terms=tuple(shared_terms(need.text, capacity.text)),
        channels=pair.channels,
    )


def shown_points(parts: tuple[int, ...], weights: Weights) -> tuple[Decimal, tuple[Part, ...]]:
    """Points and parts with one decimal from hundredths; the rounding is shared out so that they add up exactly."""
    tenths = [part // 10 for part in parts]
    total = (sum(parts) + 5) // 10
    by_remainder = sorted(range(len(parts)), key=lambda place: (-(parts[place] % 10), place))
    for place in by_remainder[: total - sum(tenths)]:
        tenths[place] += 1
    most = (*(10 * share for share in weights.shares()), 0)
    shown = tuple(
        Part(factor, Decimal(given) * TENTH, Decimal(limit) * TENTH)
        for factor, given, limit in zip(FACTORS, tenths, most, strict=True)
    )
    return Decimal(total) * TENTH, shown
