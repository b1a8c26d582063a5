"""What joins a need and a capacity, every step that it took, and what belongs to the deal."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed, TimeStamped, Versioned, amount_field, money_field
from common.values import MAX_AMOUNT
from matchmaking.partnerships import choices, querysets
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting, SharedTerms
from reference.choices import CooperationType
from reference.models import Unit

ABOVE_ZERO = (MinValueValidator(Decimal("0.001")), MaxValueValidator(MAX_AMOUNT))
RATE = (MinValueValidator(0), MaxValueValidator(100))
NOT_BELOW_ZERO = (MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT))


class Partnership(PublicKeyed, Versioned, TimeStamped):
    """One need and one capacity on their way to an outcome; ``answer_by`` is the last day for the other side, which
    asked to be left alone until ``snoozed_until``. ``queued_at`` orders the queue before that side.

    ``need_version`` and ``capacity_version`` are those of the postings when the interest was declared.
    """

    need = models.ForeignKey(Posting, models.PROTECT, related_name="partnerships_as_need")
    capacity = models.ForeignKey(Posting, models.PROTECT, related_name="partnerships_as_capacity")
    state = models.CharField(_("state"), max_length=10, choices=choices.State, default=choices.State.SUGGESTED)
    opened_by = models.CharField(max_length=8, choices=choices.Side, default=choices.Side.NEED)
    note = models.CharField(_("note"), max_length=500, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    snoozed_until = models.DateField(_("put off until"), null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_reason = models.CharField(max_length=60, blank=True)
    need_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    capacity_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    introduced_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "capacity"], condition=~Q(state="failed"), name="one_open_partnership_a_pair"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(end_reason=""), name="ended_partnership_says_why"),
        ]
        indexes = [models.Index(fields=["state", "answer_by"]), models.Index(fields=["state", "-id"])]

    def __str__(self) -> str:
        return self.key


class PartnershipEvent(models.Model):
    """One step, append-only: who did what when, from which state to which, and why."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="events")
    act = models.CharField(max_length=20, choices=choices.Act)
    from_state = models.CharField(max_length=10, choices=choices.State)
    to_state = models.CharField(max_length=10, choices=choices.State)
    side = models.CharField(max_length=8, choices=choices.Side)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a partnership")
        verbose_name_plural = _("events of partnerships")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.act}"


class CoordinationNote(models.Model):
    """What a coordinator wrote down about a posting or a partnership, append-only; no firm reads it."""

    posting = models.ForeignKey(
        Posting, models.CASCADE, null=True, blank=True, related_name="coordination_notes", verbose_name=_("posting")
    )
    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="coordination_notes",
        verbose_name=_("partnership"),
    )
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by"))
    text = models.CharField(_("note"), max_length=1000)
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    objects = querysets.CoordinationNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a coordinator")
        verbose_name_plural = _("notes of coordinators")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(posting__isnull=False, partnership__isnull=True)
                | Q(posting__isnull=True, partnership__isnull=False),
                name="coordination_note_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Rfq(PublicKeyed, Versioned, TimeStamped, SharedTerms):
    """A request for quotation: needs of one firm that are quoted until one deadline; what it says of them all holds.

    Where it is sealed, nobody but its maker reads a quote before ``due_at``. A draft is its owner's alone.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="rfqs")
    title = models.CharField(_("title"), max_length=120)
    due_at = models.DateTimeField(_("quotes until"))
    is_sealed = models.BooleanField(_("sealed until then"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=choices.RfqState, default=choices.RfqState.OPEN)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))

    objects = querysets.RfqQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for quotation")
        verbose_name_plural = _("requests for quotation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_quotes(self) -> bool:
        """Whether it is open and its deadline ahead."""
        return self.state == choices.RfqState.OPEN and self.due_at > timezone.now()

    @property
    def hides_quotes(self) -> bool:
        """Whether its quotes are sealed at this moment."""
        return self.is_sealed and self.takes_quotes


class RfqLine(models.Model):
    """One need of a request, of one open request at most; one that ``is_made_here`` goes with it unless it was seen."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="lines")
    need = models.ForeignKey(Posting, models.CASCADE, related_name="rfq_lines")
    position = models.PositiveSmallIntegerField(default=1)
    is_made_here = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["rfq", "need"], name="one_line_a_need")]

    def __str__(self) -> str:
        return f"{self.rfq_id}.{self.position}"


class Quote(PublicKeyed, Versioned, TimeStamped):
    """What a supplier asks for a need; another quote of the pair replaces it.

    ``unit_price`` is for one ``unit`` in ``currency``, ``tax_rate`` in percent, ``lead_time_days`` from the order on;
    ``need_terms`` is the digest of the need's terms that it was made for.
    """

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="quotes")
    state = models.CharField(_("state"), max_length=10, choices=choices.QuoteState, default=choices.QuoteState.OPEN)
    quantity_amount = amount_field(_("quantity"), validators=ABOVE_ZERO)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=Period, default=Period.ONCE)
    unit_price = money_field(_("price a unit"), validators=NOT_BELOW_ZERO)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    is_tax_included = models.BooleanField(_("tax included"), default=True)
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=5, decimal_places=2, null=True, blank=True, validators=RATE
    )
    lead_time_days = models.PositiveSmallIntegerField(_("lead time, days"), null=True, blank=True)
    minimum_order_amount = amount_field(_("minimum order"), null=True, blank=True, validators=ABOVE_ZERO)
    valid_until = models.DateField(_("quote valid until"))
    freight_payer = models.CharField(_("freight paid by"), max_length=8, choices=choices.FreightPayer, blank=True)
    delivery_place = models.CharField(_("place of delivery"), max_length=120, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("payment, days after delivery"), null=True, blank=True)
    takes_bank_acceptance = models.BooleanField(_("bank acceptance bills taken"), null=True, blank=True)
    metal_index = models.CharField(_("metal index that the price follows"), max_length=80, blank=True)
    tooling_cost = money_field(_("tooling cost"), null=True, blank=True, validators=NOT_BELOW_ZERO)
    note = models.CharField(_("note"), max_length=500, blank=True)
    need_terms = models.CharField(max_length=32, editable=False)
    end_reason = models.CharField(max_length=60, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = querysets.QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state__in=choices.STANDING), name="one_standing_quote_a_partnership"
            ),
            models.CheckConstraint(
                condition=Q(quantity_amount__gt=0, unit_price__gte=0), name="quote_amounts_make_sense"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def total(self) -> Decimal:
        """Price of the whole quantity, per ``period``, tooling not counted."""
        return (self.unit_price * self.quantity_amount).quantize(Decimal("0.01"))


COUNT = (MinValueValidator(1), MaxValueValidator(10_000_000))


class Agreement(PublicKeyed, TimeStamped):
    """One version of what a need's and a capacity's firm agree on; an amendment is the next version.

    ``quantity_amount`` counts per ``period`` from ``starts_on`` to ``ends_on``, both days included; ``booked_amount``
    is what it takes of the capacity, in the capacity's own unit and period. ``digest`` is over all its terms: what is
    signed.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"), max_length=9, choices=choices.AgreementState, default=choices.AgreementState.PROPOSED
    )
    proposed_on_side = models.CharField(max_length=8, choices=choices.Side)
    cooperation_type = models.CharField(
        _("kind of cooperation"), max_length=30, choices=CooperationType, default=CooperationType.SUPPORTING
    )
    quantity_amount = amount_field(_("quantity"), validators=ABOVE_ZERO)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=Period, default=Period.ONCE)
    value = money_field(_("value"), null=True, blank=True, validators=NOT_BELOW_ZERO)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    terms = models.TextField(_("further terms"), max_length=8000, blank=True)
    floor_area = models.PositiveIntegerField(_("floor area, m²"), null=True, blank=True, validators=COUNT)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True, validators=COUNT)
    opens_on = models.DateField(_("opening day"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True, validators=COUNT)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True, validators=COUNT)
    mode = models.CharField(_("mode"), max_length=80, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    booked_amount = amount_field(default=Decimal(0), editable=False)
    need_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    need_signed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    capacity_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    capacity_signed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = querysets.PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-version", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "version"], name="one_agreement_a_version"),
            *(
                models.UniqueConstraint(fields=["partnership"], condition=Q(state=state), name=f"one_{state}_agreement")
                for state in (choices.AgreementState.PROPOSED, choices.AgreementState.IN_FORCE)
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state=choices.AgreementState.IN_FORCE)
                | Q(need_signed_at__isnull=False, capacity_signed_at__isnull=False),
                name="agreement_in_force_is_signed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def is_signed_by(self, side: choices.Side | str) -> bool:
        """Whether ``side`` has signed."""
        return (self.need_signed_at if side == choices.Side.NEED else self.capacity_signed_at) is not None


class Milestone(models.Model):
    """One delivery that an agreement plans; delivered by the one side, accepted by the other."""

    number: int  # as ``numbered`` counts it
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="milestones")
    title = models.CharField(_("what"), max_length=120)
    planned_on = models.DateField(_("planned for"))
    quantity_amount = amount_field(_("quantity"), null=True, blank=True, validators=ABOVE_ZERO)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)

    objects = querysets.MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_on=None) | Q(delivered_on__isnull=False), name="milestone_is_delivered_first"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Outcome(TimeStamped):
    """How the two statements about a partnership stand to each other; amounts in the agreement's unit, in total.

    ``confirmed_amount`` is the lower of both deliveries, so that no figure claims more than both have said.
    ``proposed_amount`` is what a coordinator suggests to both where they differ.
    """

    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="outcome")
    state = models.CharField(_("state"), max_length=11, choices=choices.OutcomeState, default=choices.OutcomeState.OPEN)
    due_on = models.DateField(_("to be told by"))
    asked_on = models.DateField(null=True, blank=True, editable=False)
    confirmed_amount = amount_field(null=True, blank=True, editable=False)
    confirmed_on = models.DateField(null=True, blank=True, editable=False)
    proposed_amount = amount_field(
        _("delivered quantity that is suggested"), null=True, blank=True, validators=NOT_BELOW_ZERO
    )
    proposal_note = models.CharField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    is_public_for_need = models.BooleanField(default=False)
    is_public_for_capacity = models.BooleanField(default=False)

    objects = querysets.PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=choices.OutcomeState.CONFIRMED)
                | Q(confirmed_amount__isnull=False, confirmed_on__isnull=False),
                name="confirmed_outcome_has_amount_and_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.state}"

    @property
    def is_public(self) -> bool:
        """Whether both sides released it."""
        return self.is_public_for_need and self.is_public_for_capacity


class OutcomeStatement(models.Model):
    """What one side says came of it: yes, not yet or failed; saying it again replaces it, the event stays."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="statements")
    side = models.CharField(max_length=8, choices=choices.Side)
    answer = models.CharField(_("did it come to the delivery?"), max_length=8, choices=choices.Answer)
    delivered_amount = amount_field(_("delivered quantity"), null=True, blank=True, validators=NOT_BELOW_ZERO)
    value_band = models.CharField(_("value"), max_length=8, choices=choices.ValueBand, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    stated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    stated_at = models.DateTimeField(auto_now=True)

    objects = querysets.PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of an outcome")
        verbose_name_plural = _("statements of outcomes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "side"], name="one_statement_a_side"),
            models.CheckConstraint(
                condition=~Q(answer=choices.Answer.YES) | Q(delivered_amount__isnull=False), name="yes_says_how_much"
            ),
            models.CheckConstraint(condition=~Q(answer=choices.Answer.FAILED) | ~Q(reason=""), name="failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.side} {self.answer}"
