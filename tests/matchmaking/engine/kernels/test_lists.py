"""The compiled form gives the lists of the definition and of the plain columns, number for number."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine import ranking
from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.kernels import passes, selecting, sweeping, texts
from matchmaking.engine.kernels.lists import rank_compiled
from matchmaking.engine.market import generated_rows
from matchmaking.engine.oracle import World, rank_plainly
from matchmaking.engine.ranking import rank, rank_briefly, rank_in_columns
from matchmaking.engine.scoring.building import build_market, closeness_for, rows_of, with_changes
from matchmaking.engine.scoring.questions import asked_of, stored_question
from matchmaking.engine.snapshot import read_snapshot, write_snapshot
from matchmaking.engine.text.meaning import encoded
from matchmaking.engine.types.results import WEIGHTS, Weights
from tests.factories.matching import TODAY, capacity_row, need_row, reference_taxonomy, small_taxonomy
from tests.long import examples
from tests.matchmaking.engine.strategies import markets, rows

pytestmark = pytest.mark.usefixtures("kernels")

TAXONOMY = small_taxonomy()
EXAMPLES = settings(max_examples=examples(50, many=500), deadline=None, derandomize=True)
FLAT = Weights("flat", 13, 13, 13, 13, 12, 12, 12, 12, (0, 5000, 10_000))
TEXT_ALONE = Weights("text", 0, 100, 0, 0, 0, 0, 0, 0, (0, 0, 0))
MEANING_ALONE = replace(TEXT_ALONE, channels=((0, 0, 0, 1), (0, 1, 0, 0)) * 2)
NO_TEXT = Weights("structure", 46, 0, 10, 8, 14, 12, 5, 5)


def with_meaning(told):
    """The rows read by the hashing encoder, all but every seventh."""
    vectors = encoded([row.text for row in told], encoder_named("hashing"), TAXONOMY)
    return [replace(row, vector=vectors[at] if at % 7 else b"") for at, row in enumerate(told)]


def ranked(asker, market, limit=20, **asked):
    """Lists of the compiled form, which the columns must give too."""
    question = asked_of(asker, market, today=TODAY, **asked)
    lists = rank_compiled(question, market, limit)
    assert lists == rank_in_columns(question, market, limit)
    return lists


def ranked_as_stored(key, market, **asked):
    """Lists for a posting of the market, cut out of its columns, in both forms."""
    question = stored_question(key, market, today=TODAY, **asked)
    lists = rank_compiled(question, market, 20)
    assert lists == rank_in_columns(question, market, 20)
    for few in (1, 3):
        are_enough = lists.firms >= few
        others = bool(lists.near_misses or lists.neighbours)
        matches_alone = replace(lists, near_misses=(), neighbours=(), others_apart=others)
        expected = matches_alone if are_enough else lists
        assert rank_compiled(question, market, 20, others_under=few) == expected
        assert rank_in_columns(question, market, 20, others_under=few) == expected
    assert rank_briefly(key, market, today=TODAY, **asked) == (matches_alone if lists.firms else lists)
    return lists


@given(
    markets(16),
    st.booleans(),
    st.sampled_from([WEIGHTS, FLAT, TEXT_ALONE, MEANING_ALONE, NO_TEXT]),
    st.sets(st.integers(1, 6), max_size=2),
    st.integers(1, 30),
    st.data(),
)
@EXAMPLES
def test_the_compiled_form_ranks_as_the_definition_does(told, fit_only, weights, readers, limit, data):
    excluded = data.draw(st.sets(st.sampled_from([*(row.key for row in told), "NOBODY0001"]), max_size=2))
    market = build_market(told, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    asked = {"fit_only": fit_only, "weights": weights, "readers": readers, "excluded": excluded}
    for asker in told:
        assert ranked(asker, market, limit, **asked) == rank_plainly(asker, told, world, limit=limit, **asked)


@pytest.mark.parametrize("direction", ["need", "capacity"])
def test_sums_below_nothing_are_alike_and_go_by_their_keys(direction):
    make, other = (capacity_row, need_row) if direction == "need" else (need_row, capacity_row)
    worth = {"load": 2, "verified": False, "confirmed": TODAY - timedelta(days=50)}
    near = [make(key=f"K{firm:09d}", enterprise=firm, region="500153", **worth) for firm in range(3, 10)]
    told = [make(key="K000000001", enterprise=2, region="510104", **worth), *near]
    asker = other(key="ASKER00001", enterprise=1, region="500153", **worth)
    lists = ranked(asker, build_market([asker, *told], TAXONOMY), limit=1, weights=FLAT)
    assert [(one.key, one.score) for one in lists.matches] == [("K000000001", 0)]


@given(markets(14), st.data())
@EXAMPLES
def test_changes_and_tombstones_rank_as_if_they_had_always_been_there(told, data):
    moved = data.draw(st.sets(st.integers(0, len(told) - 1)))
    gone = data.draw(st.sets(st.integers(0, len(told) - 1), max_size=3)) - moved
    fresh = [replace(data.draw(rows(number, told[number].direction)), key=told[number].key) for number in sorted(moved)]
    added = [data.draw(rows(number)) for number in range(100, 100 + data.draw(st.integers(0, 3)))]
    before = build_market(told, TAXONOMY)
    market = with_changes(before, rows=[*fresh, *added], gone=[told[number].key for number in gone])
    now = [row for number, row in enumerate(told) if number not in moved | gone] + fresh + added
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for asker in (*now, *told):
        assert ranked(asker, market) == rank_plainly(asker, now, world)
    aside = {told[0].key, "NOBODY0001"}
    for asker in now:
        assert ranked_as_stored(asker.key, market) == rank_plainly(asker, now, world)
        assert ranked_as_stored(asker.key, market, excluded=aside) == ranked(asker, market, excluded=aside)
        kept, asked = rows_of(market, [asker.key])[asker.key], {"fit_only": True, "readers": {1, 2}}
        assert rank(kept, market, today=TODAY, **asked) == rank_plainly(kept, now, world, **asked)
    for number in gone:
        assert stored_question(told[number].key, market, today=TODAY) is None


@given(markets(10), st.integers(2, 40))
@EXAMPLES
def test_postings_that_all_tie_come_by_their_keys(told, copies):
    twins = [
        replace(told[1], key=f"T{number * 7919 % 99_991:09d}", enterprise=number % 25 + 100) for number in range(copies)
    ]
    market = with_changes(build_market([*told, *twins[::2]], TAXONOMY), rows=twins[1::2])
    world = World(TAXONOMY, market.vocabulary, TODAY)
    assert ranked(told[0], market, 7) == rank_plainly(told[0], [*told, *twins], world, limit=7)


@pytest.mark.parametrize("weights", [WEIGHTS, FLAT, TEXT_ALONE, MEANING_ALONE, NO_TEXT])
def test_one_crowded_node_is_ranked_as_the_columns_rank_it(weights):
    crowd = with_meaning(generated_rows(TAXONOMY, needs=30, capacities=3000, seed=7, today=TODAY, firms=400))
    market = build_market([replace(row, node="A.B.C") for row in crowd], TAXONOMY)
    for asker in (*crowd[:15], *crowd[-15:]):
        assert ranked(replace(asker, node="A.B.C"), market, weights=weights).firms >= 0


def test_a_market_over_the_reference_taxonomy_is_ranked_as_the_columns_rank_it():
    told = with_meaning(generated_rows(reference_taxonomy(), needs=400, capacities=4000, seed=11, today=TODAY))
    market = with_changes(
        build_market(told[:4200], reference_taxonomy()), rows=told[4200:], gone=[row.key for row in told[60:400:7]]
    )
    askers = [*told[:60], *told[62:100], *told[-100:]]
    found = [ranked(asker, market) for asker in askers]
    assert sum(bool(lists.matches) for lists in found) > 50
    held = [(asker, lists) for asker, lists in zip(askers, found, strict=True) if rows_of(market, [asker.key])]
    assert [ranked_as_stored(asker.key, market) for asker, _ in held] == [lists for _, lists in held]
    assert len(held) > 180


def test_empty_texts_and_extreme_numbers_are_ranked_as_the_definition_ranks_them():
    huge, nothing = 10**30, 0
    told = [
        need_row(text="", quantity=huge, period="month"),
        need_row(key="NEED000002", quantity=nothing, lead_days=10**12, text=""),
        capacity_row(quantity=huge, period="year", text="", lead_days=10**12, radius_km=10**12, outcomes=10**12),
        capacity_row(key="CAPA000002", enterprise=5, quantity=nothing, minimum_order=huge, price_min=10**30),
        capacity_row(key="CAPA000003", enterprise=2**40, confirmed=TODAY - timedelta(days=700_000)),
    ]
    market = build_market(told, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for asker in told:
        assert ranked(asker, market) == rank_plainly(asker, told, world)


def test_no_question_is_compiled_anew_whatever_market_it_is_put_to(tmp_path):
    told = with_meaning(generated_rows(TAXONOMY, needs=9, capacities=40, seed=2, today=TODAY))
    built = build_market(told, TAXONOMY)
    write_snapshot(built, str(tmp_path), watermark=1, encoder="hashing")
    mapped, _ = read_snapshot(str(tmp_path), TAXONOMY, closeness_for(TAXONOMY), encoder="hashing")
    empty = build_market([], TAXONOMY)
    for market in (built, mapped, empty, with_changes(mapped, rows=told[:3]), with_changes(empty, rows=told[:5])):
        for asker in (told[0], told[-1], need_row(text=""), capacity_row(text="new words")):
            ranked(asker, market)
        for asker in told:
            if rows_of(market, [asker.key]):
                ranked_as_stored(asker.key, market)
    forms = (
        passes.survey, passes.region_tables, passes.nearby, passes.count_rows, passes.told_of_firms,
        passes.firms_served, passes.any_unserved, sweeping.sweep, sweeping.rows_left_out, selecting.choose,
        texts.hashed,
    )  # fmt: skip
    assert [len(form.signatures) for form in forms] == [1] * len(forms)


def test_a_brief_answer_is_the_same_before_anything_is_compiled(monkeypatch):
    told = generated_rows(TAXONOMY, needs=40, capacities=60, seed=5, today=TODAY)
    market = build_market(told, TAXONOMY)
    compiled = [rank_briefly(asker.key, market, today=TODAY) for asker in told]
    assert any(lists.near_misses for lists in compiled)
    assert any(lists.matches for lists in compiled)
    monkeypatch.setattr(ranking, "is_ready", lambda: False)
    assert [rank_briefly(asker.key, market, today=TODAY) for asker in told] == compiled
    assert rank_briefly("NOBODY0001", market, today=TODAY) is None


def test_questions_of_several_threads_are_answered_as_one_after_another():
    told = generated_rows(TAXONOMY, needs=60, capacities=300, seed=3, today=TODAY)
    market = build_market(told, TAXONOMY)
    alone = [ranked(asker, market) for asker in told[:60]]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda asker: ranked(asker, market), told[:60])) == alone
