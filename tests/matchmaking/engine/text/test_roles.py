"""What a firm does is read from the first clause of its text: making, repairing, training, tooling, material."""

import pytest

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.roles import role_fit, role_of, role_words_for
from matchmaking.engine.text.words import told_of
from tests.factories.matching import reference_taxonomy


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("减速机生产，月产2000台", "making"),
        ("减速机维修与保养", "repair"),
        ("液压缸制造与维修", "making"),
        ("数控操作工培训，两个月", "training"),
        ("减速机箱体压铸模", "tooling"),
        ("压铸模具开发及压铸生产", "making"),
        ("铝合金锭供应", "material"),
        ("变频器结构设计", "design"),
        ("减速机型式试验", "testing"),
        ("挖掘机租赁", "renting"),
        ("焊工劳务派遣", "labour"),
        ("Gearbox repair for rolling mills", "repair"),
        ("Training courses in welding", "training"),
        ("Injection moulds for housings", "tooling"),
        ("Aluminium die-cast parts, with repair service", "making"),
        ("Copper strip 0.3 mm", "material"),
        ("", "making"),
    ],
)
def test_the_first_clause_tells_the_role(text, role):
    assert role_of(told_of(normalised(text)), role_words_for(reference_taxonomy())) == role


def test_another_role_counts_less_and_the_same_one_wholly():
    assert role_fit("making", "making") == 100
    assert role_fit("repair", "repair") == 100
    assert 0 < role_fit("making", "training") < 100
