"""Who may see which rows of insights."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User


class PublicQuerySet(models.QuerySet[Any]):
    """Quoted facts and targets, public by nature."""

    def visible_to(self, user: User | AnonymousUser) -> "PublicQuerySet":
        """All of them."""
        return self
