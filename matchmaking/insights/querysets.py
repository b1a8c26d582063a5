"""Who may see which rows of insights."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Q

from accounts.models import CoordinatorGrant, User
from accounts.querysets import is_platform_admin
from common.errors import Refused
from common.reasons import Reason


class PublicQuerySet(models.QuerySet[Any]):
    """Quoted facts and targets, public by nature."""

    def visible_to(self, user: User | AnonymousUser) -> "PublicQuerySet":
        """All of them."""
        return self


class LastingQuerySet(PublicQuerySet):
    """Agreements and their lines, public by nature and never removed."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuses has_history."""
        raise Refused(Reason.REFUSAL_HAS_HISTORY)


class OwnPlanQuerySet(models.QuerySet[Any]):
    """Plans of a market, each made for the scope of one person."""

    def visible_to(self, user: User | AnonymousUser) -> "OwnPlanQuerySet":
        """One's own."""
        return self.none() if user.is_anonymous else self.filter(asked_by=user)


class ClearingQuerySet(models.QuerySet[Any]):
    """Weekly clearings, for those who look after the chain; which needs they read depends on their scope."""

    def visible_to(self, user: User | AnonymousUser) -> "ClearingQuerySet":
        """All for platform administrators, those of the chains that a right reaches for coordinators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        grants = CoordinatorGrant.objects.in_force().filter(user=user).order_by()
        return self.filter(Q(Exists(grants.filter(chains=None))) | Q(chain__in=grants.values("chains")))
