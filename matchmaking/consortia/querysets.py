"""Who may see which consortia, and which shares in them."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Enterprise
from accounts.querysets import Actor, is_platform_admin
from matchmaking.consortia.choices import UNDER_WAY


class ConsortiumQuerySet(models.QuerySet[Any]):
    """Consortia as a reader may see them."""

    def under_way(self) -> "ConsortiumQuerySet":
        """Those that take the room of their need."""
        return self.filter(state__in=UNDER_WAY)

    def visible_to(self, user: Actor) -> "ConsortiumQuerySet":
        """Those of needs of one's own firms, and those in which one of them holds a share and has not left; all for
        platform administrators. Coordinators read the partnerships.
        """
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self._touching(Enterprise.objects.of_member(user).values("pk"))

    def visible_through(self, enterprise: Enterprise) -> "ConsortiumQuerySet":
        """Those of needs of ``enterprise``, and those in which it holds a share and has not left."""
        return self._touching([enterprise.pk])

    def _touching(self, firms: Any) -> "ConsortiumQuerySet":
        # As two lists of keys, not as one condition with "or": that has SQLite read the postings of all firms first.
        shares = self.model._meta.get_field("members").related_model._default_manager.order_by()
        held = shares.filter(left_at=None, partnership__capacity__enterprise__in=firms).values("consortium")
        asked = self.model._default_manager.order_by().filter(need__enterprise__in=firms).values("pk")
        return self.filter(pk__in=asked.union(held, all=True))


class ConsortiumMemberQuerySet(models.QuerySet[Any]):
    """Shares as a reader may see them."""

    def active(self) -> "ConsortiumMemberQuerySet":
        """Those that were not given up."""
        return self.filter(left_at=None)

    def visible_to(self, user: Actor) -> "ConsortiumMemberQuerySet":
        """Every share for the need's firm and platform administrators; a member's own for the member."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        own = Q(left_at=None, partnership__capacity__enterprise__in=mine)
        return self.filter(Q(consortium__need__enterprise__in=mine) | own)


class OverflowQuerySet(models.QuerySet[Any]):
    """Overflows as a reader may see them."""

    def visible_to(self, user: Actor) -> "OverflowQuerySet":
        """Those of one's own firms; all for platform administrators. Others find the needs, never what joins them."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self.filter(enterprise__in=Enterprise.objects.of_member(user).values("pk"))

    def visible_through(self, enterprise: Enterprise) -> "OverflowQuerySet":
        """Those of ``enterprise``."""
        return self.filter(enterprise=enterprise)
