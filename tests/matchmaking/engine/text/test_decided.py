"""Places, certificates of management and words of asking say nothing of a product."""

import pytest

from matchmaking.engine.text.decided import decided_for
from matchmaking.engine.text.lexical import weight_of
from matchmaking.engine.text.normalising import normalised
from tests.factories.matching import reference_taxonomy

TAXONOMY = reference_taxonomy()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("求购重庆两江新区低压线束，需 IATF 16949 认证", "低压线束,需"),
        ("Wiring harness plant in Chongqing, ISO 9001", "wiring harness plant in  ,"),
        ("长寿命轴承，大英百科", "长寿命轴承,大英百科"),
        ("长寿区 ISO 15552 气缸", "iso 15552 气缸"),
    ],
)
def test_what_is_left_of_a_text(text, left):
    assert decided_for(TAXONOMY).cut_from(normalised(text)) == left


def test_words_that_decide_nothing_weigh_next_to_nothing():
    assert [weight_of(term, 1000, 10, TAXONOMY) for term in ("重庆", "~重庆", "chengdu", "16949")] == [1] * 4
    assert weight_of("轴承", 1000, 10, TAXONOMY) > 1000
