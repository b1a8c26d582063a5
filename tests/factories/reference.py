"""Plain valid rows of reference data; codes begin with X or 9 so that they never meet a real one."""

from decimal import Decimal

from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from reference.choices import Basis, CertificationKind, ChainKind, Cluster, Comparison, Facet, RegionLevel, Stage
from reference.models import (
    Certification,
    ChainLink,
    ChainNode,
    GlossaryTerm,
    IndustryChain,
    Parameter,
    Region,
    Unit,
)

SOURCE = "Test data"


class ProvinceFactory(DjangoModelFactory):
    """A province without prefectures; ``code`` 900000 upwards."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"{90 + n % 10}0000")
    name_zh = LazyAttribute(lambda region: f"样{region.code}省")
    name_en = LazyAttribute(lambda region: f"Province {region.code}")
    short_zh = LazyAttribute(lambda region: f"样{region.code}")
    short_en = LazyAttribute(lambda region: f"P{region.code}")
    level = RegionLevel.PROVINCE
    parent = None
    lat = 30.0
    lon = 105.0
    source = SOURCE
    basis = Basis.AUTHORED


class RegionFactory(DjangoModelFactory):
    """A district below a province of its own kind of code; give ``code`` and the province follows."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"90{n % 10000:04d}" if n % 10000 else "909999")
    name_zh = LazyAttribute(lambda region: f"样{region.code}区")
    name_en = LazyAttribute(lambda region: f"Region {region.code}")
    short_zh = LazyAttribute(lambda region: f"样{region.code}")
    short_en = LazyAttribute(lambda region: f"R{region.code}")
    level = RegionLevel.DISTRICT
    parent = SubFactory(ProvinceFactory, code=LazyAttribute(lambda province: f"{province.factory_parent.code[:2]}0000"))
    lat = 30.0
    lon = 105.0
    source = SOURCE
    basis = Basis.AUTHORED


class IndustryChainFactory(DjangoModelFactory):
    """A main chain without nodes."""

    class Meta:
        model = IndustryChain
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"X{n}")
    slug = LazyAttribute(lambda chain: chain.code.lower())
    name_zh = LazyAttribute(lambda chain: f"样链{chain.code}")
    name_en = LazyAttribute(lambda chain: f"Chain {chain.code}")
    cluster = Cluster.EQUIPMENT
    kind = ChainKind.MAIN
    source = SOURCE


class ChainNodeFactory(DjangoModelFactory):
    """The head of a chain, a leaf; give ``code`` as CHAIN.GROUP.NODE together with ``parent`` for a deeper one."""

    class Meta:
        model = ChainNode
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"XN{n}")
    chain = SubFactory(IndustryChainFactory, code=LazyAttribute(lambda chain: chain.factory_parent.code.split(".")[0]))
    parent = None
    name_zh = LazyAttribute(lambda node: f"样品{node.code}")
    name_en = LazyAttribute(lambda node: f"Sample {node.code}")
    stage = Stage.MIDSTREAM
    source = SOURCE


class ChainLinkFactory(DjangoModelFactory):
    """Two nodes, the first supplying the second."""

    class Meta:
        model = ChainLink

    supplier = SubFactory(ChainNodeFactory)
    consumer = SubFactory(ChainNodeFactory)
    source = SOURCE


class CertificationFactory(DjangoModelFactory):
    """A management-system certificate of three years that every node may ask for."""

    class Meta:
        model = Certification
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"XC{n}")
    name_zh = LazyAttribute(lambda certification: f"样证{certification.code}")
    name_en = LazyAttribute(lambda certification: f"Certificate {certification.code}")
    issuer = "Sample issuer"
    kind = CertificationKind.MANAGEMENT_SYSTEM
    validity_years = 3
    scope = LazyAttribute(lambda certification: ["*"])
    source = SOURCE


class UnitFactory(DjangoModelFactory):
    """The base unit of a dimension of its own."""

    class Meta:
        model = Unit
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"XU{n}")
    name_zh = LazyAttribute(lambda unit: f"样单位{unit.code}")
    name_en = LazyAttribute(lambda unit: f"unit {unit.code}")
    dimension = LazyAttribute(lambda unit: f"dimension-{unit.base.code if unit.base else unit.code}".lower())
    factor_to_base = Decimal(1)
    base = None
    scope = LazyAttribute(lambda unit: ["*"])
    source = SOURCE


class GlossaryTermFactory(DjangoModelFactory):
    """A product word that names a node."""

    class Meta:
        model = GlossaryTerm
        django_get_or_create = ("term_zh",)

    term_zh = Sequence(lambda n: f"样词{n}")
    term_en = Sequence(lambda n: f"sample term {n}")
    facet = Facet.PART
    node = SubFactory(ChainNodeFactory)
    chain = SelfAttribute("node.chain")
    source = SOURCE


class ParameterFactory(DjangoModelFactory):
    """A number asked for with *at least*, for every node."""

    class Meta:
        model = Parameter
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"sample_{n}")
    name_zh = LazyAttribute(lambda parameter: f"样参数{parameter.code}")
    name_en = LazyAttribute(lambda parameter: f"Parameter {parameter.code}")
    comparison = Comparison.AT_LEAST
    scope = LazyAttribute(lambda parameter: ["*"])
    source = SOURCE
