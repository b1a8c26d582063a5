"""Who may see what is said and shown in talks."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.choices import Verification
from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.partnerships.choices import CONSENTED
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.postings.models import Posting
from matchmaking.talks.choices import FileLevel


def _about(postings: QuerySet[Posting]) -> Exists:
    """That a row's posting is among ``postings``: looked up for each of the few rows, not gathered for all first."""
    return Exists(postings.filter(pk=OuterRef("posting")).order_by())


class MessageQuerySet(models.QuerySet[Any]):
    """Messages as a reader may see them."""

    def visible_to(self, user: Actor) -> "MessageQuerySet":
        """Those of partnerships of one's own enterprises. Coordinators and platform administrators read none here."""
        if user.is_anonymous:
            return self.none()
        return self.filter(partnership__in=Partnership.objects.of_member(user).values("pk"))

    def visible_through(self, enterprise: Enterprise) -> "MessageQuerySet":
        """Those of partnerships of ``enterprise`` alone, for a system that acts for it."""
        return self.filter(
            Q(partnership__need__enterprise=enterprise) | Q(partnership__capacity__enterprise=enterprise)
        )


class QuestionQuerySet(models.QuerySet[Any]):
    """Questions as a reader may see them."""

    def visible_to(self, user: Actor) -> "QuestionQuerySet":
        """Answered ones about postings that ``user`` may see; before that their two firms' own."""
        if user.is_anonymous:
            return self.none()
        return self._known(Enterprise.objects.of_member(user).values("pk"), Posting.objects.visible_to(user))

    def visible_through(self, enterprise: Enterprise) -> "QuestionQuerySet":
        """The same for ``enterprise`` alone, for a system that acts for it."""
        return self._known([enterprise.pk], Posting.objects.visible_through(enterprise))

    def _known(self, mine: Any, postings: QuerySet[Posting]) -> "QuestionQuerySet":
        own = Q(enterprise__in=mine) | Q(posting__enterprise__in=mine)
        return self.filter(Q(answered_at__isnull=False) | own, _about(postings))


class SharedFileQuerySet(models.QuerySet[Any]):
    """Files as a reader may know of them; what they may open of these, ``queries.files`` says."""

    def visible_to(self, user: Actor) -> "SharedFileQuerySet":
        """One's own, also those taken back; others' by their level: previews for verified firms that may see the
        posting, the rest for firms that were introduced about it, or about a line of its package, until the partnership
        ends. That a file for after the agreement is there, is known before.
        """
        if user.is_anonymous:
            return self.none()
        firms = Enterprise.objects.of_member(user).order_by()
        standing = firms.filter(suspended_at=None)
        verified = Q(Exists(standing.filter(verification=Verification.VERIFIED)))
        return self._shown(firms.values("pk"), standing.values("pk"), verified, Posting.objects.visible_to(user))

    def visible_through(self, enterprise: Enterprise) -> "SharedFileQuerySet":
        """The same for ``enterprise`` alone, for a system that acts for it."""
        standing = [enterprise.pk] if enterprise.suspended_at is None else []
        verified = Q() if standing and enterprise.verification == Verification.VERIFIED else Q(pk__in=[])
        return self._shown([enterprise.pk], standing, verified, Posting.objects.visible_through(enterprise))

    def _shown(self, mine: Any, standing: Any, verified: Q, postings: QuerySet[Posting]) -> "SharedFileQuerySet":
        agreed = Partnership.objects.filter(state__in=CONSENTED).order_by()
        agreed = agreed.filter(Q(need__enterprise__in=standing) | Q(capacity__enterprise__in=standing))
        introduced = Q(partnership__in=agreed.values("pk"))
        introduced |= Q(posting__in=agreed.values("need")) | Q(posting__in=agreed.values("capacity"))
        introduced |= Q(rfq__in=Rfq.objects.offered_to_any(standing).order_by().values("pk"))
        preview = Q(_about(postings), level=FileLevel.PREVIEW) & verified
        others = Q(withdrawn_at=None, enterprise__suspended_at=None) & (introduced | preview)
        return self.filter(Q(enterprise__in=mine) | others)


class NdaAcceptanceQuerySet(models.QuerySet[Any]):
    """Acceptances of the confidentiality agreement."""

    def visible_to(self, user: Actor) -> "NdaAcceptanceQuerySet":
        """Those of one's own enterprises and those given toward them."""
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        return self.filter(Q(enterprise__in=mine) | Q(counterpart__in=mine))

    def in_force(self) -> "NdaAcceptanceQuerySet":
        """Those whose last day is not over."""
        return self.filter(expires_on__gte=timezone.localdate())

    def in_force_between(self, one: Any, others: Any) -> "NdaAcceptanceQuerySet":
        """Acceptances by the firm ``one`` toward any of ``others`` that are answered by one of the same version."""
        answer = self.in_force().filter(
            enterprise=OuterRef("counterpart"), counterpart=OuterRef("enterprise"), version=OuterRef("version")
        )
        return self.in_force().filter(Exists(answer), enterprise=one, counterpart__in=others)
