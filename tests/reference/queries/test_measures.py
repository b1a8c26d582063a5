"""Units as people write them, and what is usual for a node."""

from decimal import Decimal

import pytest

from reference.models import Unit
from reference.queries.measures import (
    certifications_for_node,
    parameters_for_node,
    unit_from_text,
    units_for_node,
)
from reference.queries.nodes import node_by_code
from tests.factories.reference import CertificationFactory, ChainNodeFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("件", "PCS"),
        ("个", "PCS"),
        ("PCS", "PCS"),
        ("pcs", "PCS"),
        ("ＰＣＳ", "PCS"),
        (" 公斤 ", "KG"),
        ("KG", "KG"),
        ("t", "T"),
        ("㎡", "M2"),
        ("ｍ²", "M2"),
        ("平米", "M2"),
        ("Nm³", "NM3"),
        ("kg 氢", "KGH2"),
        ("SEAT", "SEAT"),
        ("seat", "LICENCE"),
        ("square metre", "M2"),
        ("bogus", None),
        ("", None),
        ("\u3000", None),
    ],
)
def test_a_unit_is_known_by_code_name_or_alias(text, code):
    unit = unit_from_text(text)

    assert (unit.code if unit else None) == code


def test_a_retired_unit_is_no_longer_understood():
    UnitFactory(code="XOLD", name_zh="旧单位", retired_on="2026-01-01")

    assert unit_from_text("旧单位") is None


def test_amounts_convert_to_the_base_of_their_dimension():
    tonne = Unit.objects.get(code="T")

    assert (tonne.to_base(Decimal("1.5")), tonne.base.code, tonne.is_base, tonne.base.is_base) == (
        Decimal(1500),
        "KG",
        False,
        True,
    )


def test_units_of_the_node_come_before_those_of_its_group_and_chain():
    codes = [unit.code for unit in units_for_node(node_by_code("H2.USE.FCV_TRUCK"))]

    assert (codes[0], {"VEH", "KW", "UNIT"} <= set(codes), "TEU" in codes) == ("VEH", True, False)


def test_every_leaf_has_units():
    node = ChainNodeFactory()

    assert [unit.code for unit in units_for_node(node)] == list(Unit.objects.values_list("code", flat=True))


def test_certificates_of_a_group_hold_for_its_leaves_and_those_for_all_come_last():
    CertificationFactory(code="XLEAF", scope=["AUTO.BODY.CAST"])
    CertificationFactory(code="XOTHER", scope=["AUTO.BODY.CASTING"])
    CertificationFactory(code="XGONE", scope=["AUTO.BODY.CAST"], retired_on="2026-01-01")

    codes = [certification.code for certification in certifications_for_node(node_by_code("AUTO.BODY.CAST"))]

    assert (codes[0], "IATF16949" in codes, "ISO9001" in codes) == ("XLEAF", True, True)
    assert codes.index("IATF16949") < codes.index("ISO9001")
    assert {"XOTHER", "XGONE"} & set(codes) == set()


@pytest.mark.parametrize(
    ("node", "parameter"),
    [
        ("SVC.SPACE.SATELLITE", "workers"),
        ("AUTO.BODY.CAST", "clamp_t"),
        ("AUTO.ELEC.CHIP", "asil"),
        ("H2.USE.FCV_TRUCK", "range_km"),
        ("EINFO.PCB.SMT", "lines"),
        ("EINFO.DISPLAY.MODULE", "size_inch"),
        ("H2.STORE.CYL4", "pressure_mpa"),
    ],
)
def test_the_parameters_that_the_scenarios_ask_for_are_offered_at_their_nodes(node, parameter):
    assert parameter in [row.code for row in parameters_for_node(node_by_code(node))]


def test_levels_are_ordered_from_the_lowest():
    asil = next(row for row in parameters_for_node(node_by_code("AUTO.ELEC.CHIP")) if row.code == "asil")

    assert [asil.rank_of(level) for level in ("QM", "a", " B ", "D", "E")] == [0, 1, 2, 4, None]
    assert asil.is_ordered
