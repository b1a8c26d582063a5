"""Suppliers that carry one need together; each member's share is a partnership of its own."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed, TimeStamped, Versioned, amount_field
from common.values import MAX_AMOUNT
from matchmaking.consortia import choices, querysets
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting

ABOVE_ZERO = (MinValueValidator(Decimal("0.001")), MaxValueValidator(MAX_AMOUNT))
NOT_BELOW_ZERO = (MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT))
HAS_DAYS_OR_NONE = Q(starts_on=None, ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=models.F("starts_on"))


class Consortium(PublicKeyed, Versioned, TimeStamped):
    """A set of suppliers for one need. Amounts are in the need's own unit and period, as they were when it was made:
    ``total_amount`` is what the need asks for, ``own_amount`` the part that its own firm makes. ``starts_on`` and
    ``ends_on`` say on which days the shares sum to it, where some have days of their own and it is a rate.
    """

    need = models.ForeignKey(Posting, models.PROTECT, related_name="consortia", verbose_name=_("need"))
    state = models.CharField(_("state"), max_length=9, choices=choices.State, default=choices.State.FORMING)
    total_amount = amount_field(_("quantity"), validators=ABOVE_ZERO)
    own_amount = amount_field(_("part that the firm makes itself"), default=Decimal(0), validators=NOT_BELOW_ZERO)
    starts_on = models.DateField(_("first day"), null=True, blank=True, editable=False)
    ends_on = models.DateField(_("last day"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("made by")
    )

    objects = querysets.ConsortiumQuerySet.as_manager()

    class Meta:
        verbose_name = _("consortium")
        verbose_name_plural = _("consortia")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(state__in=choices.UNDER_WAY), name="one_consortium_under_way_a_need"
            ),
            models.CheckConstraint(
                condition=Q(total_amount__gt=0, own_amount__gte=0, own_amount__lt=models.F("total_amount")),
                name="consortium_leaves_a_part_to_suppliers",
            ),
            models.CheckConstraint(condition=HAS_DAYS_OR_NONE, name="consortium_days_begin_and_end"),
        ]

    def __str__(self) -> str:
        return self.key


class ConsortiumMember(TimeStamped):
    """One supplier's share; who left keeps the row, and what was agreed stands in the partnership.

    A request that waits has the partnership's own day of answer; ``consent_by`` counts once both firms know each other.
    Without days of its own a share runs through the need's window.
    """

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="members")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="shares", verbose_name=_("partnership"))
    amount = amount_field(_("share"), validators=ABOVE_ZERO)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    consent_by = models.DateField(_("consent asked for until"), null=True, blank=True, editable=False)
    consented_at = models.DateTimeField(_("consented at"), null=True, blank=True, editable=False)
    consented_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True, editable=False)

    objects = querysets.ConsortiumMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of a consortium")
        verbose_name_plural = _("shares of consortia")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "partnership"], name="one_share_a_partnership"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_is_above_zero"),
            models.CheckConstraint(condition=HAS_DAYS_OR_NONE, name="share_days_begin_and_end"),
        ]

    def __str__(self) -> str:
        return f"{self.consortium_id} {self.partnership_id}"

    @property
    def asked_until(self) -> date | None:
        """The last day on which its firm may consent: its own, or that of the request behind it where that is later.

        None once it has consented, and for a firm that was introduced before such days were kept.
        """
        if self.consented_at is not None:
            return None
        request = self.partnership.answer_by
        if self.consent_by is None:
            return request if self.partnership.state == Stage.INTERESTED else None
        return max(self.consent_by, request) if request is not None else self.consent_by


class Overflow(PublicKeyed, TimeStamped):
    """What a firm has more orders for than lines: needs of its own that are met by one plan.

    ``gap`` is the work that is given out; ``premises`` and ``workers`` are for a line of one's own elsewhere.
    ``ordered_amount`` and ``own_amount`` are in the gap's unit and for its days, told to nobody else.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="overflows", verbose_name=_("enterprise"))
    gap = models.OneToOneField(Posting, models.CASCADE, related_name="overflow", verbose_name=_("work given out"))
    premises = models.OneToOneField(
        Posting, models.SET_NULL, null=True, blank=True, related_name="overflow_housed", verbose_name=_("premises")
    )
    workers = models.OneToOneField(
        Posting, models.SET_NULL, null=True, blank=True, related_name="overflow_staffed", verbose_name=_("workers")
    )
    ordered_amount = amount_field(_("orders"), validators=ABOVE_ZERO)
    own_amount = amount_field(_("own lines"), default=Decimal(0), validators=NOT_BELOW_ZERO)
    most_partners = models.PositiveSmallIntegerField(
        _("partners at most"), validators=[MinValueValidator(1), MaxValueValidator(choices.MOST_SUPPLIERS)]
    )
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("made by")
    )

    objects = querysets.OverflowQuerySet.as_manager()

    class Meta:
        verbose_name = _("overflow")
        verbose_name_plural = _("overflows")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["most_partners", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(own_amount__gte=0, own_amount__lt=models.F("ordered_amount")),
                name="overflow_is_more_than_own_lines",
            )
        ]

    def __str__(self) -> str:
        return self.key
