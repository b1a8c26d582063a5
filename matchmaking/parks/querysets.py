"""Who may see which rows of parks."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import User
from accounts.querysets import EnterpriseQuerySet, is_platform_admin
from common.errors import Refused
from common.reasons import Reason
from matchmaking.parks.choices import PairState
from matchmaking.postings.choices import Direction, Status, Subject
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Region


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

    def with_figures_of(self, quarter: date) -> "ParkQuerySet":
        """Each with ``figures`` and ``submitted``: how many it holds of the quarter that begins on this day, and how
        many of them were submitted.
        """
        of_quarter = Q(indicators__period_start=quarter)
        return self.annotate(
            figures=Count("indicators", filter=of_quarter, distinct=True),
            submitted=Count("indicators", filter=of_quarter & Q(indicators__is_locked=True), distinct=True),
        )

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
        """All of them: what stands in a notice is public."""
        return self

    def administered_by(self, user: User | AnonymousUser) -> "ParkPartQuerySet":
        """Those of parks that ``user`` administers; all for platform administrators."""
        if is_platform_admin(user):
            return self
        parks = self.model._meta.get_field("park").related_model._default_manager
        return self.filter(park__in=parks.administered_by(user).values("pk"))


class MilestoneQuerySet(models.QuerySet[Any]):
    """Milestones of projects, public as these are."""

    def visible_to(self, user: User | AnonymousUser) -> "MilestoneQuerySet":
        """All of them."""
        return self


class ParkIndicatorQuerySet(ParkPartQuerySet):
    """Figures that parks report."""

    def submitted(self) -> "ParkIndicatorQuerySet":
        """Those of quarters that were submitted; the others are drafts of their park."""
        return self.filter(is_locked=True)

    def visible_to(self, user: User | AnonymousUser) -> "ParkIndicatorQuerySet":
        """Submitted ones for everybody, drafts for who runs the park and for platform administrators."""
        own = self.administered_by(user).values("pk")
        return self.filter(Q(is_locked=True) | Q(pk__in=own))


class ParkPartnershipQuerySet(models.QuerySet[Any]):
    """Partnerships between two parks."""

    def visible_to(self, user: User | AnonymousUser) -> "ParkPartnershipQuerySet":
        """All but those that the partner park declined; unconfirmed ones are marked so."""
        return self.exclude(state=PairState.DECLINED)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuses has_history: a partnership ends on a day and stays to be read."""
        raise Refused(Reason.REFUSAL_HAS_HISTORY)

    def standing_on(self, day: date) -> "ParkPartnershipQuerySet":
        """Those agreed on ``day`` or before and not ended then; ``ended_on`` is the first day without."""
        return self.exclude(state=PairState.DECLINED).filter(Q(ended_on=None) | Q(ended_on__gt=day), agreed_on__lte=day)

    def undated_on(self, day: date) -> "ParkPartnershipQuerySet":
        """Those without a first day that had not ended on ``day``."""
        return self.exclude(state=PairState.DECLINED).filter(Q(ended_on=None) | Q(ended_on__gt=day), agreed_on=None)

    def waiting_for(self, user: User | AnonymousUser) -> "ParkPartnershipQuerySet":
        """Those that a park of ``user`` is to answer: the other park proposed them."""
        parks = self.model._meta.get_field("from_park").related_model._default_manager
        mine = parks.administered_by(user).values("pk")
        is_asked = (Q(from_park__in=mine) & ~Q(proposed_by=F("from_park"))) | (
            Q(to_park__in=mine) & ~Q(proposed_by=F("to_park"))
        )
        return self.filter(is_asked, state=PairState.PROPOSED)

    def administered_by(self, user: User | AnonymousUser) -> "ParkPartnershipQuerySet":
        """Those in which a park of ``user`` is a side; all for platform administrators."""
        if is_platform_admin(user):
            return self
        parks = self.model._meta.get_field("from_park").related_model._default_manager
        mine = parks.administered_by(user).values("pk")
        return self.filter(Q(from_park__in=mine) | Q(to_park__in=mine))


def stems_of(parks: Iterable[Any]) -> tuple[str, ...]:
    """Beginnings of the codes of the regions in which ``parks`` lie."""
    return tuple(sorted({region.stem for park in parks for region in park.regions.all()}))


def stems_run_by(user: User | AnonymousUser) -> tuple[str, ...]:
    """Beginnings of the codes of the regions in which the parks lie that ``user`` runs today."""
    if user.is_anonymous or not user.is_active:
        return ()
    ends_on = "parks__administrators__ends_on"
    regions = Region.objects.filter(
        Q(**{ends_on: None}) | Q(**{f"{ends_on}__gte": timezone.localdate()}),
        parks__administrators__user=user,
        parks__administrators__revoked_at=None,
    )
    return tuple(sorted({region.stem for region in regions}))


def inside(stems: Iterable[str], column: str = "region") -> Q:
    """The condition that a row's region lies in one of the regions whose codes begin so; none of them, no row."""
    found = Q(pk__in=[])
    for stem in stems:
        found |= Q(**{f"{column}__code__startswith": stem})
    return found


class ParkFirmQuerySet(EnterpriseQuerySet):
    """Firms in a park's regions."""

    def administered_by(self, user: User | AnonymousUser) -> "ParkFirmQuerySet":
        """Those in the regions of the parks that ``user`` runs today; all for platform administrators."""
        return self if is_platform_admin(user) else self.filter(inside(stems_run_by(user)))

    def in_regions_of(self, parks: Iterable[Any]) -> "ParkFirmQuerySet":
        """Those in the regions in which ``parks`` lie."""
        return self.filter(inside(stems_of(parks)))


class ParkPremisesQuerySet(PostingQuerySet):
    """Premises in a park's regions."""

    def in_regions_of(self, parks: Iterable[Any]) -> "ParkPremisesQuerySet":
        """Those in the regions in which ``parks`` lie."""
        return self.filter(inside(stems_of(parks)))

    def administered_by(self, user: User | AnonymousUser) -> "ParkPremisesQuerySet":
        """Premises that are offered there, drafts left out: these are their firm's own until it posts them."""
        offered = self.filter(direction=Direction.CAPACITY, subject=Subject.PREMISES).exclude(status=Status.DRAFT)
        return offered if is_platform_admin(user) else offered.filter(inside(stems_run_by(user)))
