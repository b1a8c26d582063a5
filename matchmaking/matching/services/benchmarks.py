"""How fast the matcher is: a seeded market asked by the compiled form, the plain one, and what else one would use."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.kernels.lists import rank_compiled
from matchmaking.engine.kernels.readiness import make_ready
from matchmaking.engine.kernels.scanning import bytes_touched, megabytes, region_rows, scanned
from matchmaking.engine.market import generated_rows
from matchmaking.engine.oracle import World, rank_plainly
from matchmaking.engine.ranking import rank_in_columns
from matchmaking.engine.scoring.building import build_market, with_changes
from matchmaking.engine.scoring.questions import Asked, asked_of
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import MATCHES
from matchmaking.engine.types.rows import PostingRow, Taxonomy
from matchmaking.matching.services.memory import second_worker_mb, share_mb
from matchmaking.matching.services.rivals import RIVALS, Ask, Told, Unavailable
from matchmaking.matching.services.rows import load_taxonomy

SEED = 20261124
DAY = date(2026, 12, 1)
"""Benchmarks always ask on this day, so that runs on different days rank the same."""
NEEDS = 200
DEFINED = 2
"""Questions that the definition answers too; it needs seconds for each."""
SLOW = 20
"""Questions put to a rival that needs long for each."""
CHANGED = 10_000
DIMENSIONS = 512
"""Those of the encoder in use by default."""
ROUNDS = 3
BANDWIDTH_MEGABYTES = 256


@dataclass(frozen=True)
class Benchmark:
    """Figures of one run, times in CPU milliseconds but for databases in other processes, which are timed by the clock.

    ``differences`` counts the needs whose lists the two forms, the full scan or the definition do not agree on;
    ``missing`` says of rivals that did not run what they want. ``pss_mb`` is this process with the market's arrays, its
    plain rows and the compiled code, before plain forms and rivals; ``second_worker_mb`` is the private memory of the
    second of two workers without encoder that answered the questions from a snapshot: the whole, and the part that came
    with market and questions (0 where the system does not tell).
    """

    capacities: int
    needs: int
    dimensions: int
    build_s: float
    compile_s: float
    p50_ms: Mapping[str, float]
    p99_ms: Mapping[str, float]
    queries_s: Mapping[str, float]
    ratio_p50: Mapping[str, float]
    compared: int
    differences: int
    pss_mb: float
    second_worker_mb: Mapping[str, float]
    recall_text_first: float
    over_bandwidth: float
    delta_ratio: float
    questions: Mapping[str, int]
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """A seeded market and its needs, ready to be asked."""

    taxonomy: Taxonomy
    rows: Sequence[PostingRow]
    market: Market
    needs: Sequence[PostingRow]
    questions: Sequence[Asked]


def benchmark_market(
    *,
    capacities: int,
    needs: int = NEEDS,
    seed: int = SEED,
    against: Sequence[str] = (),
    dimensions: int = DIMENSIONS,
) -> Benchmark:
    """Time ``needs`` questions over a seeded market in one run, each form and rival after the other.

    Texts have an invented meaning of so many ``dimensions``; with none they are compared by words and terms alone.
    """
    compile_s = _compile_s()
    course, build_s = _course(capacities, needs, seed, dimensions)
    times: dict[str, list[float]] = {}
    scanned(course.questions[0], course.market, MATCHES)
    ask = partial(rank_compiled, market=course.market, limit=MATCHES)
    compiled, times["kernels"] = _best_of(ask, course.questions)
    alone, times["matches"] = _best_of(partial(ask, others_under=1), course.questions)
    pss = share_mb()
    plain, times["numpy"] = _timed(lambda one: rank_in_columns(one, course.market, MATCHES), course.questions)
    full, times["full-scan"] = _timed(lambda one: scanned(one, course.market, MATCHES), course.questions)
    _, times["prepare"] = _timed(lambda row: asked_of(row, course.market, today=DAY), course.needs)
    _, times["answer"] = _timed(lambda row: answer(Question(row, DAY), course.market, list), course.needs)
    world = World(course.taxonomy, course.market.vocabulary, DAY)
    few = course.needs[: DEFINED if capacities > DEFINED * NEEDS else len(course.needs)]
    defined, times["oracle"] = _timed(lambda row: rank_plainly(row, course.rows, world), few)
    wrong = _wrong(compiled, alone, plain, full, defined)
    missing = _rivals(course, against, times)
    p50 = {name: _quantile(values, 50) for name, values in times.items()}
    return Benchmark(
        capacities=capacities,
        needs=needs,
        dimensions=dimensions,
        build_s=build_s,
        compile_s=compile_s,
        p50_ms=p50,
        p99_ms={name: _quantile(values, 99) for name, values in times.items()},
        queries_s={name: round(1000 * len(values) / max(sum(values), 0.001), 2) for name, values in times.items()},
        ratio_p50={name: round(value / max(p50["kernels"], 0.001), 1) for name, value in p50.items()},
        compared=len(compiled),
        differences=len(wrong),
        pss_mb=pss,
        second_worker_mb=second_worker_mb(market=course.market, keys=_keys(course), day=DAY)._asdict(),
        recall_text_first=_recall(compiled, [set(first) for _, first in full]),
        over_bandwidth=_over_bandwidth(course, sum(times["kernels"])),
        delta_ratio=_with_delta(course, sum(times["kernels"])),
        questions={name: len(values) for name, values in times.items()},
        missing=missing,
    )


def _wrong(
    compiled: Sequence[Any], alone: Sequence[Any], plain: Sequence[Any], full: Sequence[Any], defined: Sequence[Any]
) -> set[int]:
    """Places of the questions that the forms, the matches alone, the full scan or the definition do not agree on."""
    places = range(len(compiled))
    wrong = {at for at in places if compiled[at] != plain[at] or keys_of(compiled[at]) != full[at][0]}
    wrong |= {at for at in places if alone[at].matches != compiled[at].matches}
    return wrong | {at for at, one in enumerate(defined) if one != compiled[at]}


def keys_of(lists: Any) -> list[str]:
    """Keys of the matches, best first."""
    return [match.key for match in lists.matches]


def _compile_s() -> float:
    started = time.perf_counter()
    make_ready()
    return round(time.perf_counter() - started, 2)


def _keys(course: Course) -> list[str]:
    return [row.key for row in course.needs]


def _course(capacities: int, needs: int, seed: int, dimensions: int) -> tuple[Course, float]:
    taxonomy = load_taxonomy()
    rows = generated_rows(taxonomy, needs=needs, capacities=capacities, seed=seed, today=DAY, dimensions=dimensions)
    started = time.perf_counter()
    market = build_market(rows, taxonomy)
    build_s = round(time.perf_counter() - started, 2)
    askers = rows[:needs]
    return Course(taxonomy, rows, market, askers, [asked_of(row, market, today=DAY) for row in askers]), build_s


def _rivals(course: Course, against: Sequence[str], times: dict[str, list[float]]) -> dict[str, str]:
    capacities = [row for row in course.rows if row.direction == "capacity"]
    told = Told(capacities, course.taxonomy, DAY, os.environ.get("BENCHMARK_DATABASE", ""))
    missing = {}
    for name in against:
        if name not in RIVALS:
            continue
        try:
            ask = RIVALS[name](told)
        except Unavailable as problem:
            missing[name] = str(problem)
            continue
        few = course.needs[: SLOW if len(capacities) > CHANGED else len(course.needs)]
        places = [region_rows(question, course.market) for question in course.questions[: len(few)]]
        pairs = list(zip(few, places, strict=True))
        clock = time.perf_counter if name.startswith("postgres") else time.process_time
        _, times[name] = _timed(partial(_put, ask), pairs, clock)
    return missing


def _put(ask: Ask, pair: tuple[PostingRow, Mapping[int, tuple[int, int]]]) -> Sequence[str]:
    return ask(*pair)


def _with_delta(course: Course, without: float) -> float:
    """How many times as long all questions take with some ten thousand later changes on top of the market."""
    changed = [row for row in course.rows if row.direction == "capacity"][:CHANGED]
    market = with_changes(course.market, rows=changed)
    questions = [asked_of(row, market, today=DAY) for row in course.needs]
    _, times = _best_of(lambda one: rank_compiled(one, market, MATCHES), questions)
    return round(sum(times) / max(without, 0.001), 2)


def _over_bandwidth(course: Course, spent_ms: float) -> float:
    """How many times as long the questions take as reading their bytes at the bandwidth measured."""
    whole = megabytes(BANDWIDTH_MEGABYTES)
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        whole.sum()
        spent.append(time.perf_counter() - started)
    a_byte = min(spent) / (BANDWIDTH_MEGABYTES * (1 << 20))
    touched = sum(bytes_touched(question, course.market) for question in course.questions)
    return round(spent_ms / 1000 / max(touched * a_byte, 1e-9), 1)


def _recall(lists: Sequence[Any], firsts: Sequence[set[str]]) -> float:
    """Share of the exact matches among the thousand postings whose text is best."""
    found = [(len(first & set(keys_of(one))), len(one.matches)) for one, first in zip(lists, firsts, strict=True)]
    return round(sum(hits for hits, _ in found) / max(sum(shown for _, shown in found), 1), 3)


def _best_of(act: Callable[[Any], Any], asked: Sequence[Any]) -> tuple[list[Any], list[float]]:
    """Results, and for each question the median of a few rounds."""
    rounds = [_timed(act, asked) for _ in range(ROUNDS)]
    return rounds[0][0], [sorted(values)[ROUNDS // 2] for values in zip(*(times for _, times in rounds), strict=True)]


def _timed(
    act: Callable[[Any], Any], asked: Sequence[Any], clock: Callable[[], float] = time.process_time
) -> tuple[list[Any], list[float]]:
    results, times = [], []
    for one in asked:
        started = clock()
        results.append(act(one))
        times.append(1000 * (clock() - started))
    return results, times


def _quantile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)], 3)
