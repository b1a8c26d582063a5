"""Who may see what is said and shown in talks."""

from typing import Any

from django.db import models

from accounts.querysets import Actor
from matchmaking.partnerships.models import Partnership


class MessageQuerySet(models.QuerySet[Any]):
    """Messages as a reader may see them."""

    def visible_to(self, user: Actor) -> "MessageQuerySet":
        """Those of partnerships of one's own enterprises. Coordinators and platform administrators read none here."""
        if user.is_anonymous:
            return self.none()
        return self.filter(partnership__in=Partnership.objects.of_member(user).values("pk"))
