"""API clients on the owner's page: the secret shown once, revoked at once, closed to everybody else."""

import re

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import ApiClient
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db
PAGE = "web:clients:list"
DATA = {"name": "示例系统", "scopes": ["postings:read"], "expires_on": ""}


def test_an_owner_makes_a_client_and_reads_its_secret_once(signed_in):
    client = signed_in(MembershipFactory().user)

    made = client.post(reverse(PAGE), DATA)
    again = client.get(reverse(PAGE))

    secret = made.context["made"].secret
    assert (made.status_code, "no-store" in made.headers["Cache-Control"]) == (201, True)
    assert (bool(re.fullmatch("[A-Za-z0-9]{48}", secret)), ApiClient.objects.get().name) == (True, "示例系统")
    assert (again.context["made"], secret in again.content.decode()) == (None, False)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_members_who_do_not_own_the_enterprise_make_none(signed_in, role):
    client = signed_in(MembershipFactory(role=role).user)

    answer = client.post(reverse(PAGE), DATA)

    assert (answer.status_code, ApiClient.objects.exists()) == (403, False)


def test_a_client_without_scopes_is_refused_at_the_field(signed_in):
    answer = signed_in(MembershipFactory().user).post(reverse(PAGE), {**DATA, "scopes": []})

    assert (answer.status_code, "scopes" in answer.context["form"].errors) == (422, True)


def test_revoking_ends_a_client(signed_in):
    client = signed_in(MembershipFactory().user)
    client.post(reverse(PAGE), DATA)

    answer = client.post(reverse("web:clients:revoke", args=[ApiClient.objects.get().key]))

    assert (answer.status_code, ApiClient.objects.get().revoked_at is None) == (302, False)


def test_another_firms_client_is_not_found(signed_in):
    signed_in(MembershipFactory().user).post(reverse(PAGE), DATA)
    stranger = signed_in(MembershipFactory().user)

    answer = stranger.post(reverse("web:clients:revoke", args=[ApiClient.objects.get().key]))

    assert (answer.status_code, ApiClient.objects.get().revoked_at) == (404, None)
    assert ApiClient.objects.get().name not in stranger.get(reverse(PAGE)).content.decode()
