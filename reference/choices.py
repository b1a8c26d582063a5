"""The fixed lists that reference rows choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Whether a row was read in a named source or written by us."""

    SOURCED = "sourced", _("read in a source")
    AUTHORED = "authored", _("written for this platform")


class RegionLevel(models.TextChoices):
    """The step of the administrative division."""

    PROVINCE = "province", _("province or municipality")
    PREFECTURE = "prefecture", _("prefecture-level city or prefecture")
    DISTRICT = "district", _("district")
    COUNTY = "county", _("county or county-level city")


class ChainKind(models.TextChoices):
    """Whether a chain makes things or serves all the others."""

    MAIN = "main", _("industrial chain")
    CROSS_CUTTING = "cross-cutting", _("cross-chain services")


class Cluster(models.TextChoices):
    """The industrial clusters of both sides; parks, chains and targets belong to them."""

    AUTOMOBILES = "automobiles-motorcycles", _("automobiles and motorcycles")
    ELECTRONICS = "electronic-information", _("electronic information")
    EQUIPMENT = "equipment-manufacturing", _("equipment manufacturing")
    CONSUMER_GOODS = "consumer-goods", _("consumer goods")
    HYDROGEN = "hydrogen", _("hydrogen")
    MATERIALS = "materials", _("materials")
    BIOMEDICINE = "biomedicine", _("biomedicine")
    CROSS_CUTTING = "cross-cutting", _("cross-chain services")
    ALL = "all", _("all clusters")


class Stage(models.TextChoices):
    """Where a node stands between raw material and user; hydrogen has stages of its own."""

    UPSTREAM = "upstream", _("upstream")
    MIDSTREAM = "midstream", _("midstream")
    DOWNSTREAM = "downstream", _("downstream")
    PRODUCTION = "production", _("hydrogen production")
    STORAGE = "storage", _("hydrogen storage")
    TRANSPORT = "transport", _("hydrogen transport")
    REFUELLING = "refuelling", _("hydrogen refuelling")
    USE = "use", _("hydrogen use")


class CertificationKind(models.TextChoices):
    """What a certificate speaks of."""

    LICENCE = "licence", _("licence")
    MANAGEMENT_SYSTEM = "management-system", _("management system")
    PRODUCT = "product", _("product certificate or report")
    SAFETY = "safety", _("safety")


class Facet(models.TextChoices):
    """What a glossary term names: the thing, how it is made, of what, for what, what a firm does with it."""

    PART = "part", _("part or product")
    PROCESS = "process", _("process")
    MATERIAL = "material", _("material")
    USE = "use", _("use")
    ROLE = "role", _("role")
    TRADE = "trade", _("word of business")


class Role(models.TextChoices):
    """What a firm does with the thing that a posting names."""

    MAKING = "making", _("makes it")
    MATERIAL = "material", _("supplies material for it")
    TOOLING = "tooling", _("makes tools and machines for it")
    REPAIR = "repair", _("repairs it")
    TRAINING = "training", _("trains people for it")
    LABOUR = "labour", _("provides people for it")
    DESIGN = "design", _("designs it")
    TESTING = "testing", _("tests it")
    TRADING = "trading", _("trades in it")
    RENTING = "renting", _("rents it out")
    LOGISTICS = "logistics", _("moves and stores it")
    INSTALLATION = "installation", _("installs it")


class PaperKind(models.TextChoices):
    """What a paper that belongs to a person, not to a firm, speaks of."""

    TITLE = "title", _("professional title")
    CARD = "card", _("talent card")
    SKILL = "skill", _("skill grade")


class Comparison(models.TextChoices):
    """How a technical parameter is usually asked for."""

    AT_LEAST = "ge", _("at least")
    AT_MOST = "le", _("at most")
    EQUAL = "eq", _("equal to")


class CooperationType(models.TextChoices):
    """The five official kinds of cooperation."""

    FUNCTIONAL = "functional-co-construction", _("Functional co-construction")
    INDUSTRIAL = "industrial-co-construction", _("Industrial co-construction")
    SUPPORTING = "industrial-supporting", _("Industrial supporting")
    RESOURCES = "resource-development", _("Resource development")
    ENCLAVE = "enclave-economy", _("Enclave economy")
