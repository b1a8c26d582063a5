"""Whether two names mean one firm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaking.networks.queries.sameness import Called, Known, Likeness, compared, core

NAMES = st.text(alphabet="示例江川机电甲乙丙0123 有限公司", min_size=1, max_size=14)
CALLED = st.builds(
    Called, name=NAMES, external_key=st.sampled_from(["", "1", "2"]), uscc=st.sampled_from(["", "A", "B"])
)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (Called("示例江川电机有限公司"), Called("示例江川电机有限公司"), Likeness.SAME),
        (Called("示例江川电机 有限公司"), Called("示例江川电机有限公司"), Likeness.SAME),
        (Called("示例江川电机有限公司"), Called("示例江川电机股份有限公司"), Likeness.DOUBTFUL),
        (Called("示例江川电机有限公司"), Called("示例江川电器有限公司"), Likeness.OTHER),
        (Called("示例江川精密电机有限公司"), Called("示例江川精蜜电机有限公司"), Likeness.DOUBTFUL),
        (Called("示例江川一厂"), Called("示例江川二厂"), Likeness.OTHER),
        (Called("示例企业01有限公司"), Called("示例企业02有限公司"), Likeness.OTHER),
        (Called("Sample Motors Co., Ltd."), Called("SAMPLE MOTORS LIMITED"), Likeness.DOUBTFUL),
        (Called("示例甲", "V-1"), Called("示例乙", "v-1"), Likeness.SAME),
        (Called("示例甲有限公司", "V-1"), Called("示例甲有限公司", "V-2"), Likeness.DOUBTFUL),
        (Called("示例甲", uscc="A"), Called("示例乙", uscc="A"), Likeness.SAME),
        (Called("示例甲", uscc="A"), Called("示例甲", uscc="B"), Likeness.OTHER),
        (Called("示例甲", "V-1", "A"), Called("示例乙", "V-1", "B"), Likeness.SAME),
    ],
)
def test_what_two_names_tell(one, other, likeness):
    assert compared(one, other) is likeness


@given(CALLED, CALLED)
def test_it_does_not_matter_who_is_compared_with_whom(one, other):
    assert compared(one, other) is compared(other, one)
    assert compared(one, one) is Likeness.SAME


@given(NAMES)
def test_a_name_of_nothing_but_a_legal_form_keeps_it(name):
    assert core(name) or not name.strip()


def found(known, called):
    thing, doubtful = known.find(called)
    return thing, [other for _name, other in doubtful]


def test_a_decision_holds_for_every_mark_that_the_two_have():
    one, other = Called("示例江川电机有限公司", "V-1"), Called("示例江川电机股份有限公司")
    undecided = Known({})
    undecided.add(one, "kept")
    assert found(undecided, other) == (None, ["kept"])

    for is_same, answer in ((True, ("kept", [])), (False, (None, []))):
        known = Known({(other.marks[0], one.marks[-1]): is_same})
        known.add(one, "kept")
        assert found(known, other) == answer


def test_what_surely_is_the_same_goes_before_what_may_be():
    known = Known({})
    known.add(Called("示例江川电机股份有限公司", "V-9"), "alike")
    known.add(Called("示例改名前企业", "V-1"), "by number")
    assert found(known, Called("示例江川电机有限公司", "V-1")) == ("by number", [])


@given(st.lists(CALLED, max_size=12), CALLED)
def test_whoever_is_found_is_the_same_or_was_decided_so(rows, asked):
    known = Known({})
    for place, row in enumerate(rows):
        known.add(row, place)
    thing, doubtful = known.find(asked)
    same = [place for place, row in enumerate(rows) if compared(asked, row) is Likeness.SAME]
    assert (thing in same) if same else (thing is None)
    assert not (thing is not None and doubtful)
