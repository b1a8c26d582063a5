"""How fast and how good the matcher is: a seeded market timed against the definition, and judged sets evaluated."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matchmaking.engine.evaluation import measure, text_rankings
from matchmaking.matching.services.rows import load_taxonomy


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


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
