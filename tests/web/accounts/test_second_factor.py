"""Second factors: setting one up, signing in with it, and that the administration never opens without."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.services.grants import revoke_coordination
from tests.factories.accounts import PASSWORD, TOTP_SECRET, CoordinatorGrantFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
COUNTER = 58_000_000
ADMIN_PATHS = [
    "",
    "login/",
    "logout/",
    "password_change/",
    "jsi18n/",
    "autocomplete/",
    "accounts/enterprise/",
    "nothing/",
]


@pytest.fixture(autouse=True)
def _clock_of_authenticators(monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([COUNTER]))


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, COUNTER))


@pytest.mark.parametrize("path", ADMIN_PATHS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_staff_without_an_authenticator_are_sent_to_set_one_up_from_every_admin_address(path, prefix, signed_in):
    client = signed_in(UserFactory(platform_admin=True))

    for method in (client.get, client.post):
        answer = method(f"{prefix}/manage/{path}")
        assert (answer.status_code, answer["Location"]) == (302, f"{prefix}/accounts/2fa/totp/activate/")


@pytest.mark.parametrize("who", ["platform_admin", "superuser", "staff", "coordinator"])
@pytest.mark.parametrize("path", ["/", "/en/me/", "/partnerships/", "/needs/", "/enterprises/new/", "/api/docs/"])
def test_whoever_sees_more_than_a_firm_sets_up_an_authenticator_before_any_page(who, path, signed_in):
    person = {
        "platform_admin": lambda: UserFactory(platform_admin=True),
        "superuser": lambda: UserFactory(is_superuser=True),
        "staff": lambda: UserFactory(staff=True),
        "coordinator": lambda: CoordinatorGrantFactory(user=UserFactory()).user,
    }[who]()

    for method in (signed_in(person).get, signed_in(person).post):
        answer = method(path)
        assert answer.status_code == 302
        assert answer["Location"].endswith("/accounts/2fa/totp/activate/")


def test_signing_out_language_and_the_authenticator_itself_need_none(signed_in):
    client = signed_in(UserFactory(platform_admin=True))

    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.post("/preferences/", {"theme": "dark"})["Location"] != "/accounts/2fa/totp/activate/"
    assert client.post("/i18n/setlang/", {"language": "en"})["Location"] != "/accounts/2fa/totp/activate/"


def test_a_right_that_was_taken_back_asks_for_nothing_more(signed_in):
    grant = CoordinatorGrantFactory(user=UserFactory())
    client = signed_in(grant.user)
    assert client.get("/me/")["Location"] == "/accounts/2fa/totp/activate/"

    revoke_coordination(grant=grant, actor=grant.granted_by)

    assert client.get("/help/").status_code == 200


def test_asking_for_second_factors_costs_members_no_query(signed_in, django_assert_num_queries):
    client = signed_in(MembershipFactory().user)

    with django_assert_num_queries(2):
        assert client.get("/api/docs/").status_code == 200


@pytest.mark.parametrize("path", ADMIN_PATHS)
def test_visitors_of_the_administration_sign_in_at_our_own_page(path):
    answer = Client().get(f"/manage/{path}")

    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("path", ADMIN_PATHS)
def test_people_who_are_no_staff_are_refused_everywhere_in_the_administration(path, signed_in):
    assert signed_in(UserFactory(totp=True)).get(f"/manage/{path}").status_code == 403


def test_staff_with_an_unconfirmed_address_confirm_it_first(signed_in):
    answer = signed_in(UserFactory(platform_admin=True, verified=False, totp=True)).get("/manage/")

    assert answer["Location"] == "/accounts/email/"


def test_staff_with_an_authenticator_open_the_administration(signed_in):
    assert signed_in(UserFactory(platform_admin=True, totp=True)).get("/manage/").status_code == 200


def test_setting_up_an_authenticator_asks_for_the_password_and_gives_recovery_codes():
    person = UserFactory(platform_admin=True)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)[1]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    assert len(re.findall(r"<li><code>", client.get("/accounts/2fa/recovery-codes/").content.decode())) == 10
    assert client.get("/manage/").status_code == 200


def test_the_secret_of_an_authenticator_is_not_readable_in_the_database():
    person = UserFactory(totp=True)

    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]

    assert TOTP_SECRET not in kept


@pytest.mark.parametrize("digits", ["000000", "", "abc", "1" * 400])
def test_sign_in_with_a_second_factor_stays_closed_for_a_wrong_code(digits):
    person = UserFactory(totp=True)
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"

    assert client.post("/accounts/2fa/authenticate/", {"code": digits}).status_code == 200
    assert client.get("/me/").status_code == 302


def test_sign_in_with_a_second_factor_opens_for_the_code():
    person = UserFactory(totp=True)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(TOTP_SECRET)})

    assert answer["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
