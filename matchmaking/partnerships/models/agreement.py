"""What both sides sign, and the milestones of its delivery."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import PublicKeyed, TimeStamped
from matchmaking.partnerships.choices import AgreementState, Side
from matchmaking.partnerships.models.partnership import Partnership
from matchmaking.partnerships.models.quote import ABOVE_ZERO, NOT_BELOW_ZERO, amount_field, money_field
from matchmaking.partnerships.querysets import PartnershipPartQuerySet
from matchmaking.postings.choices import Period
from reference.choices import CooperationType
from reference.models import Unit

COUNT = (MinValueValidator(1), MaxValueValidator(10_000_000))


class Agreement(PublicKeyed, TimeStamped):
    """One version of what a need's and a capacity's firm agree on; an amendment is the next version.

    ``quantity_amount`` counts per ``period`` from ``starts_on`` to ``ends_on``, both days included; ``booked_amount``
    is what it takes of the capacity, in the capacity's own unit and period. ``digest`` is over all its terms: what is
    signed.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=9, choices=AgreementState, default=AgreementState.PROPOSED)
    proposed_on_side = models.CharField(max_length=8, choices=Side)
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

    objects = PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-version", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "version"], name="one_agreement_a_version"),
            *(
                models.UniqueConstraint(fields=["partnership"], condition=Q(state=state), name=f"one_{state}_agreement")
                for state in (AgreementState.PROPOSED, AgreementState.IN_FORCE)
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.IN_FORCE)
                | Q(need_signed_at__isnull=False, capacity_signed_at__isnull=False),
                name="agreement_in_force_is_signed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def is_signed_by(self, side: Side | str) -> bool:
        """Whether ``side`` has signed."""
        return (self.need_signed_at if side == Side.NEED else self.capacity_signed_at) is not None


class Milestone(models.Model):
    """One delivery that an agreement plans; delivered by the one side, accepted by the other."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="milestones")
    title = models.CharField(_("what"), max_length=120)
    planned_on = models.DateField(_("planned for"))
    quantity_amount = amount_field(_("quantity"), null=True, blank=True, validators=ABOVE_ZERO)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)

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
