"""Who may see which rows of the hydrogen corridor."""

from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Enterprise
from accounts.querysets import Actor


class OpenQuerySet(models.QuerySet[Any]):
    """Facilities, lines, routes, batches, assumptions and rounds: public by nature."""

    def visible_to(self, user: Actor) -> "OpenQuerySet":
        """All of them."""
        return self


class RoundOfferQuerySet(models.QuerySet[Any]):
    """Offers of a round; the list without names is public once offers are closed."""

    def of_member(self, user: Actor) -> "RoundOfferQuerySet":
        """Those of one's own firms."""
        if user.is_anonymous:
            return self.none()
        firms = Enterprise.objects.of_member(user).order_by().values("pk")
        return self.filter(capacity__enterprise__in=firms)

    def listed(self) -> "RoundOfferQuerySet":
        """Those whose round takes no more offers."""
        return self.filter(round__offers_until__lt=timezone.localdate())

    def visible_to(self, user: Actor) -> "RoundOfferQuerySet":
        """One's own at any time, those of others once no more are taken."""
        return self.of_member(user) | self.listed()


class RoundInterestQuerySet(models.QuerySet[Any]):
    """Interest in offers of a round."""

    def visible_to(self, user: Actor) -> "RoundInterestQuerySet":
        """That of one's own firms; until the result is published others learn not even that it is there."""
        if user.is_anonymous:
            return self.none()
        return self.filter(need__enterprise__in=Enterprise.objects.of_member(user).order_by().values("pk"))
