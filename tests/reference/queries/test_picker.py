"""The node picker finds what people type: Chinese, pinyin, initials, English, in any order and with slips."""

import pytest
from django.utils import translation

from reference.queries.picker import FUZZY, codes_matching, data_version, index_of, matches_named, nodes_matching
from tests.factories.reference import ChainNodeFactory, GlossaryTermFactory

pytestmark = pytest.mark.django_db

DIECAST, BEARING = "EQUIP.PROC.DIECAST", "EQUIP.PART.BEARING"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("压铸", DIECAST),
        ("yazhu", DIECAST),
        ("yz", DIECAST),
        ("YaZhu", DIECAST),
        ("ya zhu", DIECAST),
        ("轴承", BEARING),
        ("zhoucheng", BEARING),
        ("卫星工厂", "SVC.SPACE.SATELLITE"),
        ("贴片 pcb", "EINFO.PCB.SMT"),
        ("汽车 线束", "AUTO.ELEC.HARNESS"),
        ("摩托 轮胎", "MOTO.FRAME.TYRE"),
        ("pack battery", "AUTO.BATTERY.PACK"),
    ],
)
def test_words_find_their_node_first(words, first):
    assert next(iter(codes_matching(words)), None) == first


@pytest.mark.parametrize("words", ["jianzhenqi", "减震器"])
def test_a_node_named_by_the_words_goes_before_one_known_by_an_alias_and_nothing_similar_follows(words):
    found = nodes_matching(words)

    assert ["减震器" in node.name_zh for node in found] == sorted(
        ("减震器" in node.name_zh for node in found), reverse=True
    )
    assert "减震器" in found[0].name_zh
    assert all(node.rank < FUZZY for node in found)


@pytest.mark.parametrize("words", ["die casting", "casting die", "diecasting", "Die-Casting", "ｄｉｅ　ｃａｓｔｉｎｇ"])
def test_english_is_found_in_any_order_width_and_case(words):
    assert {DIECAST, "AUTO.BODY.CAST"} <= set(codes_matching(words, 5))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("减震器", "MOTO.FRAME.FORK"),
        ("减震器", "AUTO.CHASSIS.SUSP"),
        ("电机壳", DIECAST),
        ("电机壳", "AUTO.POWERTRAIN.EMOTOR"),
        ("壳电机", DIECAST),
        ("电机外壳", DIECAST),
        ("zoucheng", BEARING),
        ("bearng", BEARING),
    ],
)
def test_synonyms_other_orders_and_slips_are_found(words, code):
    assert code in codes_matching(words, 6)


@pytest.mark.parametrize(
    ("words", "meanings"),
    [
        ("MCU", {"EINFO.IC.MCU", "AUTO.POWERTRAIN.INVERTER"}),
        ("ECU", {"AUTO.ELEC.ECU", "MOTO.ELEC.CDI"}),
        ("隔膜", {"AUTO.BATTERY.SEPARATOR", "H2.PROD.ELECTRODE"}),
        ("EMC", {"EINFO.MATERIAL.LEADFRAME", "SVC.TEST.EMC"}),
    ],
)
def test_a_word_of_several_nodes_offers_all_of_them_as_exact(words, meanings):
    found = nodes_matching(words)
    exact = {match.code for match in found if match.is_exact}

    assert meanings <= exact
    assert [match.code for match in found[: len(exact)] if match.code not in exact] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("gaoyazhuzao", DIECAST),
        ("HPDC", DIECAST),
        ("chilun", "AUTO.POWERTRAIN.GEAR"),
        ("sgqzc", BEARING),
        ("深沟球轴乘", BEARING),
        ("deep grove ball bearing", BEARING),
    ],
)
def test_terms_and_their_aliases_are_found_by_pinyin_initials_and_with_slips(words, code):
    assert code in codes_matching(words, 6)


@pytest.mark.parametrize("words", ["", "   ", "，。!", "xyzqq", "氙氪氡", "%", "\x00"])
def test_words_that_name_nothing_find_nothing(words):
    assert nodes_matching(words) == []


def test_exact_goes_before_beginning_before_contained_before_similar():
    ranks = [match.rank for match in nodes_matching("压铸", 30)]

    assert ranks == sorted(ranks)
    assert [match.code for match in nodes_matching("压铸", 30)][:2] == [DIECAST, "MOTO.MAT.ALINGOT"]


def test_letters_across_english_words_are_no_match():
    assert "H2.PROD.RENEWPOWER" not in codes_matching("mcu", 30)


def test_no_more_than_asked_for_are_given():
    assert len(nodes_matching("a", 3)) == 3


def test_very_long_words_are_cut_not_refused():
    assert nodes_matching("压铸" * 500, 3) == nodes_matching("压铸" * 500, 3)


def test_a_match_tells_what_was_matched_and_where_the_node_stands():
    match = nodes_matching("yazhu")[0]

    assert (match.matched, match.path_zh, match.is_leaf) == ("压铸", ("装备制造产业链", "制造工艺服务"), True)
    with translation.override("en"):
        assert (match.name, match.path) == (
            "Die casting service",
            ("Equipment manufacturing chain", "Manufacturing process services"),
        )
    with translation.override("zh-hans"):
        assert match.name == "压铸加工"


def test_a_new_node_and_a_new_term_are_found_at_once_and_a_retired_one_no_longer():
    assert nodes_matching("磁悬浮雕刻") == []
    node = ChainNodeFactory(name_zh="磁悬浮雕刻")
    GlossaryTermFactory(term_zh="浮雕术语", node=node)

    assert codes_matching("磁悬浮雕刻") == [node.code]
    assert codes_matching("浮雕术语") == [node.code]

    node.retired_on = "2026-11-01"
    node.save()

    assert codes_matching("磁悬浮雕刻") == []


def test_a_search_over_a_kept_index_asks_only_for_the_version(django_assert_num_queries):
    nodes_matching("轴承")

    with django_assert_num_queries(1):
        found = nodes_matching("压铸")
    assert found


def test_every_name_term_and_pinyin_finds_its_node():
    index = index_of(data_version())
    missed = [
        (key.shown, index.nodes[key.node].code)
        for key in index.keys[::25]
        if len(key.compact) > 2 and index.nodes[key.node].code not in codes_matching(key.words, 40)
    ]

    assert missed == []


def test_matches_named_keeps_the_order_and_leaves_out_the_unknown():
    assert [match.code for match in matches_named([BEARING, "NOTHING", DIECAST])] == [BEARING, DIECAST]
