"""How good the text part of the matcher is: judged sets of queries and candidates, by the live ranking."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.evaluation import (
    TEXT_ALONE,
    WORDS_ALONE,
    measure,
    paired_difference,
    text_rankings,
    worst_queries,
)
from matchmaking.matching.services.rows import load_taxonomy

SCENARIOS = "scenarios.json"
"""A set with this file, or one that is a JSON file, is put to the whole engine."""


def set_named(name: str) -> Path:
    """A set by its folder or file, else by the name of one that comes with the product. Raises OSError."""
    known = Path(settings.BASE_DIR) / "fixtures"
    places = (Path(name), known / "evaluation" / name, known / "demo" / f"{name}.json")
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise FileNotFoundError(name)
    file = found / SCENARIOS
    return file if found.is_dir() and file.exists() else found


def evaluate_set(*, folder: Path, system: str = "current", judged_only: bool = False, by: str = "") -> dict[str, Any]:
    """nDCG@10, MRR and recall@10 of the text part on a set of queries, candidates and grades, with intervals.

    ``system`` "no-encoder" leaves meaning out, "lexical" leaves all but words out; the difference to it is paired.
    ``judged_only`` ranks only candidates with a grade; ``by`` also measures by sector, lang or trap. Raises OSError,
    ValueError or KeyError for a set that is none.
    """
    asked = _lines(folder / "queries.jsonl")
    queries = {row["query_id"]: row["text"] for row in asked}
    candidates = {row["candidate_id"]: row["text"] for row in _lines(folder / "candidates.jsonl")}
    qrels = _lines(folder / "qrels.jsonl")
    grades: dict[str, dict[str, int]] = {}
    for row in qrels:
        grades.setdefault(row["query_id"], {})[row["candidate_id"]] = int(row["grade"])
    encoder = encoder_named(settings.MATCH_ENCODER if system == "current" else "null")
    taxonomy, weights = load_taxonomy(), WORDS_ALONE if system == "lexical" else TEXT_ALONE
    encoder.encode(["."])
    started = time.process_time()
    rankings = text_rankings(queries, candidates, taxonomy, encoder, weights=weights)
    spent = time.process_time() - started
    words = text_rankings(queries, candidates, taxonomy, encoder_named("null"), weights=WORDS_ALONE)
    if judged_only:
        rankings, words = (_judged(ranked, grades) for ranked in (rankings, words))
    groups = _groups(asked, qrels, by)
    told = {
        name: {measure_name: asdict(value) for measure_name, value in measure(rankings, group).items()}
        for name, group in ({"": grades} | groups).items()
    }
    return {
        "set": folder.name,
        "system": system,
        "encoder": f"{encoder.name} {encoder.version}",
        "queries": len(queries),
        "candidates": len(candidates),
        "ms_a_query": round(1000 * spent / max(len(queries), 1), 2),
        "measures": told.pop(""),
        "to_lexical": asdict(paired_difference(rankings, words, grades)),
        "by": told,
        "worst": worst_queries(rankings, grades),
        "rankings": rankings,
    }


def _judged(rankings: Mapping[str, list[str]], grades: Mapping[str, Mapping[str, int]]) -> dict[str, list[str]]:
    return {query: [key for key in ranked if key in grades.get(query, {})] for query, ranked in rankings.items()}


def _groups(asked: list[dict[str, Any]], qrels: list[dict[str, Any]], by: str) -> dict[str, dict[str, dict[str, int]]]:
    """Grades by group: of a query's sector or language, or only the candidates judged with one trap."""
    field = {row["query_id"]: str(row.get(by, "")) for row in asked} if by in {"sector", "lang"} else {}
    groups: dict[str, dict[str, dict[str, int]]] = {}
    for row in qrels if by else []:
        name = str(row.get("trap", "")) if by == "trap" else field.get(row["query_id"], "")
        groups.setdefault(name, {}).setdefault(row["query_id"], {})[row["candidate_id"]] = int(row["grade"])
    return dict(sorted(groups.items()))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
