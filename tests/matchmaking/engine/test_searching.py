"""The search box: every word of two characters and more, by titles alone where no more may be known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from matchmaking.engine.scoring.building import build_market, with_changes
from matchmaking.engine.searching import Search, found, partly_found, terms_wanted
from tests.factories.matching import capacity_row, need_row, small_taxonomy

TAXONOMY = small_taxonomy()
DAY = date(2026, 11, 20)


def row(number, title, text="", **changes):
    return capacity_row(key=f"K{number:09d}", title=title, text=f"{title} {text}", **changes)


def searched(rows, words, **asked):
    return found(Search(words, **asked), build_market(rows, TAXONOMY))


@pytest.mark.parametrize("words", ["轴承", "精密轴承", "軸承", "轴承 精密"])
def test_chinese_words_are_found_in_any_script_and_order(words):
    rows = [row(1, "精密轴承加工"), row(2, "车轴总承"), row(3, "齿轮")]
    assert searched(rows, words) == ["K000000001"]


@pytest.mark.parametrize("words", ["bearing", "Bearings", "ＢＥＡＲＩＮＧ", "m200-7", "M200"])
def test_english_words_are_found_in_any_form(words):
    assert searched([row(1, "Ball bearings M200-7"), row(2, "Gears")], words) == ["K000000001"]


def test_every_word_is_wanted():
    rows = [row(1, "Ball bearing"), row(2, "Ball"), row(3, "bearing")]
    assert searched(rows, "ball bearing") == ["K000000001"]
    assert searched(rows, "ball nonsense") == []


def test_a_title_counts_more_than_a_text():
    rows = [row(1, "Gears", "bearing"), row(2, "bearing", "gears")]
    assert searched(rows, "bearing") == ["K000000002", "K000000001"]


def test_a_reader_of_titles_neither_finds_nor_orders_by_texts():
    rows = [row(1, "bearing seat"), row(2, "bearing cover", "bearing " * 30), row(3, "Gears", "bearing")]
    plain = [replace(one, text=one.title) for one in rows]
    assert searched(rows, "bearing", titles_only=True) == searched(plain, "bearing", titles_only=True)


def test_a_node_that_the_words_name_is_found_too():
    rows = [row(1, "gears", node="A.B.C"), row(2, "other", node="A.B.E")]
    assert searched(rows, "anything", nodes={"A.B.E": 100}) == ["K000000002"]


def test_the_node_that_the_words_name_best_comes_first():
    rows = [row(1, "gears", node="A.B.C", confirmed=DAY), row(2, "other", node="A.B.E", confirmed=DAY - timedelta(9))]
    assert searched(rows, "anything", nodes={"A.B.E": 100, "A.B.C": 50}) == ["K000000002", "K000000001"]


def test_how_many_are_wanted_is_no_word():
    rows = [row(1, "压铸电机壳"), row(2, "压铸轮毂")]
    assert searched(rows, "压铸电机壳 3000件") == ["K000000001"]


def test_what_uses_half_of_the_words_is_told_apart_from_what_uses_all():
    rows = [row(1, "压铸电机壳"), row(2, "电机外壳"), row(3, "压铸轮毂"), row(4, "齿轮", "压铸电机壳")]
    market = build_market(rows, TAXONOMY)
    search = Search("压铸电机壳盖")
    assert found(search, market) == []
    assert partly_found(search, market) == ["K000000001", "K000000004"]
    assert partly_found(replace(search, titles_only=True), market) == ["K000000001"]
    assert partly_found(Search("bearing"), market) == partly_found(Search("钢"), market) == []


def test_one_direction_is_searched_where_one_is_asked_for():
    rows = [row(1, "bearing"), need_row(title="bearing", text="bearing")]
    assert searched(rows, "bearing", direction="need") == ["NEED000001"]
    assert len(searched(rows, "bearing")) == 2


def test_changes_are_found_at_once_and_what_is_gone_never():
    market = build_market([row(1, "bearing"), row(2, "bearing")], TAXONOMY)
    changed = with_changes(market, rows=[row(3, "bearing seldomword"), row(2, "gears")], gone=["K000000001"])
    assert found(Search("bearing"), changed) == ["K000000003"]
    assert found(Search("seldomword", titles_only=True), changed) == ["K000000003"]


@pytest.mark.parametrize("words", ["", "钢", "需要", "!?", "\x00", "\U0001f600"])
def test_what_cannot_be_looked_up_is_said(words):
    assert terms_wanted(words) is None
    assert searched([row(1, "bearing")], words) is None
