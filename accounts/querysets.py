"""Who may see which rows of accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from accounts.choices import Evidence, MembershipStatus, NetworkState, ReviewKind
from common.values import RegionCode
from reference.models import Region

Actor = Any
"""A signed-in user or an anonymous one."""


def is_platform_admin(user: Actor) -> bool:
    """Whether ``user`` runs the platform."""
    return bool(user.is_active and user.is_superuser)


@dataclass(frozen=True)
class Scope:
    """Where somebody reviews: beginnings of region codes and keys of chains; an empty tuple means all of them.

    ``of_parks`` for the regions of the parks that somebody runs.
    """

    stems: tuple[str, ...] = ()
    chains: tuple[int, ...] = ()
    of_parks: bool = False

    def within(self, region: str, chain: str = "") -> Q:
        """The condition that a row's region lies inside, and its chain too; ``region`` and ``chain`` name columns.

        Rows that belong to no chain are not within a scope that names some.
        """
        inside = Q(pk__in=[]) if self.stems else ~Q(pk__in=[])
        for stem in self.stems:
            inside |= Q(**{f"{region}__code__startswith": stem})
        if not self.chains:
            return inside
        return inside & Q(**{f"{chain}__in": self.chains}) if chain else Q(pk__in=[])


HELD_FIRMS = "held_firms"
"""Where a door may leave the firms of the reader that it read for this one request (enterprise key to whether it is in
good standing); only for reading."""


def held_firms(user: Actor) -> Mapping[int, bool] | None:
    """The firms that the door left, None where it left none and the database must be asked."""
    known: Mapping[int, bool] | None = getattr(user, HELD_FIRMS, None)
    return known


COORDINATES = "coordinates"
"""Set on the user of a session: whether a right to coordinate is in force. Read with the user, at no query more."""
HELD_SCOPES = "held_scopes"
"""Where a door may leave the scopes that it read for this one request; only for reading."""


def review_scopes(user: Actor) -> list[Scope]:
    """Where ``user`` reviews as a coordinator, or as the administrator of a park: in the park's regions.

    Platform administrators review everywhere without a scope, and get none here without a query. One query for others.
    """
    if user.is_anonymous or not user.is_active or is_platform_admin(user):
        return []
    known: list[Scope] | None = getattr(user, HELD_SCOPES, None)
    return _scopes_of(user) if known is None else known


PARK = 0
"""Stands for the parks that somebody runs, among the keys of grants, which begin at 1."""


def _scopes_of(user: Actor) -> list[Scope]:
    """In one query: each page of the administration asks for it."""
    ends_on = "parks__administrators__ends_on"
    parks = Region.objects.filter(
        Q(**{ends_on: None}) | Q(**{f"{ends_on}__gte": timezone.localdate()}),
        parks__administrators__user=user,
        parks__administrators__revoked_at=None,
    )
    nothing = Value(None, output_field=models.BigIntegerField())
    grants = user.coordinator_grants.in_force().order_by().values_list("pk", "regions__code", "chains__pk")
    rows = grants.union(parks.order_by().values_list(Value(PARK), "code", nothing))
    found: dict[int, tuple[set[str], set[int]]] = {}
    for grant, region, chain in rows:
        stems, chains = found.setdefault(grant, (set(), set()))
        stems |= {RegionCode(region).stem} if region else set()
        chains |= {chain} if chain else set()
    return [
        Scope(tuple(sorted(stems)), tuple(sorted(chains)), of_parks=grant == PARK)
        for grant, (stems, chains) in sorted(found.items())
    ]


def anywhere_in(scopes: list[Scope], region: str, chain: str = "") -> Q:
    """The condition that a row lies in one of ``scopes``; no scope means no row."""
    found = Q(pk__in=[])
    for scope in scopes:
        found |= scope.within(region, chain)
    return found


def runs_a_park(user: Actor) -> bool:
    """Whether ``user`` holds the right to run a park today; the relation from people to parks is read by its name."""
    if user.is_anonymous or not user.is_active:
        return False
    known: list[Scope] | None = getattr(user, HELD_SCOPES, None)
    return bool(user.park_grants.in_force().exists()) if known is None else any(one.of_parks for one in known)


class UserManager(BaseUserManager[Any]):
    """Makes users, who sign in by mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """A user with a normalised address; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """A platform administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class EnterpriseQuerySet(models.QuerySet[Any]):
    """Enterprises as a reader may see them."""

    def active(self) -> "EnterpriseQuerySet":
        """Those that are not suspended and have claimed themselves."""
        return self.filter(suspended_at=None, is_unclaimed=False)

    def of_member(self, user: Actor) -> "EnterpriseQuerySet":
        """Those that ``user`` is an active member of."""
        if user.is_anonymous:
            return self.none()
        return self.filter(memberships__user=user, memberships__status=MembershipStatus.ACTIVE)

    def reviewable_by(self, user: Actor) -> "EnterpriseQuerySet":
        """Those whose identity and papers ``user`` may check: all for platform administrators, those in their regions
        for coordinators of every chain and administrators of parks. Nobody reviews an enterprise of their own.
        """
        if user.is_anonymous:
            return self.none()
        others = self.exclude(pk__in=self.model._default_manager.of_member(user).values("pk"))
        return others if is_platform_admin(user) else others.filter(anywhere_in(review_scopes(user), "region"))

    def visible_to(self, user: Actor) -> "EnterpriseQuerySet":
        """Active ones for everybody, one's own even when suspended, all for platform administrators."""
        if is_platform_admin(user):
            return self
        shown = Q(suspended_at=None, is_unclaimed=False)
        if not user.is_anonymous:
            shown |= Q(pk__in=self.model._default_manager.of_member(user).values("pk"))
        return self.filter(shown)


class EnterpriseOwnedQuerySet(models.QuerySet[Any]):
    """Rows that lead to an enterprise and are its members' own business."""

    def visible_to(self, user: Actor) -> "EnterpriseOwnedQuerySet":
        """Rows of the enterprises that ``user`` belongs to; all for platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self.filter(
            enterprise__memberships__user=user,
            enterprise__memberships__status=MembershipStatus.ACTIVE,
        )


class ApiClientQuerySet(EnterpriseOwnedQuerySet):
    """Partner systems: a firm's own business, or that of the person who made one for nobody's firm."""

    def administered_by(self, user: Actor) -> "ApiClientQuerySet":
        """Those that act for no firm and that ``user`` made; all for platform administrators."""
        if is_platform_admin(user):
            return self
        return self.none() if user.is_anonymous else self.filter(enterprise=None, owner=user)


class EnterpriseCertificateQuerySet(EnterpriseOwnedQuerySet):
    """Certificates: a firm's own business, and that of who checks them."""

    def reviewable_by(self, user: Actor) -> "EnterpriseCertificateQuerySet":
        """Those of enterprises that ``user`` may check."""
        enterprises = self.model._meta.get_field("enterprise").related_model._default_manager
        return self.filter(enterprise__in=enterprises.reviewable_by(user).values("pk"))


class ReviewQuerySet(EnterpriseOwnedQuerySet):
    """What moderators look at; what was decided is the business of the firm that it is about."""

    def open(self) -> "ReviewQuerySet":
        """Those that wait."""
        return self.filter(decided_at=None)

    def reviewable_by(self, user: Actor) -> "ReviewQuerySet":
        """Those that ``user`` may decide or read again: all for platform administrators; in their regions and chains
        for coordinators and administrators of parks, but for suspensions. Nobody reviews what their own firm did.
        """
        if user.is_anonymous:
            return self.none()
        mine = user.memberships.active().values("enterprise")
        others = self.exclude(enterprise__in=mine)
        if is_platform_admin(user):
            return others
        suspensions = Q(kind=ReviewKind.SUSPENSION) | Q(against__kind=ReviewKind.SUSPENSION)
        return others.exclude(suspensions).filter(anywhere_in(review_scopes(user), "region", "chain"))


class InvitationQuerySet(EnterpriseOwnedQuerySet):
    """Invitations to an enterprise, its members' own business."""

    def open(self) -> "InvitationQuerySet":
        """Those that can still be accepted: not used and not over."""
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())


class MembershipQuerySet(EnterpriseOwnedQuerySet):
    """Memberships: one's own and those of one's enterprise."""

    def active(self) -> "MembershipQuerySet":
        """Those in force."""
        return self.filter(status=MembershipStatus.ACTIVE)

    def visible_to(self, user: Actor) -> "MembershipQuerySet":
        """One's own in any state and everybody's in one's enterprises."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = self.model._default_manager.filter(user=user, status=MembershipStatus.ACTIVE).values("enterprise")
        return self.filter(Q(user=user) | Q(enterprise__in=mine))


def of_networks(user: Actor, chain: str = "") -> Q:
    """The condition that a row of a ``buyer``'s list is ``user``'s business: of its members, and of coordinators in
    whose scope the buyer lies, with ``chain`` naming the column for those who look after some chains alone.
    """
    mine = user.memberships.active().values("enterprise")
    coordinates = getattr(user, COORDINATES, True)
    scopes = [scope for scope in review_scopes(user) if not scope.of_parks] if coordinates else []
    return Q(buyer__in=mine) | anywhere_in(scopes, "buyer__region", chain)


class ListedFirmQuerySet(models.QuerySet[Any]):
    """Firms of a buyer's list: the buyer's business, and that of who coordinates there; the listed firm is not told."""

    def visible_to(self, user: Actor) -> "ListedFirmQuerySet":
        """Those of one's own enterprises and of buyers in one's scope; all for platform administrators."""
        if is_platform_admin(user):
            return self
        return self.none() if user.is_anonymous else self.filter(of_networks(user, "relations__node__chain")).distinct()

    def in_force(self) -> "ListedFirmQuerySet":
        """Those that have not left."""
        return self.filter(left_on=None)


class SupplyRelationQuerySet(models.QuerySet[Any]):
    """Leading firms' networks: the buyer's business, and that of who coordinates there."""

    def visible_to(self, user: Actor) -> "SupplyRelationQuerySet":
        """Those of one's own enterprises and of buyers in one's scope, and those that one's own firm agreed here as the
        supplier; what a buyer only lists tells nobody else anything. All for platform administrators.
        """
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = user.memberships.active().values("enterprise")
        agreed = Q(evidence=Evidence.AGREED_HERE) & (Q(supplier__in=mine) | Q(listed__firm__in=mine))
        return self.filter(of_networks(user, "node__chain") | agreed)

    def in_force(self) -> "SupplyRelationQuerySet":
        """Those that have not ended, with firms that have not left."""
        today = timezone.localdate()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=today), listed__left_on=None)


class NetworkMembershipQuerySet(models.QuerySet[Any]):
    """Who is in whose network: the business of these two firms and of nobody else."""

    def visible_to(self, user: Actor) -> "NetworkMembershipQuerySet":
        """Those of one's own enterprises, on either side; all for platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        mine = user.memberships.active().values("enterprise")
        return self.filter(Q(buyer__in=mine) | Q(supplier__in=mine))

    def of_firm(self, enterprise: Any) -> "NetworkMembershipQuerySet":
        """Those in which ``enterprise`` is a side."""
        return self.filter(Q(buyer=enterprise) | Q(supplier=enterprise))

    def in_force(self) -> "NetworkMembershipQuerySet":
        """Those that both sides agreed to and neither has ended, between firms in good standing."""
        return self.filter(state=NetworkState.MEMBER, supplier__suspended_at=None)


class NoticeQuerySet(models.QuerySet[Any]):
    """Notices, each for one reader."""

    def visible_to(self, user: Actor) -> "NoticeQuerySet":
        """One's own."""
        return self.none() if user.is_anonymous else self.filter(reader=user)

    def unread(self) -> "NoticeQuerySet":
        """Those not opened yet."""
        return self.filter(read_at=None)


class GrantQuerySet(models.QuerySet[Any]):
    """Rights that the platform gave, with an end."""

    def in_force(self, on: date | None = None) -> "GrantQuerySet":
        """Those that have begun and not ended ``on`` a day, today where none is named."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on or timezone.localdate()), revoked_at=None)

    def visible_to(self, user: Actor) -> "GrantQuerySet":
        """One's own; all for platform administrators."""
        if is_platform_admin(user):
            return self
        return self.none() if user.is_anonymous else self.filter(user=user)


class ChangeQuerySet(models.QuerySet[Any]):
    """The numbered record of changes."""

    def after(self, seq: int) -> "ChangeQuerySet":
        """Those with a number above ``seq``, in order."""
        return self.filter(seq__gt=seq).order_by("seq")

    def visible_to(self, user: Actor) -> "ChangeQuerySet":
        """Changes that one's own enterprises made; all for platform administrators."""
        if is_platform_admin(user):
            return self
        if user.is_anonymous:
            return self.none()
        return self.filter(enterprise__memberships__user=user, enterprise__memberships__status=MembershipStatus.ACTIVE)
