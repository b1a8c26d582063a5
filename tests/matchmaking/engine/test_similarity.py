"""Similar postings: by node and shared words, one a firm, nothing of the reader's own, nothing that is hidden."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaking.engine.scoring.building import build_market, with_changes
from matchmaking.engine.similarity import Likeness, similar
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy

TAXONOMY = small_taxonomy()
READER = 90


def row(number, title="gear blank", text="", **changes):
    changes = {"enterprise": number, **changes}
    return capacity_row(key=f"K{number:09d}", title=title, text=f"{title} {text}", **changes)


def keys(rows, asked=None, titles_only=False, readers=(READER,), limit=6, market=None):
    asked = asked or rows[0]
    text = asked.title if titles_only else asked.text
    found = similar(Likeness(asked, text, TODAY, readers, titles_only), market or build_market(rows, TAXONOMY), limit)
    return [(int(one.key[1:]), one.more_from_firm) for one in found]


def test_same_node_and_more_shared_words_come_first():
    rows = [
        row(1, "gear blank", "forged steel"),
        row(2, "gear blank", "forged steel"),
        row(3, "shaft", "turned"),
        row(4, "gear", "cast", node="A.B.E"),
        row(5, "paint", "spray", node="H.I"),
    ]
    assert [number for number, _ in keys(rows)] == [2, 3, 4]


def test_words_alone_are_enough_at_another_node_where_most_are_shared():
    rows = [row(1, "planetary gearbox"), row(2, "planetary gearbox", node="H.I"), row(3, "paint", node="H.I")]
    assert keys(rows) == [(2, 0)]


def test_the_other_direction_is_never_similar():
    rows = [row(1), need_row(enterprise=2, title="gear blank", text="gear blank")]
    assert keys(rows) == []


def test_one_result_a_firm_tells_how_many_more_there_are_and_an_alias_is_a_firm_of_its_own():
    rows = [row(1), *(row(number, enterprise=2) for number in (2, 3, 4)), row(5, enterprise=2, alias=True)]
    assert keys(rows) == [(2, 2), (5, 0)]


def test_others_under_the_same_name_are_left_out_but_not_its_alias_which_would_tell_who_it_is():
    rows = [row(1), row(2, enterprise=1), row(3, enterprise=1, alias=True), row(4)]
    assert [number for number, _ in keys(rows)] == [3, 4]
    assert [number for number, _ in keys(rows, asked=rows[2])] == [1, 4]


def test_the_readers_own_and_what_is_hidden_from_them_is_neither_shown_nor_counted():
    hidden = frozenset({READER})
    rows = [
        row(1),
        row(2, enterprise=READER),
        row(3, hidden_from=hidden),
        row(4, hidden_from=hidden, enterprise=5),
        row(5),
    ]
    assert keys(rows) == [(5, 0)]
    assert keys(rows, readers=()) == [(2, 0), (3, 0), (4, 1)]


def test_what_is_not_open_is_neither_shown_nor_counted_but_to_firms_that_are_asked_first():
    waits = {"opens_on": TODAY + timedelta(days=1), "asked_first": frozenset({READER})}
    rows = [row(1), row(2, **waits), row(3, enterprise=7), row(4, enterprise=7, **waits)]
    assert keys(rows) == [(2, 0), (3, 1)]
    assert keys(rows, readers=()) == [(3, 0)]
    opened = [replace(one, opens_on=one.opens_on and TODAY) for one in rows]
    assert keys(opened, readers=()) == [(2, 0), (3, 1)]


def test_what_is_over_is_left_out():
    assert keys([row(1), row(2, end=TODAY - timedelta(days=1)), row(3, end=TODAY), row(4, start=None, end=None)]) == [
        (3, 0),
        (4, 0),
    ]


def test_a_reader_of_titles_gets_an_order_that_no_text_enters():
    rows = [row(1, "gear", "forged steel"), row(2, "gear"), row(3, "gear", "forged steel"), row(4, "shaft", "gear")]
    plain = [replace(one, text=one.title) for one in rows]
    for asked in (0, 3):
        told = keys(rows, asked=rows[asked], titles_only=True)
        assert told == keys(plain, asked=plain[asked], titles_only=True)
    assert [number for number, _ in keys(rows)][0] == 3


def test_changes_count_at_once_and_what_is_gone_never():
    rows = [row(1), row(2)]
    market = with_changes(build_market(rows, TAXONOMY), rows=[row(3)], gone=["K000000002"])
    assert keys(rows, market=market) == [(3, 0)]


@pytest.mark.parametrize("asked", [row(1, ""), row(1, "\U0001f600"), row(1, "gear", node="NO.SUCH")])
def test_a_posting_without_words_or_with_an_unknown_node_is_answered(asked):
    assert len(keys([row(2), row(3)], asked=asked)) in (0, 2)


def test_no_more_than_asked_for():
    assert keys([row(number) for number in range(1, 12)], limit=4) == [(2, 0), (3, 0), (4, 0), (5, 0)]
