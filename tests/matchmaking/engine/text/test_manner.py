"""In which languages a text speaks, and when two texts have none in common."""

import pytest

from matchmaking.engine.text.manner import CHINESE, ENGLISH, MANNERS, crosses, crossings, manner_of
from matchmaking.engine.text.normalising import normalised


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("加工中心电主轴，24000转，HSK-A63，SMT AOI GMSL2", CHINESE),
        ("Hydraulic cylinders for excavators, bore 120-200 mm", ENGLISH),
        ("Car seat frame welding 座椅骨架", CHINESE | ENGLISH),
        ("6204-2RS", ENGLISH),
        ("12 x 40", 0),
        ("", 0),
    ],
)
def test_the_languages_of_a_text(text, manner):
    assert manner_of(normalised(text)) == manner


def test_texts_cross_languages_only_where_none_is_shared():
    assert crosses(CHINESE, ENGLISH)
    assert not any(crosses(CHINESE, other) for other in (CHINESE, CHINESE | ENGLISH, 0))
    assert [[bool(x) for x in crossings(one)] for one in range(MANNERS)] == [
        [crosses(one, other) for other in range(MANNERS)] for one in range(MANNERS)
    ]
