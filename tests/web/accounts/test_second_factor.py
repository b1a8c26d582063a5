"""Second factors: setting one up, signing in with it, and that the administration never opens without."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.factories.accounts import PASSWORD, TOTP_SECRET, UserFactory

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
