"""Commands of matching print what they did and fail in words."""

import json
import re
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.reason_texts import TEXTS
from common.reasons import Reason
from matchmaking.matching.management.commands import benchmark_matching
from matchmaking.matching.services import benchmarks, memory, vectors
from matchmaking.matching.services.benchmarks import Benchmark
from matchmaking.matching.services.memory import Private
from tests.factories.matching import SCENARIOS
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_build_snapshot_says_what_is_in_it():
    PostingFactory(capacity=True)
    assert ": 1 postings up to change 0" in run("build_snapshot")
    assert ": 1 postings" in run("build_snapshot", "--force")


def test_build_snapshot_fails_in_words_when_the_folder_cannot_be_written(settings, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.MATCH_SNAPSHOT_DIR = blocked
    with pytest.raises(CommandError, match="cannot be written"):
        run("build_snapshot")


def test_encode_postings_says_how_many_texts_it_read():
    PostingFactory.create_batch(2, capacity=True)
    assert [run("encode_postings") for _ in range(2)] == ["2 postings encoded\n", "0 postings encoded\n"]
    assert run("encode_postings", "--force") == "2 postings encoded\n"


def test_encode_postings_fails_in_words_when_the_snapshot_cannot_be_written(settings, tmp_path, monkeypatch):
    PostingFactory(capacity=True)
    monkeypatch.setattr(vectors, "FEW_CHANGES", 0)
    (tmp_path / "file").write_text("")
    settings.MATCH_SNAPSHOT_DIR = tmp_path / "file"
    with pytest.raises(CommandError, match="cannot be written"):
        run("encode_postings")


def test_warm_says_how_many_postings_are_ready():
    PostingFactory(capacity=True)
    assert run("warm").startswith("1 postings ready in ")


def test_benchmark_matching_prints_json_without_differences_and_says_who_did_not_run(monkeypatch):
    monkeypatch.delenv("BENCHMARK_DATABASE", raising=False)
    words = ("--capacities", "60", "--needs", "6", "--against", "sqlite-fts5,postgres-fts,numpy", "--json")
    told = json.loads(run("benchmark_matching", *words))
    assert (told["capacities"], told["needs"], told["differences"], told["compared"]) == (60, 6, 0, 6)
    timed = {"kernels", "matches", "numpy", "full-scan", "prepare", "answer", "oracle", "sqlite-fts5"}
    assert set(told["p50_ms"]) == set(told["p99_ms"]) == timed
    assert told["questions"]["oracle"] == 6
    assert told["missing"] == {"postgres-fts": "set BENCHMARK_DATABASE to a PostgreSQL address"}
    assert told["ratio_p50"]["kernels"] == 1.0
    assert told["pss_mb"] > 20
    second = told["second_worker_mb"]
    assert 20 < second["whole"] < 400
    assert 0 < second["market"] < second["whole"]


def test_benchmark_matching_prints_a_table_and_wants_a_size_and_known_rivals(monkeypatch):
    monkeypatch.setattr(memory, "_mb", lambda pid, names: 0.0)
    told = run("benchmark_matching", "--capacities", "20", "--needs", "2")
    assert "0 differences in 2 answers" in told
    assert "a second worker without the encoder: not told by this system" in told
    with pytest.raises(CommandError, match="at least 1"):
        run("benchmark_matching", "--capacities", "0")
    with pytest.raises(CommandError, match="Not known: spark"):
        run("benchmark_matching", "--capacities", "5", "--against", "numpy,spark")


def test_benchmark_matching_fails_when_the_two_forms_differ(monkeypatch):
    each = {"kernels": 1.0}
    own = {"whole": 1.0, "market": 1.0}
    told = Benchmark(1, 1, 0, 0.0, 0.0, each, each, each, each, 1, 1, 1.0, own, 1.0, 1.0, 1.0, {"kernels": 1})
    monkeypatch.setattr(benchmark_matching, "benchmark_market", lambda **_: told)
    with pytest.raises(CommandError, match="differ from the definition"):
        run("benchmark_matching", "--capacities", "1")


def test_benchmark_matching_notices_a_form_that_ranks_otherwise(monkeypatch):
    monkeypatch.setattr(benchmarks, "second_worker_mb", lambda **_: Private(0.0, 0.0))
    monkeypatch.setattr(benchmarks, "rank_in_columns", lambda question, market, limit: "something else")
    with pytest.raises(CommandError, match="2 answers differ"):
        run("benchmark_matching", "--capacities", "20", "--needs", "2")


@pytest.fixture
def judged(tmp_path):
    rows = {
        "queries": [{"query_id": "q1", "text": "寻找压铸供应商"}],
        "candidates": [{"candidate_id": "v1", "text": "rail logistics"}, {"candidate_id": "v2", "text": "die casting"}],
        "qrels": [{"query_id": "q1", "candidate_id": "v2", "grade": 3}],
    }
    for name, lines in rows.items():
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def test_evaluate_matching_measures_a_set_and_writes_the_ranking(judged):
    told = json.loads(run("evaluate_matching", "--set", str(judged), "--json", "--run", str(judged / "run.jsonl")))
    assert told["measures"]["ndcg"]["mean"] == pytest.approx(1.0)
    assert json.loads((judged / "run.jsonl").read_text()) == {"query_id": "q1", "ranking": ["v2", "v1"]}
    assert "ndcg" in run("evaluate_matching", "--set", str(judged))


@pytest.mark.parametrize(("name", "count"), [(str(SCENARIOS), 18), ("scenarios", 32)])
def test_evaluate_matching_puts_scenarios_to_the_whole_engine(name, count):
    told = json.loads(run("evaluate_matching", "--set", name, "--json"))
    assert (told["scenarios"], told["right"], told["wrong"]) == (count, count, {})


def test_evaluate_matching_says_in_words_how_many_are_right():
    assert "18 of 18 right" in run("evaluate_matching", "--set", str(SCENARIOS), "--system", "no-encoder")


def test_evaluate_matching_names_each_scenario_that_comes_out_wrong(tmp_path):
    told = json.loads(SCENARIOS.read_text(encoding="utf-8"))
    told["scenarios"] = told["scenarios"][:2]
    one, other = told["scenarios"]
    one["capacities"][1]["reason"] = "STALE"
    other["capacities"][0]["qty"] = 1
    (tmp_path / "scenarios.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(CommandError) as failure:
        run("evaluate_matching", "--set", str(tmp_path))
    said = str(failure.value).splitlines()
    assert said[0] == "S01: S01C2 is refused for gap.window.miss, not gap.stale"
    assert said[1].startswith("S02: matches [], not ['S02C1']; S02C1 is refused for gap.quantity.short")


def test_a_price_of_a_scenario_is_per_unit_of_the_need(tmp_path):
    told = json.loads(SCENARIOS.read_text(encoding="utf-8"))
    scenario = next(one for one in told["scenarios"] if one["capacities"][0]["unit"] != one["need"]["unit"])
    scenario["need"]["price_band"], scenario["capacities"][0]["price"] = "0-5", "5"
    told["scenarios"] = [scenario]
    path = tmp_path / "some.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert json.loads(run("evaluate_matching", "--set", str(path), "--json"))["right"] == 1


def test_evaluate_matching_fails_below_a_check_and_for_a_set_that_is_none(judged, tmp_path):
    with pytest.raises(CommandError, match="Below the check: ndcg"):
        run("evaluate_matching", "--set", str(judged), "--system", "lexical", "--check", "ndcg=0.9")
    with pytest.raises(CommandError, match="cannot be read"):
        run("evaluate_matching", "--set", str(tmp_path / "nothing"))


def test_explain_match_tells_verdict_points_that_add_up_gaps_and_hints():
    need, capacity = PostingFactory(), PostingFactory(capacity=True, quantity_amount=1)
    told = json.loads(run("explain_match", need.number, capacity.number, "--json"))
    written = run("explain_match", need.number.lower(), capacity.number, "--language", "zh-hans")

    assert not told["fits"]
    assert sum(Decimal(points) for points, _most in told["parts"].values()) == Decimal(told["points"])
    assert told["gaps"][0]["code"] == "gap.quantity.short"
    assert {hint["side"] for hint in told["hints"]} == {"need", "capacity"}
    assert TEXTS[Reason.GAP_QUANTITY_SHORT].zh in written
    assert run("explain_match", need.number, PostingFactory(capacity=True).number).startswith("fits: ")


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (("NOBODY0000", "NOBODY0000"), Reason.REFUSAL_UNKNOWN_CODE),
        (("capacity", "need"), Reason.REFUSAL_SAME_DIRECTION),
        (("need", "draft"), Reason.REFUSAL_WRONG_STATE),
    ],
)
def test_explain_match_refuses_clearly(pair, reason):
    numbers = {
        "need": PostingFactory().number,
        "capacity": PostingFactory(capacity=True).number,
        "draft": PostingFactory(capacity=True, paused=True).number,
    }
    with pytest.raises(CommandError, match=re.escape(TEXTS[reason].en.split("{")[0].strip())):
        run("explain_match", *(numbers.get(name, name) for name in pair))
