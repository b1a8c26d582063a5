"""Every factory makes a row that passes its own checks."""

import pytest

from tests.factories.reference import (
    CertificationFactory,
    ChainLinkFactory,
    ChainNodeFactory,
    GlossaryTermFactory,
    IndustryChainFactory,
    ParameterFactory,
    ProvinceFactory,
    RegionFactory,
    UnitFactory,
)

FACTORIES = (
    ProvinceFactory,
    RegionFactory,
    IndustryChainFactory,
    ChainNodeFactory,
    ChainLinkFactory,
    CertificationFactory,
    UnitFactory,
    GlossaryTermFactory,
    ParameterFactory,
)


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_a_factory_makes_rows_that_pass_full_clean(factory):
    first, second = factory(), factory()

    first.full_clean()
    second.full_clean()

    assert first.pk != second.pk


@pytest.mark.django_db
def test_a_region_made_by_code_lies_in_the_province_of_its_code():
    region = RegionFactory(code="920101")

    assert (region.parent.code, region.path, region.province) == ("920000", "920000/920101/", "920000")
