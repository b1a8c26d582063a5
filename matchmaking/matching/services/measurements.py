"""How fast and how good the matcher is: a seeded market timed against the definition, and judged sets evaluated."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matchmaking.engine.evaluation import measure, text_rankings
from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.market import generated_rows
from matchmaking.engine.oracle import World, rank_plainly
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.rows import PostingRow
from matchmaking.matching.services.rows import load_taxonomy

SEED = 20261124
DAY = date(2026, 12, 1)
"""Benchmarks always ask on this day, so that runs on different days rank the same."""
NEEDS = 200
DEFINED = 5
"""Questions that the slow definition answers too; it needs seconds for each."""


@dataclass(frozen=True)
class Benchmark:
    """Figures of one run, times in CPU milliseconds; ``differences`` counts answers that the definition contradicts."""

    capacities: int
    needs: int
    build_s: float
    p50_ms: Mapping[str, float]
    p99_ms: Mapping[str, float]
    ratio_p50: float
    compared: int
    differences: int


def benchmark_market(*, capacities: int, needs: int = NEEDS, seed: int = SEED) -> Benchmark:
    """Time the ranking and the explained answer of ``needs`` questions over a seeded market, beside the definition."""
    taxonomy = load_taxonomy()
    rows = generated_rows(taxonomy, needs=needs, capacities=capacities, seed=seed, today=DAY)
    started = time.perf_counter()
    market = build_market(rows, taxonomy)
    build_s = time.perf_counter() - started
    world = World(taxonomy, market.vocabulary, DAY)
    askers = rows[:needs]
    rank(askers[0], market, today=DAY)
    ranked, ranking_ms = _timed(lambda asker: rank(asker, market, today=DAY), askers)
    _, answer_ms = _timed(lambda asker: answer(Question(asker, DAY), market, list), askers)
    defined, oracle_ms = _timed(lambda asker: rank_plainly(asker, rows, world), askers[:DEFINED])
    times = {"numpy": ranking_ms, "answer": answer_ms, "oracle": oracle_ms}
    p50 = {name: _quantile(values, 50) for name, values in times.items()}
    return Benchmark(
        capacities=capacities,
        needs=needs,
        build_s=round(build_s, 2),
        p50_ms=p50,
        p99_ms={name: _quantile(values, 99) for name, values in times.items()},
        ratio_p50=round(p50["oracle"] / max(p50["numpy"], 0.001), 1),
        compared=len(defined),
        differences=sum(one != other for one, other in zip(ranked, defined, strict=False)),
    )


def evaluate_set(*, folder: Path, system: str = "current") -> dict[str, Any]:
    """nDCG@10, MRR and recall@10 of the text part on a set of queries, candidates and grades, with intervals.

    ``system`` "lexical" leaves the taxonomy's terms out. Raises OSError, ValueError or KeyError for a set that is none.
    """
    queries = {row["query_id"]: row["text"] for row in _lines(folder / "queries.jsonl")}
    candidates = {row["candidate_id"]: row["text"] for row in _lines(folder / "candidates.jsonl")}
    grades: dict[str, dict[str, int]] = {}
    for row in _lines(folder / "qrels.jsonl"):
        grades.setdefault(row["query_id"], {})[row["candidate_id"]] = int(row["grade"])
    started = time.process_time()
    rankings = text_rankings(queries, candidates, load_taxonomy(), concepts=system != "lexical")
    spent = time.process_time() - started
    measured = {name: asdict(value) for name, value in measure(rankings, grades).items()}
    return {
        "set": folder.name,
        "system": system,
        "queries": len(queries),
        "candidates": len(candidates),
        "ms_a_query": round(1000 * spent / max(len(queries), 1), 2),
        "measures": measured,
        "rankings": rankings,
    }


def _timed(act: Callable[[PostingRow], Any], askers: list[PostingRow]) -> tuple[list[Any], list[float]]:
    results, times = [], []
    for asker in askers:
        started = time.process_time()
        results.append(act(asker))
        times.append(1000 * (time.process_time() - started))
    return results, times


def _quantile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)], 3)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
