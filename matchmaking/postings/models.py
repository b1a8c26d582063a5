"""A posting, need or capacity, with what it asks for and what it offers."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import LANGUAGES, Enterprise, Site, User
from common.models import TimeStamped, Versioned, amount_field, random_key
from common.values import BAND_EDGES, MAX_AMOUNT, Money, Quantity, TimeWindow, band_floor
from matchmaking.postings.choices import (
    BusyLevel,
    Direction,
    Operator,
    Period,
    PriceKind,
    RegionPreference,
    Status,
    Subject,
    Visibility,
)
from matchmaking.postings.querysets import (
    CapacityMonthQuerySet,
    PostingContactQuerySet,
    PostingPartQuerySet,
    PostingQuerySet,
    SavedSearchQuerySet,
)
from reference.models import Certification, ChainNode, Parameter, Region, Unit

POSITIVE = MinValueValidator(Decimal("0.001"))
CREDIBLE = MaxValueValidator(MAX_AMOUNT)
NETWORK_FIRST_MOST_DAYS = 30


BAND_STEPS = Case(
    *(When(quantity_amount__gte=Value(edge), then=Value(step)) for step, edge in reversed([*enumerate(BAND_EDGES, 1)])),
    default=Value(0),
)
"""The place of the quantity's band among the edges, counted from 1; 0 below the first edge or without a quantity."""


def new_number() -> str:
    """A public number that cannot be guessed."""
    return random_key()


class Posting(Versioned, TimeStamped):
    """What a firm needs or can supply. Quantity is counted per ``period``; the window includes both its days.

    ``unread_texts`` keeps, by field, what was typed into a draft and could not be read as a number or a day.
    ``last_form`` names the form, one opened page, whose words stand here; what it sends again is never taken for
    somebody else's. ``content_changed_at`` is when others last found other words or figures; with ``accepts_ahead_at``
    verified firms that meet all musts are introduced without being answered first. Until ``opens_on``, so many
    ``network_first_days`` after it was first published, it is shown to the firm's own network alone.
    """

    number = models.CharField(max_length=10, unique=True, editable=False, default=new_number)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("description"), max_length=8000, blank=True)
    language = models.CharField(_("language of the texts"), max_length=8, choices=LANGUAGES, default="zh-hans")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="postings")
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="postings")
    node = models.ForeignKey(
        ChainNode, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("chain node")
    )
    further_nodes = models.ManyToManyField(ChainNode, blank=True, related_name="+", verbose_name=_("further nodes"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name=_("region")
    )
    quantity_amount = models.DecimalField(
        _("quantity"), max_digits=17, decimal_places=3, null=True, blank=True, validators=[POSITIVE, CREDIBLE]
    )
    quantity_band = models.GeneratedField(
        expression=BAND_STEPS, output_field=models.PositiveSmallIntegerField(), db_persist=True
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=Period, default=Period.ONCE)
    window_start = models.DateField(_("first day"), null=True, blank=True)
    window_end = models.DateField(_("last day"), null=True, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time, days"), null=True, blank=True)
    minimum_order_amount = models.DecimalField(
        _("minimum order"), max_digits=17, decimal_places=3, null=True, blank=True, validators=[POSITIVE, CREDIBLE]
    )
    minimum_share_percent = models.PositiveSmallIntegerField(
        _("least share, %"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    region_preference = models.CharField(
        _("where"), max_length=14, choices=RegionPreference, default=RegionPreference.ANY
    )
    radius_km = models.PositiveIntegerField(
        _("radius, km"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3000)]
    )
    regions_allowed = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("listed regions"))
    price_kind = models.CharField(_("price"), max_length=6, choices=PriceKind, default=PriceKind.NONE)
    price_min = models.DecimalField(_("from"), max_digits=17, decimal_places=4, null=True, blank=True)
    price_max = models.DecimalField(_("to"), max_digits=17, decimal_places=4, null=True, blank=True)
    price_currency = models.CharField(_("currency"), max_length=3, default="CNY")
    consortium_allowed = models.BooleanField(_("several suppliers together are welcome"), default=False)
    visibility = models.CharField(_("shown"), max_length=5, choices=Visibility, default=Visibility.NAMED)
    hidden_from = models.ManyToManyField(Enterprise, blank=True, related_name="+", verbose_name=_("hidden from"))
    hidden_from_typed = models.TextField(blank=True, editable=False)
    network_first_days = models.PositiveSmallIntegerField(
        _("own network first, days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(NETWORK_FIRST_MOST_DAYS)],
    )
    opens_on = models.DateField(_("opens to everybody on"), null=True, blank=True, editable=False)
    status = models.CharField(_("state"), max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    hold_reason = models.CharField(max_length=60, blank=True, editable=False)
    end_reason = models.CharField(max_length=60, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True, editable=False)
    content_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepts_ahead_at = models.DateTimeField(_("accepts ahead since"), null=True, blank=True, editable=False)
    accepts_ahead_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    reserved_amount = models.DecimalField(max_digits=17, decimal_places=3, default=0, editable=False)
    open_interest_count = models.PositiveIntegerField(default=0, editable=False)
    busy_level = models.PositiveSmallIntegerField(choices=BusyLevel, default=BusyLevel.FREE, editable=False)
    busy_until = models.DateField(_("busy until"), null=True, blank=True, editable=False)
    answer_within_working_days = models.PositiveSmallIntegerField(
        _("answer within, working days"), default=2, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    external_key = models.CharField(_("own number"), max_length=80, blank=True)
    product_identifier = models.CharField(_("industrial identifier"), max_length=120, blank=True)
    unread_texts = models.JSONField(default=dict, blank=True, editable=False)
    last_form = models.CharField(max_length=10, blank=True, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = PostingQuerySet.as_manager()
    # Earlier prices would tell a band that is sealed now, or was when it was written.
    history = HistoricalRecords(
        excluded_fields=[
            "busy_level",
            "busy_until",
            "open_interest_count",
            "quantity_band",
            "last_form",
            "price_min",
            "price_max",
            "price_currency",
        ]
    )

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["direction", "status", "-published_at", "-id"]),
            models.Index(fields=["direction", "status", "-quantity_band", "-id"]),
            models.Index(fields=["direction", "status", "window_end", "-id"]),
            models.Index(fields=["status", "node"]),
            models.Index(fields=["status", "region"]),
            models.Index(fields=["enterprise", "status"]),
            models.Index(fields=["status", "confirmed_on"]),
            # Filters of the administration's list, newest first.
            *(models.Index(fields=[name, "-id"]) for name in ("direction", "status", "subject")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_start=None) | Q(window_end=None) | Q(window_end__gte=F("window_start")),
                name="posting_window_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(quantity_amount=None) | Q(quantity_amount__gt=0), name="posting_quantity_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(reserved_amount__gte=0)
                & (Q(quantity_amount=None) | Q(reserved_amount__lte=F("quantity_amount"))),
                name="posting_never_sold_twice",
            ),
            models.CheckConstraint(
                condition=Q(price_min=None) | Q(price_max=None) | Q(price_max__gte=F("price_min")),
                name="posting_price_band_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT)
                | Q(node__isnull=False, region__isnull=False, quantity_amount__isnull=False, unit__isnull=False),
                name="posting_complete_once_out_of_draft",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "external_key"], condition=~Q(external_key=""), name="posting_own_number_once"
            ),
        ]

    known_months: "list[CapacityMonth] | None" = None
    """Months that a query read for many postings at once; None where nothing was read."""

    def __str__(self) -> str:
        return self.title

    @property
    def quantity(self) -> Quantity | None:
        """The quantity asked for or offered per ``period``."""
        if self.quantity_amount is None or self.unit is None:
            return None
        return Quantity(self.quantity_amount, self.unit.code)

    @property
    def quantity_class(self) -> int | None:
        """What a visitor sees of the quantity: the floor of its band."""
        return None if self.quantity_amount is None else band_floor(self.quantity_amount)

    @property
    def window(self) -> TimeWindow:
        """The days it is for, both ends included."""
        return TimeWindow(self.window_start, self.window_end)

    @property
    def open_price_max(self) -> Money | None:
        """The upper end of an open band; a sealed one gives nothing."""
        if self.price_kind != PriceKind.OPEN or self.price_max is None:
            return None
        return Money(self.price_max, self.price_currency)

    @property
    def asks_network_first(self) -> bool:
        """Whether it is not open to everybody yet, as long as it is published."""
        return self.opens_on is not None and self.opens_on > timezone.localdate()

    @property
    def is_need(self) -> bool:
        """Whether it looks for something."""
        return self.direction == Direction.NEED

    @property
    def is_met(self) -> bool:
        """Whether it is a need of which all is signed, so that nothing is asked for."""
        posted = self.quantity_amount
        return self.is_need and posted is not None and self.reserved_amount >= posted

    @property
    def shown_name(self) -> str:
        """The name that others see before mutual interest."""
        return self.enterprise.alias if self.visibility == Visibility.ALIAS else self.enterprise.name


class PostingCertificate(models.Model):
    """A certificate that a posting asks for; a must decides, a wish ranks."""

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="required_certificates")
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="+")
    is_must = models.BooleanField(_("must"), default=True)

    objects = PostingPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["posting", "certification"], name="one_requirement_a_paper")]

    def __str__(self) -> str:
        return str(self.certification)


class PostingParameter(models.Model):
    """A named technical requirement of a need, or what a capacity offers: workers ≥ 100, pressure = 70 MPa.

    ``number`` is in the parameter's own unit; ordered grades such as ASIL B are kept as ``level``.
    """

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="parameters")
    parameter = models.ForeignKey(Parameter, models.PROTECT, related_name="+")
    operator = models.CharField(_("comparison"), max_length=2, choices=Operator, default=Operator.AT_LEAST)
    number = models.DecimalField(_("value"), max_digits=17, decimal_places=4, null=True, blank=True)
    level = models.CharField(_("level"), max_length=40, blank=True)
    is_must = models.BooleanField(_("must"), default=True)

    objects = PostingPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["posting", "parameter"], name="one_value_a_parameter"),
            models.CheckConstraint(condition=Q(number__isnull=False) | ~Q(level=""), name="parameter_has_a_value"),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.operator} {self.level or self.number}"


class CapacityMonth(models.Model):
    """What a capacity can carry in one month and what of it is agreed, beside what is agreed for every month.

    ``month`` is its first day; without ``planned_amount`` the month carries what was posted.
    """

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="months")
    month = models.DateField(_("month"))
    planned_amount = amount_field(_("planned"), null=True, blank=True, validators=[MinValueValidator(0), CREDIBLE])
    booked_amount = amount_field(_("agreed"), default=0, editable=False)

    objects = CapacityMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a capacity")
        verbose_name_plural = _("months of a capacity")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["posting", "month"], name="capacity_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="capacity_month_by_its_first_day"),
            models.CheckConstraint(
                condition=Q(booked_amount__gte=0)
                & (Q(planned_amount=None) | Q(planned_amount__gte=F("booked_amount"))),
                name="capacity_month_never_sold_twice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class SharedTerms(models.Model):
    """What several needs of one firm have in common; a field that is empty is each need's own matter."""

    window_start = models.DateField(_("first day"), null=True, blank=True)
    window_end = models.DateField(_("last day"), null=True, blank=True)
    answer_within_working_days = models.PositiveSmallIntegerField(
        _("answer within, working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    certificates = models.ManyToManyField(Certification, blank=True, related_name="+", verbose_name=_("certificates"))

    class Meta:
        abstract = True


class PostingContact(models.Model):
    """Whom to reach about a posting; kept apart from its text, shown only after mutual interest."""

    posting = models.OneToOneField(Posting, models.CASCADE, related_name="contact")
    person = models.CharField(_("contact person"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    other = models.CharField(_("other ways to reach"), max_length=200, blank=True)

    objects = PostingContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact of a posting")
        verbose_name_plural = _("contacts of postings")

    def __str__(self) -> str:
        return f"{self.posting_id}"


class SavedSearch(TimeStamped):
    """Filters of a list that somebody comes back to, as the query string of its address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_searches")
    direction = models.CharField(max_length=8, choices=Direction)
    name = models.CharField(_("name"), max_length=80)
    filters = models.CharField(max_length=1000, blank=True)
    tells_since = models.DateTimeField(
        null=True, blank=True, help_text=_("Postings published since then are told to its owner; empty tells of none.")
    )

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "direction", "name"], name="saved_search_name_once")]

    def __str__(self) -> str:
        return self.name
