"""401 and 403: a token, its scopes, and everything that ends it."""

from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone

from accounts.choices import MembershipStatus, Role, Verb
from accounts.models import ApiClient, Change, Membership
from accounts.services.clients import create_client, revoke_client
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.api.conftest import token_for
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_asking_without_a_token_is_answered_with_401_and_how_to_sign_in():
    answer = Client().get("/api/v1/regions/")

    assert (answer.status_code, answer.headers["WWW-Authenticate"], answer.headers["Content-Type"]) == (
        401,
        'Bearer realm="api"',
        "application/problem+json",
    )


def test_asking_with_a_wrong_token_is_answered_with_401(partner):
    assert Client().get("/api/v1/regions/", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_a_token_with_the_scope_is_let_in_and_one_without_it_gets_403(make_partner):
    narrow = make_partner(scopes=("reference:read",))

    assert (narrow.ask("regions/").status_code, narrow.ask("postings/").status_code) == (200, 403)


def test_a_token_asked_for_with_fewer_scopes_has_only_those(make_partner):
    system = make_partner()

    system.token = token_for(system.system, "reference:read")

    assert (system.ask("regions/").status_code, system.ask("postings/").status_code) == (200, 403)


def end_by_revoking(system):
    revoke_client(client=system.system.client, actor=system.owner)


def end_by_expiry_of_the_token(system):
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def end_by_the_last_day(system):
    ApiClient.objects.update(expires_on=timezone.localdate() - timedelta(days=1))


def end_by_suspension(system):
    system.enterprise.suspended_at = timezone.now()
    system.enterprise.save()


def end_by_leaving(system):
    Membership.objects.filter(user=system.owner).update(status=MembershipStatus.FORMER)


def end_by_another_role(system):
    Membership.objects.filter(user=system.owner).update(role=Role.EDITOR)


def end_by_a_closed_account(system):
    system.owner.is_active = False
    system.owner.save()


@pytest.mark.parametrize(
    "end",
    [
        end_by_revoking,
        end_by_expiry_of_the_token,
        end_by_the_last_day,
        end_by_suspension,
        end_by_leaving,
        end_by_another_role,
        end_by_a_closed_account,
    ],
)
def test_a_token_dies_with_whatever_it_rests_on(partner, end):
    assert partner.ask("regions/").status_code == 200

    end(partner)

    assert partner.ask("regions/").status_code == 401


def test_a_revoked_system_gets_no_new_token(partner):
    revoke_client(client=partner.system.client, actor=partner.owner)

    answer = Client().post(
        "/identity/o/api/token",
        {
            "grant_type": "client_credentials",
            "client_id": partner.system.client.client_id,
            "client_secret": partner.system.secret,
        },
    )

    assert answer.status_code == 401


def test_a_session_cookie_is_no_token(signed_in, partner):
    assert signed_in(partner.owner).get("/api/v1/regions/").status_code == 401


def test_a_method_that_is_not_there_is_answered_with_405(partner):
    assert partner.ask("regions/", "DELETE").status_code == 405


def test_create_client_keeps_the_secret_as_a_hash_only(partner):
    stored = str(list(ApiClient.objects.values())) + str(list(Token.objects.values()))

    assert partner.system.secret not in stored


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_create_client_refuses_members_who_do_not_own_the_enterprise(role):
    member = MembershipFactory(role=role)

    with pytest.raises(Refused) as refusal:
        create_client(enterprise=member.enterprise, name="示例", scopes=["reference:read"], actor=member.user)

    assert (refusal.value.reason, list(Change.objects.all())) == (Reason.REFUSAL_NOT_YOURS, [])


@pytest.mark.parametrize(
    ("scopes", "reason"), [([], Reason.REFUSAL_REQUIRED), (["everything:write"], Reason.REFUSAL_UNKNOWN_CODE)]
)
def test_create_client_refuses_scopes_that_are_none(scopes, reason):
    owner = MembershipFactory()

    with pytest.raises(Invalid) as refusal:
        create_client(enterprise=owner.enterprise, name="示例", scopes=scopes, actor=owner.user)

    assert refusal.value.fields == {"scopes": reason}


def test_create_client_refuses_the_eleventh():
    owner = MembershipFactory()
    for number in range(10):
        create_client(enterprise=owner.enterprise, name=f"示例 {number}", scopes=["facts:read"], actor=owner.user)

    with pytest.raises(Refused) as refusal:
        create_client(enterprise=owner.enterprise, name="示例", scopes=["facts:read"], actor=owner.user)

    assert refusal.value.reason == Reason.REFUSAL_LIMIT_REACHED


def test_revoke_client_refuses_the_owner_of_another_enterprise(partner):
    stranger = MembershipFactory(enterprise=EnterpriseFactory()).user

    with pytest.raises(Refused):
        revoke_client(client=partner.system.client, actor=stranger)

    assert partner.ask("regions/").status_code == 200


def test_revoking_twice_is_recorded_once(partner):
    for _ in range(2):
        revoke_client(client=partner.system.client, actor=partner.owner)

    assert Change.objects.filter(verb=Verb.REVOKED).count() == 1


def test_the_day_of_the_last_use_is_kept(partner):
    partner.ask("regions/")

    assert ApiClient.objects.get().last_used_on == timezone.localdate()


def test_an_address_that_is_none_is_answered_as_a_problem():
    answer = Client().get("/api/v1/no/such/thing/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_the_platform_makes_systems_that_act_for_no_firm_and_end_with_its_right():
    admin = UserFactory(platform_admin=True)
    made = create_client(enterprise=None, name="示例平台", scopes=["postings:read", "parks:read"], actor=admin)
    headers = {"Authorization": f"Bearer {token_for(made)}"}

    before = Client().get("/api/v1/me/", headers=headers)
    admin.is_superuser = False
    admin.save()

    assert (before.status_code, before.json()["enterprise"]) == (200, None)
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401


@pytest.mark.parametrize("scope", ["postings:write", "suggestions:read"])
def test_a_system_of_the_platform_gets_no_scope_that_needs_a_firm(scope):
    with pytest.raises(Invalid) as refusal:
        create_client(enterprise=None, name="示例", scopes=[scope], actor=UserFactory(platform_admin=True))

    assert refusal.value.fields == {"scopes": Reason.REFUSAL_UNKNOWN_CODE}


def test_nobody_else_makes_a_system_that_acts_for_no_firm():
    with pytest.raises(Refused) as refusal:
        create_client(enterprise=None, name="示例", scopes=["facts:read"], actor=MembershipFactory().user)

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
