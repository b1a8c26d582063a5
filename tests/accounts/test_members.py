"""Roles, leaving, asking to join, and invitations."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.choices import MembershipStatus, Role
from accounts.models import Change, Invitation, Membership, Notice
from accounts.queries import invitation_with_token, token_hash
from accounts.services.invitations import (
    MOST_OPEN,
    VALID_FOR,
    accept_invitation,
    cancel_invitation,
    invite_member,
    token_of,
)
from accounts.services.members import (
    accept_join_request,
    change_role,
    refuse_join_request,
    remove_member,
    request_to_join,
)
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import EnterpriseFactory, InvitationFactory, MembershipFactory, UserFactory, sample_uscc

pytestmark = pytest.mark.django_db


def refused(act) -> Reason:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reason


def test_change_role_gives_another_role_and_tells_the_member(changes, notices):
    owner = MembershipFactory()
    member = MembershipFactory(enterprise=owner.enterprise, viewer=True)

    change_role(membership=member, actor=owner.user, role=Role.EDITOR)
    change_role(membership=member, actor=owner.user, role=Role.EDITOR)

    member.refresh_from_db()
    assert member.role == Role.EDITOR
    assert changes() == [("membership", "changed", "")]
    assert notices() == [(member.user_id, "role_changed")]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_the_last_owner_neither_steps_down_nor_leaves(role):
    owner = MembershipFactory()
    MembershipFactory(enterprise=owner.enterprise, editor=True)
    MembershipFactory(enterprise=owner.enterprise, former=True)

    assert refused(lambda: change_role(membership=owner, actor=owner.user, role=role)) == Reason.REFUSAL_LAST_OWNER
    assert refused(lambda: remove_member(membership=owner, actor=owner.user)) == Reason.REFUSAL_LAST_OWNER


def test_of_two_owners_each_may_remove_the_other_but_not_both():
    first = MembershipFactory()
    second = MembershipFactory(enterprise=first.enterprise)

    remove_member(membership=second, actor=first.user)

    assert refused(lambda: remove_member(membership=first, actor=second.user)) == Reason.REFUSAL_NOT_YOURS
    assert refused(lambda: remove_member(membership=first, actor=first.user)) == Reason.REFUSAL_LAST_OWNER


def test_remove_member_ends_it_once_and_tells_the_person(changes, notices):
    owner = MembershipFactory()
    member = MembershipFactory(enterprise=owner.enterprise, editor=True)

    remove_member(membership=member, actor=owner.user)
    remove_member(membership=member, actor=owner.user)

    member.refresh_from_db()
    assert member.status == MembershipStatus.FORMER
    assert changes() == [("membership", "revoked", "")]
    assert notices() == [(member.user_id, "member_removed")]


def test_members_may_leave_by_themselves_even_a_suspended_firm():
    member = MembershipFactory(editor=True, enterprise__suspended=True)

    assert remove_member(membership=member, actor=member.user).status == MembershipStatus.FORMER


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_only_owners_keep_members(role, changes):
    member = MembershipFactory(role=role)
    other = MembershipFactory(enterprise=member.enterprise, viewer=True)
    asked = MembershipFactory(enterprise=member.enterprise, requested=True)
    stranger = MembershipFactory()

    for person in (member.user, stranger.user):
        acts = [
            lambda p=person: change_role(membership=other, actor=p, role=Role.OWNER),
            lambda p=person: remove_member(membership=other, actor=p),
            lambda p=person: accept_join_request(membership=asked, actor=p, role=Role.OWNER),
            lambda p=person: refuse_join_request(membership=asked, actor=p),
            lambda p=person: invite_member(
                enterprise=member.enterprise, actor=p, email="x@example.com", role=Role.OWNER
            ),
        ]
        assert {refused(act) for act in acts} == {Reason.REFUSAL_NOT_YOURS}
    assert changes() == []


def test_change_role_refuses_a_role_that_is_none_and_a_member_who_left():
    owner = MembershipFactory()
    former = MembershipFactory(enterprise=owner.enterprise, former=True)

    with pytest.raises(Invalid):
        change_role(membership=owner, actor=owner.user, role="emperor")
    assert refused(lambda: change_role(membership=former, actor=owner.user, role=Role.VIEWER)) == (
        Reason.REFUSAL_WRONG_STATE
    )


def test_request_to_join_tells_owners_only_and_only_once(notices):
    owner = MembershipFactory()
    MembershipFactory(enterprise=owner.enterprise, editor=True)
    person = UserFactory()

    request_to_join(actor=person, uscc=owner.enterprise.uscc)
    request_to_join(actor=person, uscc=owner.enterprise.uscc.lower())

    assert notices() == [(owner.user_id, "join_requested")]
    assert Membership.objects.get(user=person).status == MembershipStatus.REQUESTED
    assert not Membership.objects.active().filter(user=person).exists()


@pytest.mark.parametrize("known", [{"unclaimed": True}, {"suspended": True}, None])
def test_request_to_join_answers_alike_for_a_code_that_nobody_registered(known, notices):
    code = EnterpriseFactory(**known).uscc if known else sample_uscc(7_100_000)

    assert request_to_join(actor=UserFactory(), uscc=code) is None
    assert notices() == []
    assert Membership.objects.count() == 0


def test_request_to_join_refuses_a_member_and_an_unconfirmed_address():
    owner = MembershipFactory()
    nobody = UserFactory(verified=False)

    assert refused(lambda: request_to_join(actor=owner.user, uscc=owner.enterprise.uscc)) == (
        Reason.REFUSAL_ALREADY_MEMBER
    )
    assert refused(lambda: request_to_join(actor=nobody, uscc=owner.enterprise.uscc)) == Reason.REFUSAL_NOT_YOURS


def test_accept_join_request_lets_the_person_in_as_chosen(notices):
    owner = MembershipFactory()
    asked = MembershipFactory(enterprise=owner.enterprise, requested=True)

    accept_join_request(membership=asked, actor=owner.user, role=Role.EDITOR)

    asked.refresh_from_db()
    assert (asked.status, asked.role) == (MembershipStatus.ACTIVE, Role.EDITOR)
    assert notices() == [(asked.user_id, "join_accepted")]
    assert refused(lambda: accept_join_request(membership=asked, actor=owner.user, role=Role.OWNER)) == (
        Reason.REFUSAL_WRONG_STATE
    )


def test_refuse_join_request_tells_nothing_of_the_enterprise_and_the_person_may_ask_again():
    owner = MembershipFactory()
    asked = MembershipFactory(enterprise=owner.enterprise, requested=True)

    refuse_join_request(membership=asked, actor=owner.user)

    notice = Notice.objects.get(reader=asked.user)
    assert (notice.kind, notice.facts) == ("join_refused", {})
    request_to_join(actor=asked.user, uscc=owner.enterprise.uscc)
    asked.refresh_from_db()
    assert asked.status == MembershipStatus.REQUESTED


def test_invite_member_keeps_only_the_hash_of_the_token(changes):
    owner = MembershipFactory()

    invitation = invite_member(
        enterprise=owner.enterprise, actor=owner.user, email=" Colleague@Example.com ", role=Role.EDITOR
    )

    token = token_of(invitation)
    kept = Invitation.objects.values().get()
    assert (kept["email"], kept["token_hash"]) == ("colleague@example.com", token_hash(token))
    assert token not in str(kept)
    assert token not in str(list(Change.objects.values()))
    assert abs(invitation.expires_at - timezone.now() - VALID_FOR) < timedelta(minutes=1)
    assert invitation_with_token(token) == invitation
    assert changes() == [("invitation", "created", "")]


def test_invite_member_again_ends_the_earlier_link():
    owner = MembershipFactory()
    first = invite_member(enterprise=owner.enterprise, actor=owner.user, email="a@example.com", role=Role.EDITOR)
    invite_member(enterprise=owner.enterprise, actor=owner.user, email="A@example.com", role=Role.VIEWER)

    person = UserFactory(email="a@example.com")
    first.refresh_from_db()
    assert refused(lambda: accept_invitation(invitation=first, actor=person)) == Reason.REFUSAL_INVITATION_OVER


def test_invite_member_refuses_members_and_a_mailing_list():
    owner = MembershipFactory()
    member = MembershipFactory(enterprise=owner.enterprise, editor=True)
    InvitationFactory.create_batch(MOST_OPEN, enterprise=owner.enterprise)

    def invite(email):
        return lambda: invite_member(enterprise=owner.enterprise, actor=owner.user, email=email, role=Role.VIEWER)

    assert refused(invite(member.user.email)) == Reason.REFUSAL_ALREADY_MEMBER
    assert refused(invite("one-more@example.com")) == Reason.REFUSAL_LIMIT_REACHED


@pytest.mark.parametrize("email", ["", "nobody", "a@b", f"{'x' * 250}@example.com", "a\x00@example.com\n"])
def test_invite_member_refuses_what_is_no_address_or_cleans_it(email):
    owner = MembershipFactory()

    try:
        made = invite_member(enterprise=owner.enterprise, actor=owner.user, email=email, role=Role.VIEWER)
    except Invalid as refusal:
        fields = list(refusal.fields)
    else:
        fields = []
        assert made.email == "a@example.com"

    assert fields in (["email"], [])


def test_accept_invitation_works_once_and_gives_the_invited_role(changes):
    person = UserFactory(email="a@example.com")
    invitation = InvitationFactory(email="A@example.com", role=Role.EDITOR)

    membership = accept_invitation(invitation=invitation, actor=person)

    assert (membership.role, membership.status) == (Role.EDITOR, MembershipStatus.ACTIVE)
    assert changes() == [("membership", "granted", "")]
    membership.delete()
    assert refused(lambda: accept_invitation(invitation=invitation, actor=person)) == Reason.REFUSAL_INVITATION_OVER


def test_accept_invitation_refuses_an_expired_link():
    invitation = InvitationFactory(over=True)
    person = UserFactory(email=invitation.email)

    assert refused(lambda: accept_invitation(invitation=invitation, actor=person)) == Reason.REFUSAL_INVITATION_OVER
    assert Membership.objects.count() == 0


def test_accept_invitation_refuses_another_reader_and_is_not_used_up_by_it():
    invitation = InvitationFactory()
    thief = UserFactory()
    EmailAddress.objects.create(user=thief, email=invitation.email, verified=False)
    rightful = UserFactory(email="second@example.com")
    EmailAddress.objects.create(user=rightful, email=invitation.email, verified=True)

    assert refused(lambda: accept_invitation(invitation=invitation, actor=thief)) == (
        Reason.REFUSAL_INVITATION_OTHER_ADDRESS
    )
    assert accept_invitation(invitation=invitation, actor=rightful).user == rightful


def test_accept_invitation_refuses_a_member_and_a_suspended_firm():
    member = MembershipFactory(viewer=True)
    own = InvitationFactory(enterprise=member.enterprise, email=member.user.email)
    suspended = InvitationFactory(enterprise__suspended=True)
    invited = UserFactory(email=suspended.email)

    assert refused(lambda: accept_invitation(invitation=own, actor=member.user)) == Reason.REFUSAL_ALREADY_MEMBER
    assert refused(lambda: accept_invitation(invitation=suspended, actor=invited)) == Reason.REFUSAL_SUSPENDED


def test_accept_invitation_brings_a_former_member_back():
    former = MembershipFactory(former=True, role=Role.OWNER)
    invitation = InvitationFactory(enterprise=former.enterprise, email=former.user.email, role=Role.VIEWER)

    membership = accept_invitation(invitation=invitation, actor=former.user)

    assert (membership.pk, membership.role) == (former.pk, Role.VIEWER)


def test_cancel_invitation_stops_the_link_once():
    owner = MembershipFactory()
    invitation = InvitationFactory(enterprise=owner.enterprise)

    cancel_invitation(invitation=invitation, actor=owner.user)

    assert refused(lambda: cancel_invitation(invitation=invitation, actor=owner.user)) == (
        Reason.REFUSAL_INVITATION_OVER
    )
    assert list(Invitation.objects.open()) == []
