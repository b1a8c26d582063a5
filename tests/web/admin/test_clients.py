"""API clients of the platform: made in the administration, the secret shown once, narrow, dated, revocable."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import ApiClient, Change
from accounts.services.clients import NewClient
from tests.api.conftest import token_for
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_apiclient_add"


@pytest.fixture
def platform(signed_in):
    """A platform administrator in a browser."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


@pytest.fixture
def data():
    """What the form is sent with."""
    return {
        "name": "示例平台系统",
        "scopes": ["parks:read", "reference:read"],
        "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }


def test_the_platform_makes_a_client_and_reads_its_secret_once(platform, data):
    made = platform.post(reverse(ADD), data)
    secret = made.context["made"].secret
    client = ApiClient.objects.get()
    page = platform.get(reverse("admin:accounts_apiclient_change", args=[client.pk])).content.decode()

    assert (made.status_code, "no-store" in made.headers["Cache-Control"]) == (200, True)
    assert escape(secret) in made.content.decode()
    assert (client.enterprise, client.expires_on.isoformat(), secret in page) == (None, data["expires_on"], False)
    assert "parks:read, reference:read" in page
    assert Change.objects.filter(verb="created", facts__name=client.name).exists()
    headers = {"Authorization": f"Bearer {token_for(NewClient(client, secret))}"}
    statuses = [Client().get(f"/api/v1/{path}/", headers=headers).status_code for path in ("parks", "postings")]
    assert statuses == [200, 403]


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["postings:write"]}, {"expires_on": ""}, {"expires_on": "2020-01-01"}, {"name": ""}],
)
def test_what_does_not_fit_is_told_in_the_form(platform, data, wrong):
    answer = platform.post(reverse(ADD), data | wrong)

    assert (answer.status_code, ApiClient.objects.exists()) == (200, False)
    assert answer.context["adminform"].form.errors


def test_a_client_made_here_is_revoked_here(platform, data):
    secret = platform.post(reverse(ADD), data).context["made"].secret
    client = ApiClient.objects.get()
    token = token_for(NewClient(client, secret))
    asked = {"action": "revoke", "_selected_action": [client.pk], "confirmed": "yes", "note": ""}

    platform.post(reverse("admin:accounts_apiclient_changelist"), asked)

    assert ApiClient.objects.get().revoked_at is not None
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
