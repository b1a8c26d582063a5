"""What the pages of accounts read: enterprises, their members, plants and papers, and notices."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.choices import CheckState, MembershipStatus, NetworkState, ReviewKind, ReviewOutcome, Role, Verb
from accounts.models import (
    ApiClient,
    Change,
    CoordinatorGrant,
    Enterprise,
    EnterpriseCertificate,
    EnterpriseContact,
    Equipment,
    Invitation,
    Membership,
    NetworkMembership,
    Notice,
    Passport,
    Review,
    Site,
    User,
)
from accounts.querysets import COORDINATES, Actor, is_platform_admin, runs_a_park

SOON = timedelta(days=90)
"""A certificate that ends within this time is shown as ending soon."""
OWNERS_FIRST = Case(
    When(role=Role.OWNER, then=Value(0)), When(role=Role.EDITOR, then=Value(1)), default=2, output_field=IntegerField()
)


def token_hash(token: str) -> str:
    """What an invitation keeps of its ``token``: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def enterprises_visible_to(user: Actor) -> QuerySet[Enterprise]:
    """Enterprises whose page ``user`` may open, regions filled."""
    return Enterprise.objects.visible_to(user).select_related("region__parent")


def contact_of(user: Actor, enterprise: Enterprise) -> EnterpriseContact | None:
    """Whom to reach at one's own enterprise; None for strangers, who learn it through an introduction."""
    return EnterpriseContact.objects.visible_to(user).filter(enterprise=enterprise).first()


def memberships_of(user: Actor) -> QuerySet[Membership]:
    """The enterprises that ``user`` may act for today, oldest first."""
    if user.is_anonymous:
        return Membership.objects.none()
    return Membership.objects.active().filter(user=user).select_related("enterprise")


UNREAD = Coalesce(
    Subquery(
        Notice.objects.unread().filter(reader=OuterRef("user")).order_by().values("reader").values(count=Count("pk")),
        output_field=IntegerField(),
    ),
    0,
)
"""How many notices the member has not opened."""


def acting_memberships(*, user: User) -> QuerySet[Membership]:
    """The memberships that ``user`` may act under, the oldest first, each beside their ``unread`` notices."""
    return memberships_of(user).annotate(unread=UNREAD)


def members_of(user: Actor, enterprise: Enterprise) -> QuerySet[Membership]:
    """Active members as a colleague sees them, owners first."""
    rows = Membership.objects.visible_to(user).active().filter(enterprise=enterprise)
    return rows.select_related("user", "enterprise").order_by(OWNERS_FIRST, "pk")


def join_requests_of(user: Actor, enterprise: Enterprise) -> QuerySet[Membership]:
    """People who wait for an answer, oldest first."""
    rows = Membership.objects.visible_to(user).filter(enterprise=enterprise, status=MembershipStatus.REQUESTED)
    return rows.select_related("user", "enterprise").order_by("changed_at")


def memberships_visible_to(user: Actor) -> QuerySet[Membership]:
    """Memberships that ``user`` may know of, in any state."""
    return Membership.objects.visible_to(user).select_related("user", "enterprise")


def open_invitations_of(user: Actor, enterprise: Enterprise) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return Invitation.objects.open().visible_to(user).filter(enterprise=enterprise).select_related("enterprise")


def invitations_visible_to(user: Actor) -> QuerySet[Invitation]:
    """Invitations of one's own enterprises."""
    return Invitation.objects.visible_to(user).select_related("enterprise")


def invitation_with_token(token: str) -> Invitation | None:
    """The invitation that a mailed link belongs to, used and over ones too; None for a made-up token."""
    rows = Invitation.objects.filter(token_hash=token_hash(token))
    return rows.select_related("enterprise", "invited_by").first()


def invitations_for(user: Actor) -> QuerySet[Invitation]:
    """Open invitations to the confirmed addresses of ``user``, newest first: who reads the mailbox may know of them."""
    if user.is_anonymous:
        return Invitation.objects.none()
    addresses = EmailAddress.objects.filter(user_id=user.pk, verified=True).values("email")
    return Invitation.objects.open().filter(email__in=addresses).select_related("enterprise", "invited_by")


def sites_of(user: Actor, enterprise: Enterprise) -> QuerySet[Site]:
    """Plants of one's own enterprise with region and equipment."""
    rows = Site.objects.visible_to(user).filter(enterprise=enterprise)
    equipment = Prefetch("equipment", Equipment.objects.order_by("kind", "pk"))
    return rows.select_related("region", "enterprise").prefetch_related(equipment)


def sites_visible_to(user: Actor) -> QuerySet[Site]:
    """Plants of one's own enterprises."""
    return Site.objects.visible_to(user).select_related("region", "enterprise")


def equipment_visible_to(user: Actor) -> QuerySet[Equipment]:
    """Machines at the plants of one's own enterprises."""
    return Equipment.objects.filter(site__in=Site.objects.visible_to(user).values("pk")).select_related(
        "site__enterprise"
    )


def photos_openable_by(user: Actor) -> QuerySet[Equipment]:
    """Machines whose photo ``user`` may look at: one's own, and those of the enterprises that one checks."""
    mine = Site.objects.visible_to(user).values("pk")
    checked = Enterprise.objects.reviewable_by(user).values("pk")
    rows = Equipment.objects.filter(Q(site__in=mine) | Q(site__enterprise__in=checked)).exclude(photo="")
    return rows.select_related("site__enterprise")


def certificates_of(user: Actor, enterprise: Enterprise) -> QuerySet[EnterpriseCertificate]:
    """All certificates of one's own enterprise, those that end first on top."""
    rows = EnterpriseCertificate.objects.visible_to(user).filter(enterprise=enterprise)
    return rows.select_related("certification", "enterprise").order_by("expires_on", "pk")


def certificates_visible_to(user: Actor) -> QuerySet[EnterpriseCertificate]:
    """Certificates whose numbers and evidence ``user`` may see: those of one's own enterprises."""
    return EnterpriseCertificate.objects.visible_to(user).select_related("certification", "enterprise")


def papers_openable_by(user: Actor) -> QuerySet[EnterpriseCertificate]:
    """Certificates whose evidence ``user`` may open: one's own, and those that one checks as a moderator."""
    mine = EnterpriseCertificate.objects.visible_to(user).values("pk")
    checked = EnterpriseCertificate.objects.reviewable_by(user).values("pk")
    rows = EnterpriseCertificate.objects.filter(Q(pk__in=mine) | Q(pk__in=checked))
    return rows.select_related("certification", "enterprise")


def public_certificates_of(enterprise: Enterprise, on: date) -> QuerySet[EnterpriseCertificate]:
    """What everybody may know of an enterprise's certificates: kind, last day, claimed or checked; neither rejected
    ones nor those that ended before ``on``. Number and evidence stay with the firm."""
    rows = EnterpriseCertificate.objects.filter(enterprise=enterprise).exclude(state=CheckState.REJECTED)
    rows = rows.exclude(expires_on__lt=on).select_related("certification")
    return rows.only("state", "expires_on", "certification", "enterprise_id").order_by("certification__code", "pk")


def ending_certificates_of(user: Actor, enterprise: Enterprise) -> QuerySet[EnterpriseCertificate]:
    """Certificates of one's own enterprise that end within ninety days or have ended, the first to end on top."""
    return certificates_of(user, enterprise).filter(expires_on__lte=timezone.localdate() + SOON)


def told_certificates_of(enterprise: Enterprise) -> QuerySet[EnterpriseCertificate]:
    """What a firm's passport tells of its certificates: kind, issuer, last day, claimed or checked and when; expired
    ones too, rejected ones not. Checked ones on top. Number and evidence stay with the firm.
    """
    rows = EnterpriseCertificate.objects.filter(enterprise=enterprise).exclude(state=CheckState.REJECTED)
    columns = ("state", "issuer", "expires_on", "checked_at", "certification", "enterprise_id")
    checked_first = Case(When(state=CheckState.CHECKED, then=0), default=1, output_field=IntegerField())
    return rows.select_related("certification").only(*columns).order_by(checked_first, "certification__code", "pk")


def told_equipment_of(enterprise: Enterprise) -> QuerySet[Equipment]:
    """What a firm's passport tells of its machines: kind, size, count, seen on site and when; the latest seen on top.

    The year is not among it: it may be changed without another look. Neither are photos, and where the plants are.
    """
    rows = Equipment.objects.filter(site__enterprise=enterprise)
    columns = ("kind", "size", "count", "checked_on", "confirmed_on")
    return rows.only(*columns).order_by(F("checked_on").desc(nulls_last=True), "kind", "pk")


def passport_of(user: Actor, enterprise: Enterprise) -> Passport | None:
    """Who may open the passport of one's own enterprise, and its link; None while it was never opened."""
    return Passport.objects.visible_to(user).filter(enterprise=enterprise).first()


def passport_with_token(token: str) -> Passport | None:
    """The passport that a link belongs to, whether or not it is open; None for links renewed and made up."""
    return Passport.objects.filter(token=token).select_related("enterprise").first()


def notices_of(user: Actor) -> QuerySet[Notice]:
    """One's own notices, newest first."""
    return Notice.objects.visible_to(user)


def unread_notices_of(user: Actor) -> QuerySet[Notice]:
    """One's own notices that were not opened yet, newest first."""
    return Notice.objects.visible_to(user).unread()


def clients_of(user: Actor, enterprise: Enterprise) -> QuerySet[ApiClient]:
    """Partner systems that act for one's own enterprise, those in force first."""
    rows = ApiClient.objects.visible_to(user).filter(enterprise=enterprise).select_related("owner")
    return rows.order_by("revoked_at", "-pk")


def acting_client(client_id: str) -> ApiClient | None:
    """The partner system with this identity, while nothing ended it: no revocation, no last day, no suspension.

    It ends too when the person who made it is no longer an owner of its enterprise, or runs neither the platform nor a
    park any more where it acts for none.
    """
    client = _clients_with_owners().filter(client_id=client_id).first()
    if client is None or (client.expires_on is not None and client.expires_on < timezone.localdate()):
        return None
    owner = client.owner
    has_office = client.enterprise is None and (is_platform_admin(owner) or runs_a_park(owner))
    return client if client.is_owned or has_office else None


@cache
def _clients_with_owners() -> QuerySet[Any]:
    """Partner systems that nobody revoked, made once for it stands at the door of every call: building it costs more
    than asking it.
    """
    owned = Membership.objects.active().filter(
        user=OuterRef("owner"), enterprise=OuterRef("enterprise"), role=Role.OWNER, enterprise__suspended_at=None
    )
    rows = ApiClient.objects.filter(revoked_at=None, owner__is_active=True).annotate(is_owned=Exists(owned))
    return rows.select_related("owner", "enterprise").order_by("pk")


def scopes_of(clients: Iterable[ApiClient]) -> dict[str, list[str]]:
    """The scopes of partner systems by their identity; a revoked one has none left."""
    known = Client.objects.filter(pk__in=[client.client_id for client in clients])
    return {client.pk: client.get_scopes() for client in known}


def grants_of(user: Actor) -> list[CoordinatorGrant]:
    """The rights to coordinate that ``user`` holds today, regions and chains filled."""
    if user.is_anonymous:
        return []
    return list(CoordinatorGrant.objects.in_force().filter(user=user).prefetch_related("regions", "chains"))


def coordinates(user: Actor) -> bool:
    """Whether ``user`` looks after others' postings today: a right in force, or the platform's own administrator."""
    if user.is_anonymous or not user.is_active:
        return False
    if is_platform_admin(user):
        return True
    known: bool | None = getattr(user, COORDINATES, None)
    return CoordinatorGrant.objects.in_force().filter(user=user).exists() if known is None else known


def looks_at(user: Actor, enterprise: Enterprise) -> QuerySet[Change]:
    """When the platform's people looked at what is the business of one's own enterprise, and the firms that it was
    introduced to at its contact data; the latest on top."""
    rows = Change.objects.visible_to(user).filter(enterprise=enterprise, verb__in=(Verb.SEEN, Verb.REVEALED))
    return rows.filter(facts__has_key="by").order_by("-seq")


def decisions_visible_to(user: Actor) -> QuerySet[Review]:
    """What was decided about one's own enterprises, suspended ones too, or is in review; filled for its page."""
    return Review.objects.visible_to(user).select_related("enterprise__region", "appeal", "against", "decided_by")


def review_of(kind: str, thing_key: str) -> Review | None:
    """The newest row of the queue about something, waiting or decided, but for what its owner took out of it."""
    rows = Review.objects.filter(kind=kind, thing_key=thing_key).exclude(outcome=ReviewOutcome.WITHDRAWN)
    return rows.select_related("owner", "appeal", "appeal__owner", "enterprise").order_by("-pk").first()


def quotes_passed(kind: str, thing_key: str) -> set[str]:
    """The flagged words of something that a moderator let pass, at once or after an appeal."""
    is_passed = Q(outcome=ReviewOutcome.PASSED) | Q(appeal__outcome=ReviewOutcome.GRANTED)
    rows = Review.objects.filter(is_passed, kind=kind, thing_key=thing_key)
    return {quote for quotes in rows.values_list("quotes", flat=True) for quote in quotes}


def appeal_against(decision: Review) -> Review | None:
    """The appeal against a decision, waiting or answered."""
    return Review.objects.filter(against=decision).select_related("owner").first()


def waiting_reviews_of(enterprise: Enterprise) -> QuerySet[Review]:
    """What of one's own enterprise waits for a moderator, the oldest first."""
    return Review.objects.open().filter(enterprise=enterprise).select_related("owner").order_by("created_at", "pk")


def age_in_words(age: timedelta) -> str:
    """Days and hours, such as "2 days 3 hours"; less than an hour is said as such."""
    hours = int(age.total_seconds()) // 3600
    days, hours = divmod(hours, 24)
    parts = []
    if days:
        parts.append(ngettext("{count} day", "{count} days", days).format(count=days))
    if hours:
        parts.append(ngettext("{count} hour", "{count} hours", hours).format(count=hours))
    return " ".join(parts) or gettext("less than an hour")


def next_step_of(review: Review) -> str:
    """Who does what now, in words for moderators and the firm alike; names nobody."""
    if review.decided_at is not None:
        return gettext("Nothing: it is decided")
    if review.owner_id is None:
        return gettext("A moderator takes it")
    return {
        ReviewKind.POSTING: gettext("The moderator releases it or gives it back with a reason"),
        ReviewKind.ENTERPRISE: gettext("The moderator compares code, name and papers with the public register"),
        ReviewKind.CERTIFICATE: gettext("The moderator looks it up at its issuer"),
        ReviewKind.APPEAL: gettext("The moderator reads the appeal and answers it"),
    }.get(ReviewKind(review.kind), gettext("A moderator takes it"))


MOST_ENDED = 100
"""Memberships that are over, the latest, which a firm's page of its networks shows."""


def network_rows(user: Actor, enterprise: Enterprise) -> list[NetworkMembership]:
    """All that runs between ``enterprise`` and other firms' networks or its own, then the latest that is over."""
    rows = NetworkMembership.objects.visible_to(user).of_firm(enterprise).select_related("buyer", "supplier")
    running = Q(state__in=(NetworkState.ASKED, NetworkState.MEMBER))
    return [*rows.filter(running).order_by("since", "pk"), *rows.exclude(running).order_by("-pk")[:MOST_ENDED]]


def network_visible_to(user: Actor) -> QuerySet[NetworkMembership]:
    """Memberships of networks that ``user`` may know of, in any state."""
    return NetworkMembership.objects.visible_to(user).select_related("buyer", "supplier")


def network_through(enterprise: Enterprise | None) -> QuerySet[NetworkMembership]:
    """Memberships in which ``enterprise`` is a side, in any state, as its systems read them, the newest first."""
    return NetworkMembership.objects.of_firm(enterprise).select_related("buyer", "supplier").order_by("-pk")


def is_member(enterprise: Enterprise, buyer: Enterprise) -> bool:
    """Whether ``enterprise`` is in the network of ``buyer`` today."""
    return NetworkMembership.objects.in_force().filter(buyer=buyer, supplier=enterprise).exists()


def asked_first_by(firms: Iterable[int]) -> set[int]:
    """Row numbers of the enterprises in whose networks one of ``firms`` is today."""
    members = NetworkMembership.objects.in_force().filter(supplier__in=list(firms)).order_by()
    return set(members.values_list("buyer", flat=True))


def network_of(enterprise: Enterprise) -> QuerySet[Enterprise]:
    """The firms in the network of ``enterprise`` today."""
    members = NetworkMembership.objects.in_force().filter(buyer=enterprise).order_by()
    return Enterprise.objects.filter(pk__in=members.values("supplier")).order_by("pk")


def has_network(enterprise: Enterprise) -> bool:
    """Whether anybody is a member of the network of ``enterprise``."""
    return network_size(enterprise) > 0


def network_size(enterprise: Enterprise) -> int:
    """How many firms are in the network of ``enterprise`` today."""
    return NetworkMembership.objects.in_force().filter(buyer=enterprise).count()
