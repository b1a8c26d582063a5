"""Firms' networks: who supplies whom as far as is known, and who agreed to be asked first."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import choices, querysets
from common.models import TimeStamped
from reference.models import ChainNode


class SupplyRelation(TimeStamped):
    """A supplier or distributor in a buyer's network, from ``since`` to ``ended_on``."""

    buyer = models.ForeignKey("accounts.Enterprise", models.CASCADE, related_name="supply_relations")
    supplier = models.ForeignKey("accounts.Enterprise", models.CASCADE, related_name="buyer_relations")
    role = models.CharField(_("role"), max_length=12, choices=choices.SupplyRole, default=choices.SupplyRole.SUPPLIER)
    tier = models.PositiveSmallIntegerField(_("tier"), default=1)
    node = models.ForeignKey(ChainNode, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    evidence = models.CharField(
        _("evidence"), max_length=12, choices=choices.Evidence, default=choices.Evidence.DECLARED
    )

    objects = querysets.SupplyRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply relation")
        verbose_name_plural = _("supply relations")
        constraints = [
            models.CheckConstraint(condition=~Q(buyer=F("supplier")), name="no_firm_supplies_itself"),
            models.UniqueConstraint(
                fields=["buyer", "supplier", "role", "node"], name="one_relation_a_node", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} > {self.buyer_id}"


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
