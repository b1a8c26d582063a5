"""Who may see which partnerships."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Enterprise, User
from accounts.querysets import COORDINATES, is_platform_admin
from matchmaking.partnerships.choices import CONSENTED, INTRODUCED, OPEN, RfqState, State
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet


class PartnershipQuerySet(models.QuerySet[Any]):
    """Partnerships as a reader may see them."""

    def open(self) -> "PartnershipQuerySet":
        """Those in which something is still to be done."""
        return self.filter(state__in=OPEN)

    def consented(self) -> "PartnershipQuerySet":
        """Those in which both sides agreed to be introduced."""
        return self.filter(state__in=CONSENTED)

    def of_member(self, user: User | AnonymousUser) -> "PartnershipQuerySet":
        """Those in which an enterprise of ``user`` is a side."""
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        return self.filter(Q(need__enterprise__in=mine) | Q(capacity__enterprise__in=mine))

    def visible_to(self, user: User | AnonymousUser) -> "PartnershipQuerySet":
        """Both sides, coordinators in whose scope the need or capacity lies, platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        shown = Q(need__enterprise__in=mine) | Q(capacity__enterprise__in=mine)
        known: bool | None = getattr(user, COORDINATES, None)
        if user.coordinator_grants.in_force().exists() if known is None else known:
            shown |= Q(pk__in=self.model._default_manager.in_scope_of(user).values("pk"))
        return self.filter(shown)

    def in_scope_of(self, user: User | AnonymousUser) -> "PartnershipQuerySet":
        """Those that ``user`` looks after for others: where the need or the capacity lies in scope."""
        return self.touching(Posting.objects.in_scope_of(user), user)

    def touching(self, scope: PostingQuerySet, user: User | AnonymousUser) -> "PartnershipQuerySet":
        """Those with a posting in ``scope``, but for mere suggestions and those of ``user``'s own enterprises.

        At its own table a firm learns the other's name when both agree, also where one of its people coordinates.
        """
        if user.is_anonymous:
            return self.none()
        mine, inside = Enterprise.objects.of_member(user).values("pk"), scope.order_by().values("pk")
        rows = self.exclude(state=State.SUGGESTED).filter(Q(need__in=inside) | Q(capacity__in=inside))
        return rows.exclude(need__enterprise__in=mine).exclude(capacity__enterprise__in=mine)


class PartnershipPartQuerySet(models.QuerySet[Any]):
    """Rows that belong to a partnership."""

    def visible_to(self, user: User | AnonymousUser) -> "PartnershipPartQuerySet":
        """Those of partnerships that ``user`` may see."""
        partnerships = self.model._meta.get_field("partnership").related_model._default_manager
        return self.filter(partnership__in=partnerships.visible_to(user).values("pk"))

    def of_member(self, user: User | AnonymousUser) -> "PartnershipPartQuerySet":
        """Those of partnerships in which an enterprise of ``user`` is a side; nobody else, the platform included."""
        partnerships = self.model._meta.get_field("partnership").related_model._default_manager
        return self.filter(partnership__in=partnerships.of_member(user).values("pk"))


class MilestoneQuerySet(models.QuerySet[Any]):
    """Deliveries that agreements plan."""

    def numbered(self) -> "MilestoneQuerySet":
        """Each with its ``number`` within its agreement, from 1 on, always the same: no row of a plan is deleted."""
        rows = self.model._default_manager.filter(agreement=OuterRef("agreement"), pk__lte=OuterRef("pk"))
        place = Subquery(rows.order_by().values("agreement").annotate(place=Count("pk")).values("place"))
        return self.annotate(number=place).order_by("planned_on", "pk")


class RfqQuerySet(models.QuerySet[Any]):
    """Requests for quotation as a reader may see them."""

    def visible_to(self, user: User | AnonymousUser) -> "RfqQuerySet":
        """Those of one's own enterprise and those that it may quote for; all for platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        return self.filter(Q(enterprise__in=mine) | self._offered(mine))

    def offered_to(self, enterprise: Enterprise) -> "RfqQuerySet":
        """Those that ``enterprise`` may quote for: published, and in talks with it about one of their lines or more."""
        return self.offered_to_any([enterprise.pk])

    def offered_to_any(self, firms: Any) -> "RfqQuerySet":
        """Those that one of ``firms``, by row number, may quote for."""
        return self.filter(self._offered(firms))

    def visible_through(self, enterprise: Enterprise) -> "RfqQuerySet":
        """Those of ``enterprise``, and those that it may quote for."""
        return self.filter(Q(enterprise=enterprise) | self._offered([enterprise.pk]))

    def _offered(self, firms: Any) -> Q:
        lines = self.model._meta.get_field("lines").related_model._default_manager.filter(
            need__partnerships_as_need__state__in=INTRODUCED, need__partnerships_as_need__capacity__enterprise__in=firms
        )
        return ~Q(state=RfqState.DRAFT) & Q(enterprise__suspended_at=None, pk__in=lines.order_by().values("rfq"))

    def open(self) -> "RfqQuerySet":
        """Those that take quotes now."""
        return self.filter(state=RfqState.OPEN, due_at__gt=timezone.now())


class QuoteQuerySet(models.QuerySet[Any]):
    """Quotes as a reader may see them."""

    def visible_to(self, user: User | AnonymousUser) -> "QuoteQuerySet":
        """Those that one's own enterprise made; those made to it, and all for platform administrators, once a sealed
        request has reached its deadline. Coordinators read counts only.
        """
        if user.is_anonymous:
            return self.none()
        mine = Enterprise.objects.of_member(user).values("pk")
        own = Q(partnership__capacity__enterprise__in=mine)
        opened = ~Q(partnership__need__in=sealed_needs().values("pk"))
        if is_platform_admin(user):
            return self.filter(own | opened)
        return self.filter(own | Q(partnership__need__enterprise__in=mine) & opened)

    def visible_through(self, enterprise: Enterprise) -> "QuoteQuerySet":
        """Those that ``enterprise`` made; those made to it, once a sealed request has reached its deadline."""
        opened = ~Q(partnership__need__in=sealed_needs().values("pk"))
        own = Q(partnership__capacity__enterprise=enterprise)
        return self.filter(own | Q(partnership__need__enterprise=enterprise) & opened)


def sealed_needs() -> PostingQuerySet:
    """Needs whose quotes nobody but their makers reads at this moment."""
    rows: PostingQuerySet = Posting.objects.filter(
        rfq_lines__rfq__is_sealed=True, rfq_lines__rfq__state=RfqState.OPEN, rfq_lines__rfq__due_at__gt=timezone.now()
    )
    return rows.order_by()


class CoordinationNoteQuerySet(models.QuerySet[Any]):
    """Notes of coordinators about what they look after."""

    def visible_to(self, user: User | AnonymousUser) -> "CoordinationNoteQuerySet":
        """Those about postings and partnerships that ``user`` looks after; nobody else's, the firms' own included."""
        if user.is_anonymous:
            return self.none()
        partnerships = self.model._meta.get_field("partnership").related_model._default_manager
        return self.filter(
            Q(posting__in=Posting.objects.in_scope_of(user).values("pk"))
            | Q(partnership__in=partnerships.in_scope_of(user).values("pk"))
        )
