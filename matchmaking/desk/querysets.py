"""Who may see which rows of the desk."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import Enterprise, User
from accounts.querysets import COORDINATES, is_platform_admin
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet


class CaseQuerySet(models.QuerySet[Any]):
    """Cases about what somebody looks after."""

    def visible_to(self, user: User | AnonymousUser) -> "CaseQuerySet":
        """Those about postings and partnerships in scope, but not of one's own firm; no firm's own people."""
        if user.is_anonymous:
            return self.none()
        return self.inside(Posting.objects.in_scope_of(user), user)

    def inside(self, scope: PostingQuerySet, user: User | AnonymousUser) -> "CaseQuerySet":
        """The same, where the postings in scope are at hand."""
        partnerships = Partnership.objects.all().touching(scope, user).order_by().values("pk")
        rows = self.filter(Q(posting__in=scope.order_by().values("pk")) | Q(partnership__in=partnerships))
        firms = Enterprise.objects.of_member(user).values("pk")
        return rows.exclude(posting__isnull=False, posting__enterprise__in=firms)


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings that coordinators call."""

    def visible_to(self, user: User | AnonymousUser) -> "MeetingQuerySet":
        """Both sides of the partnership, and who looks after it."""
        if user.is_anonymous:
            return self.none()
        mine = Partnership.objects.of_member(user).order_by().values("pk")
        shown = Q(partnership__in=mine)
        known: bool | None = getattr(user, COORDINATES, None)
        if is_platform_admin(user) or (user.coordinator_grants.in_force().exists() if known is None else known):
            shown |= Q(partnership__in=Partnership.objects.in_scope_of(user).order_by().values("pk"))
        return self.filter(shown)


class HandPairQuerySet(models.QuerySet[Any]):
    """Pairs that coordinators suggested by hand."""

    def visible_to(self, user: User | AnonymousUser) -> "HandPairQuerySet":
        """The members of either firm, and who looks after one of the two postings."""
        if user.is_anonymous:
            return self.none()
        return self.of_member(user) | self.inside(Posting.objects.in_scope_of(user), user)

    def of_member(self, user: User | AnonymousUser) -> "HandPairQuerySet":
        """Those with a posting of an enterprise of ``user``."""
        firms = Enterprise.objects.of_member(user).values("pk")
        return self.filter(Q(need__enterprise__in=firms) | Q(capacity__enterprise__in=firms))

    def inside(self, scope: PostingQuerySet, user: User | AnonymousUser) -> "HandPairQuerySet":
        """Those with a posting in ``scope``, none of ``user``'s own firms'."""
        inside = scope.order_by().values("pk")
        firms = Enterprise.objects.of_member(user).values("pk")
        rows = self.filter(Q(need__in=inside) | Q(capacity__in=inside))
        return rows.exclude(need__enterprise__in=firms).exclude(capacity__enterprise__in=firms)
