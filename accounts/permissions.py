"""Who may do what now in accounts."""

from allauth.account.models import EmailAddress
from django.db.models import Model, Q

from accounts.choices import (
    MembershipStatus,
    NetworkState,
    PassportLevel,
    ReviewKind,
    ReviewOutcome,
    Role,
    Verification,
)
from accounts.models import (
    ApiClient,
    Enterprise,
    EnterpriseCertificate,
    Equipment,
    Invitation,
    Membership,
    NetworkMembership,
    Notice,
    Passport,
    Review,
    User,
)
from accounts.querysets import Actor, is_platform_admin, review_scopes, runs_a_park
from common.errors import YES, Verdict, no
from common.reasons import Reason

RANK = {Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}
HELD_ROLES = "held_roles"
"""Where a door may leave the roles that it read for this one request (enterprise key to role); only for reading."""
NOBODY = "\N{EM DASH}"
"""Stands for a moderator who is no longer here."""
MOST_ENTERPRISES = 10
"""Enterprises that one person may act for; nobody honest is near it, and registering codes in bulk stops here."""


def role_in(user: Actor, enterprise: Enterprise) -> Role | None:
    """The role that ``user`` holds in ``enterprise`` today, None for a stranger."""
    if user.is_anonymous:
        return None
    known = getattr(user, HELD_ROLES, None)
    if known is not None:
        return known.get(enterprise.pk)
    held = Membership.objects.active().filter(user=user, enterprise=enterprise).values_list("role", flat=True).first()
    return Role(held) if held else None


def firms_of(user: Actor) -> frozenset[int]:
    """Keys of the enterprises that ``user`` belongs to today."""
    if user.is_anonymous:
        return frozenset()
    known = getattr(user, HELD_ROLES, None)
    if known is not None:
        return frozenset(known)
    return frozenset(Membership.objects.active().filter(user=user).values_list("enterprise", flat=True))


def can_act_for_enterprise(user: Actor, enterprise: Enterprise, role: Role = Role.EDITOR) -> Verdict:
    """Whether ``user`` holds at least ``role`` in ``enterprise`` and it is not suspended."""
    held = role_in(user, enterprise)
    if held is None or RANK[held] < RANK[role]:
        return no(Reason.REFUSAL_NOT_YOURS)
    if enterprise.suspended_at is not None:
        return no(Reason.REFUSAL_SUSPENDED)
    return YES


def can_edit_enterprise(user: Actor, enterprise: Enterprise) -> Verdict:
    """Owners change the profile, members, certificates and visibility."""
    return can_act_for_enterprise(user, enterprise, Role.OWNER)


def can_edit_sites(user: Actor, enterprise: Enterprise) -> Verdict:
    """Owners and editors keep the plants and their equipment."""
    return can_act_for_enterprise(user, enterprise, Role.EDITOR)


def can_edit_certificate(user: Actor, certificate: EnterpriseCertificate) -> Verdict:
    """Owners keep the enterprise's certificates."""
    return can_edit_enterprise(user, certificate.enterprise)


def has_confirmed_address(user: Actor) -> bool:
    """Whether ``user`` has shown to read mail at one of their addresses."""
    return bool(EmailAddress.objects.filter(user_id=user.pk, verified=True).exists())


def can_register_enterprise(user: Actor, uscc: str) -> Verdict:
    """Anybody with a confirmed address, up to a number of enterprises; whether the code is free is told apart."""
    if user.is_anonymous or not user.is_active or not has_confirmed_address(user):
        return no(Reason.REFUSAL_NOT_YOURS)
    if Membership.objects.active().filter(user=user).count() >= MOST_ENTERPRISES:
        return no(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_ENTERPRISES)
    return YES


def can_join_enterprise(user: Actor, enterprise: Enterprise) -> Verdict:
    """Whether ``user`` may ask to act for ``enterprise`` or take up an invitation to it."""
    if user.is_anonymous or not user.is_active or not has_confirmed_address(user):
        return no(Reason.REFUSAL_NOT_YOURS)
    if role_in(user, enterprise) is not None:
        return no(Reason.REFUSAL_ALREADY_MEMBER)
    return YES


def can_accept_invitation(user: Actor, invitation: Invitation) -> Verdict:
    """The reader of the invited mailbox, once, in time, while the enterprise is not suspended."""
    verdict = can_join_enterprise(user, invitation.enterprise)
    if not verdict:
        return verdict
    if invitation.enterprise.suspended_at is not None:
        return no(Reason.REFUSAL_SUSPENDED)
    if not EmailAddress.objects.filter(user_id=user.pk, verified=True, email__iexact=invitation.email).exists():
        return no(Reason.REFUSAL_INVITATION_OTHER_ADDRESS)
    return YES


def can_remove_member(user: Actor, membership: Membership) -> Verdict:
    """Owners remove members; everybody may leave, even a suspended enterprise."""
    if not user.is_anonymous and membership.user_id == user.pk:
        return YES
    return can_edit_enterprise(user, membership.enterprise)


def can_request_verification(user: Actor, enterprise: Enterprise) -> Verdict:
    """Owners ask, unless it is done or under way; after a rejection they may ask again."""
    verdict = can_edit_enterprise(user, enterprise)
    if verdict and enterprise.verification not in (Verification.UNVERIFIED, Verification.REJECTED):
        return no(Reason.REFUSAL_WRONG_STATE, state=Verification(enterprise.verification).label)
    return verdict


def can_review_enterprise(user: Actor, enterprise: Enterprise) -> Verdict:
    """Whoever reviews in its region checks who an enterprise is; nobody does it for an enterprise of their own."""
    within = Enterprise.objects.reviewable_by(user).filter(pk=enterprise.pk).exists()
    return YES if within else no(Reason.REFUSAL_NOT_YOURS)


def can_suspend_enterprise(user: Actor, enterprise: Enterprise) -> Verdict:
    """Platform administrators shut an enterprise out and let it in again, but not one of their own."""
    return can_review_enterprise(user, enterprise) if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)


def can_check_certificate(user: Actor, certificate: EnterpriseCertificate) -> Verdict:
    """Whoever may check its enterprise."""
    return can_review_enterprise(user, certificate.enterprise)


def can_check_equipment(user: Actor, equipment: Equipment) -> Verdict:
    """Whoever may check the enterprise whose machines they are."""
    return can_review_enterprise(user, equipment.site.enterprise)


def is_moderator(user: Actor) -> bool:
    """Whether there is anything at all that ``user`` reviews."""
    return is_platform_admin(user) or bool(review_scopes(user))


def can_take_review(user: Actor, review: Review) -> Verdict:
    """Whoever reviews where it lies, as long as it waits and nobody else has it."""
    if not Review.objects.reviewable_by(user).filter(pk=review.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    if review.decided_at is not None:
        outcome = ReviewOutcome(review.outcome).label
        return no(Reason.REFUSAL_DECIDED, name=str(review.decided_by or NOBODY), outcome=outcome)
    if review.owner_id not in (None, user.pk):
        return no(Reason.REFUSAL_TAKEN, name=str(review.owner))
    return YES


def can_give_back_review(user: Actor, review: Review) -> Verdict:
    """Who has it, and platform administrators for somebody who does not come back to it."""
    if is_platform_admin(user) and review.owner_id is not None and review.decided_at is None:
        return YES
    verdict = can_take_review(user, review)
    return no(Reason.REFUSAL_NOT_YOURS) if verdict and review.owner_id is None else verdict


def can_decide_review(user: Actor, review: Review) -> Verdict:
    """Whoever may take it; an appeal is for somebody else than who decided, where there is somebody else."""
    verdict = can_take_review(user, review)
    decided = review.against
    if verdict and decided is not None and decided.decided_by_id == user.pk and has_other_moderators(review, user):
        return no(Reason.REFUSAL_DECIDED_YOURSELF)
    return verdict


def has_other_moderators(review: Review, user: Actor) -> bool:
    """Whether anybody but ``user`` reviews where ``review`` lies."""
    platform = Q(is_superuser=True)
    some = platform | Q(coordinator_grants__revoked_at=None, coordinator_grants__isnull=False)
    some |= Q(park_grants__revoked_at=None, park_grants__isnull=False)
    others = User.objects.filter(some, is_active=True).exclude(pk=user.pk).distinct()
    return any(Review.objects.reviewable_by(other).filter(pk=review.pk).exists() for other in others)


def can_appeal(user: Actor, review: Review) -> Verdict:
    """Owners of the firm, for a posting editors too, once for each decision against it; also while it is suspended."""
    held = role_in(user, review.enterprise)
    needed = Role.EDITOR if review.kind == ReviewKind.POSTING else Role.OWNER
    if held is None or RANK[held] < RANK[needed]:
        return no(Reason.REFUSAL_NOT_YOURS)
    if review.outcome != ReviewOutcome.REJECTED:
        state = ReviewOutcome(review.outcome).label if review.outcome else ReviewKind(review.kind).label
        return no(Reason.REFUSAL_WRONG_STATE, state=state)
    if Review.objects.filter(against=review).exists():
        return no(Reason.REFUSAL_ALREADY_THERE)
    return YES


def can_answer_join_request(user: Actor, membership: Membership) -> Verdict:
    """Owners answer, as long as the request waits."""
    verdict = can_edit_enterprise(user, membership.enterprise)
    if verdict and membership.status != MembershipStatus.REQUESTED:
        return no(Reason.REFUSAL_WRONG_STATE, state=MembershipStatus(membership.status).label)
    return verdict


def can_read_notice(user: Actor, notice: Notice) -> Verdict:
    """Its reader alone."""
    return YES if not user.is_anonymous and notice.reader_id == user.pk else no(Reason.REFUSAL_NOT_YOURS)


def can_retry_mail(user: Actor, row: Notice | Invitation) -> Verdict:
    """Platform administrators, for a mail that was given up."""
    if not is_platform_admin(user):
        return no(Reason.REFUSAL_NOT_YOURS)
    return YES if row.given_up_at is not None else no(Reason.REFUSAL_NOTHING_WAITS)


def can_change_person(user: Actor, person: User) -> Verdict:
    """People change their own settings."""
    return YES if not user.is_anonymous and person.pk == user.pk else no(Reason.REFUSAL_NOT_YOURS)


def can_manage_clients(user: Actor, enterprise: Enterprise | None) -> Verdict:
    """Owners let partner systems act for the enterprise; the platform and people who run parks make those that act for
    none."""
    if enterprise is None:
        return YES if is_platform_admin(user) or runs_a_park(user) else no(Reason.REFUSAL_NOT_YOURS)
    return can_edit_enterprise(user, enterprise)


def can_revoke_client(user: Actor, client: ApiClient) -> Verdict:
    """Owners of its enterprise, who made it for no enterprise, and the platform."""
    if is_platform_admin(user) or (client.enterprise is None and client.owner_id == user.pk):
        return YES
    if client.enterprise is None or role_in(user, client.enterprise) != Role.OWNER:
        return no(Reason.REFUSAL_NOT_YOURS)
    return YES


def can_look_into(user: Actor, thing: Model) -> Verdict:
    """Platform administrators look into what is others' business, moderators into papers that they check; each look
    is recorded.
    """
    if isinstance(thing, EnterpriseCertificate) and can_check_certificate(user, thing):
        return YES
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)


def can_take_out(user: Actor, listed: str) -> Verdict:
    """Staff take files of the lists that the administration opens to them; which rows, that list says."""
    return YES if user.is_active and user.is_staff else no(Reason.REFUSAL_NOT_YOURS)


def can_write_reference(user: Actor, row: Model) -> Verdict:
    """Platform administrators write terms, certificates and other reference rows."""
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)


def can_write_catalogue(user: Actor, uscc: str) -> Verdict:
    """Platform administrators enter enterprises that are not here yet."""
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)


def can_grant_coordination(user: Actor, person: User) -> Verdict:
    """Platform administrators say who coordinates, where and until when."""
    return YES if is_platform_admin(user) else no(Reason.REFUSAL_NOT_YOURS)


def can_ask_network(user: Actor, enterprise: Enterprise) -> Verdict:
    """Editors and owners ask other firms into their own network, or to be taken into one."""
    return can_act_for_enterprise(user, enterprise, Role.EDITOR)


def can_answer_network(user: Actor, membership: NetworkMembership) -> Verdict:
    """Editors and owners of the firm that was asked, once."""
    asking, asked = membership.buyer, membership.supplier
    if not membership.invited:
        asking, asked = asked, asking
    verdict = can_act_for_enterprise(user, asked, Role.EDITOR)
    if not verdict:
        return no(Reason.REFUSAL_OTHER_SIDE) if can_act_for_enterprise(user, asking, Role.EDITOR) else verdict
    return YES if membership.state == NetworkState.ASKED else _over(membership)


def can_end_network(user: Actor, membership: NetworkMembership, by: Enterprise) -> Verdict:
    """Editors and owners of either firm end what holds; those of the firm that asked take back what waits."""
    if by.pk not in (membership.buyer_id, membership.supplier_id):
        return no(Reason.REFUSAL_NOT_YOURS)
    verdict = can_act_for_enterprise(user, by, Role.EDITOR)
    if not verdict or membership.state == NetworkState.MEMBER:
        return verdict
    if membership.state != NetworkState.ASKED:
        return _over(membership)
    return YES if (membership.buyer_id == by.pk) == membership.invited else no(Reason.REFUSAL_OTHER_SIDE)


def can_set_passport(user: Actor, enterprise: Enterprise, level: PassportLevel) -> Verdict:
    """Owners say who may open the passport of their firm; it is opened once the platform has checked who they are."""
    verdict = can_edit_enterprise(user, enterprise)
    if verdict and level != PassportLevel.CLOSED and not enterprise.is_verified:
        return no(Reason.REFUSAL_NOT_VERIFIED)
    return verdict


def can_open_passport(user: Actor, passport: Passport) -> Verdict:
    """Whoever its firm lets in, as long as that firm is verified and in good standing; link_over tells nobody which of
    these it is.
    """
    firm = passport.enterprise
    if passport.level == PassportLevel.CLOSED or not firm.is_verified or firm.suspended_at is not None:
        return no(Reason.REFUSAL_LINK_OVER)
    if passport.level == PassportLevel.LINK or is_platform_admin(user):
        return YES
    readers = Enterprise.objects.active().of_member(user).filter(verification=Verification.VERIFIED)
    return YES if readers.exists() else no(Reason.REFUSAL_NOT_YOURS)


def _over(membership: NetworkMembership) -> Verdict:
    return no(Reason.REFUSAL_WRONG_STATE, state=NetworkState(membership.state).label)
