"""Values of fields of the hydrogen corridor."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FacilityKind(models.TextChoices):
    """What stands at a place of the corridor."""

    STATION = "station", _("refuelling station")
    BASE = "base", _("supply base")
    STORE = "store", _("hydrogen store")


class FacilityState(models.TextChoices):
    """Where a facility or a haulage route stands; only what is running is counted as there."""

    PLANNED = "planned", pgettext_lazy("facility", "planned")
    BUILDING = "building", pgettext_lazy("facility", "being built")
    RUNNING = "running", pgettext_lazy("facility", "running")
    CLOSED = "closed", pgettext_lazy("facility", "closed")


class Pressure(models.TextChoices):
    """At how many megapascals a station fills vehicles."""

    MPA_35 = "35", "35 MPa"
    MPA_70 = "70", "70 MPa"
    BOTH = "35+70", "35 + 70 MPa"


class BatchState(models.TextChoices):
    """Where a fleet batch stands."""

    PLANNED = "planned", pgettext_lazy("fleet batch", "planned")
    ORDERED = "ordered", pgettext_lazy("fleet batch", "ordered")
    IN_SERVICE = "in_service", pgettext_lazy("fleet batch", "in service")


class LineKind(models.TextChoices):
    """What kind of line of the corridor."""

    INTERCITY = "intercity", _("intercity line")
    TRUNK = "trunk", _("direct trunk")


class RoundState(models.TextChoices):
    """Where a round of offers stands; all but the last follows from its two days."""

    OFFERS = "offers", _("offers are taken")
    INTEREST = "interest", _("interest is taken")
    CLOSED = "closed", _("closed, result not yet published")
    PUBLISHED = "published", _("result published")


PRODUCTION_NODE = "H2.PROD"
"""Capacities at this node and below, in a unit of hydrogen mass, are hydrogen on offer."""
HYDROGEN_CHAIN = "H2"
HYDROGEN_MASS = "hydrogen-mass"
"""The dimension of units whose base is a kilogram of hydrogen."""
FUEL_CELL_PURITY = "99.97"
"""Percent; what the chain node of fuel-cell-grade hydrogen names."""
