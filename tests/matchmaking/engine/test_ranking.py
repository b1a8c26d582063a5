"""The ranking in columns equals its plain definition, and keeps its promises on any market."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from common.reasons import Reason
from matchmaking.engine.kernels.lists import rank_compiled
from matchmaking.engine.oracle import World, judge, rank_plainly
from matchmaking.engine.ranking import rank, rank_in_columns
from matchmaking.engine.scoring.building import build_market, rows_of, with_changes
from matchmaking.engine.scoring.questions import stored_question
from matchmaking.engine.types.results import WEIGHTS, Weights
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy
from tests.matchmaking.engine.strategies import markets, rows

TAXONOMY = small_taxonomy()
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
FLAT = Weights("flat", 13, 13, 13, 13, 12, 12, 12, 12, (0, 5000, 10_000))


@given(markets(), st.booleans(), st.sampled_from([WEIGHTS, FLAT]), st.sets(st.integers(1, 6), max_size=2))
@EXAMPLES
def test_columns_rank_as_the_definition_does(told, fit_only, weights, readers):
    market = build_market(told, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for asker in told:
        asked = {"fit_only": fit_only, "weights": weights, "readers": readers}
        assert rank(asker, market, today=TODAY, **asked) == rank_plainly(asker, told, world, **asked)


@given(markets(), st.data())
@EXAMPLES
def test_later_changes_rank_as_if_they_had_always_been_there(told, data):
    moved = data.draw(st.sets(st.integers(0, len(told) - 1)))
    gone = (
        data.draw(st.sets(st.sampled_from(sorted(set(range(len(told))) - moved)), max_size=2))
        if len(moved) < len(told)
        else set()
    )
    fresh = [replace(data.draw(rows(number, told[number].direction)), key=told[number].key) for number in sorted(moved)]
    market = with_changes(build_market(told, TAXONOMY), rows=fresh, gone=[told[n].key for n in gone])
    now = [row for n, row in enumerate(told) if n not in moved | gone] + fresh
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for asker in now:
        assert rank(asker, market, today=TODAY) == rank_plainly(asker, now, world)


@given(markets())
@EXAMPLES
def test_the_order_of_the_rows_does_not_matter(told):
    shuffled = random.Random(7).sample(told, len(told))
    for asker in told[:3]:
        one = rank(asker, build_market(told, TAXONOMY), today=TODAY)
        assert one == rank(asker, build_market(shuffled, TAXONOMY), today=TODAY)


@given(markets())
@EXAMPLES
def test_matches_come_by_score_and_then_by_key_one_a_firm(told):
    for asker in told[:2]:
        matches = rank(asker, build_market(told, TAXONOMY), today=TODAY).matches
        assert list(matches) == sorted(matches, key=lambda match: (-match.score, match.key))
        assert len({match.firm for match in matches}) == len(matches)
        assert all(match.score == sum(match.parts) and 0 <= match.score <= 10_000 for match in matches)


@given(markets())
@EXAMPLES
def test_a_pair_has_one_score_and_one_verdict_from_either_side(told):
    need, capacity = (replace(row, alias=False) for row in told[:2])
    market = build_market(told, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    one, other = (judge(*pair, world, WEIGHTS, False) for pair in ((need, capacity), (capacity, need)))
    assert (one.parts, one.verdict) == (other.parts, other.verdict)
    seen = [
        [match.key for match in rank(row, build_market([need, capacity], TAXONOMY), today=TODAY).matches]
        for row in (need, capacity)
    ]
    assert bool(seen[0]) == bool(seen[1])


@given(markets(), st.sampled_from(["C1", "C2", "C3"]), st.integers(-30, 900))
@EXAMPLES
def test_one_more_certificate_never_lowers_a_rank(told, code, days):
    need, capacity = told[0], told[1]
    richer = replace(capacity, certificates_held=(*capacity.certificates_held, (code, TODAY + timedelta(days=days))))
    before, after = (
        [
            match.key
            for match in rank(need, build_market([need, row, *told[2:]], TAXONOMY), today=TODAY, limit=99).matches
        ]
        for row in (capacity, richer)
    )
    if capacity.key in before:
        assert capacity.key in after
        assert after.index(capacity.key) <= before.index(capacity.key)


@given(markets())
@EXAMPLES
def test_what_is_hidden_is_absent_from_both_sides_and_not_counted(told):
    asker = told[0]
    firm = asker.enterprise
    seen = [
        row
        for row in told
        if row is asker
        or (
            row.enterprise != firm
            and (row.alias or row.enterprise not in asker.hidden_from)
            and firm not in row.hidden_from
        )
    ]
    market = build_market(told, TAXONOMY)
    world = World(TAXONOMY, market.vocabulary, TODAY)
    assert rank(asker, market, today=TODAY) == rank_plainly(asker, seen, world)


def test_a_ranking_leaves_its_arrays_alone_and_they_are_closed_for_writing():
    market = build_market([need_row(), capacity_row()], TAXONOMY)
    rank(need_row(), market, today=TODAY)
    assert not any(column.flags.writeable for column in market.base.columns.values())
    assert not any(
        values.flags.writeable for ragged in market.base.lists.values() for values in ragged.columns.values()
    )


def test_fit_only_takes_the_load_out_and_changes_nothing_else():
    busy, free = (
        capacity_row(key="BUSY000001", load=2),
        capacity_row(key="FREE000001", enterprise=3, confirmed=TODAY - timedelta(days=20)),
    )
    market = build_market([busy, free], TAXONOMY)
    assert [match.key for match in rank(need_row(), market, today=TODAY).matches] == ["FREE000001", "BUSY000001"]
    assert [match.key for match in rank(need_row(), market, today=TODAY, fit_only=True).matches] == [
        "BUSY000001",
        "FREE000001",
    ]


def test_a_firm_is_shown_once_with_the_count_of_its_others():
    several = [capacity_row(key=f"CAPA00000{n}", quantity=1_000_000 + n) for n in range(3)]
    matches = rank(need_row(), build_market(several, TAXONOMY), today=TODAY).matches
    assert [(match.key, match.more_from_firm) for match in matches] == [("CAPA000000", 2)]


def test_a_firms_alias_is_shown_and_counted_apart_from_its_name():
    several = [capacity_row(key=f"CAPA00000{n}", quantity=1_000_000 + n, alias=n > 1) for n in range(4)]
    short = [capacity_row(key=f"LESS00000{n}", enterprise=9, quantity=1 + n, alias=n == 1) for n in range(2)]
    lists = rank(need_row(), build_market([*several, *short], TAXONOMY), today=TODAY)
    assert [(match.key, match.more_from_firm) for match in lists.matches] == [("CAPA000000", 1), ("CAPA000002", 1)]
    assert [(match.key, match.more_from_firm) for match in lists.near_misses] == [("LESS000000", 0), ("LESS000001", 0)]
    assert (lists.firms, dict(lists.dropped)[Reason.GAP_QUANTITY_SHORT]) == (2, 2)


def test_an_alias_that_fails_is_listed_although_the_firms_name_fits():
    told = [capacity_row(), capacity_row(key="LESS000001", quantity=1, alias=True)]
    lists = rank(need_row(), build_market(told, TAXONOMY), today=TODAY)
    assert [match.key for match in lists.near_misses] == ["LESS000001"]


def test_what_an_asker_hides_from_a_firm_changes_nothing_about_its_alias():
    named, alias = capacity_row(), capacity_row(key="CAPA000002", alias=True)
    market = build_market([named, alias], TAXONOMY)
    asker = need_row()
    hiding = replace(asker, hidden_from=frozenset({named.enterprise}))
    open_to_all = rank(asker, market, today=TODAY)
    assert [match.key for match in open_to_all.matches] == ["CAPA000001", "CAPA000002"]
    lists = rank(hiding, market, today=TODAY)
    assert (lists.matches, lists.firms) == (open_to_all.matches[1:], 1)
    seen_by_the_firm = rank(alias, build_market([hiding], TAXONOMY), today=TODAY)
    assert (seen_by_the_firm.matches, seen_by_the_firm.dropped) == ((), ())


TOMORROW = TODAY + timedelta(days=1)


def test_who_is_not_asked_first_meets_and_counts_nothing_until_it_opens():
    fitting = capacity_row(opens_on=TOMORROW, asked_first=frozenset({8}))
    short = capacity_row(key="LESS000001", enterprise=5, quantity=1, opens_on=TOMORROW, asked_first=frozenset({8}))
    market = build_market([fitting, short], TAXONOMY)
    lists = rank(need_row(), market, today=TODAY, readers={8})
    assert (lists.matches, lists.near_misses, lists.dropped, lists.firms) == ((), (), (), 0)
    opened = rank(need_row(), market, today=TOMORROW)
    assert opened == rank(
        need_row(), build_market([capacity_row(), replace(short, opens_on=None)], TAXONOMY), today=TOMORROW
    )
    assert [match.key for match in rank(need_row(enterprise=8), market, today=TODAY).matches] == [fitting.key]


def test_an_asker_that_is_not_open_meets_named_postings_of_the_firms_that_it_asks_first():
    asker = need_row(opens_on=TOMORROW, asked_first=frozenset({5}))
    told = [
        capacity_row(),
        capacity_row(key="MEMBER0001", enterprise=5),
        capacity_row(key="ALIAS00001", enterprise=5, alias=True),
        capacity_row(key="LESS000001", enterprise=6, quantity=1),
    ]
    market = build_market(told, TAXONOMY)
    lists = rank(asker, market, today=TODAY)
    assert ([match.key for match in lists.matches], lists.near_misses, lists.dropped, lists.firms) == (
        ["MEMBER0001"], (), (), 1
    )  # fmt: skip
    assert rank(asker, market, today=TOMORROW).firms == 3


def test_a_row_that_is_not_open_is_asked_for_by_its_own_question_too():
    asker = need_row(opens_on=TOMORROW, asked_first=frozenset({5}))
    told = [asker, capacity_row(), capacity_row(key="MEMBER0001", enterprise=5)]
    market = with_changes(build_market(told, TAXONOMY), rows=[capacity_row(key="MEMBER0002", enterprise=5)])
    question = stored_question(asker.key, market, today=TODAY)
    assert (
        rank_in_columns(question, market, 10) == rank_compiled(question, market, 10) == rank(asker, market, today=TODAY)
    )
    kept = rows_of(market, [asker.key])[asker.key]
    assert (kept.opens_on, kept.asked_first) == (TOMORROW, frozenset({5}))


def test_what_is_hidden_from_another_firm_of_the_reader_is_not_counted_either():
    fitting = capacity_row(hidden_from=frozenset({77}))
    short = capacity_row(key="LESS000001", enterprise=5, quantity=1, hidden_from=frozenset({77}))
    market = build_market([fitting, short], TAXONOMY)
    lists = rank(need_row(), market, today=TODAY, readers={77})
    assert (lists.matches, lists.near_misses, lists.dropped, lists.firms) == ((), (), (), 0)
    assert rank(need_row(), market, today=TODAY, readers={78}).firms == 1


def test_an_excluded_key_is_not_ranked():
    market = build_market([capacity_row()], TAXONOMY)
    assert rank(need_row(), market, today=TODAY, excluded={"CAPA000001"}).matches == ()


def test_an_empty_market_answers_with_nothing():
    lists = rank(need_row(text="", quantity=0), build_market([], TAXONOMY), today=TODAY)
    assert (lists.matches, lists.near_misses, lists.dropped, lists.firms) == ((), (), (), 0)
