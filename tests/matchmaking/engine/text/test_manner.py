"""In which languages a text speaks, and what is lost between other roles and variants."""

import numpy as np
import pytest

from matchmaking.engine.text.manner import (
    CHINESE,
    ENGLISH,
    LANGUAGES,
    crosses,
    crossings,
    fit_of,
    languages_of,
    manner_of,
    roles_lost,
)
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.types.results import WEIGHTS

TEXTS = (
    "减速机维修",
    "减速机生产、维修",
    "gearbox repair",
    "冷轧钢带",
    "热轧钢带",
    "cold-rolled strip",
    "HSK-A63",
    "12",
)


def manner(text):
    return manner_of(normalised(text))


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("加工中心电主轴，24000转，HSK-A63，SMT AOI GMSL2", CHINESE),
        ("Hydraulic cylinders for excavators, bore 120-200 mm", ENGLISH),
        ("Car seat frame welding 座椅骨架", LANGUAGES),
        ("6204-2RS", ENGLISH),
        ("12 x 40", 0),
        ("", 0),
    ],
)
def test_the_languages_of_a_text(text, languages):
    assert languages_of(normalised(text)) == languages


def test_texts_cross_languages_only_where_none_is_shared():
    assert crosses(CHINESE, ENGLISH)
    assert not any(crosses(CHINESE, other) for other in (CHINESE, LANGUAGES, 0))


@pytest.mark.parametrize(
    ("need", "capacity", "left"),
    [
        ("减速机维修", "gearbox repair", 100),
        ("减速机维修", "减速机生产、维修", 90),
        ("减速机维修", "减速机租赁", 80),
        ("冷轧钢带", "cold-rolled strip", 100),
        ("冷轧钢带", "热轧钢带", 95),
        ("冷轧钢带", "冷轧、热轧钢带", 100),
        ("冷轧钢带", "钢带", 100),
        ("冷轧不锈钢带维修", "热轧碳钢带生产", 72),
    ],
)
def test_what_is_left_between_other_roles_and_variants(need, capacity, left):
    assert fit_of(manner(need), manner(capacity), WEIGHTS.differences) == left


def test_columns_of_codes_say_what_the_definition_says():
    manners = [manner(text) for text in TEXTS]
    codes = np.array([one.code for one in manners], dtype=np.int32)
    for one in manners:
        assert crossings(one.code, codes).tolist() == [crosses(one.languages, other.languages) for other in manners]
        plain = [fit_of(one, other, (10, 20, 0)) for other in manners]
        assert (100 - roles_lost(one.code, codes, (10, 20, 0), needs=True)).tolist() == plain
        plain = [fit_of(other, one, (10, 20, 0)) for other in manners]
        assert (100 - roles_lost(one.code, codes, (10, 20, 0), needs=False)).tolist() == plain
