"""Firms' networks: who supplies whom as far as is known, and who agreed to be asked first."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts import choices, querysets
from common.models import Mailed, PublicKeyed, TimeStamped
from reference.models import Certification, ChainNode, Region

MOST_TIERS = 5


class ListedFirm(PublicKeyed, TimeStamped):
    """A supplier or distributor as its buyer's own list names it, under the buyer's own number where it has one.

    ``firm`` is who it is here, where that is known; ``region`` what ``place``, as the list has it, was read as. The
    declared certificate is what the buyer's list says; papers that a firm keeps here are its own. ``left_by_itself``:
    it ended its membership of the network and stays off the list.
    """

    buyer = models.ForeignKey(
        "accounts.Enterprise", models.CASCADE, related_name="listed_firms", verbose_name=_("whose network")
    )
    external_key = models.CharField(_("own number"), max_length=64, blank=True)
    name = models.CharField(_("registered name"), max_length=120)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region"), editable=False
    )
    firm = models.ForeignKey(
        "accounts.Enterprise",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="listed_by",
        verbose_name=_("enterprise here"),
    )
    certification = models.ForeignKey(
        Certification, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("certificate")
    )
    certificate_expires_on = models.DateField(_("certificate valid until"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    left_by_itself = models.BooleanField(_("left by itself"), default=False, editable=False)

    objects = querysets.ListedFirmQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed firm")
        verbose_name_plural = _("listed firms")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                F("buyer"), Upper("external_key"), condition=~Q(external_key=""), name="one_listed_firm_an_own_number"
            ),
            models.UniqueConstraint(fields=["buyer", "uscc"], condition=~Q(uscc=""), name="one_listed_firm_a_code"),
            models.UniqueConstraint(fields=["buyer", "firm"], name="one_listed_firm_an_enterprise"),
            models.CheckConstraint(condition=~Q(buyer=F("firm")), name="no_firm_lists_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class SamenessDecision(TimeStamped):
    """What a buyer decided of two names in its lists: the same firm or two. Asked once, used at every later file.

    ``mark`` and ``other`` say what was compared: an own number, a credit code, a name, or an enterprise here.
    """

    buyer = models.ForeignKey("accounts.Enterprise", models.CASCADE, related_name="sameness_decisions")
    mark = models.CharField(max_length=200)
    other = models.CharField(max_length=200)
    is_same = models.BooleanField(_("the same firm"))
    decided_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("decision on two names")
        verbose_name_plural = _("decisions on two names")
        constraints = [models.UniqueConstraint(fields=["buyer", "mark", "other"], name="one_decision_a_pair_of_names")]

    def __str__(self) -> str:
        return f"{self.mark} {'=' if self.is_same else '≠'} {self.other}"


class SupplierInvitation(Mailed, TimeStamped):
    """A mail to a firm of a buyer's list that is not here yet: who asks, and where to register."""

    listed = models.ForeignKey(ListedFirm, models.CASCADE, related_name="invitations", verbose_name=_("listed firm"))
    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("invitation of a supplier")
        verbose_name_plural = _("invitations of suppliers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.email


class SupplyRelation(TimeStamped):
    """What a supplier or distributor brings a buyer at a node, from ``since`` to ``ended_on``.

    The other side is a ``listed`` firm where the buyer's list has it, else the enterprise here that agreed.
    """

    buyer = models.ForeignKey(
        "accounts.Enterprise", models.CASCADE, related_name="supply_relations", verbose_name=_("whose network")
    )
    supplier = models.ForeignKey(
        "accounts.Enterprise",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="buyer_relations",
        verbose_name=_("enterprise here"),
    )
    listed = models.ForeignKey(
        ListedFirm,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="relations",
        verbose_name=_("listed firm"),
    )
    role = models.CharField(_("role"), max_length=12, choices=choices.SupplyRole, default=choices.SupplyRole.SUPPLIER)
    tier = models.PositiveSmallIntegerField(
        _("tier"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_TIERS)]
    )
    node = models.ForeignKey(ChainNode, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    share_percent = models.PositiveSmallIntegerField(
        _("share of purchases, %"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    evidence = models.CharField(
        _("evidence"), max_length=12, choices=choices.Evidence, default=choices.Evidence.DECLARED
    )

    objects = querysets.SupplyRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply relation")
        verbose_name_plural = _("supply relations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(buyer=F("supplier")), name="no_firm_supplies_itself"),
            models.CheckConstraint(
                condition=Q(supplier=None, listed__isnull=False) | Q(supplier__isnull=False, listed=None),
                name="relation_with_listed_or_enterprise",
            ),
            models.UniqueConstraint(fields=["buyer", "supplier", "role", "node"], name="one_relation_a_node"),
            models.UniqueConstraint(
                fields=["buyer", "supplier", "role"], condition=Q(node=None), name="one_relation_without_node"
            ),
            models.UniqueConstraint(fields=["listed", "role", "node"], name="one_relation_of_listed_a_node"),
            models.UniqueConstraint(
                fields=["listed", "role"], condition=Q(node=None), name="one_relation_of_listed_without_node"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listed_id or self.supplier_id} > {self.buyer_id}"


class NetworkMembership(TimeStamped):
    """A supplier's or distributor's place in a buyer's network: asked for by one side, accepted by the other, ended by
    either.

    A row tells one course of this and is never begun anew, so that what was stays told; ``invited`` says that the buyer
    asked. Unlike a ``SupplyRelation``, which may be declared or imported, it holds by the consent of both.
    """

    buyer = models.ForeignKey(
        "accounts.Enterprise", models.CASCADE, related_name="network_members", verbose_name=_("whose network")
    )
    supplier = models.ForeignKey(
        "accounts.Enterprise", models.CASCADE, related_name="networks", verbose_name=_("member")
    )
    role = models.CharField(_("role"), max_length=12, choices=choices.SupplyRole, default=choices.SupplyRole.SUPPLIER)
    invited = models.BooleanField(_("asked by the buyer"), default=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=choices.NetworkState, default=choices.NetworkState.ASKED, editable=False
    )
    since = models.DateField(_("since"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    ended_by_buyer = models.BooleanField(_("ended by the buyer"), null=True, blank=True, editable=False)

    objects = querysets.NetworkMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a network")
        verbose_name_plural = _("memberships of networks")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(buyer=F("supplier")), name="no_firm_in_its_own_network"),
            models.UniqueConstraint(
                fields=["buyer", "supplier"],
                condition=Q(state__in=[choices.NetworkState.ASKED, choices.NetworkState.MEMBER]),
                name="one_running_membership_a_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state=choices.NetworkState.MEMBER) | Q(since__isnull=False, ended_on=None),
                name="member_since_a_day",
            ),
        ]
        indexes = [models.Index(fields=["supplier", "state"], name="network_of_supplier")]

    def __str__(self) -> str:
        return f"{self.supplier} > {self.buyer}"
