"""Variants of one thing are told apart, in both languages, and what is denied is not offered."""

import pytest

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.variants import AXES, WORD_BITS, axes_of, conflicts, joined, variants_of, words_of_marks


def marks(text):
    return variants_of(normalised(text))


@pytest.mark.parametrize(
    ("one", "other", "differences"),
    [
        ("热轧酸洗钢带", "cold rolled strip", 1),
        ("磷酸铁锂方形电芯", "NCM pouch cells", 2),
        ("磷酸铁锂方形电芯", "LFP prismatic cells", 0),
        ("M12公头", "M12 female connectors", 1),
        ("直齿圆柱齿轮", "helical gears", 1),
        ("Constant-current LED drivers", "恒压电源", 1),
        ("针织T恤", "woven blouses", 1),
        ("电泳或喷粉", "powder coating", 0),
        ("非隔离LED驱动", "隔离型LED驱动", 1),
        ("汽车零件", "woven blouses", 0),
        ("machinery", "acid pump", 0),
    ],
)
def test_what_two_texts_name_otherwise(one, other, differences):
    assert conflicts(marks(one), marks(other)) == conflicts(marks(other), marks(one)) == differences


def test_what_is_denied_is_not_named():
    assert marks("不做压铸") == marks("without die casting") == 0
    assert marks("压铸") == marks("die-casting") != 0


def test_marks_survive_being_cut_into_words_and_no_axis_stands_in_two():
    everything = sum(AXES)
    assert joined(words_of_marks(everything)) == everything
    assert all(0 <= word < 1 << WORD_BITS for word in words_of_marks(everything))
    assert [bits for _, bits, _ in axes_of(everything)] == [sum(words_of_marks(axis)) for axis in AXES]
