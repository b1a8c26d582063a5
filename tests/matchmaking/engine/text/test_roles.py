"""What a firm does is read from the first clause of its text: making, repairing, training, making tools."""

import pytest

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.roles import roles_of
from matchmaking.engine.text.words import told_of


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("减速机生产，月产2000台", "making"),
        ("减速机维修与保养", "repair"),
        ("液压缸制造与维修", "making"),
        ("数控操作工培训，两个月", "training"),
        ("减速机箱体压铸模", "tooling"),
        ("双色注塑模具设计制造", "tooling"),
        ("压铸模具开发及压铸生产", "making"),
        ("变频器结构设计", "design"),
        ("减速机型式试验", "testing"),
        ("挖掘机租赁", "renting"),
        ("焊工劳务派遣", "labour"),
        ("Gearbox repair for rolling mills", "repair"),
        ("Training courses in welding", "training"),
        ("Injection moulds for housings", "tooling"),
        ("Aluminium die-cast parts, with repair service", "making"),
        ("不做维修", "making"),
        ("", "making"),
    ],
)
def test_the_first_clause_tells_the_role(text, role):
    assert roles_of(told_of(normalised(text)))[0] == role


def test_what_is_told_further_on_is_noted_too():
    assert roles_of("减速机生产, 可维修, 不做租赁")[1] == {"making", "repair"}
