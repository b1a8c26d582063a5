"""Signing up, in and out, resetting a password, second factors, in both languages."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "name": "示例人员",
    "email": "new@example.com",
    "password1": "quite-long-secret-88",
    "password2": "quite-long-secret-88",
}


def link_in(message) -> str:
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def test_sign_up_asks_for_a_confirmed_address_before_the_workbench_opens():
    client = Client()

    answer = client.post("/accounts/signup/", SIGN_UP)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get("/me/").status_code == 302

    link = link_in(mail.outbox[0])
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == "/me/"

    assert client.get("/me/").status_code == 200
    person = User.objects.get(email="new@example.com")
    assert (person.name, person.language, EmailAddress.objects.get(user=person).verified) == (
        "示例人员",
        "zh-hans",
        True,
    )


def test_sign_up_in_english_keeps_english_for_mail_and_later_visits():
    client = Client()

    client.post("/en/accounts/signup/", SIGN_UP)

    assert mail.outbox[0].subject == "Confirm your e-mail address"
    assert User.objects.get(email="new@example.com").language == "en"
    assert not re.search(r"[\u3400-\u9fff]", mail.outbox[0].subject + mail.outbox[0].body)


def test_sign_up_with_a_known_address_answers_like_any_other_and_mails_its_owner():
    UserFactory(email="new@example.com")
    client = Client()

    answer = client.post("/accounts/signup/", SIGN_UP)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert [message.to for message in mail.outbox] == [["new@example.com"]]


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "Аnna", "x" * 81])
def test_sign_up_refuses_a_name_that_is_none_with_a_form_error(name):
    answer = Client().post("/accounts/signup/", SIGN_UP | {"name": name})

    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert User.objects.count() == 0


def test_sign_up_ignores_a_robot_that_fills_the_trap():
    answer = Client().post("/accounts/signup/", SIGN_UP | {"homepage": "http://spam.example"})

    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 0


def test_the_trap_is_hidden_without_inline_style():
    page = Client().get("/accounts/signup/").content.decode()

    assert "style=" not in page
    assert 'name="homepage"' in page


@pytest.mark.parametrize(("language", "address"), [("zh-hans", "/me/"), ("en", "/en/me/")])
def test_sign_in_goes_on_in_the_language_that_the_person_keeps(language, address):
    person = UserFactory(language=language)

    answer = Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert answer["Location"] == address


def test_sign_in_with_a_wrong_password_reads_the_same_for_known_and_unknown_addresses():
    person = UserFactory()

    known = Client().post("/accounts/login/", {"login": person.email, "password": "wrong"}).content.decode()
    unknown = Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"}).content.decode()

    def stripped(page: str) -> str:
        return re.sub(r'value="[^"]*"', "", page)

    assert stripped(known) == stripped(unknown)


def test_sign_in_sends_who_has_not_confirmed_their_address_to_the_mail():
    person = UserFactory(verified=False)

    answer = Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert answer["Location"] == "/accounts/confirm-email/"
    assert mail.outbox[0].to == [person.email]


def test_password_reset_mails_a_link_that_sets_a_new_password_once():
    person = UserFactory(english=True)
    client = Client()

    client.post("/accounts/password/reset/", {"email": person.email})
    assert mail.outbox[0].subject == "Choose a new password"
    form = client.get(link_in(mail.outbox[0]))
    new = {"password1": "another-long-secret-9", "password2": "another-long-secret-9"}
    client.post(form["Location"], new)

    person.refresh_from_db()
    assert person.check_password("another-long-secret-9")
    assert client.get(link_in(mail.outbox[0])).status_code == 200


def test_password_reset_for_an_unknown_address_answers_alike():
    known, unknown = UserFactory().email, "nobody@example.com"

    answers = [Client().post("/accounts/password/reset/", {"email": address}) for address in (known, unknown)]

    assert answers[0]["Location"] == answers[1]["Location"] == "/accounts/password/reset/done/"


@pytest.mark.parametrize(
    "path", ["login/code/", "login/code/confirm/", "2fa/webauthn/", "2fa/trust/", "3rdparty/", "signup/passkey/"]
)
def test_pages_of_the_login_library_that_we_do_not_use_are_not_there(path):
    assert Client().get(f"/accounts/{path}").status_code == 404


PAGES = ["login", "signup", "password/reset", "password/reset/done", "confirm-email", "inactive"]
PAGES_BEHIND = ["email", "password/change", "2fa", "reauthenticate", "logout"]


@pytest.mark.parametrize("path", PAGES + PAGES_BEHIND)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_each_page_of_signing_in_wears_our_look(path, prefix):
    person = UserFactory(language="en" if prefix else "zh-hans")
    client = Client()
    if path in PAGES_BEHIND:
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    answer = client.get(f"{prefix}/accounts/{path}/")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'class="app-bar"' in page
    assert "style=" not in page


def test_adding_an_address_sends_a_confirmation(signed_in):
    client = Client()
    person = UserFactory()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    client.post("/accounts/email/", {"email": "second@example.com", "action_add": ""})

    assert EmailAddress.objects.filter(user=person, email="second@example.com", verified=False).exists()
    assert [message.to for message in mail.outbox][-1] == ["second@example.com"]


def test_settings_keep_name_and_language(signed_in):
    person = UserFactory()

    answer = signed_in(person).post("/me/settings/", {"name": "Ｗang  Li", "language": "en"})

    person.refresh_from_db()
    assert (answer["Location"], person.name, person.language) == ("/en/me/settings/", "Wang Li", "en")


def test_sign_out_needs_a_post(signed_in):
    client = signed_in(MembershipFactory().user)

    assert client.get("/accounts/logout/").status_code == 200
    client.post("/accounts/logout/")

    assert client.get("/me/").status_code == 302


def test_guessing_a_password_is_stopped_and_says_to_wait():
    person = UserFactory()
    answers = [
        Client().post("/accounts/login/", {"login": person.email, "password": f"guess-{number}"}) for number in range(6)
    ]

    assert answers[0].content.decode().count("error-summary") == 1
    assert Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 200


def test_changing_the_password_tells_the_owner_of_the_address():
    person = UserFactory(english=True)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another-long-secret-9", "password2": "another-long-secret-9"}

    client.post("/en/accounts/password/change/", new)

    assert [message.to for message in mail.outbox] == [[person.email]]
    assert "password" in mail.outbox[0].body


@pytest.mark.parametrize(
    "address",
    ["/identity/o/device", "/identity/o/logout", "/identity/o/api/userinfo", "/.well-known/openid-configuration"],
)
def test_pages_of_the_identity_provider_that_we_do_not_use_are_not_there(address):
    assert Client().get(address).status_code == 404


def test_a_request_for_authorisation_that_names_no_client_is_told_so_in_our_look():
    person = UserFactory()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    answer = client.get("/identity/o/authorize", {"client_id": "nobody", "response_type": "code"})

    assert answer.status_code < 500
    assert 'class="app-bar"' in answer.content.decode()
