"""What came of a partnership, told by each side for itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import TimeStamped
from matchmaking.partnerships.choices import Answer, OutcomeState, Side, ValueBand
from matchmaking.partnerships.models.partnership import Partnership
from matchmaking.partnerships.models.quote import NOT_BELOW_ZERO, amount_field
from matchmaking.partnerships.querysets import PartnershipPartQuerySet


class Outcome(TimeStamped):
    """How the two statements about a partnership stand to each other; amounts in the agreement's unit, in total.

    ``confirmed_amount`` is the lower of both deliveries, so that no figure claims more than both have said.
    ``proposed_amount`` is what a coordinator suggests to both where they differ.
    """

    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="outcome")
    state = models.CharField(_("state"), max_length=11, choices=OutcomeState, default=OutcomeState.OPEN)
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

    objects = PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=OutcomeState.CONFIRMED)
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
    side = models.CharField(max_length=8, choices=Side)
    answer = models.CharField(_("did it come to the delivery?"), max_length=8, choices=Answer)
    delivered_amount = amount_field(_("delivered quantity"), null=True, blank=True, validators=NOT_BELOW_ZERO)
    value_band = models.CharField(_("value"), max_length=8, choices=ValueBand, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    stated_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    stated_at = models.DateTimeField(auto_now=True)

    objects = PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of an outcome")
        verbose_name_plural = _("statements of outcomes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "side"], name="one_statement_a_side"),
            models.CheckConstraint(
                condition=~Q(answer=Answer.YES) | Q(delivered_amount__isnull=False), name="yes_says_how_much"
            ),
            models.CheckConstraint(condition=~Q(answer=Answer.FAILED) | ~Q(reason=""), name="failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.side} {self.answer}"
