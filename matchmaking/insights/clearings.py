"""The market of a chain as it was cleared in one week, and whose task each need is that stayed open."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import PublicKeyed, TimeStamped
from matchmaking.insights.querysets import ClearingQuerySet
from matchmaking.postings.models import Posting
from reference.models import IndustryChain

EXACT_BELOW = 100


def rounded(amount: Decimal) -> Decimal:
    """An amount as a plan tells it: whole from a hundred on, for a plan is no bill."""
    return amount.quantize(Decimal(1)) if amount >= EXACT_BELOW else amount


class Placed(models.Model):
    """A share of a need that one capacity carries, or without a capacity what stays open of it, and why.

    Amounts are in the need's own unit, over all of its days; ``asked`` is the whole need.
    """

    need = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    capacity = models.ForeignKey(Posting, models.CASCADE, null=True, related_name="+")
    amount = models.DecimalField(max_digits=24, decimal_places=3)
    asked = models.DecimalField(max_digits=24, decimal_places=3)
    reason = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.need_id} < {self.capacity_id}"

    @property
    def told_amount(self) -> Decimal:
        """The amount as pages tell it."""
        return rounded(self.amount)

    @property
    def told_asked(self) -> Decimal:
        """The whole need as pages tell it."""
        return rounded(self.asked)


class Clearing(PublicKeyed, TimeStamped):
    """Which capacities of a chain would fill which needs in the week that begins on ``week``, a Monday.

    Made over all live postings, each seen as other firms see it; who reads it sees the needs in their own scope.
    """

    chain = models.ForeignKey(IndustryChain, models.PROTECT, related_name="+", verbose_name=_("chain"))
    week = models.DateField(_("week"))
    as_of = models.DateTimeField(_("as of"))

    objects = ClearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly clearing")
        verbose_name_plural = _("weekly clearings")
        ordering = ["-week", "chain"]
        constraints = [models.UniqueConstraint(fields=["chain", "week"], name="one_clearing_a_week")]

    def __str__(self) -> str:
        return self.key


class ClearingLine(Placed):
    """A line of a clearing. What stays open has an ``owner``, a coordinator, as soon as one reaches it.

    ``change`` is the smallest change that would fill it, as the need's own firm reads it, and ``nearest`` the capacity
    that it would bring; both empty where nothing comes near.
    """

    clearing = models.ForeignKey(Clearing, models.CASCADE, related_name="lines")
    nearest = models.ForeignKey(Posting, models.SET_NULL, null=True, related_name="+")
    change = models.CharField(max_length=60, blank=True)
    change_facts = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("owner"))

    class Meta:
        verbose_name = _("line of a weekly clearing")
        verbose_name_plural = _("lines of weekly clearings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clearing", "need"], condition=models.Q(capacity=None), name="one_open_line_a_need"
            )
        ]
