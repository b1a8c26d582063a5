"""Who may see which rows of matchmaking days."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Enterprise
from accounts.querysets import Actor, Scope, anywhere_in, is_platform_admin, review_scopes
from matchmaking.days.choices import DayState, GuestState


class MatchDayQuerySet(models.QuerySet[Any]):
    """Matchmaking days as a reader may see them."""

    def visible_to(self, user: Actor) -> "MatchDayQuerySet":
        """Those that one looks after, and those to which a firm of one's own was invited."""
        if user.is_anonymous:
            return self.none()
        guests = self.model._meta.get_field("guests").related_model._default_manager
        return self.coordinated_by(user) | self.filter(pk__in=guests.of_member(user).order_by().values("day"))

    def coordinated_by(self, user: Actor) -> "MatchDayQuerySet":
        """Those that ``user`` opened and those that name a region and chain of their scope; never one to which a firm
        of their own is invited. Nothing once the right has ended; all for platform administrators.
        """
        if user.is_anonymous:
            return self.none()
        guests = self.model._meta.get_field("guests").related_model._default_manager
        rows = self.exclude(pk__in=guests.of_member(user).order_by().values("day"))
        if is_platform_admin(user):
            return rows
        scopes = coordinated_scopes(user)
        if not scopes:
            return self.none()
        reached = self.model._default_manager.filter(anywhere_in(scopes, "regions", "chains")).order_by().values("pk")
        return rows.filter(Q(made_by=user) | Q(pk__in=reached))


def coordinated_scopes(user: Actor) -> list[Scope]:
    """Where ``user`` coordinates; the scopes of who runs a park are not among them."""
    return [scope for scope in review_scopes(user) if not scope.of_parks]


class GuestQuerySet(models.QuerySet[Any]):
    """Invited firms."""

    def of_member(self, user: Actor) -> "GuestQuerySet":
        """The invitations of one's own firms."""
        return self.filter(enterprise__in=Enterprise.objects.of_member(user).order_by().values("pk"))

    def coming(self) -> "GuestQuerySet":
        """Those that take part and are in good standing."""
        return self.filter(state=GuestState.ACCEPTED, enterprise__suspended_at=None)

    def visible_to(self, user: Actor) -> "GuestQuerySet":
        """All of days that one looks after; one's own firm's; the firms that take part where one's own does."""
        if user.is_anonymous:
            return self.none()
        days = self.model._meta.get_field("day").related_model._default_manager.coordinated_by(user)
        mine = self.model._default_manager.of_member(user)
        together = mine.coming().order_by().values("day")
        shown = Q(day__in=days.order_by().values("pk")) | Q(pk__in=mine.order_by().values("pk"))
        return self.filter(shown | Q(day__in=together, state=GuestState.ACCEPTED, enterprise__suspended_at=None))


class MarkQuerySet(models.QuerySet[Any]):
    """What firms wish."""

    def visible_to(self, user: Actor) -> "MarkQuerySet":
        """Those of one's own firms, for nobody else: neither coordinators nor the platform read them."""
        if user.is_anonymous:
            return self.none()
        return self.filter(guest__enterprise__in=Enterprise.objects.of_member(user).order_by().values("pk"))


class DayMeetingQuerySet(models.QuerySet[Any]):
    """Planned meetings."""

    def standing(self) -> "DayMeetingQuerySet":
        """Those that did not fall out."""
        return self.filter(is_off=False)

    def visible_to(self, user: Actor) -> "DayMeetingQuerySet":
        """All of days that one looks after; of published plans, the ones of one's own firms."""
        if user.is_anonymous:
            return self.none()
        days = self.model._meta.get_field("plan").related_model._meta.get_field("day").related_model._default_manager
        firms = Enterprise.objects.of_member(user).order_by().values("pk")
        own = Q(first__enterprise__in=firms) | Q(second__enterprise__in=firms)
        shown = Q(plan__published_at__isnull=False) & ~Q(plan__day__state=DayState.OPEN) & own
        return self.filter(Q(plan__day__in=days.coordinated_by(user).order_by().values("pk")) | shown)
