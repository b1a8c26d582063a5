"""Requests for quotation and what suppliers answer."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed, TimeStamped, Versioned
from common.values import MAX_AMOUNT
from matchmaking.partnerships.choices import STANDING, FreightPayer, QuoteState, RfqState
from matchmaking.partnerships.models.partnership import Partnership
from matchmaking.partnerships.querysets import QuoteQuerySet, RfqQuerySet
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from reference.models import Unit

ABOVE_ZERO = (MinValueValidator(Decimal("0.001")), MaxValueValidator(MAX_AMOUNT))
NOT_BELOW_ZERO = (MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT))


def amount_field(label: Any = None, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount as postings write it."""
    return models.DecimalField(label, max_digits=17, decimal_places=3, **options)


def money_field(label: Any = None, **options: Any) -> models.DecimalField[Any, Any]:
    """A sum of money, to a hundredth of a fen for prices of small parts."""
    return models.DecimalField(label, max_digits=17, decimal_places=4, **options)


class Rfq(PublicKeyed, Versioned, TimeStamped):
    """A request for quotation: needs of one firm that are quoted until one deadline.

    Where it is sealed, nobody but its maker reads a quote before ``due_at``.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="rfqs")
    title = models.CharField(_("title"), max_length=120)
    due_at = models.DateTimeField(_("quotes until"))
    is_sealed = models.BooleanField(_("sealed until then"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=RfqState, default=RfqState.OPEN)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = RfqQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for quotation")
        verbose_name_plural = _("requests for quotation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_quotes(self) -> bool:
        """Whether it is open and its deadline ahead."""
        return self.state == RfqState.OPEN and self.due_at > timezone.now()

    @property
    def hides_quotes(self) -> bool:
        """Whether its quotes are sealed at this moment."""
        return self.is_sealed and self.takes_quotes


class RfqLine(models.Model):
    """One need of a request; a need stands in one open request at most, which its service sees to under a lock."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="lines")
    need = models.ForeignKey(Posting, models.CASCADE, related_name="rfq_lines")
    position = models.PositiveSmallIntegerField(default=1)

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
    state = models.CharField(_("state"), max_length=10, choices=QuoteState, default=QuoteState.OPEN)
    quantity_amount = amount_field(_("quantity"), validators=ABOVE_ZERO)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=Period, default=Period.ONCE)
    unit_price = money_field(_("price a unit"), validators=NOT_BELOW_ZERO)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    is_tax_included = models.BooleanField(_("tax included"), default=True)
    tax_rate = models.DecimalField(
        _("tax rate, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    lead_time_days = models.PositiveSmallIntegerField(_("lead time, days"), null=True, blank=True)
    minimum_order_amount = amount_field(_("minimum order"), null=True, blank=True, validators=ABOVE_ZERO)
    valid_until = models.DateField(_("valid until"))
    freight_payer = models.CharField(_("freight paid by"), max_length=8, choices=FreightPayer, blank=True)
    delivery_place = models.CharField(_("place of delivery"), max_length=120, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("payment, days after delivery"), null=True, blank=True)
    takes_bank_acceptance = models.BooleanField(_("bank acceptance bills taken"), null=True, blank=True)
    metal_index = models.CharField(_("metal index that the price follows"), max_length=80, blank=True)
    tooling_cost = money_field(_("tooling cost"), null=True, blank=True, validators=NOT_BELOW_ZERO)
    note = models.CharField(_("note"), max_length=500, blank=True)
    need_terms = models.CharField(max_length=32, editable=False)
    end_reason = models.CharField(max_length=60, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state__in=STANDING), name="one_standing_quote_a_partnership"
            ),
            models.CheckConstraint(
                condition=Q(quantity_amount__gt=0, unit_price__gte=0), name="quote_amounts_make_sense"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_standing(self) -> bool:
        """Whether it can still be accepted, if need be after its maker has confirmed it."""
        return self.state in STANDING

    @property
    def total(self) -> Decimal:
        """Price of the whole quantity, per ``period``, tooling not counted."""
        return (self.unit_price * self.quantity_amount).quantize(Decimal("0.01"))
