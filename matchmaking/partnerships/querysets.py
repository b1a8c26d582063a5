"""Who may see which partnerships."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import Enterprise, User
from accounts.querysets import is_platform_admin
from matchmaking.partnerships.choices import CONSENTED, OPEN, State
from matchmaking.postings.models import Posting


class PartnershipQuerySet(models.QuerySet[Any]):
    """Partnerships as a reader may see them."""

    def open(self) -> "PartnershipQuerySet":
        """Those in which something is still to be done."""
        return self.filter(state__in=OPEN)

    def consented(self) -> "PartnershipQuerySet":
        """Those in which both sides agreed to be introduced."""
        return self.filter(state__in=CONSENTED)

    def of_member(self, user: User | AnonymousUser) -> "PartnershipQuerySet":
        """Those in which an enterprise of ``user`` is a side."""
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        return self.filter(Q(need__enterprise__in=mine) | Q(capacity__enterprise__in=mine))

    def visible_to(self, user: User | AnonymousUser) -> "PartnershipQuerySet":
        """Both sides, coordinators in whose scope the need or capacity lies, platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        shown = Q(need__enterprise__in=mine) | Q(capacity__enterprise__in=mine)
        if user.coordinator_grants.in_force().exists():
            scope = Posting.objects.in_scope_of(user).values("pk")
            shown |= ~Q(state=State.SUGGESTED) & (Q(need__in=scope) | Q(capacity__in=scope))
        return self.filter(shown)


class PartnershipPartQuerySet(models.QuerySet[Any]):
    """Rows that belong to a partnership."""

    def visible_to(self, user: User | AnonymousUser) -> "PartnershipPartQuerySet":
        """Those of partnerships that ``user`` may see."""
        partnerships = self.model._meta.get_field("partnership").related_model._default_manager
        return self.filter(partnership__in=partnerships.visible_to(user).values("pk"))
