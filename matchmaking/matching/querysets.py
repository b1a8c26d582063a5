"""Who may see which suggestions."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

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


class RefusedPairQuerySet(models.QuerySet[Any]):
    """Pairs that one side turned down."""

    def holding(self) -> "RefusedPairQuerySet":
        """Those of which neither posting was written anew since."""
        rows = self
        for side in ("need", "capacity"):
            changed = f"{side}__content_changed_at"
            rows = rows.filter(Q(**{changed: None}) | Q(**{f"{changed}__lte": F("refused_at")}))
        return rows


class SearchNewsQuerySet(models.QuerySet[Any]):
    """What kept searches told of."""

    def visible_to(self, user: User | AnonymousUser) -> "SearchNewsQuerySet":
        """What one's own searches told."""
        return self.none() if user.is_anonymous else self.filter(search__user=user)
