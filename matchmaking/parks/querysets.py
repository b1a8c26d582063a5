"""Who may see which rows of parks."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.querysets import is_platform_admin


class ParkBatchQuerySet(models.QuerySet[Any]):
    """Batches as announced, public to read."""

    def visible_to(self, user: User | AnonymousUser) -> "ParkBatchQuerySet":
        """All of them."""
        return self


class ParkQuerySet(models.QuerySet[Any]):
    """Parks: public to read, each administered by its own people."""

    def visible_to(self, user: User | AnonymousUser) -> "ParkQuerySet":
        """All of them: a park's profile is public."""
        return self

    def listed_on(self, day: date) -> "ParkQuerySet":
        """Those whose batch was announced on ``day`` or before."""
        return self.filter(listed_from__lte=day)

    def administered_by(self, user: User | AnonymousUser) -> "ParkQuerySet":
        """Those that ``user`` administers today; all for platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        today = timezone.localdate()
        return self.filter(
            Q(administrators__ends_on=None) | Q(administrators__ends_on__gte=today),
            administrators__user=user,
            administrators__revoked_at=None,
        ).distinct()


class ParkPartQuerySet(models.QuerySet[Any]):
    """Rows that belong to one park."""

    def visible_to(self, user: User | AnonymousUser) -> "ParkPartQuerySet":
        """All of them: published figures are public."""
        return self

    def administered_by(self, user: User | AnonymousUser) -> "ParkPartQuerySet":
        """Those of parks that ``user`` administers."""
        parks = self.model._meta.get_field("park").related_model._default_manager
        return self.filter(park__in=parks.administered_by(user).values("pk"))


class ParkPartnershipQuerySet(models.QuerySet[Any]):
    """Partnerships between two parks."""

    def visible_to(self, user: User | AnonymousUser) -> "ParkPartnershipQuerySet":
        """All of them: they are announced."""
        return self

    def standing_on(self, day: date) -> "ParkPartnershipQuerySet":
        """Those agreed on ``day`` or before and not ended then; ``ended_on`` is the first day without."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), agreed_on__lte=day)

    def administered_by(self, user: User | AnonymousUser) -> "ParkPartnershipQuerySet":
        """Those in which a park of ``user`` is a side."""
        parks = self.model._meta.get_field("from_park").related_model._default_manager
        mine = parks.administered_by(user).values("pk")
        return self.filter(Q(from_park__in=mine) | Q(to_park__in=mine))
