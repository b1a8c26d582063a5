"""Truths about single rows: constraints first, checks of their own second, names in the active language."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from reference.models import Certification, Region
from reference.queries.names import read_names
from tests.factories.reference import (
    ChainLinkFactory,
    ChainNodeFactory,
    GlossaryTermFactory,
    IndustryChainFactory,
    ProvinceFactory,
    RegionFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 2)},
        {"tile_row": 90, "tile_col": None},
        {"parent": None},
    ],
)
def test_the_database_refuses_a_region_that_cannot_be(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionFactory(code="930101", **values)


def test_the_database_refuses_a_successor_of_a_region_that_has_not_ended():
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionFactory(code="930101", successor=ProvinceFactory())


def test_the_database_refuses_a_factor_of_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitFactory(base=UnitFactory(), factor_to_base=0)


def test_the_database_refuses_a_node_that_supplies_itself():
    node = ChainNodeFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ChainLinkFactory(supplier=node, consumer=node)


def test_a_node_is_refused_below_a_parent_that_its_code_does_not_name():
    node = ChainNodeFactory.build(code="XA.B", parent=None, chain=IndustryChainFactory(code="XA"))

    with pytest.raises(ValidationError) as refusal:
        node.full_clean()

    assert list(refusal.value.message_dict) == ["parent"]


def test_a_node_is_refused_in_a_chain_that_its_code_does_not_name():
    node = ChainNodeFactory.build(code="XA", chain=IndustryChainFactory(code="XB"))

    with pytest.raises(ValidationError) as refusal:
        node.full_clean()

    assert list(refusal.value.message_dict) == ["chain"]


def test_a_region_knows_its_stem_and_its_province():
    longchang = Region.objects.get(code="511083")

    assert (longchang.stem, longchang.parent.stem, longchang.parent.parent.stem) == ("511083", "5110", "51")
    assert (longchang.province, longchang.path) == ("510000", "510000/511000/511083/")


def test_names_follow_the_active_language():
    region, term = Region.objects.get(code="500153"), GlossaryTermFactory.build(term_zh="压铸", term_en="die casting")

    with translation.override("en"):
        assert (region.name, region.short_name, term.name) == ("Rongchang District", "Rongchang", "die casting")
    with translation.override("zh-hans"):
        assert (region.name, region.short_name, str(term)) == ("荣昌区", "荣昌", "压铸")


@pytest.mark.parametrize(
    ("code", "name_zh", "name_en", "label"),
    [
        (
            "IATF16949",
            "汽车行业质量管理体系认证",
            "Automotive quality (IATF 16949)",
            "IATF 16949 汽车行业质量管理体系认证",
        ),
        ("ISO22163", "轨道交通业质量管理体系", "Rail quality (ISO 22163, IRIS)", "ISO 22163 轨道交通业质量管理体系"),
        ("BSCI", "商业社会责任审核", "amfori BSCI social audit", "BSCI 商业社会责任审核"),
        ("CE", "欧盟CE符合性", "CE conformity", "欧盟CE符合性"),
        ("TS-VESSEL-MFG", "压力容器制造许可证", "Licence, pressure vessels (manufacture)", "压力容器制造许可证"),
    ],
)
def test_a_certificate_shows_its_short_name_before_the_chinese_one(code, name_zh, name_en, label):
    paper = Certification(code=code, name_zh=name_zh, name_en=name_en)

    with translation.override("zh-hans"):
        assert paper.name == label
    with translation.override("en"):
        assert paper.name == name_en


def test_names_of_certificates_read_at_once_carry_the_short_name(db):
    assert read_names()["certificate", "IATF16949"].zh == "IATF 16949 汽车行业质量管理体系认证"
