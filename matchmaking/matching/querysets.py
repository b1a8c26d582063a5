"""Who may see which suggestions."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Enterprise, User
from accounts.querysets import is_platform_admin


class OwnPostingQuerySet(models.QuerySet[Any]):
    """Rows about a posting that are its owner's own business."""

    def visible_to(self, user: User | AnonymousUser) -> "OwnPostingQuerySet":
        """Those for postings of one's own enterprises; all for platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self.filter(posting__enterprise__in=Enterprise.objects.of_member(user).values("pk"))


class SearchNewsQuerySet(models.QuerySet[Any]):
    """What kept searches told of."""

    def visible_to(self, user: User | AnonymousUser) -> "SearchNewsQuerySet":
        """What one's own searches told."""
        return self.none() if user.is_anonymous else self.filter(search__user=user)
