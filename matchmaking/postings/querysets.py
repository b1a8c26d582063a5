"""Who may see which postings."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Concat, Substr
from django.utils import timezone

from accounts.choices import NetworkState
from accounts.models import CoordinatorGrant, Enterprise, Membership, NetworkMembership, User
from accounts.querysets import COORDINATES, anywhere_in, held_firms, is_platform_admin, review_scopes
from matchmaking.postings.choices import Direction, Status

SHOWN = (Status.PUBLISHED,)
OF_SUSPENDED = Q(enterprise__in=Enterprise.objects.filter(suspended_at__isnull=False).values("pk"))
"""By an enterprise that is suspended."""


class PostingQuerySet(models.QuerySet[Any]):
    """Postings as a reader may see them."""

    def needs(self) -> "PostingQuerySet":
        """Those that look for something."""
        return self.filter(direction=Direction.NEED)

    def capacities(self) -> "PostingQuerySet":
        """Those that offer something."""
        return self.filter(direction=Direction.CAPACITY)

    def met(self) -> "PostingQuerySet":
        """Needs of which all is signed."""
        return self.needs().filter(reserved_amount__gte=F("quantity_amount"))

    def live(self) -> "PostingQuerySet":
        """Published, not past their window, by an enterprise that is not suspended.

        The last day is asked for as a term, lest a database takes its index and sorts half the table for twenty rows;
        suspended enterprises as a list, for there are few, and joining all of them costs more than the rows.
        """
        return self.alias(last_day=Coalesce("window_end", Value(date.max))).filter(
            ~OF_SUSPENDED, last_day__gte=timezone.localdate(), status=Status.PUBLISHED
        )

    def of_member(self, user: User | AnonymousUser) -> "PostingQuerySet":
        """Those of the enterprises that ``user`` is an active member of, in any state."""
        if user.is_anonymous:
            return self.none()
        return self.filter(enterprise__in=Enterprise.objects.of_member(user).values("pk"))

    def visible_to(self, user: User | AnonymousUser) -> "PostingQuerySet":
        """One's own in any state, unless the enterprise is suspended; others' when published, not hidden from it, and
        open to everybody or asking one's own firm first. Who coordinates sees those that are not open yet in scope.
        """
        if is_platform_admin(user):
            return self
        public = Q(status__in=SHOWN, enterprise__suspended_at=None)
        if user.is_anonymous:
            return self.filter(public & opened())
        firms, own = _firms_of(user)
        hidden = self.model.hidden_from.through.objects.filter(enterprise__in=firms)
        known = opened() | asking_first(own)
        if getattr(user, COORDINATES, True):
            known |= Q(scope_reaching(user))
        return self.filter(Q(enterprise__in=own) | (public & known & ~Q(pk__in=hidden.values("posting"))))

    def visible_through(self, enterprise: Enterprise | None) -> "PostingQuerySet":
        """What a partner system of ``enterprise`` may see: its own in any state, others' as ``visible_to`` has it.

        Unlike ``visible_to`` it does not reach the other enterprises of the person who made the system. Without an
        enterprise it is what everybody sees.
        """
        public = Q(status__in=SHOWN, enterprise__suspended_at=None)
        if enterprise is None:
            return self.filter(public & opened())
        hidden = self.model.hidden_from.through.objects.filter(posting=OuterRef("pk"), enterprise=enterprise)
        known = opened() | asking_first([enterprise.pk])
        return self.filter(Q(enterprise=enterprise) | (public & known & ~Exists(hidden)))

    def open_to_all(self) -> "PostingQuerySet":
        """Those that ask no network first, or not any more."""
        return self.filter(opened())

    def not_open(self) -> "PostingQuerySet":
        """Those that are shown to the network of their firm alone, as long as they are published."""
        return self.filter(opens_on__gt=timezone.localdate())

    def early_in_scope_of(self, user: User | AnonymousUser) -> "PostingQuerySet":
        """Published ones of firms in good standing that are not open yet, where ``user`` coordinates."""
        if user.is_anonymous:
            return self.none()
        return self.not_open().filter(scope_reaching(user), status__in=SHOWN, enterprise__suspended_at=None)

    def in_scope_of(self, user: User | AnonymousUser) -> "PostingQuerySet":
        """Everything but drafts in the regions and chains that ``user`` coordinates; everywhere for platform
        administrators."""
        if user.is_anonymous:
            return self.none()
        if is_platform_admin(user):
            return self.exclude(status=Status.DRAFT)
        return self.within(CoordinatorGrant.objects.in_force().filter(user=user).prefetch_related("regions", "chains"))

    def within(self, grants: Iterable[CoordinatorGrant]) -> "PostingQuerySet":
        """Everything but drafts where one of ``grants`` reaches: in its regions and in its chains, all where it names
        none."""
        scope = Q(pk__in=[])
        for grant in grants:
            part = ~Q(status=Status.DRAFT)
            regions, chains = list(grant.regions.all()), list(grant.chains.all())
            if regions:
                inside = Q()
                for region in regions:
                    inside |= Q(region__code__startswith=region.stem)
                part &= inside
            if chains:
                part &= Q(node__chain__in=chains)
            scope |= part
        return self.filter(scope)

    def reviewable_by(self, user: User | AnonymousUser) -> "PostingQuerySet":
        """Those that ``user`` moderates: all for platform administrators; in their regions and chains for coordinators
        and administrators of parks. Nobody moderates postings of their own firm.
        """
        if user.is_anonymous:
            return self.none()
        others = self.exclude(enterprise__in=Enterprise.objects.of_member(user).values("pk"))
        if is_platform_admin(user):
            return others
        return others.filter(anywhere_in(review_scopes(user), "region", "node__chain"))


def opened() -> Q:
    """Open to everybody today."""
    return Q(opens_on=None) | Q(opens_on__lte=timezone.localdate())


def asking_first(firms: Any) -> Q:
    """Of a firm in whose network one of ``firms`` is."""
    members = NetworkMembership.objects.filter(state=NetworkState.MEMBER, supplier__in=firms).order_by()
    return Q(enterprise__in=members.values("buyer"))


def scope_reaching(user: User) -> Exists:
    """Whether a right of ``user`` to coordinate reaches the region and the chain of a posting, in the database alone: a
    right of a region holds for all codes that begin as its own, up to its trailing zeros.
    """
    code = OuterRef("region__code")
    above = [Concat(Substr(code, 1, digits), Value("0" * (6 - digits))) for digits in (2, 4)]
    grants = CoordinatorGrant.objects.in_force().filter(user=user)
    return Exists(
        grants.filter(
            Q(regions=None) | Q(regions__code__in=[*above, code]),
            Q(chains=None) | Q(chains=OuterRef("node__chain")),
        )
    )


def _firms_of(user: User | AnonymousUser) -> tuple[Any, Any]:
    """Keys of the firms of ``user``, and of those in good standing: as the door read them, else as subqueries."""
    known = held_firms(user)
    if known:
        return list(known), [key for key, is_open in known.items() if is_open]
    mine = Membership.objects.active().filter(user=user)
    return mine.values("enterprise"), mine.filter(enterprise__suspended_at=None).values("enterprise")


class PostingPartQuerySet(models.QuerySet[Any]):
    """Rows that belong to a posting."""

    def visible_to(self, user: User | AnonymousUser) -> "PostingPartQuerySet":
        """Those of postings that ``user`` may see."""
        postings = self.model._meta.get_field("posting").related_model._default_manager
        return self.filter(posting__in=postings.visible_to(user).values("pk"))


class CapacityMonthQuerySet(models.QuerySet[Any]):
    """Months of capacities with their exact amounts: the owner's side only; others are told classes."""

    def visible_to(self, user: User | AnonymousUser) -> "CapacityMonthQuerySet":
        """Those of one's own enterprises."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self.filter(posting__enterprise__in=Enterprise.objects.of_member(user).values("pk"))


class PostingContactQuerySet(models.QuerySet[Any]):
    """Contact data lifted out of a posting's text: the owner's side only."""

    def visible_to(self, user: User | AnonymousUser) -> "PostingContactQuerySet":
        """Those of one's own enterprises; consent is asked for in partnerships."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self.filter(posting__enterprise__in=Enterprise.objects.of_member(user).values("pk"))


class SavedSearchQuerySet(models.QuerySet[Any]):
    """Searches that people keep for themselves."""

    def visible_to(self, user: User | AnonymousUser) -> "SavedSearchQuerySet":
        """One's own."""
        return self.none() if user.is_anonymous else self.filter(user=user)
