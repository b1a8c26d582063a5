"""The hydrogen corridor: lines, facilities, haulage, fleet batches, the assumption of demand, rounds of offers."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from common.models import NamedInTwoLanguages, PublicKeyed, TimeStamped, Versioned
from matchmaking.hydrogen import choices, querysets
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting
from reference.models import Region

MOST_KG = 10_000_000
"""A day or in a store; more is a slip of the keyboard."""
MOST_VEHICLES = 100_000
RUNS_SINCE = _("What is running needs the day since when it runs.")
MOST_KG_A_VEHICLE = 500
"""A day; heavy trucks take well under a hundred."""


class Sourced(TimeStamped, Versioned):
    """What is told about the corridor, always with its source; ``is_sample`` marks what is invented."""

    source = models.CharField(_("source"), max_length=400)
    note = models.CharField(_("note"), max_length=400, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True


class Dated(models.Model):
    """Something that is planned, built, running or closed, since a day where that is known."""

    state = models.CharField(
        _("state"), max_length=8, choices=choices.FacilityState, default=choices.FacilityState.PLANNED
    )
    state_on = models.DateField(_("in this state since"), null=True, blank=True)

    class Meta:
        abstract = True

    def runs_on(self, day: date) -> bool:
        """Whether it is running on ``day``; what is planned or being built never is, whatever its day."""
        return self.state == choices.FacilityState.RUNNING and self.state_on is not None and self.state_on <= day


class CorridorLine(NamedInTwoLanguages, Sourced):
    """A line of the corridor; its course is the order of its stops."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=9, choices=choices.LineKind)
    position = models.PositiveSmallIntegerField(default=0)

    objects = querysets.OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("corridor line")
        verbose_name_plural = _("corridor lines")
        ordering = ["position", "code"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="corridor_line_has_a_source")]


class CorridorStop(models.Model):
    """A region that a line passes, in its order."""

    line = models.ForeignKey(CorridorLine, models.CASCADE, related_name="stops")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["line", "position"]
        constraints = [models.UniqueConstraint(fields=["line", "position"], name="one_stop_a_position")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.position}"


class Facility(PublicKeyed, NamedInTwoLanguages, Dated, Sourced):
    """A refuelling station, a supply base or a store; what is not known of it is left empty.

    ``kg_per_day`` is what a station can fill or a base can make, ``store_kg`` what is kept over the end of a month.
    """

    kind = models.CharField(_("kind"), max_length=7, choices=choices.FacilityKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    kg_per_day = models.PositiveIntegerField(
        _("kilograms a day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_KG)]
    )
    store_kg = models.PositiveIntegerField(
        _("store, kilograms"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_KG)]
    )
    pressure = models.CharField(_("filling pressure"), max_length=5, choices=choices.Pressure, blank=True)
    purity_percent = models.DecimalField(
        _("purity, %"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(50)), MaxValueValidator(Decimal(100))],
    )

    objects = querysets.OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("hydrogen facility")
        verbose_name_plural = _("hydrogen facilities")
        ordering = ["kind", "region__code", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="facility_has_a_source"),
            models.CheckConstraint(
                condition=~Q(state=choices.FacilityState.RUNNING) | Q(state_on__isnull=False),
                name="running_facility_has_a_day",
                violation_error_message=RUNS_SINCE,
            ),
        ]

    @property
    def is_fuel_cell_grade(self) -> bool | None:
        """Whether its hydrogen is pure enough for fuel cells; None where its purity is not known."""
        return None if self.purity_percent is None else self.purity_percent >= Decimal(choices.FUEL_CELL_PURITY)


class HaulageRoute(PublicKeyed, Dated, Sourced):
    """Hydrogen hauled from one place to another, up to so many kilograms a day."""

    from_region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("from"))
    to_region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("to"))
    kg_per_day = models.PositiveIntegerField(
        _("kilograms a day"), validators=[MinValueValidator(1), MaxValueValidator(MOST_KG)]
    )

    objects = querysets.OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("haulage route")
        verbose_name_plural = _("haulage routes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="route_has_a_source"),
            models.CheckConstraint(
                condition=~Q(from_region=F("to_region")),
                name="route_leads_elsewhere",
                violation_error_message=_("Choose two different places."),
            ),
            models.CheckConstraint(
                condition=~Q(state=choices.FacilityState.RUNNING) | Q(state_on__isnull=False),
                name="running_route_has_a_day",
                violation_error_message=RUNS_SINCE,
            ),
        ]

    def __str__(self) -> str:
        return self.key


class FleetBatch(PublicKeyed, Sourced):
    """Vehicles that come onto the corridor together; without ``starts_on`` nobody knows yet when, and none is counted.

    ``number`` tells the batches of the programme apart.
    """

    number = models.PositiveSmallIntegerField(_("batch"), unique=True, validators=[MinValueValidator(1)])
    vehicles = models.PositiveIntegerField(
        _("vehicles"), validators=[MinValueValidator(1), MaxValueValidator(MOST_VEHICLES)]
    )
    state = models.CharField(_("state"), max_length=10, choices=choices.BatchState, default=choices.BatchState.PLANNED)
    starts_on = models.DateField(_("in service from"), null=True, blank=True)
    ends_on = models.DateField(_("in service until"), null=True, blank=True)

    objects = querysets.OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("fleet batch")
        verbose_name_plural = _("fleet batches")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="fleet_batch_has_a_source"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="fleet_batch_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def placed(self) -> int:
        """Vehicles of which it is told where they are filled."""
        return sum(one.vehicles for one in self.places.all())

    @property
    def unplaced(self) -> int:
        """Vehicles of which it is not."""
        return self.vehicles - self.placed


class FleetPlace(models.Model):
    """How many vehicles of a batch are filled at a place."""

    batch = models.ForeignKey(FleetBatch, models.CASCADE, related_name="places")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    vehicles = models.PositiveIntegerField(_("vehicles"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("vehicles at a place")
        verbose_name_plural = _("vehicles by place")
        ordering = ["batch", "region__code"]
        constraints = [models.UniqueConstraint(fields=["batch", "region"], name="one_row_a_batch_and_place")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.region_id}"


class DemandAssumption(PublicKeyed, TimeStamped):
    """How much hydrogen a vehicle takes a day, as somebody assumed it from a source; never changed, only followed.

    The newest one holds; every figure of demand names its key.
    """

    kg_per_vehicle_day = models.DecimalField(
        _("kilograms per vehicle and day"),
        max_digits=7,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(Decimal(MOST_KG_A_VEHICLE))],
    )
    source = models.CharField(_("source"), max_length=400)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by"))

    objects = querysets.OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("assumption of hydrogen demand")
        verbose_name_plural = _("assumptions of hydrogen demand")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="assumption_has_a_source"),
            models.CheckConstraint(condition=Q(kg_per_vehicle_day__gt=0), name="assumption_above_zero"),
        ]

    def __str__(self) -> str:
        return self.key


class Round(PublicKeyed, Versioned, TimeStamped):
    """A call for hydrogen for some places and months: offers until one day, interest in them until another.

    Both days are included. ``figures`` are the counts of the published result.
    """

    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"))
    places = models.ManyToManyField(Region, related_name="+", verbose_name=_("places"))
    offers_until = models.DateField(_("offers until"))
    interest_until = models.DateField(_("interest until"))
    called_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("called by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    figures = models.JSONField(_("Result"), default=dict, blank=True, editable=False)

    objects = querysets.OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of hydrogen offers")
        verbose_name_plural = _("rounds of hydrogen offers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(interest_until__gt=F("offers_until")), name="interest_after_offers"),
            models.CheckConstraint(condition=Q(last_month__gte=F("first_month")), name="round_months_in_order"),
        ]

    def __str__(self) -> str:
        return self.key

    def state_on(self, day: date) -> choices.RoundState:
        """Where it stands on ``day``."""
        if self.published_at is not None:
            return choices.RoundState.PUBLISHED
        if day <= self.offers_until:
            return choices.RoundState.OFFERS
        return choices.RoundState.INTEREST if day <= self.interest_until else choices.RoundState.CLOSED


class RoundOffer(PublicKeyed, TimeStamped):
    """A capacity offered into a round; everybody else reads its ``letter`` alone."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="offers")
    capacity = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    letter = models.CharField(_("letter"), max_length=4, editable=False)
    reason = models.CharField(_("reason"), max_length=60, blank=True, editable=False)

    objects = querysets.RoundOfferQuerySet.as_manager()

    class Meta:
        ordering = ["letter", "key"]
        constraints = [
            models.UniqueConstraint(fields=["round", "capacity"], name="a_capacity_once_a_round"),
            models.UniqueConstraint(fields=["round", "letter"], name="a_letter_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.letter}"


class RoundInterest(TimeStamped):
    """A need whose firm is interested in an offer; ``partnership`` is what came of it, ``reason`` why nothing did."""

    offer = models.ForeignKey(RoundOffer, models.CASCADE, related_name="interests")
    need = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    partnership = models.ForeignKey(Partnership, models.SET_NULL, null=True, related_name="+", editable=False)
    reason = models.CharField(_("reason"), max_length=60, blank=True, editable=False)

    objects = querysets.RoundInterestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["offer", "need"], name="a_need_once_an_offer")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.need_id}"
